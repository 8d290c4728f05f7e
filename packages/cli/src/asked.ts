import { Failure } from "@bulkhead/core/base/failure";
import { pointText } from "@bulkhead/core/decide/policy-words";
import { nearest } from "@bulkhead/core/language/hints";
import { meantService } from "@bulkhead/core/language/meant-service";
import { readService, servicePointOf, wellKnown } from "@bulkhead/core/language/service";
import type { LabelKey, NamedService } from "@bulkhead/core/model/policy-set";
import type { ServicePoint } from "@bulkhead/core/model/service";
import type { Workload } from "@bulkhead/core/model/workload";
import { labelTerms } from "./label-terms.ts";

/** The one service that a person asks about; what is none, or several, is refused with what was probably meant. */
export function serviceAsked(text: string, declared: readonly NamedService[]): ServicePoint {
  const point = servicePointOf(text, declared);
  if (point !== null) return point;
  const names = [...declared.map(({ name }) => name), ...wellKnown.keys()];
  const reading = readService(text);
  const [first] = declared.find(({ name }) => name === text)?.services ?? wellKnown.get(text) ?? (reading.kind === "services" ? reading.services : []);
  if (first !== undefined) {
    const one = first.protocol === null ? "tcp/443" : pointText({ protocol: first.protocol, port: first.low });
    throw new Failure(`--over is \`${text}\`, which stands for several services`, `ask about one of them, such as ${one}`);
  }
  const written = meantService(text, (name) => names.includes(name));
  const meant = written !== null && servicePointOf(written, declared) !== null ? written : nearest(text, names);
  // What has a protocol is told what is wrong with the rest of it.
  const otherwise =
    text.includes("/") && reading.kind === "wrong" ? reading.help : "write one protocol and port, such as tcp/443, or a name that stands for one";
  throw new Failure(`--over is \`${text}\`, which is no service`, meant === null ? otherwise : `did you mean \`${meant}\`?`);
}

/** A workload that has exactly the labels written after `flag`; null for what is no list of labels, or the id of a workload. */
export function labelsAsked(flag: "--from" | "--to", text: string, workloads: readonly Workload[]): Workload | null {
  if (!text.includes("=") || workloads.some(({ id }) => id === text)) return null;
  const labels = Object.create(null) as Record<string, string>;
  for (const { key, value } of labelTerms(flag, text)) {
    if (Object.hasOwn(labels, key)) throw new Failure(`${flag} gives the label \`${key}\` twice`, "a workload has one value of it; leave one out");
    labels[key] = value;
  }
  return { id: text, labels, leases: [], identity: null, point: false };
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
  for (const [name, value] of Object.entries(facts)) {
    if (!factNames.includes(name))
      throw new Failure(`--facts tells \`${name}\`, which no rule can demand`, suggestion(name, factNames, `there is ${listed(factNames)}`));
    if (name === "encrypted" && typeof value !== "boolean")
      throw new Failure("--facts tells `encrypted`, which is true or false, and this is neither", `write for example --facts '{"encrypted":true}'`);
    if (name !== "encrypted" && typeof value !== "string")
      throw new Failure(`--facts tells \`${name}\`, which is a text, and this is none`, `write for example --facts '{"${name}":"…"}'`);
  }
}

function suggestion(word: string, known: readonly string[], otherwise: string): string {
  const meant = nearest(word, known);
  return meant === null ? otherwise : `did you mean \`${meant}\`?`;
}

const namesMost = 8;
const listed = (names: readonly string[]): string =>
  `${names.slice(0, namesMost).join(", ")}${names.length > namesMost ? ` and ${names.length - namesMost} more` : ""}`;
