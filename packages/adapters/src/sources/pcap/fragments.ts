import type { Packet } from "./packet.ts";

interface Datagram {
  first: Packet | null;
  /** Which tunnels it came out of. */
  layers: readonly string[];
  payload: number;
  /** The payload of the whole datagram; -1 until its last fragment was seen. */
  total: number;
  headerBytes: number;
  readonly at: number;
}

// What is kept of a first fragment: enough for the headers of a tunnel and of what it carries.
const keptMax = 512;

// RFC 8200 §4.5 gives up after 60 seconds; the 16 bits of IPv4's number come again soon.
const patience = 60_000_000;

/** Fragments are one packet of their datagram, as Zeek counts them: one header, all the payload. */
export interface Fragments {
  /** Takes a fragment; `given` gets the whole datagram as a packet when it is complete. */
  readonly add: (packet: Packet, layers: readonly string[]) => void;
  /** Gives the datagrams that never became whole, as far as they were seen. */
  readonly end: () => void;
  /** How many datagrams are not counted, because the fragment that names their ports never came. */
  readonly lost: () => number;
}

/** Beyond `datagramsMax` the oldest is given as far as it was seen. */
export function fragments(given: (packet: Packet, layers: readonly string[]) => void, datagramsMax = 16_384): Fragments {
  const datagrams = new Map<string, Datagram>();
  let lost = 0;

  function giveUp(key: string, { first, headerBytes, payload, layers }: Datagram): void {
    datagrams.delete(key);
    if (first === null) lost += 1;
    else given({ ...first, ipBytes: headerBytes + payload, fragmentOffset: -1 }, layers);
  }

  function datagramOf(key: string, packet: Packet): Datagram {
    const known = datagrams.get(key);
    if (known !== undefined && packet.at - known.at <= patience) return known;
    if (known !== undefined) giveUp(key, known);
    const [oldest] = datagrams.size >= datagramsMax ? datagrams : [];
    if (oldest !== undefined) giveUp(...oldest);
    const begun = { first: null, layers: [], payload: 0, total: -1, headerBytes: packet.ipHeaderBytes, at: packet.at };
    datagrams.set(key, begun);
    return begun;
  }

  return {
    add(packet, layers) {
      // A datagram that is given meanwhile has layers of its own, in the same list.
      const around = [...layers];
      const key = `${packet.family}:${packet.source}:${packet.destination}:${packet.protocol}:${packet.fragmentId}`;
      const datagram = datagramOf(key, packet);
      const payload = packet.ipBytes - packet.ipHeaderBytes;
      datagram.payload += payload;
      if (packet.fragmentOffset === 0) {
        datagram.first = { ...withOwnBytes(packet), at: datagram.at };
        datagram.headerBytes = packet.ipHeaderBytes;
        datagram.layers = around;
      }
      if (!packet.hasMoreFragments) datagram.total = packet.fragmentOffset + payload;
      if (datagram.total >= 0 && datagram.payload >= datagram.total && datagram.first !== null) giveUp(key, datagram);
    },
    end() {
      for (const [key, datagram] of datagrams) giveUp(key, datagram);
    },
    lost: () => lost,
  };
}

/** The packet with a copy of its first bytes: those of the chunk are gone by the time the datagram is whole. */
function withOwnBytes(packet: Packet): Packet {
  const bytes = packet.bytes.slice(packet.start, Math.min(packet.end, packet.start + keptMax));
  return { ...packet, bytes, start: 0, end: bytes.length, transport: packet.transport - packet.start };
}
