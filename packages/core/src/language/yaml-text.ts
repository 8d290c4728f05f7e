import { Composer, type CST, type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, Parser } from "yaml";
import type { Span } from "../base/diagnostic.ts";
import { mostBytes, mostDepth, type PolicyFile } from "./policy-file.ts";
import { quoted, type Reading, report } from "./reading.ts";
import { syntaxWords } from "./syntax-words.ts";
import type { Entry, Tree } from "./tree.ts";
import { textOf } from "./utf8.ts";
import { nestingOf, unclosedIn } from "./yaml-tokens.ts";

/** A file as text, as YAML, and as the tree that the section readers see. */
export interface YamlText {
  readonly text: string;
  readonly document: Document.Parsed;
  readonly tree: Tree;
}

/** Reads one file as YAML 1.2 without anchors, aliases, merge keys and tags; null when it cannot be read as a whole, which is reported once. */
export function readYaml(reading: Reading, file: PolicyFile): YamlText | null {
  const text = checkedText(reading, file);
  return text === null ? null : yamlOf(reading, file.path, text);
}

/** The same for a text that is known to be one. */
export function yamlOf(reading: Reading, path: string, text: string): YamlText | null {
  const spanOf = spansIn(path, text);
  const document = checkedDocument(reading, { text, spanOf });
  if (document === null) return null;
  const walk: Walk = { reading, text, spanOf, anchors: new Set() };
  if (document.contents === null) return { text, document, tree: { kind: "scalar", value: null, source: "", at: spanOf(0, 1) } };
  return { text, document, tree: treeOf(walk, document.contents) };
}

type SpanOf = (start: number, end: number) => Span;

interface Walk {
  readonly reading: Reading;
  readonly text: string;
  readonly spanOf: SpanOf;
  readonly anchors: Set<string>;
}

/** Spans end with their line, and what the parser finds at the end of the file is shown at its last character. */
function spansIn(file: string, text: string): SpanOf {
  const lines = linesOf(text);
  const last = Math.max(0, text.trimEnd().length - 1);
  return (from, to) => {
    const blanks = text[from] === " " ? (/^ *(?=[^ \r\n])/.exec(text.slice(from, from + 200))?.[0].length ?? 0) : 0;
    const meant = Math.max(0, Math.min(from + blanks, last));
    // The end of a line belongs to its last character.
    const start = text[meant] === "\n" && meant > 0 && text[meant - 1] !== "\n" ? meant - 1 : meant;
    const { line, col } = lines.linePos(start);
    const next = lines.lineStarts[line];
    const end = Math.min(to, next === undefined ? text.length : next - 1);
    return { file, line, column: col, length: Math.max(1, text.slice(start, end).trimEnd().length) };
  };
}

/** Where each line begins, told from the text: the parser does not count every line of a text that is broken. */
function linesOf(text: string): LineCounter {
  const lines = new LineCounter();
  for (let at = 0; at >= 0; at = text.indexOf("\n", at) + 1 || -1) lines.addNewLine(at);
  return lines;
}

function checkedText(reading: Reading, { path, bytes }: PolicyFile): string | null {
  const top: Span = { file: path, line: 1, column: 1, length: 1 };
  if (bytes.length > mostBytes) {
    report(reading, "file-too-large", top, [`the file has ${bytes.length} bytes, more than ${mostBytes}`, "split it into several files of the directory"]);
    return null;
  }
  const decoding = textOf(bytes);
  if (decoding.kind === "broken") {
    const at = placeAfter(path, decoding.before);
    report(reading, "not-utf8", at, ["the bytes here are not UTF-8", "save the file as UTF-8 text"]);
    return null;
  }
  const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.exec(decoding.text);
  if (control === null) return decoding.text;
  const at = placeAfter(path, decoding.text.slice(0, control.index));
  report(reading, "control-character", at, [`the file holds the control character ${quoted(control[0])}`, "delete it; policy is plain text"]);
  return null;
}

function placeAfter(file: string, before: string): Span {
  const line = before.split("\n").length;
  return { file, line, column: before.length - before.lastIndexOf("\n"), length: 1 };
}

interface Source {
  readonly text: string;
  readonly spanOf: SpanOf;
}

function checkedDocument(reading: Reading, { text, spanOf }: Source): Document.Parsed | null {
  const tokens: CST.Token[] = [...new Parser().parse(text)];
  const deep = nestingOf(tokens, mostDepth);
  if (deep !== null) {
    report(reading, "too-deep", spanOf(deep, deep + 1), [`nested more than ${mostDepth} deep`, "policy never needs more than five levels"]);
    return null;
  }
  const composer = new Composer({ version: "1.2", schema: "core", merge: false, uniqueKeys: false, resolveKnownTags: false, logLevel: "silent" });
  const [document, second] = [...composer.compose(tokens, true, text.length)] as Document.Parsed[];
  if (document === undefined) return null;
  const error = document.errors.toSorted((a, b) => a.pos[0] - b.pos[0])[0];
  if (error !== undefined) {
    const open = unclosedIn(tokens, error.pos[0]);
    const mark = strangeMark(text);
    if (mark !== null) report(reading, "syntax", spanOf(mark.at, mark.at + mark.length), mark.words);
    else if (open !== null && !/-start at node end/.test(error.message))
      report(reading, "syntax", spanOf(open.at, open.at + 1), [`${quoted(open.mark)} is never closed`, `close it with ${quoted(open.close)}`]);
    else report(reading, "syntax", spanOf(error.pos[0], error.pos[1]), syntaxWords(error, lineAt(text, error.pos[0])));
    return null;
  }
  const directive = tokens.find((token) => token.type === "directive");
  if (directive !== undefined) {
    report(reading, "tag", spanOf(directive.offset, directive.offset + 1), ["YAML directives are not read here", "delete the line; policy is YAML 1.2"]);
    return null;
  }
  if (second !== undefined) {
    const start = second.range[0];
    report(reading, "several-documents", spanOf(start, start + 3), [
      "a second YAML document begins here",
      "put it into a file of its own, or delete the `---`",
    ]);
    return null;
  }
  return document;
}

const lineAt = (text: string, at: number): string => text.slice(text.lastIndexOf("\n", at - 1) + 1).split("\n", 1)[0] ?? "";

interface StrangeMark {
  readonly at: number;
  readonly length: number;
  readonly words: readonly [message: string, help: string];
}

/** What other tools leave in a file that is then no YAML: the marks of a merge, or the fence of a code block. */
function strangeMark(text: string): StrangeMark | null {
  const found = /^(?:<{7} .*|```.*| *[\u00a0\u2000-\u200b\u3000].*)$/m.exec(text);
  if (found === null) return null;
  const blank = /^ *([\u00a0\u2000-\u200b\u3000])/.exec(found[0]);
  if (blank !== null) {
    const point = `U+${blank[1]!.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
    const words = [`the blank here is ${point}, which YAML takes for a letter`, "put ordinary blanks in its place"] as const;
    return { at: found.index + blank[0].length - 1, length: 1, words };
  }
  const words = found[0].startsWith("<")
    ? (["a merge conflict begins here", "keep one of the two sides, and delete the lines with `<<<<<<<`, `=======` and `>>>>>>>`"] as const)
    : (["the fence of a code block is no YAML", "delete the lines with ```"] as const);
  return { at: found.index, length: found[0].length, words };
}

function treeOf(walk: Walk, node: Node | null): Tree {
  if (node === null) return { kind: "scalar", value: null, source: "", at: walk.spanOf(0, 1) };
  const [start, end] = node.range ?? [0, 1];
  const at = walk.spanOf(start, end);
  if (isAlias(node)) return aliasTree(walk, node.source, at);
  if (node.tag !== undefined) {
    report(walk.reading, "tag", markBefore(walk, "!", start), [
      `the tag ${quoted(node.tag)} is not read here`,
      /^![\w.-]*$/.test(node.tag)
        ? "name the values that are meant, in a list; there is no negation, and a text with a `!` stands in quotes"
        : "delete it; values have the type they look like",
    ]);
    return { kind: "unreadable", at };
  }
  if (node.anchor !== undefined) {
    walk.anchors.add(node.anchor);
    report(walk.reading, "anchor", markBefore(walk, `&${node.anchor}`, start), [
      `the anchor ${quoted(`&${node.anchor}`)} is not read here`,
      "write the value out where it is needed",
    ]);
  }
  if (isMap(node)) return { kind: "mapping", entries: entriesOf(walk, node.items as Pair<Node, Node | null>[], at), at };
  if (isSeq(node)) return { kind: "list", items: node.items.map((item) => treeOf(walk, item as Node | null)), at };
  if (!isScalar(node)) return { kind: "unreadable", at };
  const value = node.value as string | number | boolean | null;
  return { kind: "scalar", value, source: node.source ?? String(value), at };
}

/** Where the mark in front of a node stands; the node itself may begin on a later line. */
function markBefore({ text, spanOf }: Walk, mark: string, start: number): Span {
  const at = text.lastIndexOf(mark, start);
  return at < 0 ? spanOf(start, start + 1) : spanOf(at, at + mark.length);
}

function aliasTree(walk: Walk, source: string, at: Span): Tree {
  // An alias of an anchor in the same file is that anchor's mistake, told once.
  if (!walk.anchors.has(source)) {
    report(walk.reading, "anchor", at, [`the alias ${quoted(`*${source}`)} is not read here`, "write the value out where it is needed"]);
  }
  return { kind: "unreadable", at };
}

export const hostileKeys: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

function entriesOf(walk: Walk, pairs: readonly Pair<Node, Node | null>[], parent: Span): readonly Entry[] {
  const entries = new Map<string, Entry>();
  const again: Entry[] = [];
  for (const pair of pairs) {
    const entry = entryOf(walk, pair, parent);
    if (entry === null) continue;
    if (entries.has(entry.key)) again.push(entry);
    else entries.set(entry.key, entry);
  }
  // Where the keys of an item begin once more, the next item lacks its dash: one mistake, whatever follows.
  const [first] = entries.values();
  const isNextItem = again.length > 1 && again[0]!.key === first!.key;
  for (const entry of isNextItem ? again.slice(0, 1) : again)
    report(walk.reading, "duplicate-key", entry.keyAt, [
      `the key ${quoted(entry.key)} is written twice; the first is in line ${entries.get(entry.key)!.keyAt.line}`,
      isNextItem ? `begin the next item with ${quoted(`- ${entry.key}: …`)}` : "keep one of the two",
    ]);
  return [...entries.values()];
}

function entryOf(walk: Walk, { key, value }: Pair<Node, Node | null>, parent: Span): Entry | null {
  const keyTree = treeOf(walk, key);
  const keyAt = key?.range ? keyTree.at : parent;
  const isEmpty = value === null || (isScalar(value) && value.value === null && value.range?.[0] === value.range?.[1]);
  const tree: Tree = isEmpty ? { kind: "scalar", value: null, source: "", at: keyAt } : treeOf(walk, value);
  if (keyTree.kind === "unreadable") return null;
  if (keyTree.kind !== "scalar" || keyTree.value === null) {
    report(walk.reading, "bad-key", keyAt, ["a key is a text", "write `key: value`"]);
    return null;
  }
  const text = typeof keyTree.value === "string" ? keyTree.value : keyTree.source;
  const [, before, behind] = isEmpty ? (/^([\w-]+):(?!\/\/)(.+)$/.exec(text) ?? []) : [];
  if (before !== undefined) {
    report(walk.reading, "bad-key", keyAt, [`behind ${quoted(`${before}:`)} a blank is missing`, `write ${quoted(`${before}: ${behind}`)}`]);
    return { key: before, keyAt, value: { kind: "unreadable", at: keyAt } };
  }
  if (text === "<<") {
    report(walk.reading, "merge-key", keyAt, ["merge keys are not read here", "write the keys out where they are needed"]);
    return null;
  }
  if (hostileKeys.has(text)) {
    report(walk.reading, "bad-key", keyAt, [`${quoted(text)} cannot be a key`, "choose another name"]);
    return null;
  }
  return { key: text, keyAt, value: tree };
}
