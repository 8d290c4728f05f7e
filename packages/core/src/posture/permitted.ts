/** posture/ says what a policy amounts to among those who are there, and what was recorded under it: figures, each with its evidence. */
import type { Instant } from "../base/instant.ts";
import { byCodePoint } from "../base/order.ts";
import type { AskedEnd, During } from "../decide/asked-ends.ts";
import { decide } from "../decide/decide.ts";
import type { KnownEnd } from "../decide/ends.ts";
import type { Engine, SecondEngine } from "../decide/second-engine.ts";
import type { ServiceSpace } from "../decide/service-space.ts";
import { type World, worldOf } from "../decide/world.ts";
import type { PolicySet, Rule } from "../model/policy-set.ts";
import type { Facts } from "../model/question.ts";
import { comparisonOf } from "../simulate/difference-comparison.ts";
import { differenceRechecking } from "../simulate/difference-recheck.ts";
import { transitionIn } from "../simulate/difference-transition.ts";
import { madeRule } from "../simulate/made-rule.ts";

/** Ends that the policy cannot tell apart. */
export interface Alike {
  readonly end: KnownEnd;
  /** What a question calls one of them. */
  readonly text: string;
  readonly members: readonly AskedEnd[];
  /** Whether some of them are there all the time. */
  readonly isAlways: boolean;
  readonly workloads: readonly string[];
}

/** Every one of these clients may open every one of these services of every one of these servers. */
export interface Opening {
  readonly clients: readonly number[];
  readonly servers: readonly number[];
  readonly intervals: readonly number[];
  /** When, the earliest first. */
  readonly times: readonly During[];
  /** Any of these has to be known: the facts that it names, whatever the others are. */
  readonly conditions: readonly { readonly names: readonly string[]; readonly facts: Facts }[];
  /** Already now, or only later. */
  readonly isNow: boolean;
  /** Whatever is known of the conversation. */
  readonly isUnconditional: boolean;
}

/** Everything that may cross zones from an instant on: exact, nothing is sampled. */
export interface Permitted {
  readonly world: World;
  readonly at: Instant;
  /** From then until the first change. */
  readonly now: During;
  /** Those that are built in last; \`unplaced\` only if it is declared, or somebody is in it. */
  readonly zones: readonly string[];
  readonly alike: readonly Alike[];
  readonly space: ServiceSpace;
  readonly openings: readonly Opening[];
  /** What `decide` said when it was asked again. */
  readonly secondEngine: SecondEngine;
  /** How many kinds of clients demand more kinds of facts than can be gone through; nothing is said of them. */
  readonly untold: number;
}

/** What may cross zones is what a policy that lets nothing cross would take away. */
export function permittedIn(world: World, at: Instant, engine: Engine = decide): Permitted {
  const zones = zonesOf(world.set);
  const closed = worldOf({ ...world.set, forbids: [...world.set.forbids, ...walls(zones)] }, world.inventory);
  const comparison = comparisonOf({ before: closed, after: world, from: at });
  const { classes, space, stretches, untold } = comparison;
  // Of what a segment denies all the same, only the effect is another one.
  const blocks = comparison.blocks.filter(({ transition }) => transitionIn(transition).after.verdict === "allow");
  const alike = classes.map(({ members, isAlways }): Alike => {
    const [first] = members;
    return {
      end: first!.ends[1] as KnownEnd,
      text: first!.text,
      members,
      isAlways,
      workloads: [...new Set(members.flatMap(({ workload }) => workload ?? []))].sort(byCodePoint),
    };
  });
  return {
    world,
    at,
    now: stretches[0]!,
    zones: zones.filter((zone) => zone !== "unplaced" || world.zones.has(zone) || alike.some(({ end }) => end.zone === zone)),
    alike,
    space,
    openings: blocks.map(({ clients, servers, intervals, times, conditions, meeting }) => ({
      clients,
      servers,
      intervals,
      times: times.map((time) => stretches[time]!),
      conditions: conditions.map((one, number) => ({ names: Object.keys(one), facts: meeting[number]! })),
      isNow: times.includes(0),
      isUnconditional: conditions.some((one) => Object.keys(one).length === 0),
    })),
    secondEngine: differenceRechecking({ before: closed, after: world, engine }).result(comparison),
    untold: untold.length,
  };
}

const zonesOf = ({ zones }: PolicySet): readonly string[] => [...new Set([...zones.map(({ name }) => name), "unplaced", "outside"])];

const walls = (zones: readonly string[]): readonly Rule[] =>
  zones.map((zone) =>
    madeRule(`forbid/\u0000${zone}`, { from: [{ kind: "zone", names: [zone] }], to: [{ kind: "zone", names: zones.filter((other) => other !== zone) }] }),
  );
