import { sortedOnce } from "../base/order.ts";
import { both, isEmpty } from "../decide/bits.ts";
import { decide } from "../decide/decide.ts";
import { ruleIndex } from "../decide/rule-index.ts";
import { withoutNames } from "../decide/what-if.ts";
import { worldOf } from "../decide/world.ts";
import { allowedAt, isOpen, saidBetween } from "./allowed.ts";
import type { Step } from "./cut-steps.ts";
import { reachedFrom } from "./parted.ts";
import { leaving } from "./graph.ts";
import { pairOf, stepAccount, type Telling } from "./step-account.ts";
import { type Sides, whomAt } from "./whom.ts";

/** Rules to take away, and whether doing so was tried: without them no way was left. */
export interface CutRules {
  readonly names: readonly string[];
  readonly isProven: boolean;
}

interface PartedAsked {
  readonly sides: Sides;
  readonly isThroughAddresses: boolean;
}

// Each costs an index of all rules.
const triedMost = 50;

/** The rules without each of which, alone, no way is left: such a rule is under every way, so those under one way, places in order, are tried; null where they are too many. */
export function aloneRules(telling: Telling, way: readonly number[], asked: PartedAsked): readonly string[] | null {
  const under = way.slice(1).flatMap((place, at) => stepAccount(telling, way[at]!, place).rules.map(({ name }) => name));
  const names = [...new Set(under)];
  return names.length > triedMost ? null : names.filter((name) => isPartedWithout(telling, [name], asked));
}

/** The rules that some steps rest on, boundary or segment, whichever are fewer; null where a step rests on none. */
export function cutRules(telling: Telling, steps: readonly Step[], asked: PartedAsked): CutRules | null {
  const names: string[] = [];
  for (const step of steps) {
    const own = rulesUnder(telling, step);
    if (own === null) return null;
    names.push(...own);
  }
  const all = sortedOnce(names);
  return { names: all, isProven: isPartedWithout(telling, all, asked) };
}

/** The rules of one step that have to go. */
function rulesUnder({ world, index, whom, at }: Telling, [client, server]: Step): readonly string[] | null {
  const [one, other] = [whom.places[client]!, whom.places[server]!];
  const [from, to] = pairOf(one, other);
  const open = saidBetween(index, { client: one.ofClass, server: other.ofClass, at }).filter(({ said }) => isOpen("policy", said));
  const by = open.map(({ facts, intervals }) => decide(world, { from, to, over: index.space.samples[intervals[0]!]!, at, facts }).by);
  // What nothing guards, no rule opens.
  if (by.length === 0 || by.some((names) => names.length === 0)) return null;
  const [ends, all] = [[one, other].map(({ members }) => members[0]!.end), sortedOnce(by.flat())];
  const isCrossing = world.hasBoundaries && ends[0]!.zone !== ends[1]!.zone;
  const boundary = all.filter((name) => name.startsWith("conduit/") || name.startsWith("exception/"));
  const segment = all.filter((name) => !name.startsWith("conduit/"));
  if (!isCrossing) return segment;
  return ends.some(({ isGuarded }) => isGuarded) && segment.length <= boundary.length ? segment : boundary;
}

/** Whether no way is left without these rules. */
function isPartedWithout({ world, at }: Telling, names: readonly string[], { sides, isThroughAddresses }: PartedAsked): boolean {
  const question = { from: "", to: "", over: null, at: null, facts: {} };
  const fewer = worldOf(withoutNames({ set: world.set, inventory: world.inventory, question }, names).set, world.inventory);
  const index = ruleIndex(fewer);
  const whom = whomAt(fewer, { index, at, sides });
  const { any } = allowedAt(index, whom, at).policy;
  const inner = isThroughAddresses
    ? any
    : leaving(
        any,
        whom.inhabited.map((word, place) => word | whom.from[place]!),
      );
  return isEmpty(both(reachedFrom(inner, whom.from), whom.to));
}
