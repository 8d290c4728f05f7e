import { functionOf } from "@bulkhead/core/telemetry/functions/functions";
import type { Framing } from "./framing.ts";

export const iec104Port = 2404;

/** IEC 60870-5-104: a start, a length of one byte, four bytes of control; frames that carry something end with type and content. */
export const iec104Framing: Framing = {
  headBytes: 6,
  wantedBytes: 12,
  lengthOf({ bytes, at }) {
    const length = bytes[at + 1]!;
    return bytes[at] === 0x68 && length >= 4 && length <= 253 ? 2 + length : -1;
  },
  read({ bytes, at, end }, { destinationPort }, asked) {
    const carriesSomething = (bytes[at + 2]! & 1) === 0 && at + 7 <= end;
    if (destinationPort === iec104Port && carriesSomething) asked(functionOf("iec104", bytes[at + 6]!));
  },
};
