import type { Instant } from "../base/instant.ts";
import { sortedOnce } from "../base/order.ts";
import { denialsOf } from "../decide/effect.ts";
import type { KnownEnd } from "../decide/ends.ts";
import { judge, type Matter } from "../decide/judgement.ts";
import { isNeighbourDiscovery } from "../decide/neighbour-discovery.ts";
import type { ServiceSpace } from "../decide/service-space.ts";
import { verdictOf } from "../decide/verdict.ts";
import type { World } from "../decide/world.ts";
import type { Action, Stretch } from "./ruleset.ts";

export type Direction = "inbound" | "outbound";

export interface Pairing {
  readonly own: readonly KnownEnd[];
  readonly peer: readonly KnownEnd[];
  readonly direction: Direction;
  readonly space: ServiceSpace;
  readonly at: Instant;
  /** When rules end, later than `at`, in order. */
  readonly ends: readonly Instant[];
}

/** What passes between a host and peers of one kind, service by service; neighbours with one fate are one stretch. */
export function stretchesOf(world: World, pairing: Pairing): readonly Stretch[] {
  const { space } = pairing;
  const fates = space.samples.map((point) => fateOf(world, pairing, point));
  const stretches: Stretch[] = [];
  for (const { protocol, low, high, interval } of space.ranges) {
    const before = stretches.at(-1);
    const fate = fates[interval]!;
    const isNeighbour = before !== undefined && before.protocol === protocol && before.high + 1 === low && isSame(before, fate);
    if (isNeighbour) stretches[stretches.length - 1] = { ...before, high };
    else stretches.push({ protocol, low, high, ...fate });
  }
  return [...stretches, { protocol: null, low: 0, high: 0, ...fates[0]! }];
}

type Fate = Pick<Stretch, "action" | "until" | "by">;

const isSame = (a: Fate, b: Fate): boolean => a.action === b.action && a.until === b.until && a.by.join(" ") === b.by.join(" ");

function fateOf(world: World, pairing: Pairing, over: Matter["over"]): Fate {
  const { at, ends } = pairing;
  if (isNeighbourDiscovery(over)) return { action: "pass", until: null, by: [] };
  const now = judgedAt(world, pairing, { over, at });
  if (now.action !== "pass") return { action: now.action, until: null, by: [] };
  // Only rules that let it pass now can end that; a rule that begins is the next rule set's matter.
  const until = now.by.length === 0 ? null : (ends.find((end) => judgedAt(world, pairing, { over, at: end }).action !== "pass") ?? null);
  return { action: "pass", until, by: now.by };
}

/** The worst of all readings of both ends: what passes under every one passes. */
function judgedAt(
  world: World,
  { own, peer, direction }: Pairing,
  { over, at }: Pick<Matter, "over" | "at">,
): { readonly action: Action; readonly by: readonly string[] } {
  let action: Action = "pass";
  const by: string[] = [];
  for (const here of own) {
    for (const there of peer) {
      const [client, server] = direction === "inbound" ? [there, here] : [here, there];
      const matter = { client, server, over, at, facts: {} };
      const judgement = judge(world, matter);
      // A point judges its own end; what the other end's point does is not its business.
      const denials = denialsOf(world, matter, judgement).filter(({ end }) => end === (direction === "inbound" ? "server" : "client"));
      if (denials.some(({ stage }) => stage === "enforce")) return { action: "block", by: [] };
      if (denials.length > 0) action = "would";
      by.push(...verdictOf(matter, judgement).by);
    }
  }
  return { action, by: sortedOnce(by) };
}
