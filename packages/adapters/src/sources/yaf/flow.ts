import { isOfMany } from "../one-way.ts";
import { countOf, hasPorts, type Known } from "../record.ts";
import { endsOf, handshakeIn, statedEnds, type Wire } from "../wire.ts";

/** One flow of YAF, as either of its texts says it. */
export interface YafFlow {
  readonly first: number;
  readonly last: number;
  readonly protocol: string;
  readonly source: string;
  readonly sourcePort: number | null;
  readonly destination: string;
  readonly destinationPort: number | null;
  readonly icmpType: number | null;
  /** TCP flags of the first packet from the source, as letters; empty for others. */
  readonly flags: string;
  readonly packets: string | undefined;
  readonly bytes: string | undefined;
  readonly packetsBack: string | undefined;
  readonly bytesBack: string | undefined;
  readonly note: string | null;
}

/** The flow as a connection. Its source is who sent the first packet; alone on its way, it may have been an answer. */
export function knownOf(flow: YafFlow): Known {
  const { source, destination, protocol } = flow;
  const ports = hasPorts(protocol) ? { sourcePort: flow.sourcePort, destinationPort: flow.destinationPort } : {};
  const wire: Wire = {
    source,
    destination,
    protocol,
    ...ports,
    icmpType: flow.icmpType,
    handshake: protocol === "tcp" ? handshakeIn(flow.flags) : null,
    packets: countOf(flow.packets),
    bytes: countOf(flow.bytes),
  };
  const { known, isTurned } = endsOf(wire);
  const [packetsBack, bytesBack] = [countOf(flow.packetsBack), countOf(flow.bytesBack)];
  const times = { first: flow.first, last: flow.last, note: flow.note };
  // 0 back is what a one-way flow has too, whoever made it one-way.
  if (packetsBack === null || packetsBack === 0) return { ...known, ...times, answered: null };
  const isAnswerFirst = isTurned && known.direction === "handshake";
  if (isAnswerFirst) return { ...known, ...times, answered: true, packetsToServer: packetsBack, bytesToServer: bytesBack };
  const direction = known.direction === "handshake" || isOfMany(source) ? (known.direction ?? "unknown") : "first-packet";
  const counts = { packetsToServer: wire.packets ?? null, bytesToServer: wire.bytes ?? null, packetsToClient: packetsBack, bytesToClient: bytesBack };
  return { ...statedEnds(wire), ...times, ...counts, direction, answered: true };
}
