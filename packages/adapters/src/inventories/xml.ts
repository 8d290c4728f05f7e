/** An element of XML; text between elements is `text`, entities replaced. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

interface Growing extends XmlElement {
  readonly children: XmlElement[];
  text: string;
}

// Nothing that we read nests deeper; what does is an attack on whoever walks the tree.
const depthMax = 100;
const elementsMax = 5_000_000;

/** The root element of an XML text, or why it is not read, with its line. Declarations of entities are refused: they can stand for a billion characters. */
export function xmlOf(text: string): XmlElement | { readonly wrong: string } {
  const root: Growing = { name: "", attributes: {}, children: [], text: "" };
  const open: Growing[] = [root];
  const wrong = (why: string, at: number) => ({ wrong: `line ${text.slice(0, at).split("\n").length}: ${why}` });
  let [at, elements] = [0, 0];
  while (at < text.length) {
    const start = text.indexOf("<", at);
    const top = open.at(-1)!;
    if (start < 0 || start > at) top.text += unescaped(text.slice(at, start < 0 ? text.length : start));
    if (start < 0) break;
    const skipped = skippedEnd(text, start);
    if (skipped === "entities") return wrong("the document declares entities of its own, which are not read", start);
    if (skipped === "unclosed") return wrong("something is never closed", start);
    if (skipped !== null) {
      at = skipped;
      continue;
    }
    const tag = tagAt(text, start);
    if (tag === null) return wrong("a tag is broken", start);
    at = tag.end;
    if (tag.kind === "close") {
      if (open.length === 1 || top.name !== tag.name) return wrong(`\`${tag.name.slice(0, 40)}\` is closed and was not open`, start);
      open.pop();
      continue;
    }
    const element: Growing = { name: tag.name, attributes: tag.attributes, children: [], text: "" };
    elements += 1;
    if (elements > elementsMax) return wrong(`more than ${elementsMax} elements are not read`, start);
    top.children.push(element);
    if (tag.kind === "open" && open.push(element) > depthMax) return wrong(`elements nest deeper than ${depthMax}`, start);
  }
  if (open.length > 1) return wrong(`\`${open.at(-1)!.name.slice(0, 40)}\` is never closed`, text.length);
  return root.children[0] ?? { wrong: "no element is in it" };
}

/** Where a comment, an instruction, CDATA or the document type that begins here ends; null when none begins. */
function skippedEnd(text: string, start: number): number | "entities" | "unclosed" | null {
  for (const [opening, closing] of [
    ["<!--", "-->"],
    ["<?", "?>"],
    ["<![CDATA[", "]]>"],
  ] as const)
    if (text.startsWith(opening, start)) {
      const end = text.indexOf(closing, start + opening.length);
      return end < 0 ? "unclosed" : end + closing.length;
    }
  if (!text.startsWith("<!", start)) return null;
  const end = text.indexOf(">", start);
  if (end < 0) return "unclosed";
  return text.slice(start, end).includes("[") ? "entities" : end + 1;
}

type Tag =
  | { readonly kind: "close"; readonly name: string; readonly end: number }
  | { readonly kind: "open" | "empty"; readonly name: string; readonly attributes: Readonly<Record<string, string>>; readonly end: number };

const named = /<(\/?)([A-Za-z_][\w:.-]*)/y;
const attribute = /\s+([A-Za-z_][\w:.-]*)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
const closing = /\s*(\/?)>/y;

function tagAt(text: string, start: number): Tag | null {
  named.lastIndex = start;
  const [, slash, name] = named.exec(text) ?? [];
  if (name === undefined) return null;
  const attributes = Object.create(null) as Record<string, string>;
  let at = named.lastIndex;
  for (;;) {
    attribute.lastIndex = at;
    const found = attribute.exec(text);
    if (found === null) break;
    attributes[found[1]!] = unescaped(found[2] ?? found[3] ?? "");
    at = attribute.lastIndex;
  }
  closing.lastIndex = at;
  const end = closing.exec(text);
  if (end === null) return null;
  if (slash === "/") return { kind: "close", name, end: closing.lastIndex };
  return { kind: end[1] === "/" ? "empty" : "open", name, attributes, end: closing.lastIndex };
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function unescaped(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos));/g, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return entities[name] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
    return code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? whole : String.fromCodePoint(code);
  });
}
