import type { Connection } from "@bulkhead/core/model/connection";
import { isAnsweredBy, wayOf } from "../one-way.ts";
import { connectionOf, hasPorts, isIcmp, protocolOf } from "../record.ts";
import { headerOfFrame, headerOfPacket, type SampledHeader } from "../sampled-header.ts";
import { slot } from "./elements.ts";
import type { Message } from "./memory.ts";
import { samplingOf } from "./sampling.ts";
import { emptyTimes, readTimes } from "./times.ts";
import type { Values } from "./template.ts";

const times = emptyTimes();

/** The flow of a record that carries the head of a sampled packet instead of fields (PSAMP, RFC 5476); null when it carries none that can be read. */
export function sampledFlowOf(values: Values, message: Message): Connection | null {
  const header = headerOf(values);
  if (header === null) return null;
  readTimes(times, values, message);
  const protocol = protocolOf(header.protocol);
  const isPorted = hasPorts(protocol) && header.sourcePort >= 0;
  const [sourcePort, destinationPort] = isPorted ? [header.sourcePort, header.destinationPort] : [null, null];
  const { source, destination, bytes } = header;
  const flags = header.tcpFlags < 0 ? null : header.tcpFlags;
  const { isReply, direction } = wayOf({ source, destination, sourcePort, destinationPort, flags, packets: 1 });
  const counts = isReply ? { packetsToClient: 1, bytesToClient: bytes } : { packetsToServer: 1, bytesToServer: bytes };
  message.place.records += 1;
  return connectionOf({
    source: message.source,
    file: message.place.file,
    record: message.place.records,
    observer: message.place.observer,
    first: times.first,
    last: times.last,
    client: isReply ? destination : source,
    clientPort: isReply ? destinationPort : sourcePort,
    server: isReply ? source : destination,
    serverPort: isReply ? sourcePort : destinationPort,
    protocol,
    icmpType: isIcmp(protocol) && header.icmpType >= 0 ? header.icmpType : null,
    ...counts,
    direction,
    answered: isAnsweredBy(flags, true),
    sampling: samplingOf(values, message.domain),
    note: times.isOfExport ? "times of the export" : null,
  });
}

function headerOf({ numbers, sizes, bytes }: Values): SampledHeader | null {
  const [frame, packet] = [numbers[slot.frameSection]!, numbers[slot.packetSection]!];
  if (packet >= 0) return headerOfPacket(bytes, packet, packet + sizes[slot.packetSection]!);
  return frame < 0 ? null : headerOfFrame(bytes, frame, frame + sizes[slot.frameSection]!);
}
