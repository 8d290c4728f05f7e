import type { Decoded, FlowFormat } from "@bulkhead/core/outside";
import { instantText } from "@bulkhead/core/base/instant";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodedBy } from "../testing/decoded-by.ts";
import { pcap } from "./decode.ts";
import { be16, type Bytes, classicCapture, ethernet, icmp, ip, nextCapture, type Stamped, tcp, udp, zeros } from "./testing/packets.ts";

const ends = { from: "10.0.0.1", to: "10.0.0.2" };
const ends6 = { from: "2001:db8::1", to: "2001:db8::2" };
const inner = ip({ ...ends6, protocol: 6 }, tcp([5000, 80], "S"));
const packets: readonly Bytes[] = [
  ethernet(ip({ ...ends, protocol: 6 }, tcp([40_000, 443], "S", { sequence: 1 }))),
  ethernet(ip({ ...ends6, protocol: 58 }, icmp(128)), [0x88a8, 0x8100]),
  ethernet(ip({ ...ends, protocol: 17 }, udp([1, 2], 800), { offset: 0, isLast: false, id: 7 })),
  ethernet(ip({ ...ends, protocol: 17 }, zeros(100), { offset: 808, isLast: true, id: 7 })),
  ethernet(ip({ ...ends, protocol: 41 }, inner)),
  ethernet(ip({ ...ends, protocol: 47 }, [0, 0, ...be16(0x86dd), ...inner])),
  ethernet(ip({ ...ends, protocol: 17 }, udp([5000, 4789], [8, 0, 0, 0, 0, 0, 1, 0, ...ethernet(inner)]))),
  ethernet(ip({ ...ends, protocol: 17 }, udp([5000, 6081], [0, 0, ...be16(0x6558), 0, 0, 1, 0, ...ethernet(inner)]))),
  ethernet(ip({ ...ends, protocol: 17 }, udp([5000, 2152], [0x30, 255, 0, 60, 0, 0, 0, 1, ...inner]))),
  ethernet(ip({ ...ends, protocol: 17 }, udp([3544, 5000], inner))),
  ethernet(ip({ ...ends6, protocol: 43 }, [6, 0, ...zeros(6), ...tcp([5000, 80], "FA")])),
];
const stamped = packets.map((packet, second): Stamped => [second, packet]);
const samples: readonly Uint8Array[] = [
  classicCapture(stamped),
  classicCapture(stamped, { isLittle: false, isNano: true }),
  nextCapture(
    [{ linkType: 1, resolution: 9 }, { linkType: 1 }],
    stamped.map((one, at) => [at % 2, ...one] as const),
  ),
];

const mutation = fc.record({
  at: fc.nat(3000),
  length: fc.nat(40),
  wild: fc.oneof(fc.uint8Array({ maxLength: 8 }), fc.constantFrom(Uint8Array.of(0), Uint8Array.of(255), Uint8Array.of(255, 255, 255, 255))),
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
  for (const one of decoded) if (one.kind === "connection") for (const at of [one.connection.first, one.connection.last]) instantText(at!);
  return decoded;
}

function neverThrows(format: FlowFormat, numRuns: number): void {
  for (const sample of samples)
    fc.assert(
      fc.property(fc.array(mutation, { maxLength: 5 }), fc.integer({ min: 1, max: 200 }), (changes, pieceBytes) => {
        const bytes = mutated(sample, changes);
        expect(readWhole(format, bytes, pieceBytes)).toEqual(readWhole(format, bytes));
      }),
      { numRuns },
    );
}

test("the samples are read wholly, and each of their conversations is one", () => {
  for (const sample of samples) {
    const decoded = readWhole(pcap, sample);
    expect(decoded.map(({ kind }) => kind)).toEqual(decoded.map(() => "connection"));
    expect(decoded.map((one) => (one.kind === "connection" ? one.connection.note : ""))).toEqual([
      null,
      null,
      null,
      "IP-in-IP inner",
      "GRE inner",
      "VXLAN inner",
      "GENEVE inner",
      "GTP-U inner",
      "Teredo inner",
      null,
    ]);
  }
});

test("any cut of a capture into pieces gives the same records", () => {
  for (const sample of samples)
    for (const pieceBytes of [1, 2, 3, 7, 16, 24, 63, 64, 65, 500]) expect(decodedBy(pcap, sample, pieceBytes)).toEqual(decodedBy(pcap, sample));
});

test("no damage of a capture makes the decoder throw, and no cut changes what is read of it", () => {
  neverThrows(pcap, 100);
});

test("a decoder that throws at an unusual header is caught by the test above", () => {
  const broken: FlowFormat = {
    ...pcap,
    decoder(input) {
      const decoder = pcap.decoder(input);
      return {
        *push(bytes) {
          for (const one of decoder.push(bytes)) {
            if (one.kind === "reject" && one.reject.reason === "absurd-length") throw new RangeError("planted");
            yield one;
          }
        },
        end: () => decoder.end(),
      };
    },
  };
  expect(() => neverThrows(broken, 150)).toThrow(/Property failed/);
});

test("every capture that ends early is read up to its end", () => {
  for (const sample of samples) for (let length = 0; length < sample.length; length += 1) readWhole(pcap, sample.slice(0, length), 4096);
});
