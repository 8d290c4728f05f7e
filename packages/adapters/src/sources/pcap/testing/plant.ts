import { type Bytes, classicCapture, ip, type Ports, type Stamped, tcp, udp, zeros } from "./packets.ts";

/** Messages of industrial protocols for tests, and the connections that carry them. */

const le16 = (value: number): Bytes => [value & 255, (value >>> 8) & 255];
const le32 = (value: number): Bytes => [...le16(value & 0xffff), ...le16(value >>> 16)];

export const modbusMessage = (code: number): Bytes => [0, 1, 0, 0, 0, 6, 1, code, 0, 0, 0, 1];

/** A frame of DNP3 with its sums; `first` is the transport's byte. */
export function dnp3Frame(code: number, first = 0xc0): Bytes {
  const head: Bytes = [0x05, 0x64, 8, 0xc4, 1, 0, 2, 0];
  return [...head, ...le16(crcOf(head)), first, 0xc0, code, 0, 0];
}

function crcOf(bytes: Bytes): number {
  const sum = bytes.reduce((all, byte) => Array.from({ length: 8 }).reduce<number>((one) => (one & 1 ? (one >>> 1) ^ 0xa6bc : one >>> 1), all ^ byte), 0);
  return ~sum & 0xffff;
}

export const cipRequest = (service: number, classId = 1, rest: Bytes = []): Bytes => [service, 2, 0x20, classId, 0x24, 1, ...rest];

/** Many services in one: their number, where each begins, they. */
export function cipMany(requests: readonly Bytes[]): Bytes {
  let at = 2 + requests.length * 2;
  const starts = requests.map((request) => {
    at += request.length;
    return at - request.length;
  });
  return cipRequest(0x0a, 2, [...le16(requests.length), ...starts.flatMap(le16), ...requests.flat()]);
}

/** A message of EtherNet/IP that carries CIP, connected. */
export function enipMessage(cip: Bytes): Bytes {
  const items = [...le32(0), ...le16(0), ...le16(2), ...le16(0xa1), ...le16(4), ...le32(7), ...le16(0xb1), ...le16(cip.length + 2), ...le16(1), ...cip];
  return [...le16(0x70), ...le16(items.length), ...zeros(20), ...items];
}

/** A job of S7comm, or with another kind a user message. */
export const s7Message = (code: number, kind = 1, protocol = 0x32): Bytes => [3, 0, 0, 19, 2, 0xf0, 0x80, protocol, kind, 0, 0, 0, 1, 0, 2, 0, 0, code, 0];

export const iec104Frame = (type: number, control = 0): Bytes => [0x68, 10, control, 0, 0, 0, type, 1, 6, 0, 1, 0];

/** A request of BACnet: its kind in the first four bits, then as the kind has it; `network` is what stands before it. */
export const bacnetMessage = (request: Bytes, network: Bytes = [1, 0]): Bytes => [0x81, 0x0a, 0, 4 + network.length + request.length, ...network, ...request];

const textBytes = (text: string): Bytes => [...text].map((char) => char.charCodeAt(0));

/** A chunk of OPC UA that asks for a service; `kind` is F for the last of a message, C for one before. */
export function opcuaChunk(service: number, { type = "MSG", kind = "F", more = 0 } = {}): Bytes {
  const body = [...zeros(16), 1, 0, ...le16(service), ...zeros(more)];
  return [...textBytes(type + kind), ...le32(8 + body.length), ...body];
}

/** The chunk that opens a channel under a policy. */
export function opcuaOpen(policy: string): Bytes {
  const uri = textBytes(policy);
  const body = [...zeros(4), ...le32(uri.length), ...uri, ...le32(0xffff_ffff), ...le32(0xffff_ffff), ...zeros(8), 1, 0, ...le16(446)];
  return [...textBytes("OPNF"), ...le32(8 + body.length), ...body];
}

const plc = "10.0.0.2";
const station = "10.0.0.1";

/** The segments of a stream from a station to a controller, one a second, each with its place in the stream. */
export function stream(ports: Ports, segments: readonly (readonly [sequence: number, body: Bytes])[], isFromServer = false): readonly Stamped[] {
  const [from, to] = isFromServer ? [plc, station] : [station, plc];
  return segments.map(([sequence, body], second) => {
    const head = tcp(ports, "PA", { sequence });
    return [second, ip({ from, to, protocol: 6 }, [...head, ...body])];
  });
}

/** One datagram from a station to a controller. */
export const datagram = (ports: Ports, body: Bytes): Stamped => [0, ip({ from: station, to: plc, protocol: 17 }, udp(ports, body))];

/** A cyclic message of CIP. */
export const cyclicMessage: Bytes = [...le16(2), ...le16(0x8002), ...le16(8), ...zeros(8), ...le16(0xb1), ...le16(2), 1, 2];

/** Captures of plants: a stream of each protocol in segments, and datagrams. */
export const plantCaptures: readonly Uint8Array[] = [
  classicCapture(
    [
      ...stream(
        [40_000, 502],
        [
          [0, modbusMessage(3).slice(0, 5)],
          [5, [...modbusMessage(3).slice(5), ...modbusMessage(16)]],
        ],
      ),
      ...stream([40_000, 20_000], [[0, [...dnp3Frame(1), ...dnp3Frame(4)]]]),
      ...stream(
        [40_000, 44_818],
        [
          [0, enipMessage(cipMany([cipRequest(3), cipRequest(4)]))],
          [90, enipMessage(cipRequest(0x52, 6, [5, 1, 6, 0, ...cipRequest(5)]))],
        ],
      ),
      ...stream(
        [40_000, 4840],
        [
          [60, opcuaChunk(673, { kind: "C" })],
          [0, opcuaOpen("http://opcfoundation.org/UA/SecurityPolicy#None").slice(0, 60)],
        ],
      ),
      ...stream([40_000, 102], [[0, [...s7Message(4), ...s7Message(0x29)]]]),
      ...stream([40_000, 2404], [[0, [...iec104Frame(100), ...iec104Frame(45)]]]),
      datagram([47_808, 47_808], bacnetMessage([0, 5, 1, 15])),
      datagram([47_808, 47_808], bacnetMessage([0x10, 8], [1, 0x28, 0, 1, 1, 9, 0, 2, 1, 8, 255])),
      datagram([20_000, 20_000], dnp3Frame(2)),
      datagram([2222, 2222], cyclicMessage),
      datagram([40_000, 44_818], enipMessage(cipRequest(0x10))),
    ],
    { linkType: 101 },
  ),
];
