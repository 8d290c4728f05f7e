import type { Decoder, DecoderInput } from "@bulkhead/core/outside";
import { collector } from "./collector.ts";
import { type JsonObject, objectIn } from "./json-fields.ts";
import { type JsonCut, jsonSplitter } from "./json-values.ts";
import { type Told, wrong } from "./record.ts";

/** How a format of JSON is read: where its values are, and what each of them says. */
export interface JsonFormat extends JsonCut {
  readonly source: string;
  readonly tell: (value: JsonObject) => readonly Told[];
}

/** A decoder of JSON, whether it stands a value a line, in a list, or in one big object. */
export function jsonDecoder({ source, tell, ...cut }: JsonFormat, input: DecoderInput): Decoder {
  const collected = collector(source, input);
  return collected.decoder(
    jsonSplitter(cut, (part) => {
      if (part.kind === "broken") collected.add(wrong("json", `${part.why}; it goes on at the next line that begins with a bracket`), part.line);
      else for (const told of toldBy(part.text, tell)) collected.add(told, part.line);
    }),
  );
}

function toldBy(text: string, tell: JsonFormat["tell"]): readonly Told[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [wrong("json", "the value is not JSON")];
  }
  return tell(objectIn(value));
}

/** The first bytes of a file as a text in which names of JSON can be looked for; empty when it does not begin as JSON. */
export function jsonHead(head: Uint8Array): string {
  const text = new TextDecoder("latin1").decode(head).trimStart();
  return text.startsWith("{") || text.startsWith("[") ? text : "";
}
