import { icmp4, icmp6, type Packet } from "./packet.ts";

/** What the packets of a conversation have in common, whichever way they go; one object is used again for every packet. */
export interface ConversationKey {
  /** The lower end and the higher end, by address, then by port. */
  a: number;
  b: number;
  /** Both ports in one word, a's in the upper half. */
  ports: number;
  /** Protocol, family, whether it goes one way, and the note, in one word. */
  kind: number;
  hash: number;
  /** As the packet has them; ICMP types stand for ports. */
  sourcePort: number;
  destinationPort: number;
}

export const emptyKey = (): ConversationKey => ({ a: 0, b: 0, ports: 0, kind: 0, hash: 0, sourcePort: 0, destinationPort: 0 });

export const protocolOfKind = (kind: number): number => kind & 255;
export const familyOfKind = (kind: number): 4 | 6 => (((kind >>> 8) & 15) === 4 ? 4 : 6);
export const noteOfKind = (kind: number): number => kind >>> 16;

/** Sets `key` to the packet's. */
export function setKey(key: ConversationKey, packet: Packet, note: number): void {
  const { source, destination, protocol } = packet;
  let { sourcePort, destinationPort } = packet;
  let isOneWay = false;
  if (protocol === icmp4 || protocol === icmp6) {
    const answer = answerOf(protocol, packet.icmpType);
    isOneWay = answer < 0;
    sourcePort = packet.icmpType;
    destinationPort = isOneWay ? packet.icmpCode : answer;
  }
  const isForward = isOneWay || source < destination || (source === destination && sourcePort <= destinationPort);
  key.a = isForward ? source : destination;
  key.b = isForward ? destination : source;
  key.ports = isForward ? (sourcePort << 16) | destinationPort : (destinationPort << 16) | sourcePort;
  key.kind = protocol | (packet.family << 8) | (isOneWay ? 1 << 12 : 0) | (note << 16);
  key.sourcePort = sourcePort;
  key.destinationPort = destinationPort;
  const mixed = Math.imul(key.a ^ Math.imul(key.b, 0x9e3779b1), 0x85ebca6b) ^ Math.imul(key.ports ^ key.kind, 0xc2b2ae35);
  key.hash = mixed ^ (mixed >>> 15);
}

// Requests and their answers, RFC 792, 4443, 4861; everything else goes one way, and its code stands for the other port (as Zeek has it).
const pairs4 = pairsOf([8, 0], [13, 14], [15, 16], [17, 18], [10, 9]);
const pairs6 = pairsOf([128, 129], [133, 134], [135, 136], [130, 131], [139, 140], [144, 145]);

function pairsOf(...pairs: readonly (readonly [number, number])[]): Int16Array {
  const answers = new Int16Array(256).fill(-1);
  for (const [request, answer] of pairs) {
    answers[request] = answer;
    answers[answer] = request;
  }
  return answers;
}

/** The ICMP type that answers this one, or -1. */
const answerOf = (protocol: number, type: number): number => (protocol === icmp4 ? pairs4 : pairs6)[type]!;
