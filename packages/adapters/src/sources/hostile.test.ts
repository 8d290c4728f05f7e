import type { Decoded, FileFormat, FlowFormat } from "@bulkhead/core/outside";
import { instantText } from "@bulkhead/core/base/instant";
import fc from "fast-check";
import { expect, test } from "vitest";
import { formatNames, formatOf, recognisable, recognise } from "./open.ts";
import { icsnpp } from "./icsnpp/decode.ts";
import { dnp3Log, modbusJson, modbusLog } from "./icsnpp/testing/logs.ts";
import { claimDecoder } from "./pcap/claims.ts";
import { capturedFunctions } from "./pcap/functions.ts";
import { captures } from "./pcap/testing/captures.ts";
import { plantCaptures } from "./pcap/testing/plant.ts";
import { decodedBy } from "./testing/decoded-by.ts";
import { mutated, numbersFrom } from "./testing/mutations.ts";
import { samples, table } from "./testing/samples.ts";

const bytesOf = (content: string | Uint8Array): Uint8Array => (typeof content === "string" ? new TextEncoder().encode(content) : content);
const flows: readonly FlowFormat[] = [...recognisable, table];
/** Captures, listened to for who holds which address. */
const claims: FileFormat = {
  ...formatOf("pcap")!,
  name: "claims",
  decoder: (input) => claimDecoder(input, { claim: () => {}, name: () => {}, heard: () => {} }),
};
const formats: readonly FileFormat[] = [...flows, capturedFunctions, claims, icsnpp];
const samplesOf = (format: FileFormat): readonly (string | Uint8Array)[] =>
  format === capturedFunctions ? plantCaptures : format === claims ? captures : format === icsnpp ? plantLogs : (samples[format.name] ?? []);

const plantLogs = [modbusLog, modbusJson, dnp3Log];

/** How many damaged files each format reads: a thousand, or its share of the million that `npm run fuzz` asks for. */
const total = process.env["BULKHEAD_FUZZ"];
const mutations = total === undefined ? 1000 : Math.ceil(Number(total) / formats.length);
const firstSeed = Number(process.env["BULKHEAD_FUZZ_SEED"] ?? 1);
// The slowest takes some milliseconds for each, on a busy machine.
const patience = 60_000 + mutations * 20;

/** Reads it, and prints the times as every consumer will. */
function readWhole(format: FileFormat, bytes: Uint8Array, pieceBytes = Infinity): readonly Decoded[] {
  const decoded = decodedBy(format, bytes, pieceBytes);
  const times = decoded.flatMap((one) => (one.kind === "connection" ? [one.connection.first, one.connection.last] : []));
  for (const at of times) if (at !== null) instantText(at);
  return decoded;
}

/** Reads so many damaged files, each whole and in pieces; says the seed of the first that throws or reads otherwise. */
function complaintOf(format: FileFormat, count: number): string | null {
  const contents = samplesOf(format).map(bytesOf);
  for (let seed = firstSeed; seed < firstSeed + count; seed += 1) {
    const below = numbersFrom(-seed);
    const bytes = mutated(contents[below(contents.length)]!, seed);
    try {
      const whole = JSON.stringify(readWhole(format, bytes));
      if (JSON.stringify(readWhole(format, bytes, 1 + below(200))) !== whole) return `${format.name}, seed ${seed}: a cut changes what is read`;
    } catch (error) {
      return `${format.name}, seed ${seed}: ${String(error)}`;
    }
  }
  return null;
}

for (const format of formats)
  test(`no damage of a file makes ${format.name} throw, and no cut of it changes what is read`, { timeout: patience }, () => {
    expect(samplesOf(format), "a format without a sample is not tried").not.toEqual([]);
    expect(complaintOf(format, mutations)).toBeNull();
  });

test("a decoder that throws at an unusual byte, or reads otherwise in pieces, is caught by the tests above", () => {
  const zeek = formatOf("zeek-conn")!;
  const throwing: FlowFormat = {
    ...zeek,
    decoder(input) {
      const decoder = zeek.decoder(input);
      return {
        push(bytes) {
          if (bytes.includes(0)) throw new RangeError("planted");
          return decoder.push(bytes);
        },
        end: () => decoder.end(),
      };
    },
  };
  expect(complaintOf(throwing, 1000)).toMatch(/^zeek-conn, seed \d+: RangeError: planted$/);
  const forgetful: FlowFormat = {
    ...zeek,
    decoder(input) {
      const decoder = zeek.decoder(input);
      return { push: (bytes) => decoder.push(bytes.length === 13 ? bytes.subarray(1) : bytes), end: () => decoder.end() };
    },
  };
  expect(complaintOf(forgetful, 1000)).toMatch(/a cut changes what is read$/);
});

test("any cut of a sample into pieces gives the same records", () => {
  for (const format of formats)
    for (const sample of samplesOf(format))
      for (const pieceBytes of [1, 2, 3, 7, 16, 24, 63, 64, 65, 500])
        expect(decodedBy(format, sample, pieceBytes), `${format.name} in pieces of ${pieceBytes}`).toEqual(decodedBy(format, sample));
});

test("every sample that ends early is read up to its end", () => {
  for (const format of formats)
    for (const sample of samplesOf(format)) {
      const bytes = bytesOf(sample);
      const step = Math.ceil(bytes.length / 1000);
      for (let length = 0; length < bytes.length; length += step) readWhole(format, bytes.slice(0, length), 4096);
    }
});

test("every sample is recognised as what it is, whatever its name", () => {
  for (const { name } of recognisable)
    for (const sample of samples[name] ?? []) {
      const dresses = typeof sample === "string" ? [sample, `\uFEFF${sample}`, sample.replaceAll("\n", "\r\n")] : [sample];
      for (const dressed of dresses) expect(recognise(bytesOf(dressed), "holiday.jpg")?.name, `${name}: ${String(dressed).slice(0, 40)}`).toBe(name);
    }
});

test("what is none of the formats is none, whatever its name", () => {
  for (const content of ["", "\0", "{}", "[]", "<html>", "a,b\n1,2", "2 3 4", "\x7fELF\0\0\0", "#fields\t", '{"event_type":'])
    expect(recognise(bytesOf(content), "conn.log"), content).toBeNull();
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => recognise(bytes, "conn.log") === null || bytes.length > 20));
});

test("every format has a name that finds it", () => {
  for (const name of formatNames) if (name !== "csv") expect(formatOf(name)?.name).toBe(name);
  expect(formatOf("netflow-9000")).toBeNull();
});
