import type { Instant } from "../base/instant.ts";
import { type AskedEnd, askedEnds } from "../decide/asked-ends.ts";
import { type Bits, bitsWhere } from "../decide/bits.ts";
import type { End, KnownEnd } from "../decide/ends.ts";
import type { RuleIndex } from "../decide/rule-index.ts";
import type { World } from "../decide/world.ts";

/** Somebody whom a question can name at an instant. */
export interface Somebody {
  /** What the question says: a workload id, or an address. */
  readonly text: string;
  /** Null for addresses that no workload holds. */
  readonly workload: string | null;
  readonly range: AskedEnd["range"];
  readonly end: End;
}

/** Who is known at an instant. */
export type Known = Somebody & { readonly end: KnownEnd };

/** What is asked about: whoever satisfies one of the two, `to` before `from`. */
export interface Sides {
  readonly from: (one: Somebody) => boolean;
  readonly to: (one: Somebody) => boolean;
}

export const noSides: Sides = { from: () => false, to: () => false };

/** Workloads, or addresses that no workload holds, that get the same answers and are on the same side of what is asked: an address may do what a workload may, and is none that can fall. */
export interface Place {
  /** The number of their class in the index. */
  readonly ofClass: number;
  readonly side: "from" | "to" | null;
  readonly members: readonly Known[];
}

/** Everybody at an instant, by place; classes come first, in their own order. */
export interface Whom {
  readonly places: readonly Place[];
  readonly workloads: Uint32Array;
  /** Where workloads are: only they can be a step between. */
  readonly inhabited: Bits;
  readonly from: Bits;
  readonly to: Bits;
  /** Contested workloads, and addresses at which only workloads were expected: nothing can be said of them. */
  readonly unknown: readonly Somebody[];
}

/** Finds everybody at an instant. */
export function whomAt(world: World, { index, at, sides }: { readonly index: RuleIndex; readonly at: Instant; readonly sides: Sides }): Whom {
  const everybody = askedEnds([world], at).flatMap(({ text, workload, range, since, ends }): Somebody[] =>
    since === at ? [{ text, workload, range, end: ends[0]! }] : [],
  );
  const found = new Map<string, { readonly ofClass: number; readonly side: Place["side"]; readonly members: Known[] }>();
  const unknown: Somebody[] = [];
  for (const one of everybody) {
    if (!isKnown(one)) {
      unknown.push(one);
      continue;
    }
    const [ofClass, side] = [index.classOf(one.end), sideOf(one, sides)];
    const key = `${ofClass} ${side} ${one.workload === null}`;
    const known = found.get(key);
    if (known !== undefined) known.members.push(one);
    else found.set(key, { ofClass, side, members: [one] });
  }
  const places = firstOfEach([...found.values()]);
  const where = (is: (place: Place) => boolean): Bits => bitsWhere(places.length, (place) => is(places[place]!));
  return {
    places,
    workloads: Uint32Array.from(places, ({ members }) => members.filter(({ workload }) => workload !== null).length),
    inhabited: where(({ members }) => members.some(({ workload }) => workload !== null)),
    from: where(({ side }) => side === "from"),
    to: where(({ side }) => side === "to"),
    unknown,
  };
}

const isKnown = (one: Somebody): one is Known => one.end.kind === "known";

/** Who is on both sides is to be protected. */
export const sideOf = (one: Somebody, { from, to }: Sides): Place["side"] => (to(one) ? "to" : from(one) ? "from" : null);

/** The first place of every class in the order of classes, then the others. */
function firstOfEach(places: readonly Place[]): readonly Place[] {
  const firsts: Place[] = [];
  const others: Place[] = [];
  for (const place of places) {
    if (firsts[place.ofClass] === undefined) firsts[place.ofClass] = place;
    else others.push(place);
  }
  return [...firsts, ...others];
}
