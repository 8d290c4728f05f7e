import type { FunctionUse, IndustrialFunction } from "@bulkhead/core/model/function-use";
import type { Decoder, DecoderInput, FileFormat } from "@bulkhead/core/outside";
import { collector } from "../collector.ts";
import { lineReader } from "../line-decoder.ts";
import { lineSplitter } from "../lines.ts";
import { addressOf, microsOf, nothing, portOf, type Told, wrong } from "../record.ts";
import { instantOf } from "@bulkhead/core/base/instant";
import { noHeader, zeekHeader } from "../zeek-header.ts";
import { type Field, type Log, logs } from "./logs.ts";

/** Zeek's and ICSNPP's logs of industrial protocols, tab-separated or JSON: what was asked of whom. */
export const icsnpp: FileFormat = {
  name: "icsnpp",
  recognises(head) {
    const text = new TextDecoder("latin1").decode(head.subarray(0, 8192));
    if (text.startsWith("{")) return lineOf(text.split("\n")[0] ?? "") !== null;
    const [, fields] = /^#fields\t(.*)$/m.exec(text) ?? [];
    const [, path] = /^#path\t(\S+)$/m.exec(text) ?? [];
    return text.startsWith("#") && fields !== undefined && logOf(path ?? "", fields.trimEnd().split("\t")) !== null;
  },
  decoder,
};

/** The log that has this name or, where a file does not say it, these fields. */
function logOf(path: string, fields: readonly string[]): Log | null {
  if (!["id.orig_h", "id.resp_h", "id.resp_p"].every((name) => fields.includes(name))) return null;
  const fitting = logs.filter((log) => log.fields.every((name) => fields.includes(name)));
  return (path === "" ? fitting[0] : fitting.find((log) => log.path === path)) ?? null;
}

interface Line {
  readonly log: Log;
  readonly field: Field;
  readonly values: () => readonly string[];
}

/** A line of JSON; null when it is none of a log that is known. */
function lineOf(text: string): Line | null {
  let event: Record<string, unknown>;
  try {
    event = JSON.parse(text) as Record<string, unknown>;
  } catch {
    return null;
  }
  if (typeof event !== "object" || event === null) return null;
  const { _path: path } = event;
  const names = Object.keys(event);
  // JSON leaves out what is unset: a name alone may have to do.
  const byPath = typeof path === "string" ? logs.find((log) => log.path === path) : undefined;
  const log = byPath ?? logOf("", names);
  if (log === null || log === undefined) return null;
  const told = (value: unknown): string | undefined =>
    typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
  return { log, field: (name) => told(event[name]), values: () => Object.values(event).flatMap((value) => told(value) ?? []) };
}

function decoder(input: DecoderInput): Decoder {
  const collected = collector("icsnpp", input);
  let header = noHeader;
  let log: Log | null = null;
  const lineTold = lineReader((text): Line | Told => {
    if (text === "") return nothing;
    if (text.startsWith("#")) {
      header = zeekHeader(header, text);
      log = logOf(header.path, header.fields);
      return nothing;
    }
    const line = text.startsWith("{") ? lineOf(text) : columns(text);
    return line ?? wrong("columns", "the line is none of a log whose header was seen");
  });

  function columns(text: string): Line | null {
    const values = text.split(header.separator);
    if (log === null || values.length !== header.fields.length) return null;
    const field: Field = (name) => {
      const value = values[header.fields.indexOf(name)];
      return value === header.unset || value === header.empty ? undefined : value;
    };
    return { log, field, values: () => values };
  }

  return collected.decoder(
    lineSplitter((place, isTooLong) => {
      const line = lineTold(place, isTooLong);
      if ("kind" in line) return collected.add(line, place.number);
      const record = collected.next();
      for (const asked of line.log.asked(line.field, line.values)) {
        const use = useOf(line, asked);
        if (use === null) collected.add(wrong("bad-address", "who asked whom, on which port, cannot be read"), place.number, record);
        else collected.keep({ kind: "use", use });
      }
    }),
  );
}

function useOf({ log, field }: Line, asked: IndustrialFunction): FunctionUse | null {
  const isBack = log.isBothWays === true && field("source_h") !== undefined;
  const client = addressOf(field(isBack ? "source_h" : "id.orig_h"));
  const server = addressOf(field(isBack ? "destination_h" : "id.resp_h"));
  const serverPort = portOf(field(isBack ? "destination_p" : "id.resp_p"));
  if (client === null || server === null || serverPort === null) return null;
  const ts = field("ts");
  const at = microsOf(ts) ?? (ts === undefined ? null : (instantOf(ts) ?? null));
  return { ...asked, source: log.path, client, server, protocol: log.protocol, serverPort, messages: 1, first: at, last: at };
}
