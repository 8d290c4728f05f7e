import type { Instant } from "../base/instant.ts";
import type { Effect, Facts, Layer, Verdict } from "../model/question.ts";
import type { Rule } from "../model/policy-set.ts";
import { denialsAt, outcomes, writeRow } from "./answer-row.ts";
import { type Bits, wordsFor } from "./bits.ts";
import { classesOf, type EndClass } from "./end-class.ts";
import type { KnownEnd } from "./ends.ts";
import { type Active, activeAt } from "./active-rules.ts";
import { coversService } from "./match.ts";
import { isNeighbourDiscovery } from "./neighbour-discovery.ts";
import { placedRules, type Reaching, reachingIn } from "./reaching.ts";
import { type ServiceSpace, serviceSpace } from "./service-space.ts";
import { sharedRows } from "./shared-rows.ts";
import { type Slice, sliceOf } from "./slice.ts";
import type { World } from "./world.ts";

/**
 * The fast equal of `decide` between known ends: classes of ends, intervals of services, and rows of answers, four bits a pair.
 * A question is two look-ups and a shift. It answers verdict, layer and effect; the names of rules are `decide`'s to tell.
 */
export interface RuleIndex {
  /** The class of an end; a new one widens the index, and rows are made again when they are asked for. */
  readonly classOf: (end: KnownEnd) => number;
  readonly intervalOf: (protocol: number, port: number) => number;
  /** The rows for an instant and what is known of the facts; hold it while both stay. */
  readonly during: (at: Instant, facts: Facts) => Slice;
  /** The rules of which a class is a client. */
  readonly rulesFrom: (client: number) => readonly Rule[];
  /** What a client is denied and what the wire blocks, class by class, for each stretch of services that gets the same; it asks nothing of the rows above. */
  readonly denialsFrom: (client: number, at: Instant, facts: Facts) => readonly Denials[];
  readonly space: ServiceSpace;
  readonly size: () => { readonly classes: number; readonly intervals: number; readonly rows: number; readonly bytes: number };
}

/** Two rows of bits, the same for all of these intervals. Neighbour discovery is told as if it were any service. */
export interface Denials {
  readonly intervals: readonly number[];
  readonly denied: Bits;
  readonly blocked: Bits;
}

/** What a code stands for. */
export function outcomeOf(code: number): { readonly verdict: Verdict; readonly layer: Layer; readonly effect: Effect } {
  return { ...outcomes[code & 7]!, effect: (code & 8) !== 0 ? "block" : "pass" };
}

// One is a few bytes for each rule.
const activesMost = 1000;

/** The index of a world. Ends are added by `classOf`. */
export function ruleIndex(world: World): RuleIndex {
  const maker = rowMaker(world);
  const { classes, space, rows } = maker;
  const slices = new Map<string, Slice>();
  // Who goes through all clients asks for the same few again and again.
  const actives = new Map<string, Active>();
  const activeFor = (at: Instant, facts: Facts): Active => {
    const key = `${at} ${JSON.stringify(facts)}`;
    const active = actives.get(key) ?? activeAt(maker.rules, at, facts);
    if (actives.size >= activesMost) actives.clear();
    actives.set(key, active);
    return active;
  };
  return {
    classOf: classes.classOf,
    intervalOf: space.intervalOf,
    during(at, facts) {
      const active = activeAt(maker.rules, at, facts);
      const known = slices.get(active.key);
      if (known !== undefined) return known;
      const slice = sliceOf({ ...maker, makeRow: (client, interval) => maker.makeRow(client, interval, active), intervals: space.count });
      slices.set(active.key, slice);
      return slice;
    },
    rulesFrom: (client) => maker.rulesFrom(client),
    denialsFrom: (client, at, facts) => maker.denialsFrom(client, activeFor(at, facts)),
    space,
    size: () => ({ classes: classes.list.length, intervals: space.count, rows: rows.count(), bytes: rows.bytes() }),
  };
}

/** Everything that rows are made from; it grows with the classes. */
function rowMaker(world: World) {
  const placed = placedRules(world);
  const rules = placed.map(({ rule }) => rule);
  const forbids = new Set(world.set.forbids);
  const classes = classesOf(world, rules, (rule) => forbids.has(rule));
  const space = serviceSpace(rules);
  const covered = space.samples.map((point) => Uint8Array.from(rules, ({ services }) => (services.some((service) => coversService(service, point)) ? 1 : 0)));
  const rows = sharedRows();
  let reaching = reachingIn(placed, classes, []);
  const isWide = (): boolean => classes.list.length === reaching.side.count;
  /** Classes have come since the rows were made: makes the server side again, and forgets the rows. */
  function widen(): void {
    reaching = reachingIn(placed, classes, [...classes.list]);
    rows.clear(reaching.side.count);
  }
  function upToDate(): Reaching {
    if (!isWide()) widen();
    return reaching;
  }
  /** The numbers of the rules that match for a client and a service. */
  const matchingFrom = (client: number, interval: number, active: Active): readonly number[] =>
    reaching
      .rulesFrom(client)
      .filter(
        (index) =>
          covered[interval]![index] === 1 && active.isInForce(index) && active.isOpen(rules[index]!, placed[index]!.kind === "forbids", classes.list[client]!),
      );

  return {
    rules,
    classes,
    space,
    rows,
    width: () => reaching.side.count,
    isWide,
    widen,
    rulesFrom: (client: number): readonly Rule[] =>
      upToDate()
        .rulesFrom(client)
        .map((index) => rules[index]!),
    denialsFrom(client: number, active: Active): readonly Denials[] {
      const now = upToDate();
      const alike = stretchesBy(space, (interval) => matchingFrom(client, interval, active));
      return alike.map(({ intervals, matching }) => {
        const reaching = { side: now.side, reached: now.reachedBy(client, matching), hasBoundaries: world.hasBoundaries };
        return { intervals, ...denialRows(classes.list[client]!, reaching) };
      });
    },
    makeRow(client: number, interval: number, active: Active): number {
      const one = classes.list[client]!;
      const reached = reaching.reachedBy(client, matchingFrom(client, interval, active));
      const isDiscovery = isNeighbourDiscovery(space.samples[interval]!);
      return rows.add((row) => writeRow(row, one, { side: reaching.side, reached, hasBoundaries: world.hasBoundaries, isDiscovery }));
    },
  };
}

/** The intervals for which the same rules match, together. */
function stretchesBy(space: ServiceSpace, matchingOf: (interval: number) => readonly number[]) {
  const stretches = new Map<string, { readonly intervals: number[]; readonly matching: readonly number[] }>();
  for (const interval of space.samples.keys()) {
    const matching = matchingOf(interval);
    const key = matching.join();
    const known = stretches.get(key);
    if (known === undefined) stretches.set(key, { intervals: [interval], matching });
    else known.intervals.push(interval);
  }
  return [...stretches.values()];
}

function denialRows(client: EndClass, reaching: Parameters<typeof denialsAt>[2]): Pick<Denials, "denied" | "blocked"> {
  const words = wordsFor(reaching.side.count);
  const rows = { denied: new Uint32Array(words), blocked: new Uint32Array(words) };
  for (let word = 0; word < words; word += 1) {
    const said = denialsAt(word, client, reaching);
    [rows.denied[word], rows.blocked[word]] = [said.denied, said.blocked];
  }
  return rows;
}
