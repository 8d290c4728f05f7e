import type { Selector } from "../model/policy-set.ts";
import { byCodePoint } from "../base/order.ts";
import { nearest } from "./hints.ts";
import { quoted, type Reading, report } from "./reading.ts";
import { described, type Entry, isNothing, type Tree } from "./tree.ts";
import { type TextTree, textIn, textsIn } from "./values.ts";

const peerKeys: ReadonlySet<string> = new Set(["zone", "network", "identity"]);

/** A selector of labels; null when it is none or selects by nothing. `what` names it: `scope`. */
export function selectorIn(reading: Reading, tree: Tree, what: string): Selector | null {
  const entries = labelEntries(reading, tree, what);
  if (entries === null) return null;
  const terms = [];
  for (const { key, keyAt, value } of entries) {
    const isKnown = isLabelKey(reading, { value: key, at: keyAt });
    const texts = textsIn(reading, value, key);
    if (!isKnown || texts === null) continue;
    for (const text of texts) checkValue(reading, key, text);
    const term = { key, values: [...new Set(texts.map((text) => text.value))] };
    reading.places.set(term, keyAt);
    terms.push(term);
  }
  // A selector that lost a term selects more than was written: better none than a wider one.
  if (terms.length < entries.length) return null;
  const selector = { terms: terms.toSorted((a, b) => byCodePoint(a.key, b.key)) };
  reading.places.set(selector, tree.at);
  return selector;
}

/** The labels of a hypothetical workload: exactly one value for each key. */
export function labelsIn(reading: Reading, tree: Tree, what: string): Readonly<Record<string, string>> | null {
  const entries = labelEntries(reading, tree, what);
  if (entries === null) return null;
  const labels: Record<string, string> = Object.create(null) as Record<string, string>;
  let isWhole = true;
  for (const { key, keyAt, value } of entries) {
    const isKnown = isLabelKey(reading, { value: key, at: keyAt });
    const text = textIn(reading, value, key);
    if (text !== null && isKnown) checkValue(reading, key, text);
    if (text === null || !isKnown) isWhole = false;
    else labels[key] = text.value;
  }
  return isWhole ? labels : null;
}

function labelEntries(reading: Reading, tree: Tree, what: string): readonly Entry[] | null {
  if (tree.kind === "unreadable") return null;
  if (tree.kind !== "mapping" && !isNothing(tree)) {
    report(reading, "wrong-type", tree.at, [
      `${quoted(what)} selects by labels, and this is ${described(tree)}`,
      "write labels such as `{ app: billing, env: prod }`",
    ]);
    return null;
  }
  if (tree.kind === "mapping" && tree.entries.length > 0) return tree.entries;
  report(reading, "empty", tree.at, [
    `${quoted(what)} selects by nothing`,
    "name at least one label, such as `{ env: prod }`; empty is not the same as everything",
  ]);
  return null;
}

function isLabelKey(reading: Reading, { value: key, at }: Pick<TextTree, "value" | "at">): boolean {
  if (peerKeys.has(key)) {
    report(reading, "reserved-name", at, [`${quoted(key)} is no label key`, "select by labels here"]);
    return false;
  }
  // Without a label schema there is nothing to hold a key against.
  if (reading.labels.size === 0 || reading.labels.has(key)) return true;
  if (reading.vague.has("label")) {
    reading.unchecked.push(at);
    return false;
  }
  const meant = nearest(key, reading.labels.keys());
  report(reading, "unknown-label", at, [
    `the label schema has no key ${quoted(key)}`,
    meant === null ? `declare it under \`labels:\`` : `did you mean ${quoted(meant)}?`,
  ]);
  return false;
}

function checkValue(reading: Reading, key: string, { value, at }: TextTree): void {
  const values = reading.labels.get(key)?.values;
  if (values === undefined || values === null || values.includes(value)) return;
  const meant = nearest(value, values);
  const help = meant === null ? `write one of ${values.slice(0, 8).map(quoted).join(", ")}, or add it to the label schema` : `did you mean ${quoted(meant)}?`;
  report(reading, "unknown-label-value", at, [`the label ${quoted(key)} never has the value ${quoted(value)}`, help]);
}

/** Whether one workload could match both: they share a value under every key that both name. */
export function couldOverlap(a: Selector, b: Selector): boolean {
  return a.terms.every(({ key, values }) => {
    const other = b.terms.find((term) => term.key === key);
    return other === undefined || other.values.some((value) => values.includes(value));
  });
}

/** Whether whatever matches `narrow` also matches `wide`. */
export function isWithin(narrow: Selector, wide: Selector): boolean {
  return wide.terms.every(({ key, values }) => narrow.terms.find((term) => term.key === key)?.values.every((value) => values.includes(value)) === true);
}
