import type { Decoded, Decoder, DecoderInput, FlowFormat } from "@bulkhead/core/outside";
import { type Container, containerOf, type Damage, type Sink } from "./container.ts";
import { conversations } from "./conversations.ts";
import { fragments } from "./fragments.ts";
import { isKnownLink, toNetwork } from "./link.ts";
import { readNetwork, readTransport } from "./network.ts";
import { notes } from "./notes.ts";
import { emptyPacket, type Packet } from "./packet.ts";
import { addressNames, recordOf } from "./record-of.ts";
import { closedTunnelOf, enterTunnel } from "./tunnel.ts";
import { v6Ids } from "./v6-ids.ts";

/** Captures, pcap and pcapng: one record for each connection, counted in IP bytes. */
export const pcap: FlowFormat = {
  name: "pcap",
  tells: {
    reads: "captures, pcap and pcapng, of the link types and tunnels that `bulkhead` knows",
    opener: ["handshake", "first-packet", "port"],
    answered: "always",
    verdict: "never",
    rule: "never",
    reason: "never",
    counts: ["both"],
    bytes: ["ip"],
    sampling: "unsaid",
    labels: [],
    times: "first and last",
    gaps: "what the capturing program dropped is not seen and not said; a conversation open when the capture began lacks its handshake; encrypted tunnels stay closed",
  },
  recognises: (head) => containerOf(head.subarray(0, 64), emptyPacket()) !== null,
  decoder: captureDecoder,
};

function captureDecoder({ file }: DecoderInput): Decoder {
  const packet = emptyPacket();
  let ready: Decoded[] = [];
  const damage = ({ packet: number, reason, message }: Damage): void =>
    void ready.push({ kind: "reject", reject: { file, record: number, line: null, reason, message } });
  const counting = countingOf(packet, { file, give: (decoded) => void ready.push(decoded), damage });
  const sink: Sink = { packet: counting.take, damage };
  const bytes = unread();
  let container: Container | null = null;
  let isDone = false;

  function read(isLast: boolean): void {
    const { all } = bytes;
    if (container === null && (all.length >= headMin || isLast)) {
      container = containerOf(all, packet);
      if (container === null && all.length >= headMin) {
        damage({ packet: 1, reason: "no-capture", message: "the file does not begin as a capture does" });
        isDone = true;
      }
    }
    const done = container === null || isDone ? 0 : container(all, sink);
    isDone ||= done < 0;
    bytes.drop(isDone ? all.length : done);
  }

  function given(): Decoded[] {
    const out = ready;
    ready = [];
    return out;
  }

  return {
    push(more) {
      if (isDone) return [];
      bytes.add(more);
      read(false);
      return given();
    },
    // A portion at a time: a million conversations may be open.
    *end() {
      if (!isDone) read(true);
      counting.endPieces();
      do yield* given();
      while (counting.endOne());
      if (bytes.all.length > 0) {
        const inside = container === null ? "its header" : `packet ${counting.packets() + 1}`;
        damage({ packet: counting.packets() + 1, reason: "truncated", message: `the file ends inside ${inside}` });
      }
      counting.tell();
      yield* given();
    },
  };
}

const headMin = 24;

interface Unread {
  all: Uint8Array;
  readonly add: (more: Uint8Array) => void;
  readonly drop: (count: number) => void;
}

/** Bytes that were pushed and not yet read, in one buffer that is used again: a new one for every chunk would have to be cleared. */
function unread(): Unread {
  let buffer = new Uint8Array(0);
  const own: Unread = {
    all: buffer,
    add(more) {
      const { all } = own;
      const length = all.length + more.length;
      if (length > buffer.length) {
        buffer = new Uint8Array(length + (length >> 3));
        buffer.set(all);
      }
      buffer.set(more, all.length);
      own.all = buffer.subarray(0, length);
    },
    drop(count) {
      if (count === 0) return;
      const { length } = own.all;
      buffer.copyWithin(0, count, length);
      own.all = buffer.subarray(0, length - count);
    },
  };
  return own;
}

interface Outlet {
  readonly file: string;
  readonly give: (decoded: Decoded) => void;
  readonly damage: (damage: Damage) => void;
}

interface Counting {
  /** Takes the packet that the container has placed. */
  readonly take: (linkType: number) => void;
  /** Counts the datagrams that never became whole. */
  readonly endPieces: () => void;
  /** Ends one conversation; false when none is open. */
  readonly endOne: () => boolean;
  /** Says what was not counted. */
  readonly tell: () => void;
  readonly packets: () => number;
}

function countingOf(packet: Packet, { file, give, damage }: Outlet): Counting {
  const ids = v6Ids();
  const tunnels = notes();
  const names = addressNames(ids);
  const layers: string[] = [];
  const unreadLinks = new Set<number>();
  let [packets, unreadable] = [0, 0];
  const table = conversations((one) => give({ kind: "connection", connection: recordOf(one, { file, names, note: tunnels.textOf(one.note) }) }));
  const pieces = fragments(table.add);

  function refuse(linkType: number): void {
    if (!unreadLinks.has(linkType)) damage({ packet: packets, reason: "link-type", message: `packets of link type ${linkType} are not read` });
    unreadLinks.add(linkType);
  }

  function take(linkType: number): void {
    packets += 1;
    if (layers.length > 0) layers.length = 0;
    if (!isKnownLink(linkType)) return refuse(linkType);
    if (!toNetwork(packet, linkType, layers)) return;
    for (let depth = 0; depth < layersMax; depth += 1) {
      if (!readNetwork(packet, ids)) {
        unreadable += 1;
        return;
      }
      readTransport(packet);
      if (!enterTunnel(packet, layers)) break;
    }
    const closed = closedTunnelOf(packet);
    const note = layers.length === 0 && closed === null ? 0 : tunnels.idOf(layers, closed);
    if (packet.fragmentOffset >= 0) pieces.add(packet, note);
    else table.add(packet, note);
  }

  function tell(): void {
    if (unreadable > 0) damage({ packet: packets, reason: "bad-ip-header", message: `${unreadable} packets have an IP header that cannot be read` });
    if (pieces.lost() > 0)
      damage({
        packet: packets,
        reason: "lost-fragments",
        message: `${pieces.lost()} datagrams lack the fragment that names their ports; they are not counted`,
      });
    if (table.early() > 0) give({ kind: "notice", reason: `${table.early()} conversations were cut in time, because too many were open at once` });
    if (ids.beyond() > 0) give({ kind: "notice", reason: `${ids.beyond()} times an IPv6 address beyond the limit of two million was written as ::` });
  }

  return { take, endPieces: pieces.end, endOne: table.endOne, tell, packets: () => packets };
}

const layersMax = 6;
