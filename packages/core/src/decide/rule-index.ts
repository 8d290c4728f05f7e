import type { Instant } from "../base/instant.ts";
import type { Rule } from "../model/policy-set.ts";
import type { Effect, Facts, Layer, Verdict } from "../model/question.ts";
import { nothingReached, outcomes, reachByPolicy, serverSide, writeRow, type Reached, type ServerSide } from "./answer-row.ts";
import { addBits, type Bits, bitsWhere } from "./bits.ts";
import { classesOf, type EndClass } from "./end-class.ts";
import type { KnownEnd } from "./ends.ts";
import { type Active, activeAt } from "./active-rules.ts";
import { coversService } from "./match.ts";
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

interface Indexed {
  readonly rule: Rule;
  readonly kind: "forbids" | "conduits" | "exceptions" | "commons" | "allow" | "own-exception";
  readonly policy: string | null;
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
  const indexed = rulesOf(world);
  const rules = indexed.map(({ rule }) => rule);
  const forbids = new Set(world.set.forbids);
  const classes = classesOf(world, rules, (rule) => forbids.has(rule));
  const space = serviceSpace(rules);
  const covered = space.samples.map((point) => Uint8Array.from(rules, ({ services }) => (services.some((service) => coversService(service, point)) ? 1 : 0)));
  const rows = sharedRows();
  let made = 0;
  let side: ServerSide = serverSide([]);
  let reaches: Bits[] = [];
  let clientRules: (readonly number[] | undefined)[] = [];

  const isOne = (peers: readonly number[], of: number): boolean => peers.some((peer) => classes.list[of]!.peers[peer] === 1);
  const rulesFrom = (client: number): readonly number[] =>
    (clientRules[client] ??= indexed.flatMap((_, index) => (isOne(classes.from[index]!, client) ? [index] : [])));

  function reachedBy(client: EndClass, reachable: readonly number[]): Reached {
    const reached = nothingReached(made);
    for (const index of reachable) {
      const { kind, policy } = indexed[index]!;
      if (kind === "allow" || kind === "own-exception")
        reachByPolicy(reached, reaches[index]!, {
          kind: kind === "allow" ? "Allows" : "Exceptions",
          members: side.members.get(policy ?? ""),
          isClients: client.policy === policy,
        });
      else addBits(reached[kind], reaches[index]!);
    }
    return reached;
  }

  return {
    rules,
    classes,
    space,
    rows,
    isWide: () => classes.list.length === made,
    /** Classes have come since the rows were made: makes the server side again, and forgets the rows. */
    widen() {
      made = classes.list.length;
      side = serverSide(classes.list);
      reaches = classes.to.map((peers) => bitsWhere(made, (index) => isOne(peers, index)));
      clientRules = [];
      rows.clear(made);
    },
    makeRow(client: number, interval: number, active: Active): number {
      const one = classes.list[client]!;
      const matching = rulesFrom(client).filter(
        (index) => covered[interval]![index] === 1 && active.isInForce(index) && active.isOpen(rules[index]!, indexed[index]!.kind === "forbids", one),
      );
      const reached = reachedBy(one, matching);
      const { protocol, port } = space.samples[interval]!;
      const isDiscovery = protocol === 58 && port >= 133 && port <= 136;
      return rows.add((row) => writeRow(row, one, { side, reached, hasBoundaries: world.hasBoundaries, isDiscovery }));
    },
  };
}

function rulesOf({ set }: World): readonly Indexed[] {
  const of = (kind: Indexed["kind"], rules: readonly Rule[], policy: string | null = null): Indexed[] => rules.map((rule) => ({ rule, kind, policy }));
  return [
    ...of("forbids", set.forbids),
    ...of("conduits", set.conduits),
    ...of("exceptions", set.exceptions),
    ...of("commons", set.commons),
    ...set.policies.flatMap(({ name, allow, exceptions }) => [...of("allow", allow, name), ...of("own-exception", exceptions, name)]),
  ];
}
