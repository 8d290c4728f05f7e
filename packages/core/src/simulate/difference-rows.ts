import { wordsFor } from "../decide/bits.ts";
import { denialsAt } from "../decide/answer-row.ts";
import { coversService, isInForce, isMet, placeless } from "../decide/match.ts";
import type { PlacedRule } from "../decide/reaching.ts";
import type { ServiceSpace } from "../decide/service-space.ts";
import type { Facts } from "../model/question.ts";
import type { AlignedWorld, SharedClass } from "./difference-classes.ts";
import { type During, instantIn, overlap } from "../decide/asked-ends.ts";
import { combinations, combinationsOf, type Conditions, conditionsOf, factsMeeting, knownFacts } from "../decide/known-facts.ts";
import { isNeighbourDiscovery } from "../decide/neighbour-discovery.ts";
import { type Codes, transitionOf } from "./difference-transition.ts";

/** What changes for one client class: the servers, the services, the times and the facts for which it is the same change. */
export interface ChangedRow {
  readonly transition: number;
  readonly servers: readonly number[];
  readonly intervals: readonly number[];
  /** Numbers of stretches. */
  readonly times: readonly number[];
  readonly conditions: readonly Conditions[];
  /** Facts that meet each of the conditions. */
  readonly meeting: readonly Facts[];
  /** One combination of facts for which it is so. */
  readonly facts: Facts;
}

export interface RowsAsked {
  readonly classes: readonly SharedClass[];
  readonly aligned: readonly AlignedWorld[];
  readonly space: ServiceSpace;
  /** What every rule of each world covers: intervals, or null for all of them. */
  readonly covered: readonly (readonly (readonly number[] | null)[])[];
  readonly stretches: readonly During[];
  /** Gives equal lists as one, so that a change of everybody is kept once. */
  readonly shared: (servers: readonly number[]) => readonly number[];
  /** Told what a client reaches in the first two worlds, for each service, at the beginning and with nothing known of the facts. */
  readonly onReached?: (client: number, reached: readonly [Uint32Array, Uint32Array]) => void;
}

/** More kinds of facts between one client and one service than this, and nothing is said: policies demand a handful. */
export const combinationsMost = 4096;

/** What every rule covers of the intervals of a space; null for all. */
export function coveredBy(placed: readonly PlacedRule[], { samples }: ServiceSpace): readonly (readonly number[] | null)[] {
  return placed.map(({ rule: { services } }) => {
    if (services.some(({ protocol }) => protocol === null)) return null;
    return samples.flatMap((point, interval) => (services.some((service) => coversService(service, point)) ? [interval] : []));
  });
}

/** What changes for a client between the first two worlds; null where rules tell more facts apart than can be gone through. */
export function changedRows(asked: RowsAsked, client: number): readonly ChangedRow[] | null {
  const { aligned } = asked;
  if (aligned.slice(0, 2).every((world) => world.isUnknown(client))) return [];
  const rules = aligned.map((world) => (world.isUnknown(client) ? [] : world.reaching.rulesFrom(client)));
  const answers = answersOf(asked, client);
  const rows: ChangedRow[] = [];
  for (const group of intervalGroups(asked, rules)) {
    const some = rowsOf(asked, { client, group, answers });
    if (some === null) return null;
    rows.push(...some);
  }
  return rows;
}

/** Services that the same rules of a client cover, world by world. */
interface IntervalGroup {
  readonly intervals: readonly number[];
  readonly rules: readonly (readonly number[])[];
  readonly isDiscovery: boolean;
}

function intervalGroups({ space, covered }: RowsAsked, rules: readonly (readonly number[])[]): readonly IntervalGroup[] {
  const whole = rules.map((own, world) => own.filter((rule) => covered[world]![rule] === null));
  const special = new Map<number, number[][]>();
  for (const [world, own] of rules.entries())
    for (const rule of own)
      for (const interval of covered[world]![rule] ?? []) {
        const lists = special.get(interval) ?? rules.map(() => []);
        lists[world]!.push(rule);
        special.set(interval, lists);
      }
  const groups = new Map<string, { intervals: number[]; rules: readonly (readonly number[])[]; isDiscovery: boolean }>();
  for (const [interval, point] of space.samples.entries()) {
    const isDiscovery = isNeighbourDiscovery(point);
    const own = special.get(interval);
    const key = `${isDiscovery} ${own?.map((list) => list.join(",")).join(" ") ?? ""}`;
    const known = groups.get(key);
    if (known !== undefined) known.intervals.push(interval);
    else groups.set(key, { intervals: [interval], rules: own === undefined ? whole : whole.map((list, world) => [...list, ...own[world]!]), isDiscovery });
  }
  return [...groups.values()];
}

interface Answers {
  /** Which servers deny, and which the wire blocks, world by world. */
  readonly to: (matching: readonly (readonly number[])[], isDiscovery: boolean) => readonly Codes[];
}

/** Rows of bits for a client, each made once. */
function answersOf({ aligned }: RowsAsked, client: number): Answers {
  const made = new Map<string, Codes>();
  const rowOf = ({ world, list, reaching, unknown, isUnknown }: AlignedWorld, rules: readonly number[], isDiscovery: boolean): Codes => {
    const words = wordsFor(list.length);
    const row = {
      denied: new Uint32Array(words),
      blocked: new Uint32Array(words),
      unknown: isUnknown(client) ? new Uint32Array(words).fill(0xffff_ffff) : unknown,
      isDiscovery,
    };
    if (isUnknown(client)) return row;
    const reached = reaching.reachedBy(client, rules);
    for (let word = 0; word < words; word += 1) {
      const { denied, blocked } = denialsAt(word, list[client]!, { side: reaching.side, reached, hasBoundaries: world.hasBoundaries });
      row.denied[word] = denied;
      row.blocked[word] = isDiscovery ? 0 : blocked;
    }
    return row;
  };
  return {
    to: (matching, isDiscovery) =>
      aligned.map((world, number) => {
        const key = `${number} ${isDiscovery} ${matching[number]!.join(",")}`;
        const row = made.get(key) ?? rowOf(world, matching[number]!, isDiscovery);
        made.set(key, row);
        return row;
      }),
  };
}

interface Around {
  readonly client: number;
  readonly group: IntervalGroup;
  readonly answers: Answers;
}

function rowsOf(asked: RowsAsked, around: Around): readonly ChangedRow[] | null {
  const { aligned, stretches } = asked;
  const { client, group } = around;
  const known = knownFacts(group.rules.flatMap((own, world) => own.map((number) => aligned[world]!.placed[number]!.rule)));
  if (combinationsOf(known) > combinationsMost) return null;
  const all = combinations(known);
  const rows: ChangedRow[] = [];
  for (const times of timeGroups(asked, group)) {
    const at = instantIn(stretches[times[0]!]!);
    const found = new Map<string, Pick<ChangedRow, "transition" | "servers"> & { readonly facts: Facts[] }>();
    for (const facts of all) {
      const codes = codesFor(asked, around, { at, facts });
      if (times[0] === 0 && facts === all[0]) asked.onReached?.(client, [reachedIn(codes[0]!), reachedIn(codes[1]!)]);
      addTo(found, changesIn(codes, aligned[0]!.list.length), facts);
    }
    for (const { transition, servers, facts } of found.values()) {
      const conditions = conditionsOf(known, facts);
      const row = { transition, intervals: group.intervals, conditions, meeting: conditions.map((one) => factsMeeting(known, one)), facts: facts[0]! };
      rows.push(...present(asked, client, { servers, times }).map((there) => ({ ...row, ...there })));
    }
  }
  return rows;
}

function addTo(
  found: Map<string, Pick<ChangedRow, "transition" | "servers"> & { readonly facts: Facts[] }>,
  changes: ReadonlyMap<number, readonly number[]>,
  facts: Facts,
): void {
  for (const [transition, servers] of changes) {
    const key = `${transition} ${servers.join(",")}`;
    const same = found.get(key);
    if (same !== undefined) same.facts.push(facts);
    else found.set(key, { transition, servers, facts: [facts] });
  }
}

/** The answers of every world at an instant, with what is known. */
function codesFor({ aligned }: RowsAsked, { client, group, answers }: Around, { at, facts }: { readonly at: number; readonly facts: Facts }): readonly Codes[] {
  const matching = group.rules.map((own, world) => {
    const { placed, list } = aligned[world]!;
    return own.filter((number) => isMatching(placed[number]!, { tier: list[client]!.tier, at, facts }));
  });
  return answers.to(matching, group.isDiscovery);
}

const reachedIn = ({ denied, unknown }: Codes): Uint32Array => denied.map((word, at) => ~(word | unknown[at]!));

function isMatching({ rule, kind }: PlacedRule, { tier, at, facts }: { readonly tier: number; readonly at: number; readonly facts: Facts }): boolean {
  if (!isInForce(rule, at)) return false;
  return rule.where.every((demand) => {
    if (demand.kind === "tier") return tier >= demand.least;
    const answer = isMet(demand, { client: placeless(null), facts });
    return kind === "forbids" ? answer !== "not-met" : answer === "met";
  });
}

/** Stretches in which the same of these rules are in force. */
function timeGroups({ aligned, stretches }: RowsAsked, { rules }: IntervalGroup): readonly (readonly number[])[] {
  const dated = rules
    .flatMap((own, world) => own.map((number) => aligned[world]!.placed[number]!.rule))
    .filter(({ start, end }) => start !== null || end !== null);
  if (dated.length === 0) return [stretches.map((_, number) => number)];
  const groups = new Map<string, number[]>();
  for (const [number, stretch] of stretches.entries()) {
    const key = dated.map((rule) => (isInForce(rule, instantIn(stretch)) ? 1 : 0)).join("");
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [number]);
    else known.push(number);
  }
  return [...groups.values()];
}

/** The servers whose answer is another one, by what it was and is. */
function changesIn(codes: readonly Codes[], count: number): ReadonlyMap<number, readonly number[]> {
  const changes = new Map<number, number[]>();
  const [before, after] = [codes[0]!, codes[1]!];
  for (let word = 0; word < before.denied.length; word += 1) {
    const differs =
      (before.denied[word]! ^ after.denied[word]!) | (before.blocked[word]! ^ after.blocked[word]!) | (before.unknown[word]! ^ after.unknown[word]!);
    let left = differs & ~(before.unknown[word]! & after.unknown[word]!);
    while (left !== 0) {
      const bit = 31 - Math.clz32(left & -left);
      left &= left - 1;
      const server = word * 32 + bit;
      if (server >= count) break;
      const transition = transitionOf(codes, word, bit);
      const known = changes.get(transition);
      if (known === undefined) changes.set(transition, [server]);
      else known.push(server);
    }
  }
  return changes;
}

/** Only those servers, and only at those times, that are there together with the client. */
function present(
  { classes, stretches, shared }: RowsAsked,
  client: number,
  { servers, times }: Pick<ChangedRow, "servers" | "times">,
): readonly Pick<ChangedRow, "servers" | "times">[] {
  if (classes[client]!.isAlways && servers.every((server) => classes[server]!.isAlways)) return [{ servers: shared(servers), times }];
  return times.flatMap((time) => {
    const there = servers.filter((server) => meetingOf({ client: classes[client]!, server: classes[server]!, during: stretches[time]! }) !== null);
    return there.length === 0 ? [] : [{ servers: shared(there), times: [time] }];
  });
}

/** A member of each class who are there together within a stretch, and when; null if nobody is. */
export function meetingOf({ client, server, during }: Readonly<Record<"client" | "server", Pick<SharedClass, "members">>> & { readonly during: During }) {
  for (const from of client.members) {
    const within = overlap([from, during]);
    if (within === null) continue;
    for (const to of server.members) {
      const when = overlap([within, to]);
      if (when !== null) return { from, to, when };
    }
  }
  return null;
}
