import { byCodePoint } from "../base/order.ts";
import { anomaliesOfEffect } from "./anomalies-of-effect.ts";
import { anomaliesOfForm, anomaliesOfNames, anomaliesOfOwners, anomaliesOfTests, anomaliesOfTime } from "./anomalies-of-text.ts";
import { anomaliesOfUse } from "./anomalies-of-use.ts";
import type { AnomaliesAsked, Anomaly } from "./anomaly.ts";

/** Everything odd about a policy, by place. Each step of the generator is one rule judged; what it returns is all that was found. */
export function* anomaliesOf(asked: AnomaliesAsked): Generator<undefined, readonly Anomaly[]> {
  const found: Anomaly[] = [];
  for (const anomaly of anomaliesOfEffect(asked)) {
    if (anomaly !== null) found.push(anomaly);
    yield;
  }
  // Two rules of which one can go need not be joined, too.
  const needless = new Set(found.filter(({ code }) => code === "duplicate" || code === "redundant").map(({ name }) => name));
  const form = anomaliesOfForm(asked).filter(({ name, others }) => ![name, ...others].some((one) => needless.has(one)));
  const rest = [anomaliesOfTime(asked), anomaliesOfOwners(asked), anomaliesOfNames(asked), anomaliesOfTests(asked), anomaliesOfUse(asked), form].flat();
  return [...found, ...rest].sort(
    (a, b) => byCodePoint(a.at.file, b.at.file) || a.at.line - b.at.line || a.at.column - b.at.column || byCodePoint(a.code, b.code),
  );
}
