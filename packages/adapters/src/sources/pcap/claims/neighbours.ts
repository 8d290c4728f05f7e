import type { Ip } from "@bulkhead/core/base/ip";
import type { Claim } from "@bulkhead/core/inventory/claim";
import { type Packet, u16, u32 } from "../packet.ts";
import { macAt } from "./frame.ts";

/** The claim of an ARP packet (RFC 826) at `at`. Gratuitous ones announce; probes (RFC 5227) have no sender yet. */
export function arpClaim({ bytes, end, at: when }: Packet, at: number): Claim | null {
  const isEthernetIp = at + 28 <= end && u16(bytes, at) === 1 && u16(bytes, at + 2) === 0x0800 && bytes[at + 4] === 6 && bytes[at + 5] === 4;
  const operation = isEthernetIp ? u16(bytes, at + 6) : 0;
  if (operation !== 1 && operation !== 2) return null;
  const [mac, sender, target] = [macAt(bytes, at + 8), u32(bytes, at + 14), u32(bytes, at + 24)];
  if (mac === null || !isHost(sender)) return null;
  const how = sender === target ? "announced" : operation === 2 ? "answered" : "used";
  return { at: when, mac, ip: v4(sender), how, until: null };
}

const linkAddress = { ofSource: 1, ofTarget: 2 } as const;

/** The claim of a neighbour solicitation or advertisement (RFC 4861): its sender's address, or the one that is advertised, with the hardware address in its option. */
export function neighbourClaim({ bytes, start, transport: at, end, at: when, icmpType }: Packet): Claim | null {
  if (at + 24 > end) return null;
  const isAdvertised = icmpType === 136;
  const ip = v6At(bytes, isAdvertised ? at + 8 : start + 8);
  const mac = optionAt({ bytes, at: at + 24, end }, isAdvertised ? linkAddress.ofTarget : linkAddress.ofSource);
  if (ip === null || mac === null) return null;
  // Asked for, it is an answer; unasked, an announcement.
  const isAsked = isAdvertised && (bytes[at + 4]! & 0x40) !== 0;
  return { at: when, mac, ip, how: !isAdvertised ? "used" : isAsked ? "answered" : "announced", until: null };
}

const optionsMax = 16;

function optionAt({ bytes, at, end }: { readonly bytes: Uint8Array; readonly at: number; readonly end: number }, wanted: number): string | null {
  let next = at;
  for (let count = 0; count < optionsMax && next + 8 <= end && bytes[next + 1]! > 0; count += 1) {
    if (bytes[next] === wanted) return macAt(bytes, next + 2);
    next += bytes[next + 1]! * 8;
  }
  return null;
}

export const v4 = (value: number): Ip => ({ family: 4, value: BigInt(value), realm: "" });

/** Whether an address may be one device's: neither unspecified, nor loopback, multicast or broadcast. */
export const isHost = (value: number): boolean => value >>> 24 !== 0 && value >>> 24 !== 127 && value >>> 24 < 224;

function v6At(bytes: Uint8Array, at: number): Ip | null {
  let value = 0n;
  for (let nth = 0; nth < 16; nth += 4) value = (value << 32n) | BigInt(u32(bytes, at + nth));
  return value <= 1n || bytes[at] === 0xff ? null : { family: 6, value, realm: "" };
}
