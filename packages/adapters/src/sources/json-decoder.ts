import type { Decoded, Decoder, DecoderInput } from "@bulkhead/core/outside";
import { type JsonObject, objectIn } from "./json-fields.ts";
import { type JsonCut, jsonSplitter } from "./json-values.ts";
import { placed, type Told, wrong } from "./record.ts";

/** How a format of JSON is read: where its values are, and what each of them says. */
export interface JsonFormat extends JsonCut {
  readonly source: string;
  readonly tell: (value: JsonObject) => readonly Told[];
}

/** A decoder of JSON, whether it stands a value a line, in a list, or in one big object. */
export function jsonDecoder({ source, tell, ...cut }: JsonFormat, { file, before = 0 }: DecoderInput): Decoder {
  let decoded: Decoded[] = [];
  let record = before;
  const add = (told: Told, line: number): void => {
    if (told.kind === "nothing") return;
    if (told.kind === "notice") {
      decoded.push(told);
      return;
    }
    record += 1;
    if (told.kind === "connection") decoded.push({ kind: "connection", connection: placed(told.known, { source, file, record }) });
    else decoded.push({ kind: "reject", reject: { file, record, line, reason: told.reason, message: told.message } });
  };
  const splitter = jsonSplitter(cut, (part) => {
    if (part.kind === "broken") add(wrong("json", `${part.why}; it goes on at the next line that begins with a bracket`), part.line);
    else for (const told of toldBy(part.text, tell)) add(told, part.line);
  });
  const taken = (): readonly Decoded[] => {
    const all = decoded;
    decoded = [];
    return all;
  };
  return {
    push(bytes) {
      splitter.push(bytes);
      return taken();
    },
    end() {
      splitter.end();
      return taken();
    },
  };
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
