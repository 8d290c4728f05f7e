import type { Instant } from "../base/instant.ts";
import type { Effect, Facts, Layer, Verdict } from "../model/question.ts";
import { outcomes, writeRow } from "./answer-row.ts";
import { classesOf } from "./end-class.ts";
import type { KnownEnd } from "./ends.ts";
import { type Active, activeAt } from "./active-rules.ts";
import { coversService } from "./match.ts";
import { placedRules, reachingIn } from "./reaching.ts";
import { serviceSpace } from "./service-space.ts";
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
  readonly size: () => { readonly classes: number; readonly intervals: number; readonly rows: number; readonly bytes: number };
}

/** What a code stands for. */
export function outcomeOf(code: number): { readonly verdict: Verdict; readonly layer: Layer; readonly effect: Effect } {
  return { ...outcomes[code & 7]!, effect: (code & 8) !== 0 ? "block" : "pass" };
}

/** The index of a world. Ends are added by `classOf`. */
export function ruleIndex(world: World): RuleIndex {
  const maker = rowMaker(world);
  const { classes, space, rows } = maker;
  const slices = new Map<string, Slice>();
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

  return {
    rules,
    classes,
    space,
    rows,
    width: () => reaching.side.count,
    isWide: () => classes.list.length === reaching.side.count,
    /** Classes have come since the rows were made: makes the server side again, and forgets the rows. */
    widen() {
      reaching = reachingIn(placed, classes, [...classes.list]);
      rows.clear(reaching.side.count);
    },
    makeRow(client: number, interval: number, active: Active): number {
      const one = classes.list[client]!;
      const matching = reaching
        .rulesFrom(client)
        .filter((index) => covered[interval]![index] === 1 && active.isInForce(index) && active.isOpen(rules[index]!, placed[index]!.kind === "forbids", one));
      const reached = reaching.reachedBy(client, matching);
      const { protocol, port } = space.samples[interval]!;
      const isDiscovery = protocol === 58 && port >= 133 && port <= 136;
      return rows.add((row) => writeRow(row, one, { side: reaching.side, reached, hasBoundaries: world.hasBoundaries, isDiscovery }));
    },
  };
}
