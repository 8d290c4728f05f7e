import { Failure } from "@bulkhead/core/base/failure";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Outcome } from "./door-line.ts";
import { hostAgent } from "./host-agent.ts";
import { inTurns } from "./in-turns.ts";
import { inventoryText } from "./inventory.ts";
import { buildNetwork, removeNetwork } from "./network.ts";
import type { Place } from "./place.ts";
import { copyPolicy, linkIn } from "./policy-copy.ts";
import { prober, type Prober } from "./prober.ts";
import type { Measured, Taken } from "./request.ts";
import type { Topology } from "./topology.ts";

/** A lab that stands: its network, its servers, its agents. */
export interface Lab {
  /** The copy of the policy in force, or null. */
  readonly policy: () => string | null;
  readonly enforce: (policy: string) => Promise<readonly Taken[]>;
  readonly unenforce: () => Promise<readonly Taken[]>;
  readonly measure: (attempts: readonly Measured[], doors: readonly string[]) => Promise<readonly Outcome[]>;
  readonly remove: () => Promise<void>;
}

// How many agents start at once: on real hosts each has a machine of its own.
const agentsTogether = 4;

/** Builds the network, starts a prober in each namespace, and opens the servers. What an earlier lab of this place left behind goes first. */
export async function standingLab(topology: Topology, place: Place, bulkhead: readonly string[]): Promise<Lab> {
  removeNetwork(place.prefix);
  rmSync(join(place.directory, "hosts"), { recursive: true, force: true });
  const inventory = join(place.directory, "inventory.json");
  writeFileSync(inventory, inventoryText(topology));
  buildNetwork(topology, place.prefix);
  const probers = new Map(topology.hosts.map(({ id }) => [id, prober(place.prefix + id)]));
  await Promise.all(topology.hosts.map(({ id, listens }) => probers.get(id)!.open(listens)));
  const agents = topology.hosts
    .filter(({ labels }) => labels !== null)
    .map(({ id }) => {
      const data = join(place.directory, "hosts", id);
      mkdirSync(data, { recursive: true, mode: 0o700 });
      return { id, agent: hostAgent({ namespace: place.prefix + id, bulkhead, policy: linkIn(place.directory), inventory, point: id, data }) };
    });
  let inForce: string | null = null;
  return {
    policy: () => inForce,
    enforce: async (policy) => {
      const copy = await copyPolicy(policy, place.directory);
      const taken = await inTurns(agents, agentsTogether, async ({ id, agent }): Promise<Taken> => {
        const answered = await agent.enforce();
        return answered.kind === "installed" ? { host: id, digest: answered.digest, refused: null } : { host: id, digest: null, refused: answered.reason };
      });
      inForce = copy;
      return taken;
    },
    unenforce: async () => {
      await inTurns(agents, agentsTogether, ({ agent }) => agent.unenforce());
      inForce = null;
      return agents.map(({ id }) => ({ host: id, digest: null, refused: null }));
    },
    measure: (attempts, doors) => measured(attempts, doors, { topology, probers }),
    remove: async () => {
      for (const one of probers.values()) one.end();
      await Promise.all(agents.map(({ agent }) => agent.stop()));
      removeNetwork(place.prefix);
    },
  };
}

interface Standing {
  readonly topology: Topology;
  readonly probers: ReadonlyMap<string, Prober>;
}

/** Tries everything, all hosts at once. An attempt that no answer came back from, but that the server heard, is told apart. */
async function measured(attempts: readonly Measured[], doors: readonly string[], { topology, probers }: Standing): Promise<readonly Outcome[]> {
  const proberOf = (host: string): Prober => {
    const one = probers.get(host);
    if (one === undefined) throw new Failure(`the lab has no host ${host}`, "name a host of its topology");
    return one;
  };
  const opened = topology.hosts.map(({ id, listens }) => ({ one: proberOf(id), doors: doors.filter((door) => !listens.includes(door)) }));
  await Promise.all(opened.map(({ one, doors: more }) => one.open(more)));
  try {
    await Promise.all([...probers.values()].map((one) => one.heard()));
    const numbered = attempts.map((attempt, number) => ({ attempt, number, word: `word-${number}` }));
    const outcomes: Outcome[] = Array.from({ length: attempts.length }, () => "silent");
    await Promise.all(
      [...new Set(attempts.map(({ from }) => from))].map(async (from) => {
        const own = numbered.filter(({ attempt }) => attempt.from === from);
        for (const [index, outcome] of (await proberOf(from).tryAll(own)).entries()) outcomes[own[index]!.number] = outcome;
      }),
    );
    const heard = new Map(await Promise.all([...probers].map(async ([id, one]) => [id, new Set(await one.heard())] as const)));
    return outcomes.map((outcome, number) => (outcome !== "answered" && heard.get(attempts[number]!.to)?.has(`word-${number}`) === true ? "heard" : outcome));
  } finally {
    await Promise.all(opened.map(({ one, doors: more }) => one.close(more)));
  }
}
