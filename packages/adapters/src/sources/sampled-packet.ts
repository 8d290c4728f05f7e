import type { Connection } from "@bulkhead/core/model/connection";
import { isAnsweredBy, wayOf } from "./one-way.ts";
import { hasPorts, isIcmp, noLabels, protocolOf } from "./record.ts";
import type { SampledHeader } from "./sampled-header.ts";

/** What is known of a sampled packet beside its headers. */
export type Sampled = Pick<Connection, "source" | "file" | "record" | "observer" | "first" | "last" | "sampling" | "verdict" | "reason" | "note">;

/** The connection that one sampled packet shows: one packet, one way. */
export function connectionOfPacket(header: SampledHeader, sampled: Sampled): Connection {
  const { source, destination, bytes, tcpFlags, icmpType, tunnel } = header;
  const protocol = protocolOf(header.protocol);
  const isPorted = hasPorts(protocol) && header.sourcePort >= 0;
  const sourcePort = isPorted ? header.sourcePort : null;
  const destinationPort = isPorted ? header.destinationPort : null;
  const flags = tcpFlags < 0 ? null : tcpFlags;
  const { isReply, direction } = wayOf({ source, destination, sourcePort, destinationPort, flags, packets: 1 });
  return {
    source: sampled.source,
    file: sampled.file,
    record: sampled.record,
    observer: sampled.observer,
    first: sampled.first,
    last: sampled.last,
    client: isReply ? destination : source,
    clientPort: isReply ? destinationPort : sourcePort,
    server: isReply ? source : destination,
    serverPort: isReply ? sourcePort : destinationPort,
    protocol,
    icmpType: isIcmp(protocol) && icmpType >= 0 ? icmpType : null,
    packetsToServer: isReply ? null : 1,
    bytesToServer: isReply ? null : bytes,
    packetsToClient: isReply ? 1 : null,
    bytesToClient: isReply ? bytes : null,
    direction,
    // A packet that is shown was chosen out of many: that no answer was among them tells nothing.
    answered: sampled.verdict === "denied" ? false : isAnsweredBy(flags, true),
    verdict: sampled.verdict,
    rule: null,
    reason: sampled.reason,
    sampling: sampled.sampling,
    clientLabels: noLabels,
    serverLabels: noLabels,
    note: tunnel === null ? sampled.note : [`${tunnel} inner`, ...(sampled.note === null ? [] : [sampled.note])].join("; "),
  };
}
