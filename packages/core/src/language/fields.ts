import type { Span } from "../base/diagnostic.ts";
import { nearest } from "./hints.ts";
import { allOf, oneOf, quoted, type Reading, report } from "./reading.ts";
import { described, type Entry, isNothing, type Tree } from "./tree.ts";

/** Which keys a mapping takes, which it must have (each with what to write), and how people call them by mistake. */
export interface Keys {
  /** The mapping in words: `a zone`. */
  readonly what: string;
  readonly known: readonly string[];
  readonly required?: Readonly<Record<string, string>>;
  /** Where a missing key is reported, if not at the mapping's start. */
  readonly missingAt?: Span;
}

/** The entries of a mapping by key. A misspelt key counts as the key that was meant, so that one mistake is told once. */
export interface Fields {
  readonly at: Span;
  readonly get: (key: string) => Entry | undefined;
}

// Words of other products and of habit, beside what is only misspelt.
const synonyms: Readonly<Record<string, string>> = {
  reason: "because",
  why: "because",
  description: "because",
  source: "from",
  src: "from",
  destination: "to",
  dest: "to",
  ports: "over",
  port: "over",
  service: "over",
  conditions: "where",
  expires: "until",
  end: "until",
  start: "from-date",
  since: "from-date",
  comment: "because",
  note: "because",
  notes: "because",
  justification: "because",
  dst: "to",
  client: "from",
  clients: "from",
  server: "to",
  servers: "to",
  services: "over",
  protocol: "over",
  protocols: "over",
  expiry: "until",
  "valid-until": "until",
  "valid-from": "from-date",
  approver: "approved-by",
  approved: "approved-by",
  id: "name",
  selector: "scope",
  podSelector: "scope",
  ingress: "allow",
  rules: "allow",
  deny: "forbid",
};

// What other products write and nothing here says, with what to do about it.
const advice: Readonly<Record<string, string>> = {
  action: "leave it out: rules of `allow` let in, and what must never be stands under `forbid:`",
  effect: "leave it out: rules of `allow` let in, and what must never be stands under `forbid:`",
  priority: "leave it out: rules have no order",
  order: "leave it out: rules have no order",
  direction: "leave it out: `from` opens the connection and `to` answers it",
  enabled: "leave it out; to switch a rule off, put `#` in front of its lines",
  disabled: "leave it out; to switch a rule off, put `#` in front of its lines",
  policies: "write each policy into a file of its own, which begins with `policy: NAME`",
  log: "leave it out: everything that is denied is counted",
};

/** Reads a mapping with a fixed set of keys; null when it is no mapping. Reports unknown and missing keys. */
export function fieldsOf(reading: Reading, tree: Tree, keys: Keys): Fields | null {
  if (tree.kind === "unreadable") return null;
  if (tree.kind !== "mapping") {
    report(reading, isNothing(tree) ? "empty" : "wrong-type", tree.at, [
      `${keys.what} is a mapping, and this is ${described(tree)}`,
      `write its keys, ${oneOf(keys.known.slice(0, 3))} among them`,
    ]);
    return null;
  }
  const found = new Map<string, Entry>();
  const strange: Entry[] = [];
  for (const entry of tree.entries) {
    if (keys.known.includes(entry.key)) found.set(entry.key, entry);
    else strange.push(entry);
  }
  const missing = Object.keys(keys.required ?? {}).filter((key) => !found.has(key));
  const excused = readStrange({ reading, keys, found, missing }, strange);
  const absent = missing.filter((key) => !found.has(key) && !excused.has(key));
  if (absent.length > 0) {
    const lines = absent.map((key) => keys.required?.[key] ?? key);
    report(reading, "missing-key", keys.missingAt ?? tree.at, [`${keys.what} needs ${allOf(absent)}`, `add ${allOf(lines)}`]);
  }
  return { at: tree.at, get: (key) => found.get(key) };
}

interface Mapping {
  readonly reading: Reading;
  readonly keys: Keys;
  readonly found: Map<string, Entry>;
  readonly missing: readonly string[];
}

/**
 * Reports unknown keys; those that are meant for a missing one are read as it.
 * Gives the missing keys that a strange one may stand for.
 */
function readStrange({ reading, keys, found, missing }: Mapping, strange: readonly Entry[]): ReadonlySet<string> {
  let unexplained = 0;
  for (const entry of strange) {
    const free = keys.known.filter((key) => !found.has(key));
    const synonym = Object.hasOwn(synonyms, entry.key) ? synonyms[entry.key] : undefined;
    const meant = nearest(entry.key, free) ?? (synonym !== undefined && free.includes(synonym) ? synonym : null) ?? nearest(entry.key, keys.known);
    const advised = Object.hasOwn(advice, entry.key) ? advice[entry.key] : undefined;
    const isCut = isNothing(entry.value) && /\s/.test(entry.key);
    const otherwise = isCut ? "a `,` in brackets ends a text: put the whole text in quotes" : `${keys.what} has ${oneOf(keys.known)}`;
    const help = meant === null || isCut ? (advised ?? otherwise) : `did you mean ${quoted(meant)}?`;
    report(reading, "unknown-key", entry.keyAt, [`${keys.what} has no key ${quoted(entry.key)}`, help]);
    if (meant !== null && !isCut && free.includes(meant) && missing.includes(meant)) found.set(meant, entry);
    if (meant === null && advised === undefined && !isCut) unexplained += 1;
  }
  // Only when all keys are read is it known which are still missing, whatever their order.
  return new Set(missing.filter((key) => !found.has(key)).slice(0, unexplained));
}
