import fc from "fast-check";
import { expect, test } from "vitest";
import { ipOf, ipText } from "../base/ip.ts";
import { decide } from "../decide/decide.ts";
import { endOf } from "../decide/ends.ts";
import { arbitraryWorld, type RandomWorld } from "../decide/testing/random-world.ts";
import { worldOf } from "../decide/world.ts";
import type { Inventory } from "../model/workload.ts";
import { compileFor } from "./compile.ts";
import { interpret } from "./interpret.ts";
import type { Ruleset } from "./ruleset.ts";

const runs = Number(process.env["BULKHEAD_LAWS_RUNS"] ?? 150);

/** The same inventory with a live point at one workload and nowhere else. */
const alone = (inventory: Inventory, id: string): Inventory => ({
  ...inventory,
  points: [],
  workloads: inventory.workloads.map((one) => ({ ...one, point: one.id === id })),
});

/** The first conversation that a rule set treats otherwise than the policy means, or null; `asked` counts what was compared. */
function difference({ set, inventory, questions }: RandomWorld, change: (ruleset: Ruleset) => Ruleset, counted: { asked: number }): string | null {
  for (const { from, to, over, at } of questions) {
    if (over === null || at === null) continue;
    for (const direction of ["inbound", "outbound"] as const) {
      const [own, other] = direction === "inbound" ? [to, from] : [from, to];
      const workload = inventory.workloads.find(({ id }) => id === own);
      if (workload === undefined) continue;
      const world = worldOf(set, alone(inventory, workload.id));
      const realm = workload.leases.find(({ ip }) => ip.realm !== "")?.ip.realm ?? "";
      const { ruleset } = compileFor(world, workload.id, at);
      const peers = inventory.workloads.find(({ id }) => id === other)?.leases.map(({ ip }) => ip) ?? [ipOf(other)].filter((ip) => ip !== undefined);
      for (const ip of peers) {
        if (ip.realm !== "" && ip.realm !== realm) continue;
        const end = endOf(world, ipText(ip), at);
        if (
          end.kind !== "known" ||
          end.workload?.id === workload.id ||
          (end.workload === null && ip.realm !== realm && ip.realm === "" && realm !== "" && ipOf(`${ipText(ip)}%${realm}`)?.realm !== "")
        )
          continue;
        const peer = ipText(ip);
        const [client, server] = direction === "inbound" ? [peer, own] : [own, peer];
        const { effect } = decide(world, { from: client, to: server, over, at, facts: {} });
        if (effect === "unknown") continue;
        counted.asked += 1;
        const got = interpret(change(ruleset), { direction, peer: ipText({ ...ip, realm: "" }), over, at });
        if ((got === "block") !== (effect === "block")) return JSON.stringify({ direction, client, server, over, at, effect, got });
      }
    }
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
