import { day } from "../base/instant.ts";
import { isPeer } from "../decide/match.ts";
import { type KnownEnd, workloadEnd } from "../decide/ends.ts";
import type { World } from "../decide/world.ts";
import { everyRule } from "../decide/every-rule.ts";
import type { Peer, Rule } from "../model/policy-set.ts";
import { largest, smallest } from "../telemetry/account.ts";
import { type RuleEvidence } from "./dependency.ts";
import type { Support } from "./necessary.ts";
import { endText } from "../model/flow.ts";

interface Growing {
  flows: number;
  first: number | null;
  last: number | null;
  readonly days: Set<number>;
  readonly pairs: Set<string>;
}

/** What was seen behind each of these rules, by name, and how many pairs it allows beyond that; behind what is only likely, nothing. */
export function evidenceOf(world: World, supports: readonly Support[], names: readonly string[]): ReadonlyMap<string, RuleEvidence> {
  const grown = new Map<string, Growing>(names.map((name) => [name, nothing()]));
  for (const support of supports)
    for (const name of support.alternatives.flat()) {
      const known = grown.get(name) ?? nothing();
      grown.set(name, known);
      grow(known, support);
    }
  const sizes = sizesIn(world);
  const rules = new Map(everyRule(world.set).map((rule) => [rule.name, rule]));
  return new Map(
    [...grown].map(([name, { flows, first, last, days, pairs }]) => {
      const all = Math.max(pairs.size, sizes(rules.get(name)!));
      return [name, { flows, days: days.size, first, last, pairs: all, excess: all - pairs.size }];
    }),
  );
}

const nothing = (): Growing => ({ flows: 0, first: null, last: null, days: new Set<number>(), pairs: new Set<string>() });

function grow(known: Growing, { flow, dependency }: Support): void {
  known.flows += flow.connections;
  known.first = smallest(known.first, flow.first);
  known.last = largest(known.last, flow.last);
  for (const at of [flow.first, flow.last]) if (at !== null) known.days.add(Math.floor(at / day));
  // A network is one end, however many addresses of it were met.
  const client = flow.client.kind === "held" ? endText(flow.client) : dependency.client.key;
  const server = flow.server.kind === "held" ? endText(flow.server) : dependency.server.key;
  known.pairs.add(`${client} ${server} ${dependency.service}`);
}

/** How many pairs of ends a rule opens, for each of its services; a network or a zone of addresses counts as one end. */
function sizesIn(world: World): (rule: Rule) => number {
  const ends = world.inventory.workloads.map((workload) => workloadEnd(world, workload, null)).filter((end): end is KnownEnd => end.kind === "known");
  const known = new Map<string, { readonly selected: ReadonlySet<number>; readonly networks: number }>();
  const of = (peers: readonly Peer[]) => {
    const key = JSON.stringify(peers);
    const found = known.get(key);
    if (found !== undefined) return found;
    const selected = new Set(ends.flatMap((end, at) => (peers.some((peer) => isPeer(peer, end, 2)) ? [at] : [])));
    const networks = peers.reduce((sum, peer) => sum + (peer.kind === "network" ? peer.names.length : peer.kind === "zone" && selected.size === 0 ? 1 : 0), 0);
    const one = { selected, networks };
    known.set(key, one);
    return one;
  };
  return ({ from, to, services }) => {
    const [client, server] = [of(from), of(to)];
    // A workload is no pair with itself.
    const same = [...client.selected].filter((end) => server.selected.has(end)).length;
    return ((client.selected.size + client.networks) * (server.selected.size + server.networks) - same) * services.length;
  };
}
