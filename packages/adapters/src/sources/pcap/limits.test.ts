import { expect, test } from "vitest";
import { conversations } from "./conversations.ts";
import { fragments } from "./fragments.ts";
import { notes } from "./notes.ts";
import { emptyPacket, type Packet } from "./packet.ts";
import { v6Ids } from "./v6-ids.ts";

const packetOf = (known: Partial<Packet>): Packet => ({ ...emptyPacket(), family: 4, protocol: 17, ipBytes: 28, ipHeaderBytes: 20, ...known });

test("beyond the limit of open conversations the oldest ends early, and is counted", () => {
  const ended: number[] = [];
  const table = conversations(({ number }) => ended.push(number), 3);
  for (const sourcePort of [1, 2, 3, 1, 4, 5]) table.add(packetOf({ sourcePort }), 0);
  expect(ended).toEqual([1, 2]);
  expect(table.early()).toBe(2);
  while (table.endOne());
  expect(ended).toEqual([1, 2, 3, 4, 5]);
});

test("conversations are found again after the table has grown and slots were used twice", () => {
  const sizes = new Map<number, number>();
  const table = conversations(({ packetsThere }) => sizes.set(packetsThere, (sizes.get(packetsThere) ?? 0) + 1));
  for (const seconds of [0, 50, 100])
    for (let at = seconds === 50 ? 5000 : 0; at < 20_000; at += 1) table.add(packetOf({ source: at, sourcePort: at & 0xffff, at: seconds * 1_000_000 }), 0);
  while (table.endOne());
  // The first five thousand were silent for a hundred seconds.
  expect([...sizes].sort()).toEqual([
    [1, 10_000],
    [3, 15_000],
  ]);
});

test("no jump of the clock makes a packet cost more than its share", () => {
  const table = conversations(() => {});
  for (let at = 0; at < 50_000; at += 1) table.add(packetOf({ source: at, protocol: 6, at: at % 2 === 0 ? 0 : 40_000_000 }), 0);
  while (table.endOne());
  expect(table.early()).toBe(0);
});

test("IPv6 addresses beyond the limit are `::`, never another's, and are counted", () => {
  const ids = v6Ids(2);
  const bytes = (last: number): Uint8Array => Uint8Array.from([0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last]);
  expect(ids.idOf(new Uint8Array(16), 0)).toBe(0);
  expect([1, 2, 1, 3, 2, 4].map((last) => ids.idOf(bytes(last), 0))).toEqual([1, 2, 1, 0, 2, 0]);
  expect(ids.textOf(0)).toBe("0:0:0:0:0:0:0:0");
  expect(ids.textOf(2)).toBe("2001:db8:0:0:0:0:0:2");
  expect(ids.beyond()).toBe(2);
});

test("every one of many IPv6 addresses has an id of its own", () => {
  const ids = v6Ids();
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  const idAt = (number: number): number => {
    view.setUint32(number % 4 === 0 ? 0 : 12, number + 1);
    return ids.idOf(bytes, 0);
  };
  const once = Array.from({ length: 10_000 }, (_, at) => idAt(at));
  expect(new Set(once).size).toBe(10_000);
});

test("beyond the limit of notes all the rest share one", () => {
  const few = notes(3);
  expect(["GRE", "VXLAN", "MPLS", "GRE", "PPPoE"].map((layer) => few.textOf(few.idOf([layer], null)))).toEqual([
    "GRE inner",
    "VXLAN inner",
    "several tunnels inner",
    "GRE inner",
    "several tunnels inner",
  ]);
  expect(few.textOf(0)).toBeNull();
  expect(few.textOf(few.idOf([], "GRE"))).toBe("several tunnels inner");
});

test("beyond the limit of datagrams in fragments the oldest counts as far as it was seen", () => {
  const given: number[] = [];
  const pieces = fragments(({ fragmentId, ipBytes }) => given.push(fragmentId, ipBytes), 2);
  const piece = (fragmentId: number, fragmentOffset: number): Packet => packetOf({ fragmentId, fragmentOffset, hasMoreFragments: true, ipBytes: 820 });
  for (const packet of [piece(1, 0), piece(2, 800), piece(1, 800), piece(3, 0), piece(4, 0)]) pieces.add(packet, []);
  expect(given).toEqual([1, 1620]);
  expect(pieces.lost()).toBe(1);
  pieces.end();
  expect(given).toEqual([1, 1620, 3, 820, 4, 820]);
});

test("a number that comes again after a minute is another datagram, and a tunnel's note stays with it", () => {
  const given: (readonly [number, readonly string[]])[] = [];
  const pieces = fragments(({ ipBytes }, layers) => given.push([ipBytes, layers]));
  pieces.add(packetOf({ fragmentOffset: 0, hasMoreFragments: true, ipBytes: 820, at: 0 }), ["GRE"]);
  pieces.add(packetOf({ fragmentOffset: 800, hasMoreFragments: false, ipBytes: 820, at: 61_000_000 }), []);
  expect(given).toEqual([[820, ["GRE"]]]);
  pieces.add(packetOf({ fragmentOffset: 0, hasMoreFragments: true, ipBytes: 820, at: 62_000_000 }), ["GRE"]);
  expect(given).toEqual([
    [820, ["GRE"]],
    [1620, ["GRE"]],
  ]);
});
