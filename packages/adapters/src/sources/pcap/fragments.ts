import { type Packet } from "./packet.ts";

interface Datagram {
  first: Packet | null;
  payload: number;
  /** The payload of the whole datagram; -1 until its last fragment was seen. */
  total: number;
  headerBytes: number;
  at: number;
}

const datagramsMax = 16_384;

/** Fragments are one packet of their datagram, as Zeek counts them: one header, all the payload. */
export interface Fragments {
  /** Takes a fragment; the whole datagram as a packet when it is complete, else null. */
  readonly add: (packet: Packet) => Packet | null;
  /** The datagrams that never became whole, as far as they were seen. */
  readonly rest: () => readonly Packet[];
}

export function fragments(): Fragments {
  const datagrams = new Map<string, Datagram>();
  const whole = (datagram: Datagram): Packet | null =>
    datagram.first === null ? null : { ...datagram.first, ipBytes: datagram.headerBytes + datagram.payload, fragmentOffset: -1 };
  return {
    add(packet) {
      const key = `${packet.family}:${packet.source}:${packet.destination}:${packet.protocol}:${packet.fragmentId}`;
      const known = datagrams.get(key) ?? { first: null, payload: 0, total: -1, headerBytes: packet.ipHeaderBytes, at: packet.at };
      if (datagrams.size >= datagramsMax) datagrams.delete(datagrams.keys().next().value ?? "");
      datagrams.set(key, known);
      const payload = packet.ipBytes - packet.ipHeaderBytes;
      known.payload += payload;
      if (packet.fragmentOffset === 0) {
        // The bytes of the chunk are gone by the time the datagram is whole; ports and flags are read by now.
        known.first = { ...packet, bytes: new Uint8Array(0), at: known.at };
        known.headerBytes = packet.ipHeaderBytes;
      }
      if (!packet.hasMoreFragments) known.total = packet.fragmentOffset + payload;
      if (known.total < 0 || known.payload < known.total || known.first === null) return null;
      datagrams.delete(key);
      return whole(known);
    },
    rest: () => [...datagrams.values()].flatMap((datagram) => whole(datagram) ?? []),
  };
}
