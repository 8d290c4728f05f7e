import fc from "fast-check";
import { expect, test } from "vitest";
import { type Ip, ipOf, ipText, isPublic } from "../base/ip.ts";
import { decide } from "../decide/decide.ts";
import { endOf } from "../decide/ends.ts";
import { arbitraryWorld, type RandomWorld } from "../decide/testing/random-world.ts";
import { worldOf } from "../decide/world.ts";
import { readPolicySet } from "../language/read.ts";
import type { Question } from "../model/question.ts";
import type { Inventory, Workload } from "../model/workload.ts";
import { compileFor } from "./compile.ts";
import { interpret } from "./interpret.ts";
import type { Ruleset } from "./ruleset.ts";

const runs = 150;

/** The same inventory with a live point at one workload and nowhere else. */
const alone = (inventory: Inventory, id: string): Inventory => ({
  ...inventory,
  points: [],
  workloads: inventory.workloads.map((one) => ({ ...one, point: one.id === id })),
});

interface Pair {
  readonly question: Question;
  readonly direction: "inbound" | "outbound";
  readonly own: Workload;
  readonly peer: Ip;
}

/** Every question as the hosts at its ends see it: themselves as the workload they are, the other end by an address. */
function pairsOf({ inventory, questions }: RandomWorld): readonly Pair[] {
  const held = (id: string): readonly Ip[] =>
    inventory.workloads.find((one) => one.id === id)?.leases.map(({ ip }) => ip) ?? [ipOf(id)].filter((ip) => ip !== undefined);
  return questions.flatMap((question) =>
    (["inbound", "outbound"] as const).flatMap((direction) => {
      const [ownId, other] = direction === "inbound" ? [question.to, question.from] : [question.from, question.to];
      const own = inventory.workloads.find(({ id }) => id === ownId);
      // A host meets only addresses of its own realm, and public ones.
      return own === undefined
        ? []
        : held(other).flatMap((peer) => (peer.realm === realmOf(own) || isPublic(peer) ? [{ question, direction, own, peer }] : []));
    }),
  );
}

const realmOf = ({ leases }: Workload): string => leases.find(({ ip }) => ip.realm !== "")?.ip.realm ?? "";

/** The first conversation that a rule set treats otherwise than the policy means, or null; `counted` counts what was compared. */
function difference(random: RandomWorld, change: (ruleset: Ruleset) => Ruleset, counted: { asked: number }): string | null {
  for (const { question, direction, own, peer } of pairsOf(random)) {
    const { over, at } = question;
    if (over === null || at === null) continue;
    const world = worldOf(random.set, alone(random.inventory, own.id));
    const [client, server] = direction === "inbound" ? [ipText(peer), own.id] : [own.id, ipText(peer)];
    const { effect } = decide(world, { from: client, to: server, over, at, facts: {} });
    const end = endOf(world, ipText(peer), at);
    if (effect === "unknown" || (end.kind === "known" && end.workload?.id === own.id)) continue;
    counted.asked += 1;
    const got = interpret(change(compileFor(world, own.id, at).ruleset), { direction, peer: ipText({ ...peer, realm: "" }), over, at });
    if ((got === "block") !== (effect === "block")) return JSON.stringify({ direction, client, server, over, at, effect, got });
  }
  return null;
}

test("every enforcing point does exactly what the policy means", () => {
  const counted = { asked: 0 };
  fc.assert(
    fc.property(arbitraryWorld, (world) => {
      expect(difference(world, (same) => same, counted)).toBeNull();
    }),
    { numRuns: runs },
  );
  expect(counted.asked).toBeGreaterThan(runs);
});

const wrong: Readonly<Record<string, (ruleset: Ruleset) => Ruleset>> = {
  "that mistakes its directions": (ruleset) => ({ ...ruleset, inbound: ruleset.outbound, outbound: ruleset.inbound }),
  "that knows no ranges": (ruleset) => ({ ...ruleset, inbound: { ...ruleset.inbound, ranges: [] }, outbound: { ...ruleset.outbound, ranges: [] } }),
  "that knows no hosts": (ruleset) => ({ ...ruleset, inbound: { ...ruleset.inbound, hosts: [] }, outbound: { ...ruleset.outbound, hosts: [] } }),
};

test.each(Object.entries(wrong))("a rule set %s is caught", (_, change) => {
  expect(fc.sample(arbitraryWorld, { numRuns: 1500, seed: 7 }).some((world) => difference(world, change, { asked: 0 }) !== null)).toBe(true);
});

test("the same world compiles to the same bytes, whatever the order of rules and workloads", () => {
  for (const { set, inventory, questions } of fc.sample(arbitraryWorld, { numRuns: 60, seed: 11 })) {
    const at = questions.find((question) => question.at !== null)?.at ?? 0;
    const turned = {
      ...set,
      conduits: set.conduits.toReversed(),
      forbids: set.forbids.toReversed(),
      policies: set.policies.toReversed(),
      networks: set.networks.toReversed(),
    };
    for (const { id } of inventory.workloads) {
      const textOf = (world: ReturnType<typeof worldOf>) => JSON.stringify(compileFor(world, id, at).ruleset);
      expect(textOf(worldOf(turned, { ...inventory, workloads: inventory.workloads.toReversed() }))).toBe(textOf(worldOf(set, inventory)));
    }
  }
});

// Each address once carried the list of all: 20,000 of them took 3 GB and a minute, far more than this test is given.
test("a workload with very many addresses is compiled as if they were many workloads", { timeout: 30_000 }, () => {
  const [own, ...others] = ["10.0.0.7", ...Array.from({ length: 20_000 }, (_, number) => `10.64.${number >> 8}.${number & 255}`)].map((text) => ({
    ip: ipOf(text)!,
    from: null,
    until: null,
  }));
  const workload = (id: string, leases: Workload["leases"]): Workload => ({ id, labels: { app: id.split("-")[0]! }, leases, identity: null, point: false });
  const { set } = readPolicySet([
    {
      path: "a.json",
      bytes: new TextEncoder().encode('{"policy":"web","owner":"a","scope":{"app":"web"},"allow":[],"stages":{"segments":{"web":{"in":"enforce"}}}}'),
    },
  ]);
  const [one, many] = [[workload("db-1", others)], others.map((lease, number) => workload(`db-${number}`, [lease]))].map((peers) => {
    const workloads = [{ ...workload("web-1", [own!]), point: true }, ...peers];
    return compileFor(worldOf(set, { workloads, points: [], quarantined: [] }), "web-1", 0).ruleset;
  });
  expect(one!.inbound.hosts.length).toBe(20_000);
  expect(JSON.stringify(one)).toBe(JSON.stringify(many));
});
