import {
  be16,
  be32,
  be64,
  type Bytes,
  exported,
  four,
  joined,
  message1,
  message10,
  message5,
  message9,
  options10,
  options9,
  set,
  template10,
  template9,
  text,
  uptime,
  varying,
} from "./messages.ts";

const flow = { from: "10.0.0.7", to: "10.0.0.9", ports: [40_123, 443] } as const;
const six = (last: number): Bytes => [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last];

/** The usual template of version 9, and a record of it. */
export const usual9 = "8:4 12:4 7:2 11:2 4:1 6:1 1:4 2:4 22:4 21:4";
export const record9 = (from: string, to: string, ports: readonly [number, number]): Bytes => [
  ...four(from),
  ...four(to),
  ...be16(ports[0]),
  ...be16(ports[1]),
  6,
  27,
  ...be32(840),
  ...be32(10),
  ...be32(uptime - 5e3),
  ...be32(uptime - 1e3),
];

/** What an ASA sends of a connection that it denied. */
export const asaFields = "8:4 7:2 12:4 11:2 4:1 176:1 177:1 225:4 226:4 227:2 228:2 233:1 33002:2 323:8 33000:12 33001:12 40000:20";
export const asaDenied: Bytes = [
  ...four("10.0.0.7"),
  ...be16(40123),
  ...four("10.0.0.9"),
  ...be16(443),
  6,
  0,
  0,
  ...four("192.0.2.1"),
  ...four("10.0.0.9"),
  ...be16(1024),
  ...be16(443),
  3,
  ...be16(1001),
  ...be64(exported * 1e3 - 2e3),
  ...be32(0x8ed66b60),
  ...be32(0xf8852875),
  ...be32(0),
  ...be32(0),
  ...be32(0),
  ...be32(0),
  ...text("mary", 20),
];

export const biflowFields = "8:4 12:4 7:2 11:2 4:1 152:8 153:8 1:8 2:8 29305/1:8 29305/2:8 95:v";
export const biflow = (from: string, to: string, ports: readonly [number, number]): Bytes => [
  ...four(from),
  ...four(to),
  ...be16(ports[0]),
  ...be16(ports[1]),
  6,
  ...be64(exported * 1e3 - 5e3),
  ...be64(exported * 1e3 - 1e3),
  ...be64(840),
  ...be64(10),
  ...be64(4e3),
  ...be64(9),
  ...varying(text("https", 5)),
];

export const antreaFields = "8:4 12:4 7:2 11:2 4:1 150:4 151:4 1:8 2:8 56506/101:v 56506/100:v 56506/103:v 56506/102:v 56506/110:v 56506/139:1 56506/140:1";
export const antrea: Bytes = [
  ...four("10.0.0.7"),
  ...four("10.0.0.9"),
  ...be16(40_123),
  ...be16(443),
  6,
  ...be32(exported - 5),
  ...be32(exported - 1),
  ...be64(840),
  ...be64(10),
  ...["web-1", "shop", "api-1", "shop", "only-web"].flatMap((name) => varying(text(name, name.length))),
  2,
  1,
];

/** One of each variant that is read. */
export const netflowSamples: readonly Uint8Array[] = [
  message5([flow, { ...flow, flags: 2 }, { from: "10.0.0.9", to: "10.0.0.7", ports: [53, 40_123], protocol: 17 }, { ...flow, ports: [0, 2048], protocol: 1 }]),
  joined(message1([flow]), message5([flow], { sequence: 9, sampling: 0x4064 })),
  joined(
    message9([template9(256, usual9), set(256, [...record9("10.0.0.7", "10.0.0.9", [40_123, 443]), 0, 0])]),
    message9([template9(257, asaFields), set(257, asaDenied)], { sequence: 2 }),
    message9([options9(258, "1:4", "34:4 35:1"), set(258, [...be32(0), ...be32(100), 2]), set(256, record9("10.0.0.9", "10.0.0.7", [443, 40_123]))], {
      sequence: 5,
    }),
  ),
];

export const ipfixSamples: readonly Uint8Array[] = [
  joined(
    message10([template10(256, biflowFields), set(256, biflow("10.0.0.7", "10.0.0.9", [40_123, 443]))]),
    message10([template10(257, antreaFields), set(257, antrea), set(256, biflow("10.0.0.8", "10.0.0.9", [40_123, 8443]))], { sequence: 1 }),
  ),
  message10([
    options10(300, "149:4", "34:4 305:4 306:4"),
    set(300, [...be32(0), ...be32(16), ...be32(1), ...be32(15)]),
    template10(301, "27:16 28:16 7:2 11:2 4:1 6:2 1:4 2:3 156:8 157:8 136:1"),
    set(301, [
      ...six(7),
      ...six(9),
      ...be16(40123),
      ...be16(443),
      6,
      ...be16(2),
      ...be32(840),
      0,
      0,
      10,
      ...be32(exported + 0x83aa7e80 - 5),
      ...be32(2 ** 31),
      ...be32(exported + 0x83aa7e80),
      ...be32(0),
      1,
    ]),
  ]),
  message10([
    template10(302, "315:v 323:8"),
    set(302, [
      ...varying([
        ...Array<number>(12).fill(2),
        8,
        0,
        0x45,
        0,
        ...be16(60),
        0,
        0,
        0x40,
        0,
        64,
        6,
        0,
        0,
        ...four("10.0.0.7"),
        ...four("10.0.0.9"),
        ...be16(40_123),
        ...be16(443),
        ...be32(1),
        ...be32(0),
        0xa0,
        2,
      ]),
      ...be64(exported * 1000),
    ]),
    template10(303, "8:4 12:4 4:1 231:8 232:8 298:4 299:4 352:8"),
    set(303, [...four("10.0.0.7"), ...four("10.0.0.9"), 132, ...be64(500), ...be64(700), ...be32(5), ...be32(7), ...be64(900)]),
  ]),
  message10([
    template10(300, "184:4 6871/14:1 6871/15:1"),
    template10(304, "8:4 12:4 7:2 11:2 4:1 85:4 293:v"),
    set(304, [
      ...four("10.0.0.7"),
      ...four("10.0.0.9"),
      ...be16(50_000),
      ...be16(40_123),
      6,
      ...be32(60),
      ...varying([3, ...be16(300), ...be16(10), ...be32(7), 2, 0x1a]),
    ]),
  ]),
];
