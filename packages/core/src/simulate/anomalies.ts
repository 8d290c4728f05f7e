import { byCodePoint } from "../base/order.ts";
import { anomaliesOfEffect } from "./anomalies-of-effect.ts";
import { anomaliesOfForm, anomaliesOfNames, anomaliesOfOwners, anomaliesOfTests, anomaliesOfTime } from "./anomalies-of-text.ts";
import { anomaliesOfPeers } from "./anomalies-of-peers.ts";
import { anomaliesOfUse } from "./anomalies-of-use.ts";
import { type AnomaliesAsked, type Anomaly, withFlows } from "./anomaly.ts";
import { anomaliesOfPeople, namingContested } from "./anomalies-of-people.ts";
import { contestedRules, type ContestedSide } from "./contested-rules.ts";
import { flowsCommand } from "./flows-command.ts";
import { rulesByName } from "./related-rules.ts";

/** Everything odd about a policy, by place. Each step of the generator is one rule judged; what it returns is all that was found. */
export function* anomaliesOf(asked: AnomaliesAsked): Generator<undefined, readonly Anomaly[]> {
  const rules = rulesByName(asked.set);
  const contested = contestedRules(asked.set, asked.inventory);
  const contestedIn = (name: string): ContestedSide | null => (rules.has(name) ? contested(rules.get(name)!) : null);
  const found: Anomaly[] = [];
  const torn: Anomaly[] = [];
  for (const anomaly of anomaliesOfEffect(asked)) {
    // What cannot be told of those whom a rule names is no reason to take it away.
    if (anomaly !== null) (contestedIn(anomaly.name)?.isAll === true ? torn : found).push(anomaly);
    yield;
  }
  const all = onceEach(found);
  // Two rules of which one can go need not be joined, too.
  const needless = new Set(all.filter(({ code }) => code === "duplicate" || code === "redundant").map(({ name }) => name));
  const form = anomaliesOfForm(asked).filter(({ name, others }) => ![name, ...others].some((one) => needless.has(one)));
  const names = anomaliesOfNames(asked);
  // What says nothing, and what refers to nobody, need not be told to be unused as well.
  const explained = new Set([...found.filter(({ code }) => code !== "idle-peer"), ...names].map(({ name }) => name));
  const use = [...anomaliesOfUse(asked), ...anomaliesOfPeers(asked)].filter(
    ({ code, name }) => code === "too-broad" || (!explained.has(name) && contestedIn(name) === null),
  );
  const people = asked.inventory === null ? namingContested(torn, contestedIn) : anomaliesOfPeople(asked);
  const rest = [people, anomaliesOfTime(asked), anomaliesOfOwners(asked), names, anomaliesOfTests(asked), use, form].flat();
  const flowsOf = (name: string): string | null => {
    const rule = rules.get(name);
    return rule === undefined ? null : flowsCommand(asked.set, rule);
  };
  return [...all, ...rest]
    .map((one) => withFlows(one, flowsOf))
    .sort(
      (a, b) =>
        Number(b.code === "contested") - Number(a.code === "contested") ||
        byCodePoint(a.at.file, b.at.file) ||
        a.at.line - b.at.line ||
        a.at.column - b.at.column ||
        byCodePoint(a.code, b.code),
    );
}

/** Of two rules that say the same, the first names the other. */
function onceEach(found: readonly Anomaly[]): readonly Anomaly[] {
  const named = new Set<string>();
  return found.filter(({ code, name, others }) => {
    if (code !== "duplicate") return true;
    if (named.has(name)) return false;
    for (const other of others) named.add(other);
    return true;
  });
}
