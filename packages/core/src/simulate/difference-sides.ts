import { byCodePoint } from "../base/order.ts";
import { ipText } from "../base/ip.ts";
import type { KnownEnd } from "../decide/ends.ts";
import { groupingBy, type Labelled } from "../map/group.ts";
import type { SharedClass } from "./difference-classes.ts";
import type { AskedEnd } from "../decide/asked-ends.ts";

/** One side of a line, in the words of people. */
export interface Ends {
  /** Zones, groups, networks and ranges that together are exactly this side; of very many the first, and how many more. */
  readonly parts: readonly string[];
  readonly workloads: number;
  /** The first of their ids, sorted. */
  readonly ids: readonly string[];
  /** The first of them, sorted. */
  readonly groups: readonly { readonly group: string; readonly workloads: number; readonly of: number }[];
  /** Networks, zones and ranges of addresses that no workload holds. */
  readonly addresses: readonly string[];
  /** Whether an address of the internet is among them. */
  readonly isPublic: boolean;
}

// A line names some, for thousands of lines may have thousands of groups each; the rest can be asked for by label.
const partsMost = 100;
const idsMost = 20;
const namedMost = 3;
// A few ranges say more than what they are not.
const rangesMost = 3;
const everyAddress = "every address that no workload holds";

/** Names sets of classes: zones where they are whole, groups by label otherwise, networks and ranges for bare addresses. */
export function sidesOf(
  classes: readonly SharedClass[],
  { workloads, by }: { readonly workloads: readonly Labelled[]; readonly by: readonly string[] },
): (some: readonly number[]) => Ends {
  const grouping = groupingBy(by, workloads, new Set());
  const each = classes.map(({ members }) => [...peopleIn(members, (id) => grouping.of({ kind: "held", holder: id }))]);
  const all = countsOf(new Map(each.flat()));
  const rangesOf = addressesIn(classes.flatMap(({ members }) => members));
  return (some) => {
    const people = new Map(some.flatMap((number) => each[number]!));
    const bare = some.flatMap((number) => classes[number]!.members.filter(({ range }) => range !== null));
    const addresses = rangesOf(bare);
    // Of a long side only the beginning is read: the internet as a whole stands there.
    const isWide = (part: string): boolean => part === "internet" || part === everyAddress;
    const parts = [...addresses.filter(isWide), ...peopleParts(people, all), ...addresses.filter((part) => !isWide(part))];
    return {
      parts: parts.length > partsMost ? [...parts.slice(0, partsMost), `and ${parts.length - partsMost} more`] : parts,
      workloads: people.size,
      ids: [...people.keys()].sort(byCodePoint).slice(0, idsMost),
      groups: groupsIn(people, all).slice(0, partsMost),
      addresses: addresses.slice(0, partsMost),
      isPublic: bare.some(({ ends }) => knownIn(ends)?.networks.has("internet") === true),
    };
  };
}

interface Person {
  readonly group: string;
  readonly zone: string | null;
}

/** The workloads among some ends, with the zone that they are in afterwards. */
function peopleIn(members: readonly AskedEnd[], groupOf: (id: string) => string): ReadonlyMap<string, Person> {
  const people = new Map<string, Person>();
  for (const { workload, ends } of members) {
    if (workload === null || people.has(workload)) continue;
    people.set(workload, { group: groupOf(workload), zone: knownIn(ends)?.zone ?? null });
  }
  return people;
}

const knownIn = (ends: AskedEnd["ends"]): KnownEnd | null => ([ends[1], ends[0]].find((end) => end?.kind === "known") as KnownEnd | undefined) ?? null;

function countBy(people: ReadonlyMap<string, Person>, of: (person: Person) => string | null): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const person of people.values()) {
    const key = of(person);
    if (key !== null) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** How many there are of everybody. */
interface Counts {
  readonly people: number;
  readonly groups: ReadonlyMap<string, number>;
  readonly zones: ReadonlyMap<string, number>;
}

const countsOf = (people: ReadonlyMap<string, Person>): Counts => ({
  people: people.size,
  groups: countBy(people, ({ group }) => group),
  zones: countBy(people, ({ zone }) => zone),
});

function groupsIn(people: ReadonlyMap<string, Person>, all: Counts): Ends["groups"] {
  const own = countBy(people, ({ group }) => group);
  return [...own].sort(([a], [b]) => byCodePoint(a, b)).map(([group, workloads]) => ({ group, workloads, of: all.groups.get(group)! }));
}

function peopleParts(people: ReadonlyMap<string, Person>, all: Counts): readonly string[] {
  if (people.size === 0) return [];
  if (people.size === all.people && all.groups.size > 1) return [`every workload (${all.people})`];
  const zones = [...countBy(people, ({ zone }) => zone)]
    .filter(([zone, count]) => count === all.zones.get(zone))
    .map(([zone]) => zone)
    .filter((zone) => new Set([...people.values()].filter((one) => one.zone === zone).map(({ group }) => group)).size > 1)
    .sort(byCodePoint);
  const rest = new Map([...people].filter(([, { zone }]) => zone === null || !zones.includes(zone)));
  return [
    ...zones.map((zone) => `zone ${zone} (${all.zones.get(zone)} workloads)`),
    ...groupsIn(rest, all).map(({ group, workloads, of }) => {
      if (workloads === of) return `${group} (${of})`;
      const ids = [...rest].filter(([, one]) => one.group === group).map(([id]) => id);
      return `${workloads} of ${of} of ${group}${workloads <= namedMost ? ` (${ids.sort(byCodePoint).join(", ")})` : ""}`;
    }),
  ];
}

type Range = NonNullable<AskedEnd["range"]>;
interface Place {
  readonly range: Range;
  readonly names: readonly string[];
}

const keyOf = ({ family, first, realm }: Range): string => `${family} ${first} ${realm}`;

/** Names addresses: what is whole by its name, the rest by first and last. */
function addressesIn(members: readonly AskedEnd[]): (own: readonly AskedEnd[]) => readonly string[] {
  const all = placesIn(members);
  const whole = namesIn(all);
  return (own) => {
    const places = placesIn(own);
    // An address that different workloads hold in different worlds stands for itself.
    const moved = own.filter(({ workload, range, ends }) => workload === null && range !== null && !isBare(ends)).map(movedText);
    if (places.size === all.size && all.size > 0) return [everyAddress, ...new Set(moved)];
    const named = namedWhole(places, whole);
    const ranges = rangeTexts(named.rest);
    if (ranges.length <= rangesMost) return [...named.chosen, ...ranges, ...new Set(moved)];
    const others = namedWhole(new Map([...all].filter(([key]) => !places.has(key))), whole);
    const isShort = others.rest.length === 0 && others.chosen.length <= namedMost;
    return [...(isShort ? [`${everyAddress}, except ${others.chosen.join(" and ")}`] : [...named.chosen, ...ranges]), ...new Set(moved)];
  };
}

/** The names of which places hold the whole, the widest first, and the ranges that remain. */
function namedWhole(
  places: ReadonlyMap<string, Place>,
  whole: ReadonlyMap<string, number>,
): { readonly chosen: readonly string[]; readonly rest: readonly Range[] } {
  const full = [...namesIn(places)].filter(([name, count]) => count === whole.get(name)).sort(([a, x], [b, y]) => y - x || byCodePoint(a, b));
  const chosen: string[] = [];
  const covered = new Set<string>();
  for (const [name] of full) {
    const inside = [...places].filter(([key, { names }]) => names.includes(name) && !covered.has(key));
    if (inside.length === 0) continue;
    chosen.push(name);
    for (const [key] of inside) covered.add(key);
  }
  return { chosen, rest: [...places].filter(([key]) => !covered.has(key)).map(([, { range }]) => range) };
}

/** An address with who held it before and who holds it now. */
function movedText({ text, ends }: AskedEnd): string {
  const [before, after] = ends.map((end) =>
    end.kind === "contested" ? `contested by ${end.names.join(", ")}` : end.kind === "known" ? (end.workload?.id ?? "nobody") : "unresolved",
  );
  return `${text} (${before}, now ${after})`;
}

const isBare = (ends: AskedEnd["ends"]): boolean => ends.every((end) => end.kind !== "known" || end.workload === null);

function placesIn(members: readonly AskedEnd[]): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  for (const { range, ends } of members) {
    if (range === null || !isBare(ends)) continue;
    const known = knownIn(ends);
    const networks = [...(known?.networks ?? [])].map((name) => (name === "internet" ? name : `network ${name}`));
    places.set(keyOf(range), { range, names: known === null ? [] : [...networks, `bare addresses of zone ${known.zone}`] });
  }
  return places;
}

function namesIn(places: ReadonlyMap<string, Place>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of [...places.values()].flatMap(({ names }) => names)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

function rangeTexts(ranges: readonly Range[]): readonly string[] {
  const sorted = [...ranges].sort((a, b) => byCodePoint(a.realm, b.realm) || a.family - b.family || (a.first < b.first ? -1 : 1));
  const joined: Range[] = [];
  for (const range of sorted) {
    const before = joined.at(-1);
    if (before !== undefined && before.realm === range.realm && before.family === range.family && before.last + 1n === range.first)
      joined[joined.length - 1] = { ...before, last: range.last };
    else joined.push(range);
  }
  return joined.map(({ family, first, last, realm }) => {
    const [from, to] = [first, last].map((value) => ipText({ family, value, realm: "" }));
    return `${from === to ? from : `${from}–${to}`}${realm === "" ? "" : `%${realm}`}`;
  });
}
