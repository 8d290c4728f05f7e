import { functionOf } from "@bulkhead/core/telemetry/functions/functions";
import { u16 } from "../packet.ts";
import type { Framing } from "./framing.ts";

export const modbusPort = 502;
// The specification ends at 254; a few devices of its early days go beyond.
const lengthMax = 260;

/** Modbus over TCP: transaction, protocol 0, length, unit, function. Nothing in it tells a request from an answer but the port. */
export const modbusFraming: Framing = {
  headBytes: 8,
  wantedBytes: 8,
  lengthOf({ bytes, at }) {
    const length = u16(bytes, at + 4);
    return u16(bytes, at + 2) === 0 && length >= 2 && length <= lengthMax ? 6 + length : -1;
  },
  read({ bytes, at }, { destinationPort }, asked) {
    if (destinationPort === modbusPort) asked(functionOf("modbus", bytes[at + 7]!));
  },
};
