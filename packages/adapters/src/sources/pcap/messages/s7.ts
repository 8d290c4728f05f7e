import { functionOf, s7Opaque, s7User } from "@bulkhead/core/telemetry/functions/functions";
import { u16 } from "../packet.ts";
import type { Framing } from "./framing.ts";

export const s7Port = 102;
const [classic, plus] = [0x32, 0x72];
const [job, userMessage] = [1, 7];

/** S7comm in ISO transport over TCP (RFC 1006): a length, a transport header, and in what carries something the protocol's own number. MMS comes here, too. */
export const s7Framing: Framing = {
  headBytes: 7,
  wantedBytes: 64,
  lengthOf({ bytes, at }) {
    const length = u16(bytes, at + 2);
    return bytes[at] === 3 && bytes[at + 1] === 0 && length >= 7 ? length : -1;
  },
  read({ bytes, at, end }, { destinationPort }, asked) {
    const carriesSomething = destinationPort === s7Port && bytes[at + 5] === 0xf0;
    const inside = at + 5 + bytes[at + 4]!;
    if (!carriesSomething || inside + 11 > end) return;
    if (bytes[inside] === plus) return asked(s7Opaque);
    if (bytes[inside] !== classic) return;
    if (bytes[inside + 1] === job) asked(functionOf("s7", bytes[inside + 10]!));
    else if (bytes[inside + 1] === userMessage) asked(s7User);
  },
};
