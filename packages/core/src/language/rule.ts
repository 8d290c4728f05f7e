import type { Span } from "../base/diagnostic.ts";
import type { Peer, Rule } from "../model/policy-set.ts";
import { demandsIn } from "./demands.ts";
import { type Fields, fieldsOf } from "./fields.ts";
import { declare } from "./names.ts";
import { overIn } from "./over.ts";
import { peersIn, zonesIn } from "./peer.ts";
import { quoted, type Reading, report } from "./reading.ts";
import { registerIn, registerKeys } from "./register.ts";
import { described, type Entry, isNothing, type Tree } from "./tree.ts";
import { instantIn, textIn } from "./values.ts";

/** What one section of rules asks for. */
export interface RuleForm {
  /** In words: `a conduit`. */
  readonly what: string;
  /** The first part of the full name: `conduit`, or the policy's name. */
  readonly prefix: string;
  readonly peers: "zones" | "any";
  readonly isForbid: boolean;
  /** Required beside name, from, to, because (and over, except in a forbid). */
  readonly alsoRequired: readonly string[];
}

const known = ["name", "from", "to", "over", "where", "from-date", "until", ...registerKeys];

const examples: Readonly<Record<string, string>> = {
  name: "name: …",
  from: "from: …",
  to: "to: …",
  over: "over: any",
  because: "because: why this is so",
  owner: "owner: who answers for it",
  review: "review: 2027-05-01",
  "approved-by": "approved-by: who allowed it",
  ticket: "ticket: where it is written down",
  "from-date": "from-date: 2026-11-01",
  until: "until: 2026-12-15",
};

/** The forms of the sections beside policies. */
export const forms = {
  conduits: { what: "a conduit", prefix: "conduit", peers: "zones", isForbid: false, alsoRequired: ["owner"] },
  forbid: { what: "a forbid", prefix: "forbid", peers: "any", isForbid: true, alsoRequired: [] },
  common: { what: "a common rule", prefix: "common", peers: "any", isForbid: false, alsoRequired: ["owner", "review"] },
  exceptions: {
    what: "an exception",
    prefix: "exception",
    peers: "any",
    isForbid: false,
    alsoRequired: ["owner", "approved-by", "ticket", "from-date", "until"],
  },
} as const satisfies Readonly<Record<string, RuleForm>>;

/** The form of a policy's own rules. */
export const allowForm = (policy: string): RuleForm => ({ what: "a rule", prefix: policy, peers: "any", isForbid: false, alsoRequired: [] });

const requiredOf = (form: RuleForm): readonly string[] => ["name", "from", "to", ...(form.isForbid ? [] : ["over"]), "because", ...form.alsoRequired];

/** The keys that a rule of a section must have. */
export const requiredIn = (section: keyof typeof forms | "allow"): readonly string[] => requiredOf(section === "allow" ? allowForm("") : forms[section]);

/** Reads a list of rules; what cannot be read is reported and left out. */
export function rulesIn(reading: Reading, { key, value }: Entry, form: RuleForm): readonly Rule[] {
  if (value.kind === "unreadable" || isNothing(value)) return [];
  if (value.kind !== "list") {
    report(reading, "wrong-type", value.at, [
      `${quoted(key)} is a list of rules, and this is ${described(value)}`,
      `begin each rule with ${quoted(`- ${firstName(value)}`)}`,
    ]);
    reading.vague.add("rule");
    return [];
  }
  return value.items.map((item) => ruleIn(reading, item, form)).filter((rule) => rule !== null);
}

/** The name that a rule of a mapping has as its key. */
const firstName = (value: Tree): string => (value.kind === "mapping" && value.entries[0]?.value.kind === "mapping" ? `name: ${value.entries[0].key}` : "");

function ruleIn(reading: Reading, tree: Tree, form: RuleForm): Rule | null {
  const required = Object.fromEntries(requiredOf(form).map((key) => [key, examples[key] ?? key]));
  const fields = fieldsOf(reading, tree, { what: form.what, known, required });
  if (fields === null) reading.vague.add("rule");
  if (fields === null) return null;
  const named = nameIn(reading, fields, form.prefix);
  const [from, to] = [sideIn(reading, fields.get("from"), form), sideIn(reading, fields.get("to"), form)];
  const overEntry = fields.get("over");
  const over = overEntry === undefined ? null : overIn(reading, overEntry.value, { what: "over", names: true });
  const whereEntry = fields.get("where");
  const where = whereEntry === undefined ? [] : demandsIn(reading, { ...whereEntry, key: "where" }, form);
  const times = timesIn(reading, fields);
  const register = registerIn(reading, fields);
  const isAnyForbid = form.isForbid && overEntry === undefined;
  if (named === null || from === null || to === null || where === null || times === null || (over === null && !isAnyForbid)) return null;
  const any = { written: [], services: [{ protocol: null, low: 0, high: 65535 }] };
  const rule: Rule = { name: named.name, from, to, over: (over ?? any).written, services: (over ?? any).services, where, ...times, register, at: named.at };
  reading.rules.set(rule.name, rule);
  return rule;
}

function nameIn(reading: Reading, fields: Fields, prefix: string): { readonly name: string; readonly at: Span } | null {
  const entry = fields.get("name");
  const text = entry === undefined ? null : textIn(reading, entry.value, "name");
  if (text === null) reading.vague.add("rule");
  if (text === null) return null;
  const name = `${prefix}/${text.value}`;
  if (!declare(reading, "rule", { name: text.value, at: text.at, full: name })) return null;
  if (!reading.rules.has(name)) reading.rules.set(name, null);
  return { name, at: text.at };
}

function sideIn(reading: Reading, entry: Entry | undefined, form: RuleForm): readonly Peer[] | null {
  if (entry === undefined) return null;
  return form.peers === "zones" ? zonesIn(reading, entry) : peersIn(reading, entry);
}

function timesIn(reading: Reading, fields: Fields): Pick<Rule, "start" | "end" | "written"> | null {
  const [fromEntry, untilEntry] = [fields.get("from-date"), fields.get("until")];
  const start = fromEntry === undefined ? undefined : instantIn(reading, { ...fromEntry, key: "from-date" }, "start");
  const end = untilEntry === undefined ? undefined : instantIn(reading, { ...untilEntry, key: "until" }, "end");
  // A time that cannot be read must not open the rule for ever.
  if (start === null || end === null) return null;
  if (start !== undefined && end !== undefined && end.at <= start.at) {
    report(reading, "ends-before-start", untilEntry!.value.at, [
      `${quoted(end.written)} is not after ${quoted(start.written)}, where the rule starts`,
      "give it a later end, or an earlier start",
    ]);
    return null;
  }
  return { start: start?.at ?? null, end: end?.at ?? null, written: { from: start?.written ?? null, until: end?.written ?? null } };
}
