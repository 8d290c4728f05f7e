import type { Decoded, FlowFormat } from "@bulkhead/core/outside";
import { instantText } from "@bulkhead/core/base/instant";
import fc from "fast-check";
import { expect, test } from "vitest";
import { csvFlows } from "./csv/decode.ts";
import { formatNames, formatOf, recognise } from "./open.ts";
import { decodedBy } from "./testing/decoded-by.ts";

const csv = csvFlows({
  columns: { client: "a", server: "b", serverPort: "c", first: "d" },
  delimiter: ",",
  time: "unix",
  protocol: "tcp",
  direction: "stated",
});

/** A small true file of each text format. */
const samples: readonly (readonly [FlowFormat, string])[] = [
  [
    formatOf("zeek-conn")!,
    "#separator \\x09\n#fields\tts\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tduration\torig_ip_bytes\tresp_ip_bytes\n#types\tx\n1540889767.459844\t10.0.0.7\t40123\t10.0.0.9\t443\ttcp\t1.5\t840\t99\n",
  ],
  [
    formatOf("zeek-conn")!,
    '{"ts":1540889767.459844,"uid":"C1","id.orig_h":"10.0.0.7","id.orig_p":40123,"id.resp_h":"::1","id.resp_p":443,"proto":"udp","conn_state":"SF","local_orig":true,"orig_ip_bytes":1,"resp_ip_bytes":2}\n',
  ],
  [formatOf("aws-vpc")!, "2 123456789010 eni-1 10.0.0.7 10.0.0.9 40123 443 6 10 840 1439387263 1439387264 ACCEPT OK\n"],
  [
    formatOf("suricata-eve")!,
    '{"timestamp":"2018-10-30T09:56:07.459844+0100","flow_id":1,"event_type":"flow","src_ip":"10.0.0.7","src_port":4,"dest_ip":"10.0.0.9","dest_port":5,"proto":"TCP","flow":{"pkts_toserver":1,"pkts_toclient":2,"bytes_toserver":99,"bytes_toclient":9,"start":"2018-10-30T09:56:07.459844+0100","end":"2018-10-30T09:56:07.459844+0100"}}\n',
  ],
  [
    formatOf("agent")!,
    '{"bulkhead":"flows/1","observer":"web-1","from":"2026-11-25T12:00:00Z","until":"2026-11-25T12:00:10Z","client":"10.0.0.7","server":"10.0.0.9","protocol":6,"port":443,"opened":2,"packetsToServer":9,"bytesToServer":840,"packetsToClient":8,"bytesToClient":700}\n',
  ],
  [csv, 'a,b,c,d\n10.0.0.7,10.0.0.9,"443",1540889767\n'],
];

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Changes of a file: a byte replaced, a stretch cut out, a stretch doubled, something wild put in. */
const mutation = fc.record({
  at: fc.nat(1000),
  length: fc.nat(30),
  wild: fc.uint8Array({ maxLength: 12 }),
  kind: fc.constantFrom("replace", "cut", "double", "insert"),
});

function mutated(content: Uint8Array, changes: readonly { at: number; length: number; wild: Uint8Array; kind: string }[]): Uint8Array {
  const bytes = [...content];
  for (const { at, length, wild, kind } of changes) {
    const from = bytes.length === 0 ? 0 : at % bytes.length;
    if (kind === "replace") bytes.splice(from, wild.length, ...wild);
    if (kind === "cut") bytes.splice(from, length);
    if (kind === "double") bytes.splice(from, 0, ...bytes.slice(from, from + length));
    if (kind === "insert") bytes.splice(from, 0, ...wild);
  }
  return Uint8Array.from(bytes);
}

/** Reads it, and prints the times as every consumer will. */
function readWhole(format: FlowFormat, bytes: Uint8Array, pieceBytes = Infinity): readonly Decoded[] {
  const decoded = decodedBy(format, bytes, pieceBytes);
  const times = decoded.flatMap((one) => (one.kind === "connection" ? [one.connection.first, one.connection.last] : []));
  for (const at of times) if (at !== null) instantText(at);
  return decoded;
}

function neverThrows(formats: readonly (readonly [FlowFormat, string])[]): void {
  for (const [format, sample] of formats)
    fc.assert(
      fc.property(fc.array(mutation, { maxLength: 4 }), fc.integer({ min: 1, max: 50 }), (changes, pieceBytes) => {
        const bytes = mutated(bytesOf(sample + sample), changes);
        expect(readWhole(format, bytes, pieceBytes)).toEqual(readWhole(format, bytes));
      }),
      { numRuns: 300 },
    );
}

test("no damage of a file makes its decoder throw, and no cut of it changes what is read", () => {
  neverThrows(samples);
});

test("a decoder that throws at an unusual byte is caught by the test above", () => {
  const [zeek, sample] = samples[0]!;
  const broken: FlowFormat = {
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
  expect(() => neverThrows([[broken, sample]])).toThrow(/Property failed/);
});

test("every sample is recognised as what it is, whatever its name", () => {
  for (const [format, sample] of samples) {
    if (format === csv) continue;
    for (const dressed of [sample, `\uFEFF${sample}`, sample.replaceAll("\n", "\r\n")])
      expect(recognise(bytesOf(dressed), "holiday.jpg")?.name, `${format.name}: ${dressed.slice(0, 40)}`).toBe(format.name);
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
