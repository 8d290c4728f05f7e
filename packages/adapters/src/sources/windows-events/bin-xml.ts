import { type Element, elementOf } from "./element.ts";
import { textMax } from "./event.ts";
import { valueText } from "./value-text.ts";

// Binary XML as in [MS-EVEN6] 2.2.12: tokens, names shared by the chunk, templates with values put into them.
const endOfStream = 0;
const openStart = 0x01;
const closeStart = 0x02;
const closeEmpty = 0x03;
const endElement = 0x04;
const valueToken = 0x05;
const attributeToken = 0x06;
const cdata = 0x07;
const charReference = 0x08;
const entityReference = 0x09;
const instructionTarget = 0x0a;
const instructionText = 0x0b;
const templateInstance = 0x0c;
const normalSubstitution = 0x0d;
const optionalSubstitution = 0x0e;
const fragmentHeader = 0x0f;
const moreFlag = 0x40;

const binXmlType = 0x21;

// Events have a few hundred tokens and nest three templates deep; a damaged or hostile one may point in circles.
const tokensMax = 20_000;
const depthMax = 8;
const valuesMax = 1024;

/** What is put into the places of a template. */
interface Value {
  readonly type: number;
  readonly at: number;
  readonly size: number;
}

interface Reading {
  readonly view: DataView;
  at: number;
  readonly until: number;
  readonly values: readonly Value[];
  readonly depth: number;
  readonly budget: { tokens: number; characters: number };
  readonly root: Element;
  readonly open: Element[];
  /** The attribute that values belong to; null in an element's content. */
  attribute: string | null;
}

const unreadable = (): RangeError => new RangeError("the binary XML does not hold together");

/** The elements of a fragment in a chunk, or null when it cannot be read. */
export function elementsAt(view: DataView, from: number, until: number): readonly Element[] | null {
  const root = elementOf("");
  try {
    readFragment({ view, at: from, until, values: [], depth: 0, budget: { tokens: tokensMax, characters: textMax * 4 }, root, open: [], attribute: null });
  } catch (error) {
    // A DataView throws the same when a place lies outside the chunk.
    if (error instanceof RangeError) return null;
    throw error;
  }
  return root.children;
}

function readFragment(reading: Reading): void {
  while (reading.at < reading.until) {
    reading.budget.tokens -= 1;
    if (reading.budget.tokens < 0) throw unreadable();
    const token = reading.view.getUint8(reading.at);
    reading.at += 1;
    if (token === endOfStream) return;
    readToken(reading, token);
  }
}

function readToken(reading: Reading, token: number): void {
  const kind = token & ~moreFlag;
  switch (kind) {
    case fragmentHeader:
      reading.at += 3;
      return;
    case openStart:
      openElement(reading, (token & moreFlag) !== 0);
      return;
    case closeStart:
      reading.attribute = null;
      return;
    case closeEmpty:
    case endElement:
      reading.attribute = null;
      reading.open.pop();
      return;
    case attributeToken:
      reading.attribute = nameAt(reading);
      return;
    case templateInstance:
      readTemplate(reading);
      return;
    case normalSubstitution:
    case optionalSubstitution:
      substitute(reading);
      return;
    default:
      readText(reading, kind);
  }
}

function readText(reading: Reading, kind: number): void {
  const { view } = reading;
  switch (kind) {
    case valueToken:
      if (view.getUint8(reading.at) !== 1) throw unreadable();
      reading.at += 1;
      addText(reading, countedText(reading));
      return;
    case cdata:
    case instructionText:
      addText(reading, countedText(reading));
      return;
    case charReference:
      addText(reading, String.fromCharCode(view.getUint16(reading.at, true)));
      reading.at += 2;
      return;
    case entityReference:
      addText(reading, { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" }[nameAt(reading)] ?? "");
      return;
    case instructionTarget:
      nameAt(reading);
      return;
    default:
      throw unreadable();
  }
}

const current = ({ open, root }: Reading): Element => open.at(-1) ?? root;

function openElement(reading: Reading, hasAttributes: boolean): void {
  // A fragment that is a value of a template has no dependency id before the size.
  if (!isElementAt(reading, reading.at + 2) && isElementAt(reading, reading.at)) reading.at += 4;
  else reading.at += 6;
  const element = elementOf(nameAt(reading));
  if (hasAttributes) reading.at += 4;
  current(reading).children.push(element);
  if (reading.open.length >= 64) throw unreadable();
  reading.open.push(element);
  reading.attribute = null;
}

/** Whether a size and a name's place may stand here. */
function isElementAt({ view }: Reading, at: number): boolean {
  if (at + 8 > view.byteLength) return false;
  const [size, name] = [view.getUint32(at, true), view.getUint32(at + 4, true)];
  return size <= view.byteLength && name >= 128 && name + 8 <= view.byteLength && view.getUint16(name + 6, true) <= 256;
}

/** A name: where it stands in the chunk, or, the first time, itself. */
function nameAt(reading: Reading): string {
  const { view } = reading;
  const place = view.getUint32(reading.at, true);
  reading.at += 4;
  const length = view.getUint16(place + 6, true);
  if (length > 256) throw unreadable();
  const name = wideText(view, place + 8, length);
  if (place === reading.at) reading.at += 8 + length * 2 + 2;
  return name;
}

function countedText(reading: Reading): string {
  const length = reading.view.getUint16(reading.at, true);
  const text = wideText(reading.view, reading.at + 2, length);
  reading.at += 2 + length * 2;
  return text;
}

const wide = new TextDecoder("utf-16le", { ignoreBOM: true });

function wideText(view: DataView, at: number, length: number): string {
  if (at + length * 2 > view.byteLength) throw unreadable();
  return wide.decode(new Uint8Array(view.buffer, view.byteOffset + at, length * 2));
}

function addText(reading: Reading, text: string): void {
  reading.budget.characters -= text.length;
  if (reading.budget.characters < 0) throw unreadable();
  const element = current(reading);
  if (reading.attribute === null) element.text += text;
  else element.attributes.set(reading.attribute, (element.attributes.get(reading.attribute) ?? "") + text);
}

/** A template with its values. The template stands in the chunk once, where it was first used. */
function readTemplate(reading: Reading): void {
  const { view } = reading;
  if (reading.depth >= depthMax) throw unreadable();
  const definition = view.getUint32(reading.at + 5, true);
  reading.at += 9;
  const size = view.getUint32(definition + 20, true);
  const body = definition + 24;
  if (body + size > view.byteLength) throw unreadable();
  if (definition === reading.at) reading.at = body + size;
  const values = readValues(reading);
  const inner: Reading = { ...reading, at: body, until: body + size, values, depth: reading.depth + 1, root: current(reading), open: [], attribute: null };
  readFragment(inner);
}

function readValues(reading: Reading): readonly Value[] {
  const { view } = reading;
  const count = view.getUint32(reading.at, true);
  if (count > valuesMax) throw unreadable();
  let from = reading.at + 4 + count * 4;
  const values: Value[] = [];
  for (let nth = 0; nth < count; nth += 1) {
    const at = reading.at + 4 + nth * 4;
    const size = view.getUint16(at, true);
    values.push({ type: view.getUint8(at + 2), at: from, size });
    from += size;
  }
  if (from > view.byteLength) throw unreadable();
  reading.at = from;
  return values;
}

function substitute(reading: Reading): void {
  const value = reading.values[reading.view.getUint16(reading.at, true)];
  reading.at += 3;
  if (value === undefined || value.size === 0) return;
  if (value.type !== binXmlType) {
    addText(reading, valueText(reading.view, value));
    return;
  }
  if (reading.depth >= depthMax) throw unreadable();
  readFragment({
    ...reading,
    at: value.at,
    until: value.at + value.size,
    values: [],
    depth: reading.depth + 1,
    root: current(reading),
    open: [],
    attribute: null,
  });
}
