import { functionOf } from "@bulkhead/core/telemetry/functions/functions";
import { u16 } from "../packet.ts";
import type { Asked, Stretch } from "./framing.ts";

export const bacnetPort = 47_808;
const [forwarded, distributed, unicast, broadcast] = [0x04, 0x09, 0x0a, 0x0b];
const carrying: ReadonlySet<number> = new Set([forwarded, distributed, unicast, broadcast]);

/** BACnet/IP (ASHRAE 135, annex J): virtual link, network layer with its routes, and the request in what is left. */
export function readBacnet({ bytes, at, end }: Stretch, asked: Asked): void {
  if (at + 8 > end || bytes[at] !== 0x81 || !carrying.has(bytes[at + 1]!) || u16(bytes, at + 2) > end - at) return;
  const request = behindNetwork({ bytes, at: at + (bytes[at + 1] === forwarded ? 10 : 4), end });
  if (request === null) return;
  const kind = bytes[request]! >> 4;
  const isSegmented = (bytes[request]! & 8) !== 0;
  const choice = request + (kind === 1 ? 1 : isSegmented ? 5 : 3);
  if (kind > 1 || choice >= end) return;
  asked(functionOf(kind === 0 ? "bacnet" : "bacnet-unconfirmed", bytes[choice]!));
}

/** Where the application's part begins; null for messages of the network itself. */
function behindNetwork({ bytes, at, end }: Stretch): number | null {
  const control = bytes[at + 1] ?? 0;
  if (bytes[at] !== 1 || (control & 0x80) !== 0) return null;
  let next = at + 2;
  const hasDestination = (control & 0x20) !== 0;
  for (const isThere of [hasDestination, (control & 0x08) !== 0]) if (isThere) next += 3 + (bytes[next + 2] ?? 0);
  if (hasDestination) next += 1;
  return next + 2 <= end ? next : null;
}
