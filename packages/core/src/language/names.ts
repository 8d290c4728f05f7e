import type { Span } from "../base/diagnostic.ts";
import { nearest } from "./hints.ts";
import { type Kind, quoted, type Reading, report } from "./reading.ts";
import type { TextTree } from "./values.ts";

const shape = /^[a-z0-9][a-z0-9._-]*$/;

const words: ReadonlySet<string> = new Set(["outside", "unplaced", "internet", "anyone", "workloads", "any"]);
const reserved: Readonly<Record<Kind, ReadonlySet<string>>> = {
  label: new Set(["zone", "network", "identity"]),
  service: words,
  network: words,
  // `unplaced` may be declared, only to close it.
  zone: new Set([...words].filter((word) => word !== "unplaced")),
  policy: new Set([...words, "conduit", "common", "forbid", "exception", "quarantine"]),
  rule: new Set(),
};

/** Whether a text is a name, reported when it is not. */
export function isName(reading: Reading, kind: Kind, { value, at }: Pick<TextTree, "value" | "at">): boolean {
  // Label keys come from inventories, which write them as they like.
  if (kind !== "label" && (!shape.test(value) || value.length > 200)) {
    const better = value
      .trim()
      .toLowerCase()
      .replace(/[^a-z0-9._-]+/g, "-")
      .replace(/^[^a-z0-9]+|-+$/g, "")
      .slice(0, 60);
    const help = better === "" ? "begin with a letter or digit" : `write for example ${quoted(better)}`;
    report(reading, "bad-name", at, [
      shape.test(value)
        ? `${quoted(value)} is no name: a name has at most 200 characters`
        : `${quoted(value)} is no name: a name is made of lower-case letters, digits, \`.\`, \`-\` and \`_\`, and begins with a letter or digit`,
      help,
    ]);
    return false;
  }
  if (!reserved[kind].has(value)) return true;
  report(reading, "reserved-name", at, [`${quoted(value)} has a meaning of its own and names no ${kind}`, "choose another name"]);
  return false;
}

/** Declares a name of a kind once; false after a report when it is none, reserved, or taken. */
export function declare(reading: Reading, kind: Kind, { name, at, full }: { readonly name: string; readonly at: Span; readonly full?: string }): boolean {
  if (!isName(reading, kind, { value: name, at })) {
    reading.vague.add(kind);
    return false;
  }
  const key = `${kind} ${full ?? name}`;
  const first = reading.declared.get(key);
  if (first === undefined) {
    reading.declared.set(key, at);
    return true;
  }
  const help = kind === "rule" ? "give one of the two another name" : "keep one of the two, or give one another name";
  report(reading, "duplicate-name", at, [`the ${kind} ${quoted(full ?? name)} exists already, in ${first.file} line ${first.line}`, help]);
  return false;
}

/** Reports a name that refers to nothing, unless a declaration of its kind could not be read and may be the one. */
export function reportUnknown(reading: Reading, kind: Kind, { value, at }: Pick<TextTree, "value" | "at">, candidates: Iterable<string>): void {
  if (reading.vague.has(kind)) {
    reading.unchecked.push(at);
    return;
  }
  const known = [...candidates];
  const meant = nearest(value, known);
  const some = known.slice(0, 5).map(quoted).join(", ");
  const declaredHelp = known.length === 0 ? `declare it; there is no ${kind} yet` : `there is ${some}${known.length > 5 ? " and others" : ""}; or declare it`;
  const help = meant === null ? declaredHelp : `did you mean ${quoted(meant)}?`;
  report(reading, "unknown-name", at, [`there is no ${kind} ${quoted(value)}`, help]);
}
