import type { Connection } from "@bulkhead/core/model/connection";
import type { Decoder, DecoderInput } from "@bulkhead/core/outside";
import { collector } from "./collector.ts";
import { type Line, lineMax, lineSplitter } from "./lines.ts";
import { type Told, wrong } from "./record.ts";

/** Reads the ordinary line from its bytes, or answers null and leaves it to the reader of texts, with which it agrees. */
export type QuickReader = (line: Readonly<Line>, record: number) => Connection | null;

/** A decoder of a text log from a reader of its lines; `tell` keeps what it needs of headers, `quick` is its fast equal. */
export function lineDecoder(source: string, input: DecoderInput, tell: (line: string) => Told, quick?: QuickReader): Decoder {
  const collected = collector(source, input);
  const toldBy = lineReader(tell);
  return collected.decoder(
    lineSplitter((line, isTooLong) => {
      const connection = isTooLong || quick === undefined ? null : quick(line, collected.records + 1);
      if (connection === null) return collected.add(toldBy(line, isTooLong), line.number);
      collected.next();
      collected.keep({ kind: "connection", connection });
    }),
  );
}

/** What a reader of texts says of a line; of one that is too long, that it is. */
export function lineReader<T>(tell: (line: string) => T): (line: Readonly<Line>, isTooLong: boolean) => T | Told {
  const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
  return ({ bytes, start, end }, isTooLong) =>
    isTooLong ? wrong("line-too-long", `the line is longer than ${lineMax} bytes, the longest that is read`) : tell(utf8.decode(bytes.subarray(start, end)));
}
