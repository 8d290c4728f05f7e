import type { Connection } from "@bulkhead/core/model/connection";
import { pcap } from "../decode.ts";
import { connectionsBy, decodedBy, rejectsBy } from "../../testing/decoded-by.ts";
import { microsAt } from "./packets.ts";

/** What a capture says, one short line a connection: `tcp 10.0.0.1:40000>10.0.0.2:443 3/132 2/84 handshake 0-1.5`, the times in seconds. */
export function told(capture: Uint8Array): readonly string[] {
  return connectionsBy(pcap, capture).map(lineOf);
}

export function lineOf(one: Connection): string {
  const end = (address: string, port: number | null): string => (port === null ? address : `${address}:${port}`);
  const sides = `${one.packetsToServer}/${one.bytesToServer} ${one.packetsToClient}/${one.bytesToClient}`;
  const seconds = [one.first!, one.last!].map((at) => (at - microsAt(0)) / 1e6).join("-");
  const note = one.note === null ? "" : ` (${one.note})`;
  return `${one.protocol} ${end(one.client, one.clientPort)}>${end(one.server, one.serverPort)} ${sides} ${one.direction} ${seconds}${note}`;
}

/** Why packets of a capture were not read. */
export const rejected = (capture: Uint8Array): readonly string[] => rejectsBy(pcap, capture).map(({ reason }) => reason);

/** What the decoder itself says about its gaps. */
export const noticed = (capture: Uint8Array): readonly string[] => decodedBy(pcap, capture).flatMap((one) => (one.kind === "notice" ? [one.reason] : []));
