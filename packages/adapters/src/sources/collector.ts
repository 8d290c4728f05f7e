import type { Decoded, Decoder, DecoderInput } from "@bulkhead/core/outside";
import { placed, type Told } from "./record.ts";

/** What a decoder has found since it was last asked, its records numbered behind those that came before. */
export interface Collector {
  /** How many records the file has so far. */
  readonly records: number;
  /** Counts one record more and returns its number. */
  next(): number;
  /** Keeps what is complete as it is. */
  keep(one: Decoded): void;
  /** Keeps what a place of the file says; a connection or a mistake is a record, the next one where no number is given. */
  add(told: Told, line: number | null, record?: number): void;
  /** The decoder around whatever cuts the bytes and tells this collector what they say. */
  decoder(cutter: { push(bytes: Uint8Array): void; end(): void; rest?(): void }): Decoder;
}

/** A collector of one file's records. */
export function collector(source: string, { file, before = 0 }: DecoderInput): Collector {
  let decoded: Decoded[] = [];
  let records = before;
  const next = (): number => (records += 1);
  const taken = (): readonly Decoded[] => {
    const all = decoded;
    decoded = [];
    return all;
  };
  return {
    get records() {
      return records;
    },
    next,
    keep: (one) => void decoded.push(one),
    add(told, line, given) {
      if (told.kind === "nothing") return;
      if (told.kind === "notice") return void decoded.push(told);
      const record = given ?? next();
      if (told.kind === "connection") decoded.push({ kind: "connection", connection: placed(told.known, { source, file, record }) });
      else decoded.push({ kind: "reject", reject: { file, record, line, reason: told.reason, message: told.message } });
    },
    decoder: (cutter) => ({
      push(bytes) {
        cutter.push(bytes);
        return taken();
      },
      end() {
        cutter.end();
        return taken();
      },
      ...(cutter.rest === undefined
        ? {}
        : {
            rest() {
              cutter.rest?.();
              return taken();
            },
          }),
    }),
  };
}
