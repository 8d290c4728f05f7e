import { Failure } from "@bulkhead/core/base/failure";
import { nearest } from "@bulkhead/core/language/hints";
import { servicePointOf, wellKnown } from "@bulkhead/core/language/service";
import type { LabelKey, NamedService } from "@bulkhead/core/model/policy-set";
import type { ServicePoint } from "@bulkhead/core/model/service";

/** The one service that a person asks about; what is none, or several, is refused with what was probably meant. */
export function serviceAsked(text: string, declared: readonly NamedService[]): ServicePoint {
  const point = servicePointOf(text, declared);
  if (point !== null) return point;
  const names = [...declared.map(({ name }) => name), ...wellKnown.keys()];
  const isName = names.includes(text);
  throw new Failure(
    `--over is \`${text}\`, which ${isName ? "stands for several services" : "is no service"}`,
    isName ? "ask about one of them, such as tcp/443" : suggestion(text, names, "write one protocol and port, such as tcp/443, or a name that stands for one"),
  );
}

/** Refuses labels that the schema of the policy forbids: no workload can have them, so no answer about them would mean anything. */
export function checkLabels(labels: Readonly<Record<string, string>>, schema: readonly LabelKey[]): void {
  // A policy without a schema of labels takes them all.
  if (schema.length === 0) return;
  for (const [key, value] of Object.entries(labels)) {
    const known = schema.find((one) => one.key === key);
    const keys = schema.map((one) => one.key);
    if (known === undefined) throw new Failure(`no label \`${key}\` is in the schema of this policy`, suggestion(key, keys, `there is ${listed(keys)}`));
    if (known.values === null || known.values.includes(value)) continue;
    throw new Failure(`the label \`${key}\` never has the value \`${value}\``, suggestion(value, known.values, `it has ${listed(known.values)}`));
  }
}

const factNames = ["encrypted", "function", "name", "process", "user"];

/** Refuses facts that no rule can ask for: ignoring one in silence would answer another question. */
export function checkFacts(facts: object): void {
  const unknown = Object.keys(facts).find((name) => !factNames.includes(name));
  if (unknown !== undefined)
    throw new Failure(`--facts tells \`${unknown}\`, which no rule can demand`, suggestion(unknown, factNames, `there is ${listed(factNames)}`));
}

function suggestion(word: string, known: readonly string[], otherwise: string): string {
  const meant = nearest(word, known);
  return meant === null ? otherwise : `did you mean \`${meant}\`?`;
}

const namesMost = 8;
const listed = (names: readonly string[]): string =>
  `${names.slice(0, namesMost).join(", ")}${names.length > namesMost ? ` and ${names.length - namesMost} more` : ""}`;
