import { be32, counters, datagram, discarded, ethernet, expandedSample, flowSample, four, rawHeader, record, tcpPacket, text } from "./datagrams.ts";

const syn = rawHeader(ethernet(tcpPacket("10.0.0.7", "10.0.0.9", [40_123, 443], 2), [0x8100]));
const reply = rawHeader(tcpPacket("10.0.0.9", "10.0.0.7", [443, 40_123], 0x18), 11);
/** A header that the agent has read itself: length, protocol, addresses, ports, flags, type of service. */
export const readByAgent = record(3, [
  ...be32(90),
  ...be32(17),
  ...four("10.0.0.7"),
  ...four("10.0.0.9"),
  ...be32(50_000),
  ...be32(40_123),
  ...be32(0),
  ...be32(0),
]);
export const users = record(1004, [...be32(3), ...text("mary"), ...be32(3), ...text("")]);
export const translation = record(1007, [...be32(1), ...four("192.0.2.1"), ...be32(1), ...four("10.0.0.9")]);

const tunnelled = rawHeader(
  [
    0x45,
    0,
    5,
    0,
    0,
    0,
    0,
    0,
    64,
    17,
    0,
    0,
    192,
    0,
    2,
    1,
    192,
    0,
    2,
    2,
    195,
    80,
    18,
    181,
    0,
    0,
    0,
    0,
    8,
    0,
    0,
    0,
    0,
    0,
    7,
    0,
    ...ethernet(tcpPacket("10.0.0.7", "10.0.0.9", [40_123, 443], 2)),
  ],
  11,
);

/** One of each variant that is read. */
export const sflowSamples: readonly Uint8Array[] = [
  datagram([flowSample([syn, users]), flowSample([tunnelled]), counters, expandedSample([reply, translation])]),
  Uint8Array.from([...datagram([flowSample([readByAgent], { rate: 1 })], 7), ...datagram([discarded([syn], 258), discarded([syn], 257)], 9)]),
];
