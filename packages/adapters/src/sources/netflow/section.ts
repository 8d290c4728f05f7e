import type { Connection } from "@bulkhead/core/model/connection";
import { headerOfFrame, headerOfPacket, type SampledHeader } from "../sampled-header.ts";
import { connectionOfPacket } from "../sampled-packet.ts";
import { slot } from "./elements.ts";
import type { Message } from "./memory.ts";
import { samplingOf } from "./sampling.ts";
import { emptyTimes, readTimes } from "./times.ts";
import type { Values } from "./template.ts";

const times = emptyTimes();

/** The flow of a record that carries the head of a sampled packet instead of fields (PSAMP, RFC 5476); null when it carries none that can be read. */
export function sampledFlowOf(values: Values, message: Message): Connection | null {
  const { source, place, domain } = message;
  const header = headerOf(values);
  if (header === null) return null;
  readTimes(times, values, message);
  place.records += 1;
  return connectionOfPacket(header, {
    source,
    file: place.file,
    record: place.records,
    observer: place.observer,
    first: times.first,
    last: times.last,
    sampling: samplingOf(values, domain),
    verdict: null,
    reason: null,
    note: times.isOfExport ? "times of the export" : null,
  });
}

function headerOf({ numbers, sizes, bytes }: Values): SampledHeader | null {
  const [frame, packet] = [numbers[slot.frameSection]!, numbers[slot.packetSection]!];
  if (packet >= 0) return headerOfPacket(bytes, packet, packet + sizes[slot.packetSection]!);
  return frame < 0 ? null : headerOfFrame(bytes, frame, frame + sizes[slot.frameSection]!);
}
