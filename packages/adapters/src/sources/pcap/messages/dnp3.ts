import { functionOf } from "@bulkhead/core/telemetry/functions/functions";
import { u16Little } from "../packet.ts";
import type { Framing, Stretch } from "./framing.ts";

const [response, unsolicited] = [129, 130];

/** DNP3 (IEEE 1815): link frames of at most 292 bytes, each with a sum of its header, over whatever port. */
export const dnp3Framing: Framing = {
  headBytes: 10,
  wantedBytes: 13,
  lengthOf(frame) {
    return isDnp3(frame) ? lengthOf(frame) : -1;
  },
  read({ bytes, at, end }, _, asked) {
    const carriesData = (bytes[at + 3]! & 0x40) !== 0 && ((bytes[at + 3]! & 15) === 3 || (bytes[at + 3]! & 15) === 4);
    // The first segment of the transport layer and the first fragment of the application's.
    const isFirst = carriesData && at + 13 <= end && (bytes[at + 10]! & 0x40) !== 0 && (bytes[at + 11]! & 0x80) !== 0;
    if (!isFirst) return;
    const code = bytes[at + 12]!;
    if (code < response) asked(functionOf("dnp3", code));
    else if (code === unsolicited) asked(functionOf("dnp3", code), true);
  },
};

/** Whether a frame of DNP3 begins here: its two bytes of start, its length, and the sum over them. */
export function isDnp3({ bytes, at, end }: Stretch): boolean {
  return at + 10 <= end && bytes[at] === 0x05 && bytes[at + 1] === 0x64 && bytes[at + 2]! >= 5 && u16Little(bytes, at + 8) === sumOf(bytes, at);
}

/** After the header come blocks of 16 bytes, each with a sum of its own. */
function lengthOf({ bytes, at }: Stretch): number {
  const user = bytes[at + 2]! - 5;
  return 10 + user + 2 * Math.ceil(user / 16);
}

/** CRC-16/DNP of the eight bytes of a header. */
function sumOf(bytes: Uint8Array, at: number): number {
  let sum = 0;
  for (let place = at; place < at + 8; place += 1) {
    sum ^= bytes[place]!;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum & 1) === 1 ? (sum >>> 1) ^ 0xa6bc : sum >>> 1;
  }
  return ~sum & 0xffff;
}
