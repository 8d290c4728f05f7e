import { expect, test } from "vitest";
import { minute, second } from "../base/instant.ts";
import { ipOf } from "../base/ip.ts";
import { believe } from "../inventory/believe.ts";
import type { Sighting } from "../inventory/sighting.ts";
import type { Lease } from "../model/workload.ts";
import { conversationsOf } from "./conversations.ts";
import { half, told } from "./testing/told.ts";
import { dice, heardOf, truthOf, type WireWorld, wireWorld } from "./testing/wire-world.ts";

const seeds = Array.from({ length: 20 }, (_, at) => at + 1);

test("what was heard on a wire attributes no connection to the wrong device, though addresses change hands and are given twice, in two realms", () => {
  for (const seed of seeds) {
    const world = wireWorld(seed);
    const truth = truthOf(world, heardOf(world, { seed, lost: 0 }));
    expect(truth.wrong, `seed ${seed}`).toBe(0);
    expect(truth.right, `seed ${seed}`).toBeGreaterThan(500);
  }
});

/** What a log of leases tells of a world: late, lost, twice, in any order, but never more than was. */
function toldOf({ turns }: WireWorld, seed: number): readonly Sighting[] {
  const { unit, below } = dice(seed);
  const leases = turns.flatMap(({ device, address, from, until }): readonly { readonly id: string; readonly lease: Lease }[] => {
    if (unit() < 0.2) return [];
    const late = unit() < 0.3 ? below(60) * minute : 0;
    const one = { id: `mac-${device}`, lease: { ip: ipOf(address)!, from: from + late, until } };
    return unit() < 0.1 ? [one, one] : [one];
  });
  const shuffled = leases.map((one) => [unit(), one] as const).sort(([a], [b]) => a - b);
  return shuffled.map(([, { id, lease }]) => ({ id, labels: {}, attributes: {}, leases: lease.from! < lease.until! ? [lease] : [] }));
}

test("leases that come late, twice, out of order or never attribute no connection to the wrong device, from however many sources", () => {
  for (const seed of seeds) {
    const world = wireWorld(seed, { isDoubled: false });
    const sources = [1, 2, 3].map((nth) => ({ source: `log-${nth}`, at: 0, sightings: toldOf(world, seed * 10 + nth) }));
    const truth = truthOf(world, believe(sources).workloads);
    expect(truth.wrong, `seed ${seed}`).toBe(0);
    expect(truth.right, `seed ${seed}`).toBeGreaterThan(500);
  }
});

test("positive control: who believes the latest claim alone, or forgets the realm, is caught by these worlds", () => {
  const world = wireWorld(1);
  const told = toldOf(world, 11);
  const endless = told.map((one) => ({ ...one, leases: one.leases.map((lease) => ({ ...lease, until: null })) }));
  const latest = endless.filter(
    ({ leases: [lease] }, at) =>
      !endless.slice(at + 1).some(({ leases: [other] }) => other !== undefined && lease !== undefined && other.ip.value === lease.ip.value),
  );
  expect(truthOf(world, latest).wrong).toBeGreaterThan(100);
  const realmless = {
    ...world,
    connections: world.connections.map((one) => ({ ...one, ends: one.ends.map((end) => ({ ...end, address: end.address.replace("%site-b", "") })) })),
  };
  expect(truthOf(realmless, heardOf(world, { seed: 1, lost: 0 })).wrong).toBeGreaterThan(100);
});

/** Conversations of five clients with three servers, each seen by one observer or by two whose clocks are seconds apart, whole or in halves, in any order. */
function observed(seed: number) {
  const { unit, below } = dice(seed);
  const truth = Array.from({ length: 40 }, (_, nth) => ({
    client: `10.0.0.${1 + below(5)}`,
    clientPort: 40_000 + nth,
    server: `10.0.1.${1 + below(3)}`,
    at: below(3600) * second,
    isSeenTwice: unit() < 0.6,
  }));
  const records = truth.flatMap(({ client, clientPort, server, at, isSeenTwice }) => {
    const ends = { client, clientPort, server };
    const whole = told({ ...ends, observer: "core", first: at });
    if (!isSeenTwice) return [whole];
    const skewed = at + (below(10) - 5) * second + 5 * second;
    if (unit() < 0.5) return [whole, told({ ...ends, observer: "edge", first: skewed, bytesToServer: 499 })];
    const halves = [
      half({ from: `${client}:${clientPort}`, to: `${server}:443`, observer: "edge", first: skewed }),
      half({ from: `${server}:443`, to: `${client}:${clientPort}`, observer: "edge", first: skewed }),
    ];
    return [whole, ...halves];
  });
  return {
    truth,
    records: records
      .map((one) => [unit(), one] as const)
      .sort(([a], [b]) => a - b)
      .map(([, one]) => one),
  };
}

test("a conversation is one, with both its observers, however they tell it", () => {
  for (const seed of seeds) {
    const { truth, records } = observed(seed);
    const conversations = conversationsOf(records);
    const key = (one: { readonly client: string; readonly clientPort: number | null }): string => `${one.client}:${one.clientPort}`;
    const byKey = new Map(conversations.map((one) => [key(one), one]));
    expect(conversations, `seed ${seed}`).toHaveLength(truth.length);
    for (const one of truth)
      expect(byKey.get(key(one)), `seed ${seed}`).toMatchObject({ connections: 1, answered: 1, observers: one.isSeenTwice ? ["core", "edge"] : ["core"] });
  }
});

test("positive control: counted by each observer alone, the same conversations are more", () => {
  const { truth, records } = observed(1);
  const alone = ["core", "edge"].flatMap((observer) => conversationsOf(records.filter((one) => one.observer === observer)));
  expect(alone.length).toBeGreaterThan(truth.length + 10);
});
