import type { Packet } from "./packet.ts";

interface Datagram {
  first: Packet | null;
  /** Which tunnels it came out of, and whether it is one: its first fragment has the ports that tell. */
  note: number;
  payload: number;
  /** The payload of the whole datagram; -1 until its last fragment was seen. */
  total: number;
  headerBytes: number;
  readonly at: number;
}

// RFC 8200 §4.5 gives up after 60 seconds; the 16 bits of IPv4's number come again soon.
const patience = 60_000_000;

/** Fragments are one packet of their datagram, as Zeek counts them: one header, all the payload. */
export interface Fragments {
  /** Takes a fragment; `given` gets the whole datagram as a packet when it is complete. */
  readonly add: (packet: Packet, note: number) => void;
  /** Gives the datagrams that never became whole, as far as they were seen. */
  readonly end: () => void;
  /** How many datagrams are not counted, because the fragment that names their ports never came. */
  readonly lost: () => number;
}

/** Beyond `datagramsMax` the oldest is given as far as it was seen. */
export function fragments(given: (packet: Packet, note: number) => void, datagramsMax = 16_384): Fragments {
  const datagrams = new Map<string, Datagram>();
  let lost = 0;

  function giveUp(key: string, { first, headerBytes, payload, note }: Datagram): void {
    datagrams.delete(key);
    if (first === null) lost += 1;
    else given({ ...first, ipBytes: headerBytes + payload, fragmentOffset: -1 }, note);
  }

  function datagramOf(key: string, packet: Packet): Datagram {
    const known = datagrams.get(key);
    if (known !== undefined && packet.at - known.at <= patience) return known;
    if (known !== undefined) giveUp(key, known);
    const [oldest] = datagrams.size >= datagramsMax ? datagrams : [];
    if (oldest !== undefined) giveUp(...oldest);
    const begun = { first: null, note: 0, payload: 0, total: -1, headerBytes: packet.ipHeaderBytes, at: packet.at };
    datagrams.set(key, begun);
    return begun;
  }

  return {
    add(packet, note) {
      const key = `${packet.family}:${packet.source}:${packet.destination}:${packet.protocol}:${packet.fragmentId}`;
      const datagram = datagramOf(key, packet);
      const payload = packet.ipBytes - packet.ipHeaderBytes;
      datagram.payload += payload;
      if (packet.fragmentOffset === 0) {
        // The bytes of the chunk are gone by the time the datagram is whole; ports and flags are read by now.
        datagram.first = { ...packet, bytes: new Uint8Array(0), at: datagram.at };
        datagram.headerBytes = packet.ipHeaderBytes;
        datagram.note = note;
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
