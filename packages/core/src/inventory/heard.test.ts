import { expect, test } from "vitest";
import { hour, instantText, minute, second } from "../base/instant.ts";
import { ipOf, ipText } from "../base/ip.ts";
import type { Claim } from "./claim.ts";
import { contestedAddresses } from "./contested.ts";
import { hearing } from "./heard.ts";
import { lonelyAddresses } from "./lonely.ts";

type Said = readonly [minutes: number, device: string, how: Claim["how"], address: string, until?: number];

const mac = (device: string): string => `02:00:00:00:00:${device.charCodeAt(0).toString(16)}`;
const device = (id: string): string => String.fromCharCode(Number.parseInt(id.slice(-2), 16));

/** What is known of devices a, b, c … after what was heard: `a 10.0.0.1 5-60`, in minutes. */
function known(said: readonly Said[], ended = 60, holdingsMax?: number) {
  const heard = hearing(holdingsMax);
  for (const [at, who, how, address, until] of said)
    heard.claim({ at: at * minute, mac: mac(who), how, ip: ipOf(address)!, until: until === undefined ? null : until * minute });
  const sightings = heard.sightings(ended * minute);
  const minutes = (at: number | null): number => Math.round((at ?? 0) / minute);
  return {
    heard,
    sightings,
    leases: sightings.flatMap(({ id, leases }) => leases.map(({ ip, from, until }) => `${device(id)} ${ipText(ip)} ${minutes(from)}-${minutes(until)}`)),
    contested: contestedAddresses(sightings).map(
      ({ address, from, until, holders }) => `${address} ${holders.map(device).join("")} ${minutes(from)}-${minutes(until)}`,
    ),
  };
}

test("a device holds an address from when it is first heard there until listening ends", () => {
  expect(known([[5, "a", "used", "10.0.0.1"]]).leases).toEqual(["a 10.0.0.1 5-60"]);
});

test("a device that takes another address gave up the first, and has it again when it takes it back", () => {
  expect(
    known([
      [5, "a", "used", "10.0.0.1"],
      [20, "a", "announced", "10.0.0.9"],
      [30, "a", "announced", "10.0.0.1"],
    ]).leases,
  ).toEqual(["a 10.0.0.1 5-20", "a 10.0.0.1 30-60", "a 10.0.0.9 20-30"]);
});

test("a device that goes on to speak from the first address has both", () => {
  expect(
    known([
      [5, "a", "used", "10.0.0.1"],
      [20, "a", "announced", "10.0.0.9"],
      [25, "a", "used", "10.0.0.1"],
    ]).leases,
  ).toEqual(["a 10.0.0.1 5-60", "a 10.0.0.9 20-60"]);
});

test("an address on two devices is contested for exactly as long as both have it", () => {
  const said: readonly Said[] = [
    [0, "a", "used", "10.0.0.1"],
    [0, "b", "used", "10.0.0.2"],
    [20, "b", "announced", "10.0.0.1"],
    [30, "b", "announced", "10.0.0.2"],
  ];
  expect(known(said).contested).toEqual(["10.0.0.1 ab 20-30"]);
});

test("who is heard only later, speaking as from an address of old, contests what another claimed before; nothing is attributed to it by that", () => {
  const { contested, leases } = known([
    [10, "b", "used", "10.0.0.2"],
    [20, "b", "announced", "10.0.0.1"],
    [30, "b", "announced", "10.0.0.2"],
    [50, "a", "used", "10.0.0.1"],
  ]);
  expect(contested).toEqual(["10.0.0.1 ab 20-30"]);
  expect(leases.filter((lease) => lease.startsWith("a"))).toEqual(["a 10.0.0.1 20-30", "a 10.0.0.1 50-60"]);
});

test("an address that a DHCP server gives to another is the other's, unless the first still speaks from it", () => {
  const given: readonly Said[] = [
    [0, "a", "leased", "10.0.0.1", 600],
    [20, "b", "leased", "10.0.0.1", 600],
  ];
  expect(known(given).leases).toEqual(["a 10.0.0.1 0-20", "b 10.0.0.1 20-60"]);
  expect(known(given).contested).toEqual([]);
  expect(known([...given, [40, "a", "used", "10.0.0.1"]]).contested).toEqual(["10.0.0.1 ab 20-60"]);
  expect(known([given[0]!, [10, "a", "released", "10.0.0.1"]]).leases).toEqual(["a 10.0.0.1 0-10"]);
});

test("after four hours of silence, or the end of a longer lease, nobody holds an address", () => {
  expect(known([[0, "a", "used", "10.0.0.1"]], 1000).leases).toEqual(["a 10.0.0.1 0-240"]);
  expect(known([[0, "a", "leased", "10.0.0.1", 720]], 1000).leases).toEqual(["a 10.0.0.1 0-720"]);
  expect(
    known(
      [
        [0, "a", "used", "10.0.0.1"],
        [500, "a", "used", "10.0.0.1"],
      ],
      600,
    ).leases,
  ).toEqual(["a 10.0.0.1 0-240", "a 10.0.0.1 500-600"]);
});

test("a router that answers for others holds none of what it answers for, and keeps its own", () => {
  const others = Array.from({ length: 9 }, (_, at): Said => [at, "r", "answered", `10.0.1.${at}`]);
  const { heard, leases } = known([[0, "r", "used", "10.0.0.1"], ...others]);
  expect(leases).toEqual(["r 10.0.0.1 0-60"]);
  expect(heard.proxies()).toEqual([mac("r")]);
});

test("a name is the device's that alone holds, most of the time, the address that is said with it", () => {
  const heard = hearing();
  const say = (minutes: number, address: string, name: string): void =>
    heard.name({ at: minutes * minute, mac: "02:00:00:00:01:00", ip: ipOf(address)!, name });
  heard.claim({ at: 0, mac: mac("b"), how: "used", ip: ipOf("10.0.0.2")!, until: null });
  heard.claim({ at: 2 * minute, mac: mac("b"), how: "announced", ip: ipOf("10.0.0.1")!, until: null });
  say(3, "10.0.0.1", "switch");
  heard.claim({ at: 5 * minute, mac: mac("b"), how: "announced", ip: ipOf("10.0.0.2")!, until: null });
  heard.claim({ at: 6 * minute, mac: mac("a"), how: "used", ip: ipOf("10.0.0.1")!, until: null });
  for (const minutes of [7, 8, 9]) say(minutes, "10.0.0.1", "switch");
  const sightings = heard.sightings(10 * minute);
  expect(sightings.map(({ attributes }) => attributes["hostname"])).toEqual(["switch", undefined]);
  // What the switch said of itself at 3 was its own address: meanwhile it was contested.
  expect(contestedAddresses(sightings).map(({ address, from }) => `${address} ${instantText(from!)}`)).toEqual([`10.0.0.1 ${instantText(2 * minute)}`]);
});

test("an address among strangers is lonely, while its neighbours are elsewhere together", () => {
  const all: readonly Said[] = ["a", "b", "c", "d"].map((who, at): Said => [0, who, "used", `10.0.0.${at + 1}`]);
  const { sightings } = known([...all, [20, "a", "announced", "10.9.0.1"], [30, "a", "announced", "10.0.0.1"], [40, "b", "announced", "10.9.0.2"]]);
  expect(lonelyAddresses(sightings).map(({ id, lease }) => `${device(id)} ${ipText(lease.ip)}`)).toEqual(["a 10.9.0.1", "b 10.9.0.2"]);
  expect(lonelyAddresses(known(all.slice(0, 2)).sightings)).toEqual([]);
});

test("a flood of claims is bounded, however it is made, and what is known goes on", () => {
  expect(
    known(
      [
        [0, "a", "used", "10.0.0.1"],
        [1, "b", "used", "10.0.0.2"],
        [2, "a", "used", "10.0.0.1"],
      ],
      60,
      1,
    ).heard.beyond(),
  ).toBe(1);
  const flood = hearing();
  for (let at = 0; at < 50_000; at += 1) {
    flood.claim({
      at: at * second,
      mac: `02:00:00:00:${(at >> 8).toString(16)}:${(at & 255).toString(16)}`,
      how: "announced",
      ip: ipOf("10.0.0.1")!,
      until: null,
    });
    flood.claim({ at: at * second, mac: mac("a"), how: "announced", ip: { family: 4, value: BigInt(at), realm: "" }, until: null });
  }
  expect(flood.beyond()).toBeGreaterThan(40_000);
  expect(contestedAddresses(flood.sightings(50_000 * second)).length).toBeLessThan(1000);
  expect(50_000 * second).toBeGreaterThan(12 * hour);
});
