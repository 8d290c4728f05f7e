import type { Instant } from "../base/instant.ts";
import { byCodePoint } from "../base/order.ts";
import { ruleIndex } from "../decide/rule-index.ts";
import { type Disagreement, type Engine, rechecking, type SecondEngine } from "../decide/second-engine.ts";
import type { World } from "../decide/world.ts";
import { type Allowed, allowedAt, type Basis, type Ways } from "./allowed.ts";
import { type CutAccount, cutAccount } from "./cut-account.ts";
import { type Group, namesOf } from "./names.ts";
import type { Parted } from "./parted.ts";
import { reachRecheck } from "./reach-recheck.ts";
import { farther, type Spread, spreadsOf } from "./spread.ts";
import type { Telling } from "./step-account.ts";
import { type Listed, type Way, waysFound } from "./ways.ts";
import { noSides, type Sides, type Whom, whomAt } from "./whom.ts";

export interface ReachAsked {
  readonly world: World;
  readonly at: Instant;
  /** Label keys of the groups. */
  readonly by: readonly string[];
  /** Between whom, and whose groups are listed; null where only spread is looked at. */
  readonly between: { readonly sides: Sides; readonly listed: Listed } | null;
  readonly basis: Basis;
  /** Whether addresses that no workload holds can be steps between, too. */
  readonly isThroughAddresses: boolean;
  readonly isCut: boolean;
  /** Whether the second engine is asked about every pair, however many there are. */
  readonly isWhole: boolean;
  readonly policy?: Disagreement["policy"];
  readonly engine?: Engine;
}

/** How far it goes from one group: from the worst placed of its members. */
export interface GroupReach {
  readonly group: string;
  readonly workloads: number;
  readonly any: Spread;
  /** By services of administration only. */
  readonly administration: Spread;
}

/** Pairs of workloads, a client and another one. */
export interface Pairs {
  readonly direct: number;
  readonly administration: number;
  /** In any number of steps. */
  readonly ever: number;
}

/** Who can reach whom at an instant. */
export interface Reach {
  readonly at: Instant;
  readonly basis: Basis;
  readonly workloads: number;
  readonly classes: number;
  readonly pairs: Readonly<Record<Basis, Pairs>> & { readonly all: number };
  readonly groups: readonly GroupReach[];
  /** The same from addresses that no workload holds. */
  readonly entries: readonly GroupReach[];
  readonly ways: readonly Way[] | null;
  /** How many workloads and ranges of addresses are on each side. */
  readonly sides: Readonly<Record<Listed, number>>;
  /** Whose groups the ways are listed by; null where nobody was asked about. */
  readonly listed: Listed | null;
  readonly cut: CutAccount | null;
  readonly unknown: Unknown;
  readonly secondEngine: SecondEngine;
}

/** Of whom nothing can be said, which is not the same as unreachable. */
export interface Unknown {
  /** Claimed by two zones or two policies; the first of them, sorted. */
  readonly workloads: number;
  readonly ids: readonly string[];
  /** Ranges in which only workloads were expected. */
  readonly ranges: number;
  /** Workloads whose rules demand more kinds of facts than can be gone through. */
  readonly untold: number;
  /** Whether one of them is among those who were asked about. */
  readonly isAsked: boolean;
}

// A graph of so many takes 72 MiB where no two rows are equal, and there are four, and their closures.
export const classesMost = 24_000;

/** Whether a world, and what is asked of it, tells more apart at an instant than reach can be held in memory for; it is told before anything is begun. */
export function isTooLarge(world: World, { at, sides }: { readonly at: Instant; readonly sides: Sides }, most = classesMost): boolean {
  // Addresses are some more, and few beside them.
  if (world.inventory.workloads.length <= most) return false;
  return whomAt(world, { index: ruleIndex(world), at, sides }).places.length > most;
}

/** Finds who can reach whom in a world, and asks the second engine whether it is so. */
export function reachOf(asked: ReachAsked): Reach {
  const { world, at, by, between, basis, isThroughAddresses } = asked;
  const index = ruleIndex(world);
  const sides = between?.sides ?? noSides;
  const whom = whomAt(world, { index, at, sides });
  const allowed = allowedAt(index, whom, at);
  const names = namesOf(whom, by);
  const again = rechecking(asked.engine);
  const telling: Telling = { world, index, whom, names, at, basis, again, policy: asked.policy ?? null };
  const parted = { from: whom.from, to: whom.to, through: isThroughAddresses ? null : whom.inhabited };
  const spreads = { policy: spreadsOn("policy", { allowed, whom, parted }), wire: spreadsOn("wire", { allowed, whom, parted }) };
  const groups = names.groups.map((group) => groupReach(group, spreads[basis]));
  const ways = between === null ? null : waysFound(telling, allowed[basis], { parted, listed: between.listed });
  const cut = asked.isCut && ways !== null && ways.length > 0 ? cutAccount(telling, allowed[basis].any, { parted, sides }) : null;
  const workloads = whom.workloads.reduce((sum, some) => sum + some, 0);
  return {
    at,
    basis,
    workloads,
    classes: index.size().classes,
    pairs: { all: workloads * Math.max(0, workloads - 1), policy: pairsIn(whom, spreads.policy), wire: pairsIn(whom, spreads.wire) },
    groups: groups.filter((_, number) => !names.groups[number]!.isAddresses),
    entries: groups.filter((_, number) => names.groups[number]!.isAddresses),
    ways,
    sides: { from: membersOn(whom, "from"), to: membersOn(whom, "to") },
    listed: between?.listed ?? null,
    cut,
    unknown: unknownIn(whom, allowed, sides),
    secondEngine: reachRecheck(telling, allowed, { isWhole: asked.isWhole }),
  };
}

const membersOn = ({ places }: Whom, side: Listed): number => places.reduce((sum, place) => sum + (place.side === side ? place.members.length : 0), 0);

type Spreads = Readonly<Record<keyof Ways, readonly Spread[]>>;

function spreadsOn(basis: Basis, { allowed, whom, parted }: { readonly allowed: Allowed; readonly whom: Whom; readonly parted: Parted }): Spreads {
  return { any: spreadsOf(allowed[basis].any, whom, parted.through), administration: spreadsOf(allowed[basis].administration, whom, parted.through) };
}

function groupReach({ name, workloads, places }: Group, spreads: Spreads): GroupReach {
  const worst = (each: readonly Spread[]): Spread => places.map((place) => each[place]!).reduce(farther);
  return { group: name, workloads, any: worst(spreads.any), administration: worst(spreads.administration) };
}

/** Adds up, over all workloads, whom each reaches. */
function pairsIn({ workloads }: Whom, { any, administration }: Spreads): Pairs {
  const sum = (each: readonly Spread[], of: (spread: Spread) => number): number => each.reduce((all, spread, place) => all + of(spread) * workloads[place]!, 0);
  return { direct: sum(any, ({ within }) => within[0]), administration: sum(administration, ({ within }) => within[0]), ever: sum(any, ({ ever }) => ever) };
}

const idsMost = 20;

function unknownIn({ unknown, workloads }: Whom, { untold }: Allowed, { from, to }: Sides): Unknown {
  const contested = unknown.flatMap(({ workload }) => workload ?? []);
  return {
    workloads: contested.length,
    ids: [...contested].sort(byCodePoint).slice(0, idsMost),
    ranges: unknown.length - contested.length,
    untold: untold.reduce((sum, place) => sum + workloads[place]!, 0),
    isAsked: unknown.some((one) => from(one) || to(one)),
  };
}
