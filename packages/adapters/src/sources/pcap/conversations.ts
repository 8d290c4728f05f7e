import { icmp4, icmp6, type Packet, tcp } from "./packet.ts";

/** A conversation that has ended, in the table's own terms; decode.ts makes a record of it. */
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
/** Open conversations beyond which the oldest end early: about 120 bytes each. */
export const openMax = 1 << 20;

// Words of one slot in `words`, and doubles in `counts`: typed arrays, because millions of objects would not fit a cache.
const [kA, kB, kPorts, kKind, wClient, wServer, wPorts, wNext, wNumber, wFlags, wSequence, wHash] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
const wordsPer = 12;
const [cFirst, cLast, cPacketsThere, cBytesThere, cPacketsBack, cBytesBack] = [0, 1, 2, 3, 4, 5];
const countsPer = 6;

export interface Conversations {
  /** Counts a packet; conversations that it ends are given to `ended`. `note` says which tunnels the packet came out of. */
  readonly add: (packet: Packet, note: number) => void;
  readonly endAll: () => void;
  /** Ends what has been silent for too long at that time; call now and then, to bound memory. */
  readonly sweep: (at: number) => void;
  readonly open: () => number;
}

export function conversations(ended: (conversation: Conversation) => void): Conversations {
  let capacity = 1 << 12;
  let words = new Uint32Array(capacity * wordsPer);
  let counts = new Float64Array(capacity * countsPer);
  let buckets = new Int32Array(capacity * 2).fill(-1);
  let mask = buckets.length - 1;
  let used = 0;
  const free: number[] = [];
  const live = new Set<number>();
  let numbers = 0;

  function add(packet: Packet, note: number): void {
    const { source, destination, protocol, family } = packet;
    const isIcmp = protocol === icmp4 || protocol === icmp6;
    const { near, far } = isIcmp ? icmpPorts(packet) : { near: packet.sourcePort, far: packet.destinationPort };
    const isOneWay = isIcmp && far < 0;
    const [sourcePort, destinationPort] = [near, isOneWay ? packet.icmpCode : far];
    const isForward = isOneWay || source < destination || (source === destination && sourcePort <= destinationPort);
    const a = isForward ? source : destination;
    const b = isForward ? destination : source;
    const ports = isForward ? ((sourcePort << 16) | destinationPort) >>> 0 : ((destinationPort << 16) | sourcePort) >>> 0;
    const kind = (protocol | (family << 8) | (isOneWay ? 1 << 12 : 0) | (note << 16)) >>> 0;
    let hash = Math.imul(a ^ Math.imul(b, 0x9e3779b1), 0x85ebca6b) ^ Math.imul(ports ^ kind, 0xc2b2ae35);
    hash = (hash ^ (hash >>> 15)) >>> 0;

    let slot = buckets[hash & mask]!;
    while (slot >= 0) {
      const at = slot * wordsPer;
      if (words[at + kA] === a && words[at + kB] === b && words[at + kPorts] === ports && words[at + kKind] === kind) break;
      slot = words[at + wNext]! | 0;
    }
    if (slot >= 0 && isOver(slot, packet)) {
      end(slot);
      slot = -1;
    }
    if (slot < 0) slot = opened({ a, b, ports, kind, hash, packet, sourcePort, destinationPort });
    count(slot, packet, sourcePort);
  }

  function isOver(slot: number, packet: Packet): boolean {
    const [at, flags] = [slot * wordsPer, words[slot * wordsPer + wFlags]!];
    const limit = packet.protocol === tcp ? silence.tcp : silence.other;
    if (packet.at - counts[slot * countsPer + cLast]! > limit) return true;
    const isClosed = (flags & seen.reset) !== 0 || (flags & (seen.finThere | seen.finBack)) === (seen.finThere | seen.finBack);
    return packet.protocol === tcp && isClosed && (packet.tcpFlags & 0x12) === 2 && words[at + wSequence] !== packet.sequence;
  }

  interface Opening {
    readonly a: number;
    readonly b: number;
    readonly ports: number;
    readonly kind: number;
    readonly hash: number;
    readonly packet: Packet;
    readonly sourcePort: number;
    readonly destinationPort: number;
  }

  function opened({ a, b, ports, kind, hash, packet, sourcePort, destinationPort }: Opening): number {
    if (live.size >= openMax) end(live.values().next().value!);
    const slot = free.pop() ?? used++;
    if (slot >= capacity) grow();
    const at = slot * wordsPer;
    words.set([a, b, ports, kind], at);
    words[at + wClient] = packet.source;
    words[at + wServer] = packet.destination;
    words[at + wPorts] = ((sourcePort << 16) | destinationPort) >>> 0;
    words[at + wNumber] = ++numbers;
    words[at + wFlags] = 0;
    words[at + wSequence] = packet.sequence;
    words[at + wHash] = hash;
    words[at + wNext] = buckets[hash & mask]! >>> 0;
    buckets[hash & mask] = slot;
    counts.fill(0, slot * countsPer, (slot + 1) * countsPer);
    counts[slot * countsPer + cFirst] = packet.at;
    counts[slot * countsPer + cLast] = packet.at;
    live.add(slot);
    return slot;
  }

  function count(slot: number, packet: Packet, sourcePort: number): void {
    const [at, base] = [slot * wordsPer, slot * countsPer];
    const isThere = words[at + wClient] === packet.source && (words[at + wClient] !== words[at + wServer] || words[at + wPorts]! >>> 16 === sourcePort);
    counts[base + (isThere ? cPacketsThere : cPacketsBack)]! += 1;
    counts[base + (isThere ? cBytesThere : cBytesBack)]! += packet.ipBytes;
    if (packet.at > counts[base + cLast]!) counts[base + cLast] = packet.at;
    if (packet.at < counts[base + cFirst]!) counts[base + cFirst] = packet.at;
    if (packet.protocol === tcp) noteTcp(at, packet, isThere);
  }

  function noteTcp(at: number, packet: Packet, isThere: boolean): void {
    const { tcpFlags } = packet;
    let flags = words[at + wFlags]!;
    const isSyn = (tcpFlags & 2) !== 0;
    // A SYN names the opener, a SYN-ACK the server, whoever was seen first.
    if (isSyn && (flags & (seen.syn | seen.synAck)) === 0) {
      const isFromServer = (tcpFlags & 16) !== 0;
      if (isFromServer === isThere) turn(at);
      flags = words[at + wFlags]! | (isFromServer ? seen.synAck : seen.syn);
    } else if (isSyn) flags |= (tcpFlags & 16) !== 0 ? seen.synAck : seen.syn;
    const isNowThere = words[at + wClient] === packet.source;
    if ((tcpFlags & 1) !== 0) flags |= isNowThere ? seen.finThere : seen.finBack;
    if ((tcpFlags & 4) !== 0) flags |= seen.reset;
    if (packet.payload > 0) flags |= isNowThere ? seen.dataThere : seen.dataBack;
    words[at + wFlags] = flags;
  }

  /** Client and server change places, with what each has counted. */
  function turn(at: number): void {
    const base = (at / wordsPer) * countsPer;
    const [client, ports, flags] = [words[at + wClient]!, words[at + wPorts]!, words[at + wFlags]!];
    words[at + wClient] = words[at + wServer]!;
    words[at + wServer] = client;
    words[at + wPorts] = ((ports << 16) | (ports >>> 16)) >>> 0;
    const [packets, bytes] = [counts[base + cPacketsThere]!, counts[base + cBytesThere]!];
    counts[base + cPacketsThere] = counts[base + cPacketsBack]!;
    counts[base + cBytesThere] = counts[base + cBytesBack]!;
    counts[base + cPacketsBack] = packets;
    counts[base + cBytesBack] = bytes;
    const swapped =
      ((flags & seen.finThere) !== 0 ? seen.finBack : 0) |
      ((flags & seen.finBack) !== 0 ? seen.finThere : 0) |
      ((flags & seen.dataThere) !== 0 ? seen.dataBack : 0) |
      ((flags & seen.dataBack) !== 0 ? seen.dataThere : 0);
    words[at + wFlags] = (flags & (seen.syn | seen.synAck | seen.reset)) | swapped;
  }

  function end(slot: number): void {
    const [at, base] = [slot * wordsPer, slot * countsPer];
    unlink(slot);
    live.delete(slot);
    free.push(slot);
    const kind = words[at + kKind]!;
    ended({
      number: words[at + wNumber]!,
      family: ((kind >>> 8) & 15) === 4 ? 4 : 6,
      protocol: kind & 255,
      note: kind >>> 16,
      client: words[at + wClient]!,
      server: words[at + wServer]!,
      clientPort: words[at + wPorts]! >>> 16,
      serverPort: words[at + wPorts]! & 0xffff,
      first: counts[base + cFirst]!,
      last: counts[base + cLast]!,
      packetsThere: counts[base + cPacketsThere]!,
      bytesThere: counts[base + cBytesThere]!,
      packetsBack: counts[base + cPacketsBack]!,
      bytesBack: counts[base + cBytesBack]!,
      flags: words[at + wFlags]!,
    });
  }

  function unlink(slot: number): void {
    const [bucket, next] = [words[slot * wordsPer + wHash]! & mask, words[slot * wordsPer + wNext]! | 0];
    if (buckets[bucket] === slot) {
      buckets[bucket] = next;
      return;
    }
    let before = buckets[bucket]!;
    while ((words[before * wordsPer + wNext]! | 0) !== slot) before = words[before * wordsPer + wNext]! | 0;
    words[before * wordsPer + wNext] = next >>> 0;
  }

  function grow(): void {
    capacity *= 2;
    const [widerWords, widerCounts] = [new Uint32Array(capacity * wordsPer), new Float64Array(capacity * countsPer)];
    widerWords.set(words);
    widerCounts.set(counts);
    [words, counts] = [widerWords, widerCounts];
    buckets = new Int32Array(capacity * 2).fill(-1);
    mask = buckets.length - 1;
    for (const slot of live) {
      const at = slot * wordsPer;
      const bucket = words[at + wHash]! & mask;
      words[at + wNext] = buckets[bucket]! >>> 0;
      buckets[bucket] = slot;
    }
  }

  return {
    add,
    endAll: () => [...live].forEach(end),
    sweep(now) {
      for (const slot of live) {
        const limit = (words[slot * wordsPer + kKind]! & 255) === tcp ? silence.tcp : silence.other;
        if (now - counts[slot * countsPer + cLast]! > limit) end(slot);
      }
    },
    open: () => live.size,
  };
}

// Requests and their answers, RFC 792, 4443, 4861; everything else goes one way, and its code stands for the other port (as Zeek has it).
const pairs4: Readonly<Record<number, number>> = { 8: 0, 0: 8, 13: 14, 14: 13, 15: 16, 16: 15, 17: 18, 18: 17, 10: 9, 9: 10 };
const pairs6: Readonly<Record<number, number>> = {
  128: 129,
  129: 128,
  133: 134,
  134: 133,
  135: 136,
  136: 135,
  130: 131,
  131: 130,
  139: 140,
  140: 139,
  144: 145,
  145: 144,
};

function icmpPorts({ protocol, icmpType }: Packet): { readonly near: number; readonly far: number } {
  return { near: icmpType, far: (protocol === icmp4 ? pairs4 : pairs6)[icmpType] ?? -1 };
}
