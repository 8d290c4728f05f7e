import type { Decoded, Decoder, DecoderInput } from "@bulkhead/core/outside";
import { type Container, containerOf, type Damage, type Sink } from "./container.ts";
import { type Conversations, conversations } from "./conversations.ts";
import { type Fragments, fragments } from "./fragments.ts";
import { isKnownLink, toNetwork } from "./link.ts";
import { readNetwork, readTransport } from "./network.ts";
import { notes } from "./notes.ts";
import { emptyPacket, type Packet, tcp } from "./packet.ts";
import { nothingPeeled, type Peeled } from "./peeled.ts";
import { type AddressNames, addressNames, recordOf } from "./record-of.ts";
import { unread } from "../unread.ts";
import { closedTunnelOf, enterTunnel } from "./tunnel.ts";
import { type V6Ids, v6Ids } from "./v6-ids.ts";
import { eachOfWireless, isWireless } from "./wireless.ts";

/** Looks at a capture with other eyes than those that count connections. */
export interface Watch {
  /** Every frame, as it was captured. */
  readonly frame?: (packet: Packet, linkType: number) => void;
  /** Every packet that came out of all its tunnels. */
  readonly packet?: (packet: Packet) => void;
  /** What there is to tell at the end. */
  readonly told: () => readonly Decoded[];
}

/** A decoder of captures: of connections, or of what a watch sees in their place. */
export function captureDecoder({ file, before = 0 }: DecoderInput, watching: ((names: AddressNames) => Watch) | null = null): Decoder {
  const packet = emptyPacket();
  let ready: Decoded[] = [];
  const damage = ({ packet: number, reason, message }: Damage): void =>
    void ready.push({ kind: "reject", reject: { file, record: before + number, line: null, reason, message } });
  const give = (decoded: Decoded): void => void (watching === null || decoded.kind !== "connection" ? ready.push(decoded) : 0);
  const counting = countingOf(packet, { file, before, give, damage, watching });
  // What is said of an interface again is the sum up to then.
  const drops = new Map<number, number>();
  const dropped = (index: number, packets: number): void => void (drops.size < interfacesMax || drops.has(index) ? drops.set(index, packets) : 0);
  const sink: Sink = { packet: counting.take, damage, dropped };
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
      const lost = [...drops.values()].reduce((sum, packets) => sum + packets, 0);
      if (lost > 0) give({ kind: "notice", reason: "the capturing program dropped packets", count: lost });
      counting.tell();
      yield* given();
      if (counting.watch !== null) yield* counting.watch.told();
    },
  };
}

const headMin = 24;
const interfacesMax = 1024;

interface Outlet {
  readonly file: string;
  readonly before: number;
  readonly give: (decoded: Decoded) => void;
  readonly damage: (damage: Damage) => void;
  readonly watching: ((names: AddressNames) => Watch) | null;
}

interface Counting {
  readonly watch: Watch | null;
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

function countingOf(packet: Packet, { file, before, give, damage, watching }: Outlet): Counting {
  const ids = v6Ids();
  const names = addressNames(ids);
  const watch = watching?.(names) ?? null;
  const peeled = nothingPeeled();
  const { layers } = peeled;
  const unreadLinks = new Set<number>();
  let [packets, unreadable] = [0, 0];
  const table = conversations((one) => give({ kind: "connection", connection: recordOf(one, { file, before, names, note: inward.textOf(one.note) }) }));
  const inward = inwardOf({ ids, peeled, carry: table.carry });
  const pieces = fragments((whole, around) => {
    layers.splice(0, Infinity, ...around);
    countInner(whole);
  });

  function take(linkType: number): void {
    packets += 1;
    if (layers.length > 0) layers.length = 0;
    if (watch !== null) watch.frame?.(packet, linkType);
    if (isKnownLink(linkType)) {
      if (toNetwork(packet, linkType, peeled)) count();
    } else if (isWireless(linkType)) eachOfWireless(packet, linkType, { peeled, take: count });
    else {
      if (!unreadLinks.has(linkType)) damage({ packet: packets, reason: "link-type", message: `packets of link type ${linkType} are not read` });
      unreadLinks.add(linkType);
    }
  }

  /** Counts the packet whose IP header was found. */
  function count(): void {
    if (!readNetwork(packet, ids)) {
      unreadable += 1;
      return;
    }
    readTransport(packet);
    countInner(packet);
  }

  /** Counts what is in the packet's tunnels, or the packet. */
  function countInner(one: Packet): void {
    // Most of all packets: in TCP there is no tunnel.
    const isPlain = one.protocol === tcp && layers.length === 0;
    if (!isPlain) inward.enter(one);
    if (one.fragmentOffset >= 0) return pieces.add(one, layers);
    if (watch !== null) watch.packet?.(one);
    table.add(one, isPlain ? 0 : inward.noteOf(layers.length, one));
  }

  return {
    watch,
    take,
    endPieces: pieces.end,
    endOne: table.endOne,
    tell: () => tellGaps({ packets, unreadable, table, pieces, ids, peeled }, { give, damage }),
    packets: () => packets,
  };
}

const layersMax = 6;

interface Inward {
  /** Goes into tunnels as far as they can be read; what carries something is counted as carried. */
  readonly enter: (one: Packet) => void;
  /** The note of a packet that came out of so many layers and was not entered further. */
  readonly noteOf: (known: number, one: Packet) => number;
  readonly textOf: (note: number) => string | null;
}

function inwardOf({ ids, peeled, carry }: { readonly ids: V6Ids; readonly peeled: Peeled; readonly carry: Conversations["carry"] }): Inward {
  const tunnels = notes();
  const { layers } = peeled;
  const noteOf = (known: number, one: Packet): number => {
    const closed = closedTunnelOf(one);
    if (known === 0 && closed === null) return 0;
    return tunnels.idOf(known === layers.length ? layers : layers.slice(0, known), closed);
  };
  return {
    enter(one) {
      for (let depth = 0; depth < layersMax; depth += 1) {
        const { family } = one;
        const known = layers.length;
        if (!enterTunnel(one, peeled)) return;
        // Everything but where the packet begins is still the tunnel's.
        const inner = one.family;
        one.family = family;
        carry(one, noteOf(known, one));
        one.family = inner;
        readNetwork(one, ids);
        readTransport(one);
      }
    },
    noteOf,
    textOf: tunnels.textOf,
  };
}

interface Gaps {
  readonly packets: number;
  readonly unreadable: number;
  readonly table: Conversations;
  readonly pieces: Fragments;
  readonly ids: V6Ids;
  readonly peeled: Peeled;
}

/** Says what of a capture was not counted, or not as it was. */
function tellGaps({ packets, unreadable, table, pieces, ids, peeled }: Gaps, { give, damage }: Pick<Outlet, "give" | "damage">): void {
  if (unreadable > 0) damage({ packet: packets, reason: "bad-ip-header", message: `${unreadable} packets have an IP header that cannot be read` });
  if (pieces.lost() > 0)
    damage({
      packet: packets,
      reason: "lost-fragments",
      message: `${pieces.lost()} datagrams lack the fragment that names their ports; they are not counted`,
    });
  const notice = (reason: string): void => give({ kind: "notice", reason });
  for (const [name, frames] of peeled.sealed) notice(`${frames} frames are encrypted on their link (${name}): nothing in them can be read`);
  if (table.early() > 0) give({ kind: "notice", reason: "a connection was cut in time, because too many were open at once", count: table.early() });
  if (ids.beyond() > 0) notice(`${ids.beyond()} times an IPv6 address beyond the limit of two million was written as ::`);
}
