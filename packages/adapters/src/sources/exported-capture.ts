import type { Decoded, Decoder, DecoderInput, FlowFormat } from "@bulkhead/core/outside";
import { fourText } from "./address-texts.ts";
import { u16 } from "./big-endian.ts";
import { ipfix, netflow } from "./netflow/decode.ts";
import { type Container, containerOf, type Damage, type Sink } from "./pcap/container.ts";
import { pcap } from "./pcap/decode.ts";
import { isKnownLink, toNetwork } from "./pcap/link.ts";
import { readNetwork } from "./pcap/network.ts";
import { emptyPacket, type Packet, udp } from "./pcap/packet.ts";
import { nothingPeeled } from "./pcap/peeled.ts";
import { v6Ids } from "./pcap/v6-ids.ts";
import { addressOf } from "./record.ts";
import { sflow } from "./sflow/decode.ts";
import { unread } from "./unread.ts";

const exports: readonly FlowFormat[] = [netflow, ipfix, sflow];

/** A format of exporters, read from a capture of what they sent: when it is asked for and the file is a capture; null otherwise. */
export function fromCapture(asked: { readonly name: string }, head: Uint8Array, file: string): FlowFormat | null {
  const format = exports.find((one) => one === asked);
  if (format === undefined || !pcap.recognises(head, file)) return null;
  return { ...format, decoder: (input) => captureDecoder(format, input) };
}

function captureDecoder(format: FlowFormat, input: DecoderInput): Decoder {
  const packet = emptyPacket();
  const ids = v6Ids();
  const peeled = nothingPeeled();
  const together = input.together ?? {};
  let ready: Decoded[] = [];
  let records = 0;

  function damage({ packet: number, reason, message }: Damage): void {
    ready.push({ kind: "reject", reject: { file: input.file, record: number, line: null, reason, message } });
  }

  const sink: Sink = {
    packet(linkType) {
      peeled.layers.length = 0;
      if (!isKnownLink(linkType) || !toNetwork(packet, linkType, peeled) || !readNetwork(packet, ids) || packet.protocol !== udp) return;
      if (packet.fragmentOffset >= 0) {
        ready.push({ kind: "notice", reason: "a datagram came in fragments and was not read" });
        return;
      }
      const payload = packet.bytes.subarray(packet.transport + 8, packet.end);
      if (!isExport(payload)) return;
      const sender = packet.family === 4 ? fourText(packet.source) : (addressOf(ids.textOf(packet.source)) ?? "::");
      const decoder = format.decoder({ file: input.file, together, sender, arrived: packet.at, before: records });
      for (const one of [...decoder.push(payload), ...decoder.end()]) {
        if (one.kind === "connection") records += 1;
        ready.push(one);
      }
    },
    damage,
  };
  return containedDecoder(packet, sink, () => {
    const out = ready;
    ready = [];
    return out;
  });
}

// Other traffic in the capture is none of ours.
const isExport = (payload: Uint8Array): boolean => {
  if (payload.length < 16) return false;
  const version = u16(payload, 0);
  return version === 0 ? u16(payload, 2) === 5 : version === 1 || version === 5 || version === 7 || version === 9 || version === 10;
};

const headMin = 24;

/** Reads the packets of a capture as they come. */
function containedDecoder(packet: Packet, sink: Sink, given: () => readonly Decoded[]): Decoder {
  const held = unread();
  let container: Container | null = null;
  let isDone = false;
  return {
    push(bytes) {
      if (isDone) return [];
      held.add(bytes);
      if (container === null && held.all.length >= headMin) container = containerOf(held.all, packet);
      const done = container === null ? 0 : container(held.all, sink);
      isDone = done < 0;
      held.drop(isDone ? held.all.length : done);
      return given();
    },
    end() {
      if (held.all.length > 0) sink.damage({ packet: 1, reason: "truncated", message: "the capture ends inside a packet" });
      return given();
    },
  };
}
