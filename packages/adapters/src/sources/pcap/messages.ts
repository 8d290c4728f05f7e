import type { FunctionUse, IndustrialFunction } from "@bulkhead/core/model/function-use";
import { bacnetPort, readBacnet } from "./messages/bacnet.ts";
import { dnp3Framing, isDnp3 } from "./messages/dnp3.ts";
import { cyclicPort, enipFraming, enipPort, readCyclic } from "./messages/enip.ts";
import type { Framing, Stretch, Way } from "./messages/framing.ts";
import { iec104Framing, iec104Port } from "./messages/iec104.ts";
import { modbusFraming, modbusPort } from "./messages/modbus.ts";
import { isOpcua, opcuaFraming, opcuaPort } from "./messages/opcua.ts";
import { s7Framing, s7Port } from "./messages/s7.ts";
import { type Packet, tcp, udp } from "./packet.ts";
import { type Stream, streamOf } from "./streams.ts";

/** Reads messages of industrial protocols from the packets of a capture. */
export interface MessageReader {
  /** Looks at a packet that came out of all its tunnels. */
  readonly see: (packet: Packet) => void;
  /** What was asked in the whole capture. */
  readonly uses: () => readonly FunctionUse[];
  /** How many messages of further pairs found no room. */
  readonly beyond: () => number;
}

interface Talk {
  readonly client: string;
  readonly server: string;
  readonly way: Way;
  readonly stream: Stream | null;
  /** When the packet was captured that is being read. */
  at: number;
}

// A plant has some thousand connections at a time; each may hold 80 KiB of a message that is not whole yet.
const talksMax = 2048;

export function messageReader(textOf: (family: 4 | 6, address: number) => string): MessageReader {
  const talks = new Map<string, Talk>();
  const { note, all, beyond } = useSums();

  function seeDatagram(packet: Packet): void {
    const payload = payloadOf(packet);
    const talk = talkOf(packet, null, textOf);
    const asked = (one: IndustrialFunction, isFromServer = false): void => note(talk, "udp", one, isFromServer);
    if (packet.destinationPort === cyclicPort) readCyclic(payload, asked);
    else if (packet.destinationPort === bacnetPort) readBacnet(payload, asked);
    else if (packet.destinationPort === enipPort && isWhole(enipFraming, payload)) enipFraming.read(payload, talk.way, asked);
    else if (isDnp3(payload)) dnp3Framing.read(payload, talk.way, asked);
  }

  function seeSegment(packet: Packet): void {
    const payload = payloadOf(packet);
    const key = `${packet.family} ${packet.source} ${packet.sourcePort} ${packet.destination} ${packet.destinationPort}`;
    if ((packet.tcpFlags & syn) !== 0) talks.delete(key);
    let talk = talks.get(key);
    if (talk === undefined) {
      const framing = packet.payload > 0 ? framingOf(packet, payload) : null;
      if (framing === null) return;
      if (talks.size >= talksMax) endOldest();
      talk = begun(packet, framing);
      talks.set(key, talk);
    }
    talk.at = packet.at;
    if (packet.payload > 0) talk.stream?.take(packet.sequence, payload, Math.max(0, packet.payload - (payload.end - payload.at)));
  }

  function begun(packet: Packet, framing: Framing): Talk {
    const talk: Talk = talkOf(
      packet,
      streamOf(framing, (message) => framing.read(message, talk.way, (asked, isFromServer = false) => note(talk, "tcp", asked, isFromServer)), packet.sequence),
      textOf,
    );
    return talk;
  }

  function endOldest(): void {
    const [oldest] = talks;
    if (oldest === undefined) return;
    talks.delete(oldest[0]);
    oldest[1].stream?.end();
  }

  return {
    see(packet) {
      if (packet.protocol === tcp) seeSegment(packet);
      else if (packet.protocol === udp) seeDatagram(packet);
    },
    uses() {
      while (talks.size > 0) endOldest();
      return all();
    },
    beyond,
  };
}

interface UseSums {
  // Four plain parameters: every message of a capture comes by.
  readonly note: (talk: Talk, protocol: "tcp" | "udp", asked: IndustrialFunction, isFromServer: boolean) => void;
  readonly all: () => readonly FunctionUse[];
  /** How many messages found no room. */
  readonly beyond: () => number;
}

// As many as pairSums keeps; a plant has thousands.
const usesMax = 1 << 18;

/** The uses of a whole capture, summed. */
function useSums(): UseSums {
  const uses = new Map<string, FunctionUse>();
  let beyond = 0;
  return {
    note({ client: source, server: destination, way, at }, protocol, asked, isFromServer) {
      const [client, server, serverPort] = isFromServer ? [destination, source, way.sourcePort] : [source, destination, way.destinationPort];
      const key = [client, server, protocol, serverPort, asked.function].join(" ");
      const known = uses.get(key);
      if (known !== undefined)
        uses.set(key, { ...known, messages: known.messages + 1, first: Math.min(known.first ?? at, at), last: Math.max(known.last ?? at, at) });
      else if (uses.size < usesMax) uses.set(key, { ...asked, source: "pcap", client, server, protocol, serverPort, messages: 1, first: at, last: at });
      else beyond += 1;
    },
    all: () => [...uses.values()],
    beyond: () => beyond,
  };
}

const syn = 2;

function payloadOf({ bytes, transport, end, protocol }: Packet): Stretch {
  const header = protocol === udp ? 8 : transport + 13 <= end ? (bytes[transport + 12]! >> 4) * 4 : 20;
  return { bytes, at: Math.min(end, transport + header), end };
}

function isWhole(framing: Framing, message: Stretch): boolean {
  return message.end - message.at >= framing.headBytes && framing.lengthOf(message) >= framing.headBytes;
}

function talkOf(packet: Packet, stream: Stream | null, textOf: (family: 4 | 6, address: number) => string): Talk {
  const { sourcePort, destinationPort } = packet;
  const family = packet.family === 4 ? 4 : 6;
  const way = { sourcePort, destinationPort, isClient: false, isSealed: false, isInside: false };
  return { client: textOf(family, packet.source), server: textOf(family, packet.destination), way, stream, at: packet.at };
}

/** What a connection speaks: by a look that nothing else has, or by its port where the look is not enough. */
function framingOf({ sourcePort, destinationPort }: Packet, payload: Stretch): Framing | null {
  if (isDnp3(payload)) return dnp3Framing;
  if (isOpcua(payload)) return opcuaFraming;
  return byPort[destinationPort] ?? byPort[sourcePort] ?? null;
}

const byPort: Readonly<Record<number, Framing>> = {
  [modbusPort]: modbusFraming,
  [enipPort]: enipFraming,
  [opcuaPort]: opcuaFraming,
  [s7Port]: s7Framing,
  [iec104Port]: iec104Framing,
};
