import { u16 } from "../big-endian.ts";
import { slot } from "./elements.ts";
import type { Domain } from "./memory.ts";
import { absent, emptyValues, readRecord, type Template, type Values } from "./template.ts";

// YAF tells of TCP in a list of its own in each record, and there the flags stand.
const taken = [slot.firstFlags, slot.laterFlags, slot.tcpFlags] as const;
const listsMax = 64;
const inner = emptyValues();

/** Takes what a record says of TCP in its lists of sub-templates (RFC 6313 §4.5.3), where it does not say it itself. */
export function readLists(values: Values, { slots }: Template, { templates }: Domain): void {
  const { numbers, bytes } = values;
  // What the lists of the record before have said is over.
  for (const one of taken) if (!slots.includes(one)) numbers[one] = absent;
  const from = numbers[slot.subTemplates]!;
  if (from < 0) return;
  const end = from + values.sizes[slot.subTemplates]!;
  inner.bytes = bytes;
  inner.view = values.view;
  // One byte says what the list means; then come number, length and records of each sub-template.
  let at = from + 1;
  for (let list = 0; list < listsMax && at + 4 <= end; list += 1) {
    const length = u16(bytes, at + 2);
    if (length < 4 || at + length > end) return;
    const template = templates.get(u16(bytes, at));
    if (template !== undefined && readRecord(inner, template, at + 4, at + length) >= 0) take(numbers);
    at += length;
  }
}

function take(numbers: Float64Array): void {
  for (const one of taken) if (numbers[one]! < 0) numbers[one] = inner.numbers[one]!;
}
