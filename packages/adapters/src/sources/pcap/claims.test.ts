import { instantText } from "@bulkhead/core/base/instant";
import { ipText } from "@bulkhead/core/base/ip";
import { expect, test } from "vitest";
import { claimDecoder } from "./claims.ts";
import { be16, be32, type Bytes, classicCapture, ip, udp, zeros } from "./testing/packets.ts";

const [a, b]: readonly Bytes[] = [
  [2, 0, 0, 0, 0, 1],
  [2, 0, 0, 0, 0, 2],
] as const;
const [one, two]: readonly Bytes[] = [
  [10, 0, 0, 1],
  [10, 0, 0, 2],
] as const;

/** What is heard in frames, one a second: `used 02:00:00:00:00:01 10.0.0.1`. */
function heard(frames: readonly Bytes[], linkType = 1): readonly string[] {
  const told: string[] = [];
  const decoder = claimDecoder(
    { file: "file" },
    {
      claim: ({ how, mac, ip: address, until }) => void told.push(`${how} ${mac} ${ipText(address)}${until === null ? "" : ` until ${instantText(until)}`}`),
      name: ({ mac, ip: address, name }) => void told.push(`${mac} is ${name}${address === null ? "" : ` at ${ipText(address)}`}`),
      heard: () => {},
    },
  );
  const capture = classicCapture(
    frames.map((frame, second) => [second, frame]),
    { linkType },
  );
  for (const at of [0, 100]) for (const _ of decoder.push(capture.slice(at, at + 100))) told.push("reject");
  for (const _ of decoder.push(capture.slice(200))) told.push("reject");
  for (const _ of decoder.end()) told.push("reject");
  return told;
}

const frame = (type: number, body: Bytes, source = a!): Bytes => [255, 255, 255, 255, 255, 255, ...source, ...be16(type), ...body];
const arp = (operation: number, sender: Bytes, target: Bytes, mac = a!): Bytes => [
  0,
  1,
  8,
  0,
  6,
  4,
  ...be16(operation),
  ...mac,
  ...sender,
  ...zeros(6),
  ...target,
];

test("ARP tells who uses, announces and answers for an address; a probe tells nothing", () => {
  expect(
    heard([frame(0x0806, arp(1, one!, two!)), frame(0x0806, arp(1, one!, one!)), frame(0x0806, arp(2, two!, one!, b)), frame(0x0806, arp(1, zeros(4), two!))]),
  ).toEqual(["used 02:00:00:00:00:01 10.0.0.1", "announced 02:00:00:00:00:01 10.0.0.1", "answered 02:00:00:00:00:02 10.0.0.2"]);
});

test("ARP is heard behind VLAN tags and in cooked captures", () => {
  const tagged = [...frame(0x8100, [0, 7, 8, 6, ...arp(1, one!, two!)])];
  expect(heard([tagged])).toEqual(["used 02:00:00:00:00:01 10.0.0.1"]);
  expect(heard([[...zeros(14), 8, 6, ...arp(1, one!, two!)]], 113)).toEqual(["used 02:00:00:00:00:01 10.0.0.1"]);
});

test("neighbour discovery tells the same in version 6", () => {
  const [from, to] = ["fe80::1", "ff02::1"];
  const target = [0xfe, 0x80, ...zeros(13), 9];
  const discovery = (type: number, flags: number, option: number): Bytes =>
    frame(0x86dd, ip({ from, to, protocol: 58 }, [type, 0, 0, 0, flags, 0, 0, 0, ...target, option, 1, ...a!]));
  expect(heard([discovery(135, 0, 1), discovery(136, 0x20, 2), discovery(136, 0x60, 2), discovery(136, 0x20, 1)])).toEqual([
    "used 02:00:00:00:00:01 fe80::1",
    "announced 02:00:00:00:00:01 fe80::9",
    "answered 02:00:00:00:00:01 fe80::9",
  ]);
});

function dhcp(type: number, { held = zeros(4), given = zeros(4), options = [] as Bytes } = {}): Bytes {
  const head = [2, 1, 6, 0, ...zeros(8), ...held, ...given, ...zeros(8), ...a!, ...zeros(10), ...zeros(192), ...be32(0x63825363)];
  return frame(0x0800, ip({ from: "10.0.0.254", to: "255.255.255.255", protocol: 17 }, udp([67, 68], [...head, 53, 1, type, 0, ...options, 255])));
}

test("DHCP tells what a server gave and for how long, what was given back, and what a device calls itself", () => {
  expect(
    heard([dhcp(5, { given: one!, options: [51, 4, ...be32(3600)] }), dhcp(7, { held: one! }), dhcp(3, { options: [12, 5, 0x68, 0x6d, 0x69, 0x2d, 0x31] })]),
  ).toEqual(["leased 02:00:00:00:00:01 10.0.0.1 until 2001-09-09T02:46:40Z", "released 02:00:00:00:00:01 10.0.0.1", "02:00:00:00:00:01 is hmi-1"]);
  expect(heard([dhcp(5, { given: one! }), dhcp(2, { given: one!, options: [51, 4, ...be32(3600)] })]), "an answer without a lease, and an offer").toEqual([]);
  expect(heard([dhcp(3, { options: [12, 4, 0x1b, 0x5b, 0x32, 0x4a] })]), "a name that speaks to terminals").toEqual([]);
});

test("LLDP tells a switch's name and its own address", () => {
  const part = (type: number, body: Bytes): Bytes => [...be16((type << 9) | body.length), ...body];
  const name = [0x6c, 0x65, 0x66, 0x74];
  const all = [...part(1, [4, ...a!]), ...part(5, name), ...part(8, [5, 1, ...one!, 2, 0, 0, 0, 1, 0]), ...part(0, [])];
  expect(heard([frame(0x88cc, all)])).toEqual(["02:00:00:00:00:01 is left at 10.0.0.1"]);
  for (let length = 0; length < all.length; length += 1) heard([frame(0x88cc, all.slice(0, length))]);
});
