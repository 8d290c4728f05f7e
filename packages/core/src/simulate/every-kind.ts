import { byCodePoint } from "../base/order.ts";
import { everyRule } from "../decide/every-rule.ts";
import type { Peer, PolicySet, Rule, Selector } from "../model/policy-set.ts";
import type { Identity, Tier, Workload } from "../model/workload.ts";

/** Where there is no inventory: one workload of every kind that some policies tell apart, or how many kinds there would be at least. */
export type Kinds =
  | { readonly kind: "workloads"; readonly workloads: readonly Workload[]; readonly keys: readonly string[] }
  | { readonly kind: "too-many"; readonly most: number };

// As many kinds are compared in seconds; who has more has an inventory, too.
const kindsMost = 20_000;

/** A workload with a point for each combination of labels and identities that these policies tell apart. */
export function everyKind(sets: readonly PolicySet[]): Kinds {
  const rules = sets.flatMap((set) => everyRule(set));
  const selectors = distinct([
    ...sets.flatMap(({ zones, policies }) => [...zones.flatMap(({ members }) => members ?? []), ...policies.map(({ scope }) => scope)]),
    ...peersIn(rules).flatMap((peer) => (peer.kind === "labels" ? [peer.selector] : [])),
  ]);
  const keys = keysOf(selectors);
  const labelled = labelKinds(selectors, { keys, sets });
  const identities = identityKinds(peersIn(rules), tiersIn(rules));
  if (labelled === null || labelled.length * identities.length > kindsMost) return { kind: "too-many", most: kindsMost };
  const taken = new Map<string, number>();
  const workloads = labelled.flatMap((labels) =>
    identities.map((identity): Workload => ({ id: once(taken, idOf(labels, identity)), labels, leases: [], identity, point: true })),
  );
  return { kind: "workloads", workloads, keys: keys.toSorted(byCodePoint) };
}

const peersIn = (rules: readonly Rule[]): readonly Peer[] => rules.flatMap(({ from, to }) => [...from, ...to]);

const distinct = (selectors: readonly Selector[]): readonly Selector[] => [...new Map(selectors.map((one) => [JSON.stringify(one), one])).values()];

/** The keys that selectors look at, those with the most values first: they leave the fewest selectors alive. */
function keysOf(selectors: readonly Selector[]): readonly string[] {
  const values = new Map<string, Set<string>>();
  for (const term of selectors.flatMap(({ terms }) => terms)) {
    const known = values.get(term.key) ?? new Set();
    for (const value of term.values) known.add(value);
    values.set(term.key, known);
  }
  return [...values].sort(([a, x], [b, y]) => y.size - x.size || byCodePoint(a, b)).map(([key]) => key);
}

type Labels = Readonly<Record<string, string>>;

interface Kind {
  readonly labels: Labels;
  /** What can still select it, by number. */
  readonly alive: readonly number[];
}

/** Key by key: of labels that leave the same selectors able to match, one goes on. */
function labelKinds(
  selectors: readonly Selector[],
  { keys, sets }: { readonly keys: readonly string[]; readonly sets: readonly PolicySet[] },
): readonly Labels[] | null {
  let kinds: readonly Kind[] = [{ labels: Object.create(null) as Labels, alive: [...selectors.keys()] }];
  for (const key of keys) {
    const next = new Map<string, Kind>();
    for (const one of kinds) {
      for (const more of withKey(one, key, { selectors, sets })) next.set(more.alive.join(","), more);
      if (next.size > kindsMost) return null;
    }
    kinds = [...next.values()];
  }
  return kinds.map(({ labels }) => labels);
}

/** The same labels with each value of a key that makes a difference to what is alive. */
function withKey(
  { labels, alive }: Kind,
  key: string,
  { selectors, sets }: { readonly selectors: readonly Selector[]; readonly sets: readonly PolicySet[] },
): readonly Kind[] {
  const asking = alive.filter((number) => selectors[number]!.terms.some((term) => term.key === key));
  const named = new Set(asking.flatMap((number) => selectors[number]!.terms.filter((term) => term.key === key).flatMap(({ values }) => values)));
  return valuesFor(key, [...named], sets).map((value) => ({
    labels: value === null ? labels : (Object.assign(Object.create(null) as Record<string, string>, labels, { [key]: value }) as Labels),
    alive: alive.filter((number) => selectors[number]!.terms.every((term) => term.key !== key || (value !== null && term.values.includes(value)))),
  }));
}

/** Those of the named values of a key that a workload can have, and one other: none at all, where no schema requires one. */
function valuesFor(key: string, named: readonly string[], sets: readonly PolicySet[]): readonly (string | null)[] {
  const schemas = sets.flatMap(({ labels }) => labels.filter((one) => one.key === key));
  // A policy without a schema of this key takes every value.
  const isFree = schemas.length < sets.length || schemas.some(({ values }) => values === null);
  const legal = named.filter((value) => isFree || schemas.some(({ values }) => values!.includes(value)));
  if (schemas.length < sets.length || !schemas.every(({ required }) => required)) return [...legal, null];
  if (!isFree) return [...legal, ...schemas.flatMap(({ values }) => values!.filter((value) => !named.includes(value))).slice(0, 1)];
  let other = `another-${key}`;
  while (named.includes(other)) other = `another-${other}`;
  return [...legal, other];
}

/** The tiers that rules demand of clients. */
export const tiersIn = (rules: readonly Rule[]): readonly Tier[] =>
  rules.flatMap(({ where }) => where.flatMap((one) => (one.kind === "tier" ? [one.least] : [])));

/** No identity, which comes first, and one for each combination of patterns of peers and demanded tiers that rules tell apart. */
export function identityKinds(peers: readonly Peer[], least: readonly Tier[]): readonly (Identity | null)[] {
  const patterns = [...new Set(peers.flatMap((peer) => (peer.kind === "identity" ? peer.patterns : [])))];
  if (patterns.length === 0 && least.length === 0) return [null];
  const tiers = [...new Set<Tier>([0, ...(patterns.length > 0 ? ([2] as const) : []), ...least])].sort();
  const candidates = ["spiffe://nobody", ...patterns.flatMap((pattern) => (pattern.endsWith("/*") ? [`${pattern.slice(0, -1)}anyone`] : [pattern]))];
  const matches = (name: string): string =>
    patterns.filter((pattern) => (pattern.endsWith("/*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern)).join(" ");
  const names = [...new Map(candidates.toReversed().map((name) => [matches(name), name])).values()];
  const all = names.flatMap((name) => tiers.map((tier): Identity => ({ name, tier })));
  return [null, ...all.filter(({ name, tier }) => tier > 0 || matches(name) !== "")];
}

/** Labels with commas in them can be spelled like others. */
function once(taken: Map<string, number>, id: string): string {
  const count = (taken.get(id) ?? 0) + 1;
  taken.set(id, count);
  return count === 1 ? id : `${id} (${count})`;
}

function idOf(labels: Labels, identity: Identity | null): string {
  const written = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  const who = written.length === 0 ? "without labels" : written.sort(byCodePoint).join(",");
  return identity === null ? who : `${who} as ${identity.name} of tier ${identity.tier}`;
}
