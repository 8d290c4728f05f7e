import type { Instant } from "@bulkhead/core/base/instant";
import type { FlowFormat } from "@bulkhead/core/outside";
import { ipfix, netflow } from "../sources/netflow/decode.ts";
import { sflow } from "../sources/sflow/decode.ts";
import type { Inbox } from "./inbox.ts";

/** Takes one datagram of an exporter. */
export type TakeDatagram = (bytes: Uint8Array, sender: string, at: Instant) => void;

/** Takes datagrams of NetFlow, IPFIX and sFlow, told apart by their first bytes; templates are each sender's own. */
export function exportsInto(inbox: Inbox): TakeDatagram {
  const together = {};
  return (bytes, sender, at) => {
    const format = formatOf(bytes);
    const source = { name: `${format.name} ${sender}`, format: format.name };
    const before = inbox.recordsOf(source);
    if (before === null || inbox.isFull) {
      inbox.drop(before === null ? others(format) : source, at);
      return;
    }
    const decoder = format.decoder({ file: source.name, together, sender, arrived: at, before });
    inbox.take(source, [...decoder.push(bytes), ...decoder.end()], at);
  };
}

// sFlow counts its versions in four bytes.
function formatOf(bytes: Uint8Array): FlowFormat {
  if (bytes.length < 4 || (bytes[0] === 0 && bytes[1] === 0)) return sflow;
  return bytes[0] === 0 && bytes[1] === 10 ? ipfix : netflow;
}

/** Takes the stream of one connection; messages of IPFIX follow each other in it (RFC 7011 §10.4). */
export function streamInto(inbox: Inbox, sender: string): { readonly push: (bytes: Uint8Array, at: Instant) => void; readonly end: (at: Instant) => void } {
  const source = { name: `ipfix ${sender}`, format: "ipfix" };
  const decoder = ipfix.decoder({ file: source.name, together: {}, sender, before: inbox.recordsOf(source) ?? 0 });
  return {
    push: (bytes, at) => inbox.take(source, [...decoder.push(bytes)], at),
    end: (at) => inbox.take(source, [...decoder.end()], at),
  };
}

const others = ({ name }: FlowFormat): { readonly name: string; readonly format: string } => ({ name: `${name} too many senders`, format: name });
