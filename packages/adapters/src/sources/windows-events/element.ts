import { type EventFields, fieldsMax, textMax } from "./event.ts";

/** One element of an event's XML. */
export interface Element {
  readonly name: string;
  readonly attributes: Map<string, string>;
  readonly children: Element[];
  text: string;
}

export const elementOf = (name: string): Element => ({ name, attributes: new Map(), children: [], text: "" });

/** The fields of an event, as the reader of XML texts would find them. */
export function fieldsOfElements(elements: readonly Element[]): EventFields {
  const fields = new Map<string, string>();
  const waiting = [...elements].reverse();
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
    const named = one.name === "Data" ? one.attributes.get("Name") : undefined;
    keep(fields, named ?? one.name, one.text);
    const system = one.attributes.get("SystemTime");
    if (system !== undefined) keep(fields, "SystemTime", system);
    if (one.name === "Provider") keep(fields, "ProviderName", one.attributes.get("Name") ?? "");
    waiting.push(...one.children.toReversed());
  }
  return fields;
}

function keep(fields: Map<string, string>, name: string, text: string): void {
  const key = name.toLowerCase();
  if (text !== "" && text.length <= textMax && fields.size < fieldsMax && !fields.has(key)) fields.set(key, text.trim());
}
