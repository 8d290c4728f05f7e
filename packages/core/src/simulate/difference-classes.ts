import type { Instant } from "../base/instant.ts";
import { type Bits, bitsWhere } from "../decide/bits.ts";
import { classesOf, type EndClass } from "../decide/end-class.ts";
import { type PlacedRule, placedRules, type Reaching, reachingIn } from "../decide/reaching.ts";
import { type End, endOf } from "../decide/ends.ts";
import type { World } from "../decide/world.ts";
import { type AskedEnd, askedEnds } from "../decide/asked-ends.ts";

/** Ends that no world tells apart: they get the same answers in each. */
export interface SharedClass {
  readonly members: readonly AskedEnd[];
  /** Whether some member is there all the time. */
  readonly isAlways: boolean;
}

/** One world, its classes in the order of the shared ones, so that the rows of all worlds lie side by side. */
export interface AlignedWorld {
  readonly world: World;
  readonly placed: readonly PlacedRule[];
  readonly list: readonly EndClass[];
  readonly reaching: Reaching;
  /** Those who are contested or unresolved here. */
  readonly unknown: Bits;
  readonly isUnknown: (shared: number) => boolean;
}

export interface Shared {
  readonly classes: readonly SharedClass[];
  readonly aligned: readonly AlignedWorld[];
  /** The class of whom a question names at an instant; undefined for whom no world knows. */
  readonly classOf: (text: string, at: Instant) => number | undefined;
}

/** The classes that at least one of the worlds tells apart, from an instant on (null: ever). */
export function sharedClasses(worlds: readonly World[], from: Instant | null): Shared {
  const each = worlds.map((world) => {
    const placed = placedRules(world);
    const forbids = new Set(world.set.forbids);
    const rules = placed.map(({ rule }) => rule);
    return { world, placed, classes: classesOf(world, rules, (rule) => forbids.has(rule)) };
  });
  const found = new Map<string, { readonly numbers: readonly number[]; readonly members: AskedEnd[] }>();
  const numbersOf = (ends: readonly End[]): readonly number[] => ends.map((end, at) => (end.kind === "known" ? each[at]!.classes.classOf(end) : -1));
  for (const asked of askedEnds(worlds, from)) {
    const numbers = numbersOf(asked.ends);
    const key = numbers.join(" ");
    const known = found.get(key);
    if (known === undefined) found.set(key, { numbers, members: [asked] });
    else known.members.push(asked);
  }
  const all = [...found.values()].filter(({ numbers }) => numbers.some((number) => number >= 0));
  const places = new Map(all.map(({ numbers }, index) => [numbers.join(" "), index]));
  return {
    classOf: (text, at) => places.get(numbersOf(worlds.map((world) => endOf(world, text, at))).join(" ")),
    classes: all.map(({ members }) => ({ members, isAlways: members.some(({ since, until }) => since === from && until === null) })),
    aligned: each.map(({ world, placed, classes }, at) => {
      const numbers = all.map((one) => one.numbers[at]!);
      const list = numbers.map((number) => classes.list[number] ?? nobodyAmong(classes.list));
      return {
        world,
        placed,
        list,
        reaching: reachingIn(placed, classes, list),
        unknown: bitsWhere(list.length, (index) => numbers[index]! < 0),
        isUnknown: (shared: number) => numbers[shared]! < 0,
      };
    }),
  };
}

/** Stands in the rows for whom a world does not know; what its rows say of it is never read. */
function nobodyAmong([first]: readonly EndClass[]): EndClass {
  const borders = (first?.coveredBy ?? []).map(() => false);
  return {
    zone: "",
    policy: null,
    isGuarded: false,
    isEgressClosed: false,
    isQuarantined: false,
    tier: 0,
    hasHostPoint: false,
    enforces: { boundary: false, in: false, out: false, egress: false },
    coveredBy: borders,
    touchedBy: borders,
    peers: new Uint8Array(first?.peers.length ?? 0),
  };
}
