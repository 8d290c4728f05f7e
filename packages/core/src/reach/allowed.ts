import type { Instant } from "../base/instant.ts";
import { type Bits, hasBit, wordsFor } from "../decide/bits.ts";
import { combinations, combinationsOf, knownFacts } from "../decide/known-facts.ts";
import { isNeighbourDiscovery } from "../decide/neighbour-discovery.ts";
import type { RuleIndex } from "../decide/rule-index.ts";
import type { Said } from "../decide/second-engine.ts";
import type { Facts } from "../model/question.ts";
import { administrationPoints } from "../model/administration.ts";
import { type Graph, growingGraph } from "./graph.ts";
import type { Whom } from "./whom.ts";

/** Over which services somebody may be opened. */
export interface Ways {
  readonly any: Graph;
  /** Over a service by which machines are administered. */
  readonly administration: Graph;
}

/** `policy`: what the policy allows, as if all of it were enforced. `wire`: what passes with the stages and live points of today. */
export type Basis = "policy" | "wire";

export interface Allowed extends Readonly<Record<Basis, Ways>> {
  /** Places of clients of which nothing is said: rules tell more facts apart there than can be gone through. */
  readonly untold: readonly number[];
}

/** As many kinds of facts are gone through for one client; policies demand a handful. */
export const combinationsMost = 4096;

/** Every combination of facts that the rules of a client tell apart, the empty one first; null where they are too many. */
export function factsFor(index: RuleIndex, client: number): readonly Facts[] | null {
  const known = knownFacts(index.rulesFrom(client));
  return combinationsOf(known) > combinationsMost ? null : combinations(known);
}

/** Neighbour discovery always passes, and is no way into anything. */
export const isDiscovery = ({ space }: RuleIndex, interval: number): boolean => isNeighbourDiscovery(space.samples[interval]!);

/** The intervals in which a service of administration lies. */
export const administrationIn = ({ intervalOf }: RuleIndex): ReadonlySet<number> =>
  new Set(administrationPoints.map(({ protocol, port }) => intervalOf(protocol, port)));

/** Who may open whom at an instant, over at least one service, whatever can be known of the conversation: an intruder chooses how he comes. */
export function allowedAt(index: RuleIndex, { places }: Whom, at: Instant): Allowed {
  const administration = administrationIn(index);
  const growing = { policy: growingWays(places.length), wire: growingWays(places.length) };
  const untold: number[] = [];
  for (const [place, { ofClass }] of places.entries()) {
    const facts = factsFor(index, ofClass);
    if (facts === null) untold.push(place);
    const rows = clientRows(index, { client: ofClass, at, facts: facts ?? [], administration });
    for (const basis of ["policy", "wire"] as const) {
      growing[basis].any.add(placed(rows[basis].any, places));
      growing[basis].administration.add(placed(rows[basis].administration, places));
    }
  }
  const ways = (grown: ReturnType<typeof growingWays>): Ways => ({ any: grown.any.graph(), administration: grown.administration.graph() });
  return { policy: ways(growing.policy), wire: ways(growing.wire), untold };
}

const growingWays = (count: number) => ({ any: growingGraph(count), administration: growingGraph(count) });

interface ClientAsked {
  readonly client: number;
  readonly at: Instant;
  readonly facts: readonly Facts[];
  /** The intervals in which a service of administration lies. */
  readonly administration: ReadonlySet<number>;
}

type ClientRows = Readonly<Record<Basis, Readonly<Record<keyof Ways, Bits>>>>;

/** The classes that a client class may open. */
function clientRows(index: RuleIndex, { client, at, facts, administration }: ClientAsked): ClientRows {
  const empty = (): Bits => new Uint32Array(wordsFor(index.size().classes));
  const rows = { policy: { any: empty(), administration: empty() }, wire: { any: empty(), administration: empty() } };
  for (const { intervals, denied, blocked } of facts.flatMap((some) => index.denialsFrom(client, at, some))) {
    if (intervals.every((interval) => isDiscovery(index, interval))) continue;
    addOthers(rows.policy.any, denied);
    addOthers(rows.wire.any, blocked);
    if (!intervals.some((interval) => administration.has(interval))) continue;
    addOthers(rows.policy.administration, denied);
    addOthers(rows.wire.administration, blocked);
  }
  return rows;
}

/** Adds all who are not among some. */
function addOthers(row: Bits, some: Bits): void {
  for (let word = 0; word < row.length; word += 1) row[word]! |= ~some[word]!;
}

/** A row of classes as one of places. */
function placed(row: Bits, places: Whom["places"]): Bits {
  const wide = new Uint32Array(wordsFor(places.length));
  wide.set(row);
  const classes = places.findLastIndex(({ ofClass }, place) => ofClass === place) + 1;
  // Behind the last class, the row says nothing.
  if ((classes & 31) !== 0) wide[classes >>> 5]! &= (1 << (classes & 31)) - 1;
  for (let place = classes; place < places.length; place += 1) if (hasBit(row, places[place]!.ofClass)) wide[place >>> 5]! |= 1 << (place & 31);
  return wide;
}

/** What is said of some services between two classes: of each of them the same, by the same rules. */
export interface SaidOver {
  readonly facts: Facts;
  readonly intervals: readonly number[];
  readonly said: Said;
}

/** All that is said between two classes, neighbour discovery left out. */
export function saidBetween(
  index: RuleIndex,
  { client, server, at }: { readonly client: number; readonly server: number; readonly at: Instant },
): readonly SaidOver[] {
  const each = (factsFor(index, client) ?? []).flatMap((facts) => index.denialsFrom(client, at, facts).map((denials) => ({ facts, ...denials })));
  return each.flatMap(({ facts, intervals: all, denied, blocked }) => {
    const intervals = all.filter((interval) => !isDiscovery(index, interval));
    const said: Said = { verdict: hasBit(denied, server) ? "deny" : "allow", effect: hasBit(blocked, server) ? "block" : "pass" };
    return intervals.length === 0 ? [] : [{ facts, intervals, said }];
  });
}

/** Whether what is said opens a way. */
export const isOpen = (basis: Basis, { verdict, effect }: Said): boolean => (basis === "policy" ? verdict === "allow" : effect === "pass");
