import { type Document, isCollection, isMap, isScalar, isSeq, type Node, type Pair, Scalar, visit, YAMLMap, YAMLSeq } from "yaml";

const widest = 140;

/** Sections stand one item a line; everything smaller stands in brackets where it fits. */
const sections: ReadonlySet<string> = new Set([
  "labels",
  "services",
  "networks",
  "zones",
  "conduits",
  "forbid",
  "common",
  "exceptions",
  "stages",
  "allow",
  "tests",
]);

/** The order of keys in zones, rules and tests. Keys of other mappings keep the order in which they were written. */
const order = [
  ["name", "policy", "members", "networks", "inside", "from", "to", "over", "where", "expect", "by", "from-date", "until", "owner", "approved-by", "ticket"],
  ["because", "review", "agreement", "data-class", "controls", "level", "trust"],
].flat();

/** Sets the style of every node of a document to the canonical one: brackets or lines, quotes or none, order of keys. */
export function arrange(document: Document.Parsed): void {
  visit(document, { Scalar: (_, scalar) => plain(scalar) });
  const root = document.contents as Node | null;
  if (!isMap(root)) return;
  root.flow = false;
  for (const pair of root.items as Pair<Node, Node | null>[]) {
    const { value } = pair;
    if (!isCollection(value)) continue;
    if (sections.has(textOf(pair.key)) && value.items.length > 0) section(value);
    else settleValue(value, textOf(pair.key).length + 2);
  }
}

/** Whether anything in a node or document is a comment. */
export function hasComments(document: Document.Parsed): boolean {
  return (
    Boolean(document.commentBefore) || Boolean(document.comment) || (document.contents !== null && isAnnotated(document.contents as Node, { blanks: false }))
  );
}

function plain(scalar: Scalar): void {
  if (typeof scalar.value === "string" && (scalar.type === Scalar.QUOTE_DOUBLE || scalar.type === Scalar.QUOTE_SINGLE)) scalar.type = Scalar.PLAIN;
}

const textOf = (key: Node | null): string => (isScalar(key) ? String(key.value) : "");

function section(value: YAMLMap | YAMLSeq): void {
  value.flow = false;
  for (const item of value.items) {
    const [node, used] = isSeq(value) ? [item, 4] : [(item as Pair<Node, Node | null>).value, textOf((item as Pair<Node>).key).length + 4];
    if (!isCollection(node)) continue;
    if (isMap(node) && isSeq(value)) sortKeys(node);
    if (isMap(node) && node.flow !== true && node.items.length > 0) overLines(node, used);
    else settle(node, used);
  }
}

/** An item that was written over several lines stays so: its author gave each key a line. */
function overLines(node: YAMLMap, used: number): void {
  node.flow = false;
  for (const child of childrenOf(node)) if (isCollection(child)) settleValue(child, used + 2);
}

/** Puts a collection into brackets if it was there and fits, or if it holds only values and fits; else one line for each of its parts. */
function settle(node: YAMLMap | YAMLSeq, used: number): void {
  const isLeaf = childrenOf(node).every((child) => !isCollection(child));
  const fits = !isAnnotated(node, { blanks: true }) && used + widthOf(node) <= widest;
  pad(node);
  node.flow = node.items.length === 0 || (fits && (node.flow === true || isLeaf));
  for (const child of childrenOf(node)) if (isCollection(child)) (node.flow ? flowAll : isMap(node) ? settleValue : settle)(child, used + 2);
}

/** `scope: # why` needs lines below it; in brackets the value would be torn from its key. */
function settleValue(node: YAMLMap | YAMLSeq, used: number): void {
  if (node.items.length === 0 || !node.commentBefore) return settle(node, used);
  node.flow = false;
  for (const child of childrenOf(node)) if (isCollection(child)) settle(child, used + 2);
}

function flowAll(node: YAMLMap | YAMLSeq): void {
  pad(node);
  node.flow = true;
  for (const child of childrenOf(node)) if (isCollection(child)) flowAll(child);
}

/** `{ a: b }` has spaces inside its brackets, `[a, b]` has none; the library knows only one width for both. */
function pad(node: YAMLMap | YAMLSeq): void {
  const isList = isSeq(node);
  const print = (isList ? YAMLSeq : YAMLMap).prototype.toString;
  node.toString = (context, onComment, onChompKeep) =>
    print.call(node as never, context === undefined ? context : { ...context, flowCollectionPadding: isList ? "" : " " }, onComment, onChompKeep);
}

function childrenOf(node: YAMLMap | YAMLSeq): readonly (Node | null)[] {
  return isSeq(node) ? (node.items as (Node | null)[]) : (node.items as Pair<Node, Node | null>[]).map(({ value }) => value);
}

/** Whether comments, blank lines (if asked) or texts of several lines stand in a node, which brackets on one line could not keep. */
function isAnnotated(node: Node, { blanks }: { readonly blanks: boolean }): boolean {
  let found = false;
  visit(node as never, {
    Node: (_, inner) => {
      const isTop = inner === node;
      if (Boolean(inner.comment) && !(isTop && !isCollection(inner))) found = true;
      if (Boolean(inner.commentBefore) && !isTop) found = true;
      if (blanks && inner.spaceBefore === true && !isTop) found = true;
      if (blanks && isScalar(inner) && typeof inner.value === "string" && inner.value.includes("\n")) found = true;
      return found ? visit.BREAK : undefined;
    },
  });
  return found;
}

function widthOf(node: Node | null): number {
  if (node === null) return 0;
  if (isScalar(node)) return typeof node.value === "string" ? node.value.length : String(node.value).length;
  if (isSeq(node)) return 2 + childrenOf(node).reduce((sum, child) => sum + widthOf(child) + 2, 0);
  if (isMap(node)) return 4 + (node.items as Pair<Node, Node | null>[]).reduce((sum, { key, value }) => sum + widthOf(key) + widthOf(value) + 4, 0);
  return widest;
}

/** Comments stand before the key they belong to; where there are any, the author's order stays. */
function sortKeys(node: YAMLMap): void {
  if (isAnnotated(node, { blanks: false })) return;
  const pairs = node.items as Pair<Node, Node | null>[];
  const rank = ({ key }: Pair<Node, Node | null>): number => {
    const at = order.indexOf(textOf(key));
    return at < 0 ? order.length : at;
  };
  pairs.sort((a, b) => rank(a) - rank(b));
}
