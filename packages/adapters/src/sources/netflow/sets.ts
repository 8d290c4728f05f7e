import type { Decoded } from "@bulkhead/core/outside";
import { u16, u32 } from "../big-endian.ts";
import { slot } from "./elements.ts";
import { flowOf } from "./flow.ts";
import { readLists } from "./lists.ts";
import { type Domain, dropTemplates, keepBack, keepTemplate, type Memory, type Message, releasedBy } from "./memory.ts";
import { learnSampling } from "./sampling.ts";
import { sampledFlowOf } from "./section.ts";
import { type Field, readRecord, type Template, templateOf, type Values, viewOf } from "./template.ts";

/** What the reading of a file holds while it lasts. */
export interface Session {
  readonly memory: Memory;
  readonly values: Values;
  readonly give: (decoded: Decoded) => void;
}

/** A set or FlowSet without its header. */
export interface Body {
  readonly id: number;
  readonly from: number;
  readonly end: number;
}

/** Takes what stands in a set of version 9 or IPFIX; how many records it has, or -1 when nobody can say. */
export function readSet(session: Session, message: Message, body: Body): number {
  const { id } = body;
  if (id >= 256) return readRecords(session, message, body);
  const kinds = message.source === "ipfix" ? { templates: 2, options: 3 } : { templates: 0, options: 1 };
  if (id === kinds.templates || id === kinds.options) return readTemplates(session, message, body, id === kinds.options);
  return 0;
}

function readTemplates(session: Session, message: Message, { from, end }: Body, isOptions: boolean): number {
  const { bytes } = session.values;
  const isIpfix = message.source === "ipfix";
  let [at, count] = [from, 0];
  while (at + 4 <= end) {
    const id = u16(bytes, at);
    const size = u16(bytes, at + 2);
    if (isIpfix && size === 0) {
      withdraw(session, message.domain, id, isOptions);
      at += 4;
      continue;
    }
    // What is no template's number is padding.
    if (id < 256) return count;
    const fields: Field[] = [];
    at = isOptions ? readOptionFields(bytes, { at, end, isIpfix }, fields) : readFields(bytes, { at: at + 4, end, isIpfix }, { count: size, fields });
    if (at < 0) {
      refuse(session, message, "bad-template", `template ${id} is longer than its set`);
      return count;
    }
    define(session, message, templateOf(id, isOptions, fields));
    count += 1;
  }
  return count;
}

interface Stretch {
  readonly at: number;
  readonly end: number;
  readonly isIpfix: boolean;
}

/** Reads so many fields; where they end, or -1. */
function readFields(bytes: Uint8Array, { at: from, end, isIpfix }: Stretch, { count, fields }: { readonly count: number; readonly fields: Field[] }): number {
  let at = from;
  for (let field = 0; field < count; field += 1) {
    if (at + 4 > end) return -1;
    const [element, length] = [u16(bytes, at), u16(bytes, at + 2)];
    at += 4;
    if (!isIpfix || element < 0x8000) {
      fields.push({ enterprise: 0, element, length });
      continue;
    }
    if (at + 4 > end) return -1;
    fields.push({ enterprise: u32(bytes, at), element: element & 0x7fff, length });
    at += 4;
  }
  return at;
}

// Version 9 names scopes by numbers of its own; of them only the interface (2) is one of ours, as element 10.
const scopeInterface = 2;
const noElement = 0;

function readOptionFields(bytes: Uint8Array, { at, end, isIpfix }: Stretch, fields: Field[]): number {
  if (at + 6 > end) return -1;
  if (isIpfix) return readFields(bytes, { at: at + 6, end, isIpfix }, { count: u16(bytes, at + 2), fields });
  const [scopes, options] = [u16(bytes, at + 2) >> 2, u16(bytes, at + 4) >> 2];
  const next = readFields(bytes, { at: at + 6, end, isIpfix }, { count: scopes, fields });
  if (next < 0) return -1;
  for (const [index, { element, length }] of fields.entries()) fields[index] = { enterprise: 0, element: element === scopeInterface ? 10 : noElement, length };
  return readFields(bytes, { at: next, end, isIpfix }, { count: options, fields });
}

function define(session: Session, message: Message, template: Template): void {
  if (template.bytes === 0) {
    refuse(session, message, "bad-template", `template ${template.id} describes records without a single byte`);
    return;
  }
  const { memory, values, give } = session;
  if (!keepTemplate(memory, message.domain, template)) give({ kind: "notice", reason: "more templates than are kept: the oldest were forgotten" });
  // The sets that waited lie in bytes of their own.
  const { bytes, view } = values;
  for (const waiting of releasedBy(memory, message.domain, template.id)) {
    values.bytes = waiting.bytes;
    values.view = viewOf(waiting.bytes);
    readRecords(session, waiting.message, { id: waiting.id, from: 0, end: waiting.bytes.length });
  }
  values.bytes = bytes;
  values.view = view;
}

/** RFC 7011 §8.1: a template without fields is withdrawn; under the number of its set, all are. */
function withdraw({ memory, values }: Session, domain: Domain, id: number, isOptions: boolean): void {
  const isAll = id === (isOptions ? 3 : 2);
  dropTemplates(memory, domain, (template) => template.id === id || (isAll && template.isOptions === isOptions));
  values.of = null;
}

function readRecords(session: Session, message: Message, { id, from, end }: Body): number {
  const { memory, values, give } = session;
  const template = message.domain.templates.get(id);
  if (template === undefined) {
    const given = keepBack(memory, { message, id, bytes: values.bytes.slice(from, end) });
    give({ kind: "notice", reason: "a set came before its template and was kept back" });
    if (given > 0) give({ kind: "notice", reason: "a set whose template never came was given up", count: given });
    return -1;
  }
  const hasLists = template.slots.includes(slot.subTemplates);
  let [at, count] = [from, 0];
  while (at + template.bytes <= end) {
    const next = readRecord(values, template, at, end);
    if (next < 0) {
      refuse(session, message, "bad-record", `a record of template ${id} is longer than its set`);
      break;
    }
    at = next;
    count += 1;
    if (hasLists) readLists(values, template, message.domain);
    if (template.isOptions) learn(values, message.domain);
    else {
      const connection = flowOf(values, message) ?? sampledFlowOf(values, message);
      if (connection === null) give({ kind: "notice", reason: "a record names no two IP addresses" });
      else give({ kind: "connection", connection });
    }
  }
  return count;
}

function learn(values: Values, domain: Domain): void {
  learnSampling(values, domain);
  const boot = values.numbers[slot.bootMillis]!;
  if (boot > 0) domain.bootMillis = boot;
}

export function refuse({ give }: Session, { place }: Pick<Message, "place">, reason: string, message: string): void {
  give({ kind: "reject", reject: { file: place.file, record: place.records + 1, line: null, reason, message } });
}
