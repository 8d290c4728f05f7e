import type { FileFormat } from "@bulkhead/core/outside";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { icsnpp } from "./icsnpp/decode.ts";
import { dnp3Log } from "./icsnpp/testing/logs.ts";
import { recognisable } from "./open.ts";
import { capturedFunctions } from "./pcap/functions.ts";
import { plantCaptures } from "./pcap/testing/plant.ts";
import { mutated } from "./testing/mutations.ts";
import { samples, table } from "./testing/samples.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

const bytesOf = (content: string | Uint8Array): Uint8Array => (typeof content === "string" ? new TextEncoder().encode(content) : content);
const formats: readonly (readonly [FileFormat, Uint8Array])[] = [
  ...[...recognisable, table].map((format) => [format, bytesOf(samples[format.name]?.[0] ?? "")] as const),
  [capturedFunctions, plantCaptures[0]!],
  [icsnpp, bytesOf(dnp3Log)],
];

const mebi = 1 << 20;
// `npm run fuzz` tries them all and a hundred of each; what one of them finds, the others nearly always find, too.
const isLong = process.env["BULKHEAD_FUZZ"] !== undefined;
const fillings = isLong ? ["a", "[", '{"a":', "0", "\0", '"\\', ", "] : ["["];
// A line of 1 MiB in several forms, tables with room for their first thousands, and what vitest holds meanwhile.
const heldMax = 24 * mebi;

/** What a decoder holds after so many chunks, in bytes. */
function heldAfter(format: FileFormat, chunks: Iterable<Uint8Array>): number {
  collect();
  const before = process.memoryUsage();
  const decoder = format.decoder({ file: "file" });
  let given = 0;
  for (const chunk of chunks) for (const _ of decoder.push(chunk)) given += 1;
  collect();
  const after = process.memoryUsage();
  expect(given).toBeGreaterThanOrEqual(0);
  const held = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
  // The decoder is alive up to here.
  for (const _ of decoder.end()) given += 1;
  return held;
}

function* endless(head: Uint8Array, filling: string, chunks: number): Generator<Uint8Array> {
  yield head;
  const chunk = bytesOf(filling.repeat(Math.ceil(mebi / filling.length)));
  for (let nth = 0; nth < chunks; nth += 1) yield chunk;
}

/** The sample again and again, each time damaged in another way. */
function* varied(sample: Uint8Array, bytes: number): Generator<Uint8Array> {
  yield sample;
  for (let seed = 1, given = 0; given < bytes; seed += 1) {
    const chunk = mutated(sample, seed);
    given += chunk.length;
    yield chunk;
  }
}

for (const [format, sample] of formats)
  test(`${format.name} holds a bounded part of a file, whatever is in it`, { timeout: 300_000 }, () => {
    const unbroken = sample.slice(0, Math.max(1, sample.lastIndexOf(10) < 0 ? sample.length : sample.length - 1));
    for (const filling of fillings) {
      const held = heldAfter(format, endless(unbroken, filling, isLong ? 100 : 32));
      expect(held / mebi, `after ${JSON.stringify(filling)} without end`).toBeLessThan(heldMax / mebi);
    }
    expect(heldAfter(format, varied(sample, isLong ? 16 * mebi : mebi / 4)) / mebi, "after many damaged samples").toBeLessThan(heldMax / mebi);
  });

test("a decoder that keeps what it was given is caught by the tests above", () => {
  const hoarder: FileFormat = {
    ...table,
    decoder() {
      const all: Uint8Array[] = [];
      return { push: (bytes) => (all.push(bytes.slice()), []), end: () => [] };
    },
  };
  expect(heldAfter(hoarder, endless(new Uint8Array(0), "a", 32))).toBeGreaterThan(heldMax);
});
