import { cipCyclic, cipFunction, functionOf } from "@bulkhead/core/telemetry/functions/functions";
import { u16Little } from "../packet.ts";
import type { Asked, Framing, Stretch } from "./framing.ts";

export const enipPort = 44_818;
export const cyclicPort = 2222;
const commands: ReadonlySet<number> = new Set([0x00, 0x04, 0x63, 0x64, 0x65, 0x66, 0x6f, 0x70, 0x72, 0x73]);
const item = { connected: 0xb1, unconnected: 0xb2, sequencedAddress: 0x8002 } as const;

/** EtherNet/IP: a header of 24 bytes, and in two of its commands messages of CIP. */
export const enipFraming: Framing = {
  headBytes: 24,
  // A packet of many services is as long as its connection allows, and none allows more.
  wantedBytes: 8192,
  lengthOf({ bytes, at }) {
    return commands.has(u16Little(bytes, at)) ? 24 + u16Little(bytes, at + 2) : -1;
  },
  read({ bytes, at, end }, { destinationPort }, asked) {
    if (destinationPort !== enipPort) return;
    const command = u16Little(bytes, at);
    asked(functionOf("enip", command));
    if (command === 0x6f || command === 0x70) for (const message of itemsIn({ bytes, at: at + 30, end })) readCip(message, asked, 0);
  },
};

/** Cyclic messages over UDP: an address with a sequence number, then what the connection carries. */
export function readCyclic({ bytes, at, end }: Stretch, asked: Asked): void {
  if (at + 18 <= end && u16Little(bytes, at) >= 2 && u16Little(bytes, at + 2) === item.sequencedAddress) asked(cipCyclic);
}

const itemsMax = 16;

/** The messages of CIP in a list of items; a connected one has a sequence number before it. */
function itemsIn({ bytes, at, end }: Stretch): readonly Stretch[] {
  const found: Stretch[] = [];
  let next = at + 2;
  for (let count = at + 2 <= end ? Math.min(u16Little(bytes, at), itemsMax) : 0; count > 0 && next + 4 <= end; count -= 1) {
    const [type, length] = [u16Little(bytes, next), u16Little(bytes, next + 2)];
    const until = Math.min(end, next + 4 + length);
    if (type === item.connected) found.push({ bytes, at: next + 6, end: until });
    if (type === item.unconnected) found.push({ bytes, at: next + 4, end: until });
    next += 4 + length;
  }
  return found;
}

const [multipleServices, unconnectedSend] = [0x0a, 0x52];
const [connectionManager, depthMax, servicesMax] = [6, 4, 256];

/** A request of CIP: its service, the path to what it is asked of, and in two services requests of their own. */
function readCip({ bytes, at, end }: Stretch, asked: Asked, depth: number): void {
  if (at + 2 > end || (bytes[at]! & 0x80) !== 0 || depth > depthMax) return;
  const service = bytes[at]!;
  const inside = at + 2 + bytes[at + 1]! * 2;
  if (inside > end) return;
  const classId = classIn({ bytes, at: at + 2, end: inside });
  asked(cipFunction(service, classId));
  if (service === multipleServices) for (const one of servicesIn({ bytes, at: inside, end })) readCip(one, asked, depth + 1);
  if (service === unconnectedSend && classId === connectionManager && inside + 4 <= end)
    readCip({ bytes, at: inside + 4, end: Math.min(end, inside + 4 + u16Little(bytes, inside + 2)) }, asked, depth + 1);
}

/** The services of a packet of many: their number, where each begins, counted from that number, and then they. */
function servicesIn({ bytes, at, end }: Stretch): readonly Stretch[] {
  const count = at + 2 <= end ? Math.min(u16Little(bytes, at), servicesMax) : 0;
  const starts = Array.from({ length: count }, (_, nth) => (at + 4 + nth * 2 <= end ? at + u16Little(bytes, at + 2 + nth * 2) : end));
  return starts.map((start, nth) => ({ bytes, at: start, end: Math.min(end, starts[nth + 1] ?? end) }));
}

/** The class that a path names, in one byte or two; null when it names none. */
function classIn({ bytes, at, end }: Stretch): number | null {
  for (let next = at; next + 2 <= end;) {
    const segment = bytes[next]!;
    if (segment === 0x20) return bytes[next + 1]!;
    if (segment === 0x21) return next + 4 <= end ? u16Little(bytes, next + 2) : null;
    // A name (ANSI extended symbol), with padding.
    if (segment === 0x91) next += 2 + ((bytes[next + 1]! + 1) & ~1);
    else next += (segment & 0xe3) === 0x21 ? 4 : 2;
  }
  return null;
}
