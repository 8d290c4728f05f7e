import type { SelfName } from "@bulkhead/core/inventory/claim";
import { type Packet, u16, u32 } from "../packet.ts";
import { nameOf } from "./dhcp.ts";
import type { FrameInside } from "./frame.ts";
import { isHost, v4 } from "./neighbours.ts";

const [systemName, managementAddress] = [5, 8];
const partsMax = 64;

/** What a switch or router says of itself (IEEE 802.1AB): its name, and an address of its own when it names one. */
export function lldpName({ bytes, end, at: when }: Packet, { at, source }: FrameInside): SelfName | null {
  let [name, ip]: [string, SelfName["ip"]] = ["", null];
  let next = at;
  for (let count = 0; count < partsMax && next + 2 <= end; count += 1) {
    const [type, length] = [u16(bytes, next) >> 9, u16(bytes, next) & 511];
    if (type === 0 || next + 2 + length > end) break;
    if (type === systemName) name = nameOf(bytes.subarray(next + 2, next + 2 + length));
    // Length of the address and its kind, then its kind (1 is IP version 4), then it.
    const isV4 = type === managementAddress && length >= 9 && bytes[next + 2] === 5 && bytes[next + 3] === 1;
    if (isV4 && isHost(u32(bytes, next + 4))) ip = v4(u32(bytes, next + 4));
    next += 2 + length;
  }
  return name === "" ? null : { at: when, mac: source, ip, name };
}
