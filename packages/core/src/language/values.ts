import { type Instant, day, instantOf, midnightOf } from "../base/instant.ts";
import { nearest } from "./hints.ts";
import { timeHelp } from "./meant-time.ts";
import { oneOf, quoted, type Reading, report } from "./reading.ts";
import { described, type Entry, isNothing, type Tree } from "./tree.ts";

/** A text with its place. */
export type TextTree = Extract<Tree, { kind: "scalar" }> & { readonly value: string };

/** A text that says something, or null after a report. `what` names it: `because`. */
export function textIn(reading: Reading, tree: Tree, what: string): TextTree | null {
  if (tree.kind === "unreadable") return null;
  if (isNothing(tree) || (tree.kind === "scalar" && tree.value === "")) {
    report(reading, "empty", tree.at, [`${quoted(what)} says nothing`, `write a text behind ${quoted(`${what}:`)}, or leave the key out if it is optional`]);
    return null;
  }
  if (tree.kind === "scalar" && typeof tree.value === "string") return tree as TextTree;
  const help = tree.kind === "scalar" ? `put it in quotes: ${quoted(`"${tree.source}"`)}` : "write one text";
  report(reading, "wrong-type", tree.at, [`${quoted(what)} is a text, and this is ${described(tree)}`, help]);
  return null;
}

/** One text or a list of them; an empty list and an empty text are errors. Null when nothing of it could be read. */
export function textsIn(reading: Reading, tree: Tree, what: string): readonly TextTree[] | null {
  const items = itemsIn(reading, tree, what);
  if (items === null) return null;
  const texts = items.map((item) => textIn(reading, item, what)).filter((text) => text !== null);
  return texts.length === 0 ? null : texts;
}

/** One value stands for a list of one; an empty list is an error. */
export function itemsIn(reading: Reading, tree: Tree, what: string): readonly Tree[] | null {
  if (tree.kind === "unreadable") return null;
  if (tree.kind !== "list") return [tree];
  if (tree.items.length > 0) return tree.items;
  report(reading, "empty", tree.at, [`the list of ${quoted(what)} is empty`, "name at least one; empty is not the same as left out"]);
  return null;
}

/** True or false, or null after a report. */
export function truthIn(reading: Reading, tree: Tree, what: string): boolean | null {
  if (tree.kind === "unreadable") return null;
  if (tree.kind === "scalar" && typeof tree.value === "boolean") return tree.value;
  const code = isNothing(tree) ? "empty" : "wrong-type";
  // YAML 1.1 read `yes`, `no`, `on` and `off` as truth values; 1.2 reads them as texts.
  const isNo = tree.kind === "scalar" && ["no", "off", "n", "0"].includes(tree.source.toLowerCase());
  const help = `write ${quoted(`${what}: ${isNo ? "false" : "true"}`)} or leave it out`;
  report(reading, code, tree.at, [`${quoted(what)} is true or false, and this is ${described(tree)}`, help]);
  return null;
}

/** One of a few words, or null after a report. */
export function wordIn<Word extends string>(reading: Reading, { key, value }: Entry, words: readonly Word[]): Word | null {
  if (value.kind !== "scalar" || isNothing(value) || value.value === "") {
    textIn(reading, value, key);
    return null;
  }
  const word = words.find((one) => one === value.value);
  if (word !== undefined) return word;
  // `off` is a text and `true` a truth value, and neither is a word that can stand here.
  const meant = nearest(value.source, words);
  const help = meant === null ? `write ${oneOf(words)}` : `did you mean ${quoted(meant)}?`;
  report(reading, "unknown-word", value.at, [`${quoted(key)} is ${oneOf(words)}, not ${quoted(String(value.value))}`, help]);
  return null;
}

/** The instant at which something starts, or ends: a bare date includes its day (MEANING §1). */
export function instantIn(reading: Reading, { key, value }: Entry, bound: "start" | "end"): { readonly at: Instant; readonly written: string } | null {
  const isNumber = value.kind === "scalar" && typeof value.value === "number";
  const text = isNumber ? { value: value.source, at: value.at } : textIn(reading, value, key);
  if (text === null) return null;
  const midnight = midnightOf(text.value);
  const at = midnight === undefined ? instantOf(text.value) : bound === "end" ? midnight + day : midnight;
  if (at !== undefined) return { at, written: text.value };
  report(reading, "bad-time", text.at, [`${quoted(text.value)} is no day and no time with a zone`, timeHelp(text.value)]);
  return null;
}
