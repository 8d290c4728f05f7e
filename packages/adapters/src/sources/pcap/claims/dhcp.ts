import { second } from "@bulkhead/core/base/instant";
import type { Claim, SelfName } from "@bulkhead/core/inventory/claim";
import { type Packet, u32 } from "../packet.ts";
import { macAt } from "./frame.ts";
import { isHost, v4 } from "./neighbours.ts";

const option = { hostName: 12, leaseTime: 51, messageType: 53 } as const;
const message = { request: 3, acknowledged: 5, released: 7 } as const;
const magic = 0x63825363;

export interface DhcpTold {
  readonly claim: Claim | null;
  readonly name: SelfName | null;
}

const nothing: DhcpTold = { claim: null, name: null };

/** What a DHCP packet (RFC 2131) says of a device: what a server gave it, what it gave back, what it calls itself. */
export function dhcpClaims(packet: Packet): DhcpTold {
  const { bytes, end, at: when } = packet;
  const at = packet.transport + 8;
  if (at + 240 > end || bytes[at + 1] !== 1 || bytes[at + 2] !== 6 || u32(bytes, at + 236) !== magic) return nothing;
  const mac = macAt(bytes, at + 28);
  const options = optionsAt(packet, at + 240);
  if (mac === null) return nothing;
  const name = options.type === message.request && options.name !== "" ? { at: when, mac, ip: null, name: options.name } : null;
  const [held, given] = [u32(bytes, at + 12), u32(bytes, at + 16)];
  if (options.type === message.acknowledged && isHost(given) && options.leaseSeconds !== null)
    return { name, claim: { at: when, mac, ip: v4(given), how: "leased", until: when + options.leaseSeconds * second } };
  if (options.type === message.released && isHost(held)) return { name, claim: { at: when, mac, ip: v4(held), how: "released", until: null } };
  return { name, claim: null };
}

interface Options {
  readonly type: number;
  readonly leaseSeconds: number | null;
  readonly name: string;
}

const optionsMax = 128;

function optionsAt({ bytes, end }: Packet, at: number): Options {
  let [type, leaseSeconds, name]: [number, number | null, string] = [0, null, ""];
  let next = at;
  for (let count = 0; count < optionsMax && next + 2 <= end && bytes[next] !== 255; count += 1) {
    if (bytes[next] === 0) {
      next += 1;
      continue;
    }
    const [code, length] = [bytes[next]!, bytes[next + 1]!];
    if (next + 2 + length > end) break;
    if (code === option.messageType && length === 1) type = bytes[next + 2]!;
    if (code === option.leaseTime && length === 4) leaseSeconds = u32(bytes, next + 2);
    if (code === option.hostName) name = nameOf(bytes.subarray(next + 2, next + 2 + length));
    next += 2 + length;
  }
  return { type, leaseSeconds, name };
}

// A name of the DNS is no longer, and what is no text is no name.
const nameMax = 253;

/** A name that a device gave itself: plain text, or nothing. */
export function nameOf(bytes: Uint8Array): string {
  const text = new TextDecoder("utf-8").decode(bytes.subarray(0, nameMax)).replace(/\0+$/, "").trim();
  return /^[\p{L}\p{N}][\p{L}\p{N} ._-]*$/u.test(text) ? text : "";
}
