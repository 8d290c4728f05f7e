import { emptyKey, familyOfKind, noteOfKind, protocolOfKind, setKey } from "./key.ts";
import { type Packet, tcp } from "./packet.ts";
import { emptySlots, releaseSlot, type Slots, slotOf, sum, sumsPer, takeSlot, word, wordsPer } from "./slots.ts";

/** A conversation that has ended, in the table's own terms; record-of.ts makes a record of it. */
export interface Conversation {
  readonly number: number;
  readonly family: 4 | 6;
  readonly protocol: number;
  /** Index into the notes: which tunnels it came out of. */
  readonly note: number;
  readonly client: number;
  readonly server: number;
  readonly clientPort: number;
  readonly serverPort: number;
  readonly first: number;
  readonly last: number;
  readonly packetsThere: number;
  readonly bytesThere: number;
  readonly packetsBack: number;
  readonly bytesBack: number;
  readonly flags: number;
}

/** Bits of `flags`. */
export const seen = { syn: 1, synAck: 2, finThere: 4, finBack: 8, reset: 16, dataBack: 32, dataThere: 64 } as const;

const silence = { tcp: 300_000_000, other: 60_000_000 };
const sweepEvery = 30_000_000;

export interface Conversations {
  /** Counts a packet; conversations that it ends are given to `ended`. `note` says which tunnels the packet came out of. */
  readonly add: (packet: Packet, note: number) => void;
  /**
   * Counts a packet whose content is counted by itself. A tunnel's own conversation is told only when something in it could not be read,
   * and then with everything that it carried: those are the bytes between its two ends.
   */
  readonly carry: (packet: Packet, note: number) => void;
  /** Ends the oldest that is open; false when none is. */
  readonly endOne: () => boolean;
  /** How many ended only because too many were open. */
  readonly early: () => number;
}

/** The table of open conversations; beyond `openMax` the oldest ends early, so that memory stays bounded (about 140 bytes each). */
export function conversations(ended: (conversation: Conversation) => void, openMax = 1 << 20): Conversations {
  const slots = emptySlots();
  const key = emptyKey();
  let [numbers, early, swept, since] = [0, 0, 0, 0];

  function end(slot: number): void {
    releaseSlot(slots, slot);
    if (slots.words[slot * wordsPer + word.number]! > 0) ended(conversationOf(slots, slot));
  }

  /** Ends what has been silent for too long; not more often than pays, however the clock jumps. */
  function sweep(now: number): void {
    [swept, since] = [now, 0];
    for (let slot = slots.oldest; slot >= 0;) {
      const newer = slots.words[slot * wordsPer + word.newer]!;
      if (isSilent(slots, slot, now)) end(slot);
      slot = newer;
    }
  }

  /** Counts a packet in the conversation that it belongs to, and says in which slot that is. */
  function counted(packet: Packet, note: number): number {
    setKey(key, packet, note);
    let slot = slotOf(slots, key);
    if (slot >= 0 && isOver(slots, slot, packet)) {
      end(slot);
      slot = -1;
    }
    if (slot < 0) {
      if (slots.open >= openMax) {
        early += 1;
        end(slots.oldest);
      }
      slot = takeSlot(slots, key);
      begin(slots, slot, packet);
      slots.words[slot * wordsPer + word.way] = (key.sourcePort << 16) | key.destinationPort;
    }
    count(slots, slot, packet, key.sourcePort);
    return slot;
  }

  function sweepWhenDue(packet: Packet): void {
    since += 1;
    if (since >= slots.open && Math.abs(packet.at - swept) >= sweepEvery) sweep(packet.at);
  }

  return {
    add(packet, note) {
      const at = counted(packet, note) * wordsPer + word.number;
      if (slots.words[at] === 0) slots.words[at] = ++numbers;
      sweepWhenDue(packet);
    },
    carry(packet, note) {
      counted(packet, note);
    },
    endOne() {
      if (slots.oldest < 0) return false;
      end(slots.oldest);
      return true;
    },
    early: () => early,
  };
}

function isSilent({ words, sums }: Slots, slot: number, now: number): boolean {
  const limit = protocolOfKind(words[slot * wordsPer + word.kind]!) === tcp ? silence.tcp : silence.other;
  return now - sums[slot * sumsPer + sum.last]! > limit;
}

function isOver(slots: Slots, slot: number, packet: Packet): boolean {
  if (isSilent(slots, slot, packet.at)) return true;
  if (packet.protocol !== tcp || (packet.tcpFlags & 0x12) !== 2) return false;
  const at = slot * wordsPer;
  const flags = slots.words[at + word.flags]!;
  const isClosed = (flags & seen.reset) !== 0 || (flags & (seen.finThere | seen.finBack)) === (seen.finThere | seen.finBack);
  return isClosed && slots.words[at + word.sequence] !== packet.sequence;
}

function begin({ words, sums }: Slots, slot: number, packet: Packet): void {
  const [at, base] = [slot * wordsPer, slot * sumsPer];
  words[at + word.client] = packet.source;
  words[at + word.server] = packet.destination;
  words[at + word.sequence] = packet.sequence;
  sums[base + sum.first] = packet.at;
  sums[base + sum.last] = packet.at;
}

// Four plain parameters, because an object would be made for every packet.
function count(slots: Slots, slot: number, packet: Packet, sourcePort: number): void {
  const { words, sums } = slots;
  const [at, base] = [slot * wordsPer, slot * sumsPer];
  const client = words[at + word.client]!;
  const isThere = client === packet.source && (client !== words[at + word.server] || words[at + word.way]! >>> 16 === sourcePort);
  if (isThere) {
    sums[base + sum.packetsThere]! += 1;
    sums[base + sum.bytesThere]! += packet.ipBytes;
  } else {
    sums[base + sum.packetsBack]! += 1;
    sums[base + sum.bytesBack]! += packet.ipBytes;
  }
  if (packet.at > sums[base + sum.last]!) sums[base + sum.last] = packet.at;
  else if (packet.at < sums[base + sum.first]!) sums[base + sum.first] = packet.at;
  if (packet.protocol === tcp) noteTcp(slots, slot, packet, isThere);
}

function noteTcp(slots: Slots, slot: number, packet: Packet, isThere: boolean): void {
  const { words } = slots;
  const { tcpFlags } = packet;
  const at = slot * wordsPer;
  let flags = words[at + word.flags]!;
  let isNowThere = isThere;
  if ((tcpFlags & 2) !== 0) {
    const isFromServer = (tcpFlags & 16) !== 0;
    // A SYN names the opener, a SYN-ACK the server, whoever was seen first.
    if ((flags & (seen.syn | seen.synAck)) === 0 && isFromServer === isThere) {
      turn(slots, slot);
      flags = words[at + word.flags]!;
      isNowThere = !isThere;
    }
    flags |= isFromServer ? seen.synAck : seen.syn;
  }
  if ((tcpFlags & 1) !== 0) flags |= isNowThere ? seen.finThere : seen.finBack;
  if ((tcpFlags & 4) !== 0) flags |= seen.reset;
  if (packet.payload > 0) flags |= isNowThere ? seen.dataThere : seen.dataBack;
  words[at + word.flags] = flags;
}

/** Client and server change places, with what each has counted. */
function turn({ words, sums }: Slots, slot: number): void {
  const [at, base] = [slot * wordsPer, slot * sumsPer];
  const [client, ports, flags] = [words[at + word.client]!, words[at + word.way]!, words[at + word.flags]!];
  words[at + word.client] = words[at + word.server]!;
  words[at + word.server] = client;
  words[at + word.way] = (ports << 16) | (ports >>> 16);
  const [packets, bytes] = [sums[base + sum.packetsThere]!, sums[base + sum.bytesThere]!];
  sums[base + sum.packetsThere] = sums[base + sum.packetsBack]!;
  sums[base + sum.bytesThere] = sums[base + sum.bytesBack]!;
  sums[base + sum.packetsBack] = packets;
  sums[base + sum.bytesBack] = bytes;
  const swapped =
    ((flags & seen.finThere) !== 0 ? seen.finBack : 0) |
    ((flags & seen.finBack) !== 0 ? seen.finThere : 0) |
    ((flags & seen.dataThere) !== 0 ? seen.dataBack : 0) |
    ((flags & seen.dataBack) !== 0 ? seen.dataThere : 0);
  words[at + word.flags] = (flags & (seen.syn | seen.synAck | seen.reset)) | swapped;
}

function conversationOf({ words, sums }: Slots, slot: number): Conversation {
  const [at, base] = [slot * wordsPer, slot * sumsPer];
  const kind = words[at + word.kind]!;
  return {
    number: words[at + word.number]!,
    family: familyOfKind(kind),
    protocol: protocolOfKind(kind),
    note: noteOfKind(kind),
    client: words[at + word.client]!,
    server: words[at + word.server]!,
    clientPort: words[at + word.way]! >>> 16,
    serverPort: words[at + word.way]! & 0xffff,
    first: sums[base + sum.first]!,
    last: sums[base + sum.last]!,
    packetsThere: sums[base + sum.packetsThere]!,
    bytesThere: sums[base + sum.bytesThere]!,
    packetsBack: sums[base + sum.packetsBack]!,
    bytesBack: sums[base + sum.bytesBack]!,
    flags: words[at + word.flags]!,
  };
}
