import { instantText } from "@bulkhead/core/base/instant";
import { ipText } from "@bulkhead/core/base/ip";
import type { Instant } from "@bulkhead/core/base/instant";
import { hearing } from "@bulkhead/core/inventory/heard";
import { lonelyAddresses } from "@bulkhead/core/inventory/lonely";
import type { Say } from "@bulkhead/core/inventory/problem";
import type { Decoded } from "@bulkhead/core/outside";
import { createReadStream } from "node:fs";
import { inflated } from "../../sources/inflate.ts";
import { claimDecoder } from "../../sources/pcap/claims.ts";
import { pcap } from "../../sources/pcap/decode.ts";
import { type InventoryReading, nothingRead } from "../reading.ts";

/** Devices by their hardware addresses, and who held which address when, as a capture heard it; null when the file is no capture. Nothing is sent. */
export async function captureReading(path: string, say: Say): Promise<InventoryReading | null> {
  const chunks = inflated(createReadStream(path))[Symbol.asyncIterator]();
  try {
    const first = await chunks.next();
    if (first.done === true || !pcap.recognises(first.value, path)) return null;
    return await heardIn(path, { first: first.value, chunks, say });
  } catch (error) {
    // Whoever reads it as a text says why it cannot be opened.
    if (error instanceof Error && "code" in error) return null;
    throw error;
  } finally {
    await chunks.return?.(undefined);
  }
}

interface Stream {
  readonly first: Uint8Array;
  readonly chunks: AsyncIterator<Uint8Array>;
  readonly say: Say;
}

async function heardIn(file: string, { first, chunks, say }: Stream): Promise<InventoryReading> {
  const devices = hearing();
  let ended: Instant = 0;
  const decoder = claimDecoder(
    { file },
    {
      claim: devices.claim,
      name: devices.name,
      heard(at) {
        ended = Math.max(ended, at);
      },
    },
  );
  const tell = (decoded: Iterable<Decoded>): void => {
    for (const one of decoded) if (one.kind === "reject") say({ reason: one.reject.reason, message: one.reject.message });
  };
  tell(decoder.push(first));
  for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) tell(decoder.push(next.value));
  tell(decoder.end());
  const sightings = devices.sightings(ended);
  for (const mac of devices.proxies())
    say({ reason: "answers-for-others", message: `mac-${mac} answers for addresses that it never speaks from (proxy ARP); those are not its own` });
  for (const { id, lease } of lonelyAddresses(sightings))
    say({
      reason: "lonely-address",
      message: `${ipText(lease.ip)} is held by ${id} from ${timeText(lease.from)} until ${timeText(lease.until)}, and none of its neighbours is in that network`,
    });
  if (devices.beyond() > 0) say({ reason: "too-many-devices", message: `${devices.beyond()} claims of further devices found no room` });
  return { ...nothingRead, sightings };
}

const timeText = (at: Instant | null): string => (at === null ? "?" : instantText(at));
