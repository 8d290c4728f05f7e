import type { Selector } from "../model/policy-set.ts";
import { byCodePoint } from "../base/order.ts";
import { nearest } from "./hints.ts";
import { addressInLabels, labelsMeant, usualKey } from "./meant-peer.ts";
import { literalHelp } from "./literal-value.ts";
import { quoted, type Reading, report } from "./reading.ts";
import { described, type Entry, isNothing, type Tree } from "./tree.ts";
import { type TextTree, textIn, textsIn } from "./values.ts";

/** What stands for other peers, and is no label key. */
export const peerKeys: ReadonlySet<string> = new Set(["zone", "network", "identity"]);

/** A selector of labels; null when it is none or selects by nothing. `what` names it: `scope`. */
export function selectorIn(reading: Reading, tree: Tree, what: string): Selector | null {
  const entries = labelEntries(reading, tree, what);
  if (entries === null) return null;
  const terms = [];
  for (const { key, keyAt, value } of entries) {
    const isKnown = isLabelKey(reading, { key, keyAt, value });
    const texts = isKnown || value.kind !== "mapping" ? textsIn(reading, value, key) : null;
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
    const isKnown = isLabelKey(reading, { key, keyAt, value });
    const text = value.kind === "list" || (value.kind === "mapping" && !isKnown) ? null : textIn(reading, value, key);
    if (value.kind === "list")
      report(reading, "wrong-type", value.at, [`a test asks about one workload, and ${quoted(key)} has several values here`, "write a test for each value"]);
    if (text !== null && isKnown) checkValue(reading, key, text);
    if (text === null || !isKnown) isWhole = false;
    else labels[key] = text.value;
  }
  return isWhole ? labels : null;
}

function labelEntries(reading: Reading, tree: Tree, what: string): readonly Entry[] | null {
  if (tree.kind === "unreadable") return null;
  if (tree.kind !== "mapping" && !isNothing(tree)) {
    const meant = selectorMeant(reading, tree);
    report(reading, "wrong-type", tree.at, [
      `${quoted(what)} selects by labels, and this is ${described(tree)}`,
      meant === null ? "write labels such as `{ app: billing, env: prod }`" : `write ${quoted(meant)}`,
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

function isLabelKey(reading: Reading, { key, keyAt: at, value }: Entry): boolean {
  if (value.kind === "mapping") {
    const inner = innermost(value);
    const address = addressInLabels(reading, value);
    const help = address !== null ? address : inner === null ? "write labels such as `{ app: billing, env: prod }`" : `write ${quoted(inner)}`;
    report(reading, "wrong-type", at, [`labels stand side by side, and ${quoted(key)} holds a mapping`, help]);
    return false;
  }
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
  const meant = nearest(key, reading.labels.keys()) ?? (/^(zone|network)s$/.test(key) ? key.slice(0, -1) : null);
  report(reading, "unknown-label", at, [
    `the label schema has no key ${quoted(key)}`,
    meant !== null ? `did you mean ${quoted(meant)}?` : (addressInLabels(reading, value) ?? `declare it under \`labels:\``),
  ]);
  return false;
}

/** The labels that were meant by `billing`, by `app=billing`, or by a list with a label an item; null where nobody can tell. */
function selectorMeant(reading: Reading, tree: Tree): string | null {
  if (tree.kind === "list") {
    const entries = tree.items.flatMap((item) => (item.kind === "mapping" ? item.entries : []));
    return entries.length === new Set(entries.map(({ key }) => key)).size ? innermost({ kind: "mapping", entries, at: tree.at }) : null;
  }
  if (tree.kind !== "scalar" || typeof tree.value !== "string") return null;
  return labelsMeant(tree.value) ?? (/^[\w.-]+$/.test(tree.value) ? `{ ${usualKey(reading)}: ${tree.value} }` : null);
}

/** The labels inside mappings such as `matchLabels: { app: shop }`, as they are written here; null where there are none. */
function innermost({ entries }: Extract<Tree, { kind: "mapping" }>): string | null {
  const [only] = entries;
  if (only !== undefined && entries.length === 1 && only.value.kind === "mapping") return innermost(only.value);
  const labels = entries.map(({ key, value }) => (value.kind === "scalar" && !isNothing(value) ? `${key}: ${value.source}` : null));
  return labels.length > 0 && labels.every((label) => label !== null) ? `{ ${labels.join(", ")} }` : null;
}

function checkValue(reading: Reading, key: string, { value, at }: TextTree): void {
  const values = reading.labels.get(key)?.values ?? null;
  const literal = values?.includes(value) === true ? null : literalHelp(value);
  if (values === null && literal !== null)
    report(reading, "literal-value", at, [`${quoted(value)} is taken to the letter: it selects workloads whose ${quoted(key)} reads just so`, literal]);
  if (values === null || values.includes(value)) return;
  const meant = nearest(value, values);
  const otherwise =
    meant === null ? `write one of ${values.slice(0, 8).map(quoted).join(", ")}, or add it to the label schema` : `did you mean ${quoted(meant)}?`;
  report(reading, "unknown-label-value", at, [`the label ${quoted(key)} never has the value ${quoted(value)}`, literal ?? otherwise]);
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
