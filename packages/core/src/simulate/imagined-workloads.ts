import { couldOverlap, isWithin } from "../language/selector.ts";
import type { LabelKey, Peer, PolicySet, Rule, Selector } from "../model/policy-set.ts";
import type { Workload } from "../model/workload.ts";
import { everyRule } from "../decide/every-rule.ts";
import { identityKinds, tiersIn } from "./every-kind.ts";

/** One side of rules: whom they name there. */
export type Side = "from" | "to";

// A person who waits for an answer waits for this many; beyond it, it is said that nothing was said.
const imaginedMost = 20_000;

type Labels = Readonly<Record<string, string>>;

/**
 * Workloads, one of every kind that a set tells apart on one side, among those that one of `peers` could match: every combination of
 * label values that something here names, within the label schema. Null where there are more kinds than can be gone through.
 */
export function imaginedWorkloads(set: PolicySet, side: Side, peers: readonly Peer[]): readonly Workload[] | null {
  // Only of clients is a tier demanded.
  const identities = identityKinds(peersOn(set, side), side === "from" ? tiersIn(everyRule(set)) : []);
  const found = new Map<string, Workload>();
  for (const within of withinOf(set, peers)) {
    const all = labelsWithin(set, side, within);
    if (all === null || all.length * identities.length > imaginedMost) return null;
    // At most `imaginedMost` of them.
    for (const [identity, labels] of identities.flatMap((one) => all.map((some) => [one, some] as const))) {
      const key = JSON.stringify([identity, Object.entries(labels)]);
      if (!found.has(key)) found.set(key, { id: idOf(side, found.size), labels, leases: [], identity, point: true });
    }
  }
  return found.size > imaginedMost ? null : [...found.values()];
}

// No id of an inventory holds a control character; so nobody real is shadowed.
const idOf = (side: Side, number: number): string => `\u0000imagined ${side} ${number}`;

/** The selectors within which the workloads of some peers lie; one without terms where nothing narrows them. The widest ones are enough. */
function withinOf(set: PolicySet, peers: readonly Peer[]): readonly Selector[] {
  const all = peers.flatMap((peer): readonly Selector[] => {
    switch (peer.kind) {
      case "network":
        return [];
      case "labels":
        return [peer.selector];
      case "zone":
        return peer.names.flatMap((name) => (name === "unplaced" ? [{ terms: [] }] : membersOf(set, name)));
      case "workloads":
      case "anyone":
      case "identity":
        return [{ terms: [] }];
    }
  });
  return all.filter((one, at) => !all.some((other, index) => index !== at && isWithin(one, other) && (index < at || !isWithin(other, one))));
}

const membersOf = (set: PolicySet, name: string): readonly Selector[] =>
  set.zones.flatMap((zone) => (zone.name === name && zone.members !== null ? [zone.members] : []));

/** A workload so far, and what can still select it. */
interface Kind {
  readonly labels: Labels;
  readonly alive: readonly Selector[];
}

/** Key by key, the values that something names, and one more that stands for all others; of those that the same can still select, one goes on. */
function labelsWithin(set: PolicySet, side: Side, within: Selector): readonly Labels[] | null {
  const selectors = [within, ...selectorsIn(set, side).filter((one) => couldOverlap(one, within))];
  const numbers = new Map(selectors.map((one, number) => [one, number]));
  const markOf = ({ alive }: Kind): string => alive.map((one) => numbers.get(one)).join(" ");
  let kinds: readonly Kind[] = [{ labels: {}, alive: selectors }];
  for (const [key, values] of [...valuesNamed(selectors)].sort(([, a], [, b]) => b.size - a.size)) {
    const choices = choicesOf(key, { values, only: within.terms.find((term) => term.key === key)?.values ?? null, schema: set.labels });
    const next = new Map<string, Kind>();
    for (const kind of kinds) {
      // The first of a kind stays: it says the least.
      for (const one of withKey(kind, key, choices)) next.set(markOf(one), next.get(markOf(one)) ?? one);
      if (next.size > imaginedMost) return null;
    }
    kinds = [...next.values()];
  }
  return kinds.map(({ labels }) => labels);
}

const withKey = ({ labels, alive }: Kind, key: string, choices: readonly (string | null)[]): readonly Kind[] =>
  choices.map((value) => ({
    labels: value === null ? labels : withLabel(labels, key, value),
    alive: alive.filter(({ terms }) => accepts(terms, key, value)),
  }));

function accepts(terms: Selector["terms"], key: string, value: string | null): boolean {
  const term = terms.find((one) => one.key === key);
  return term === undefined || (value !== null && term.values.includes(value));
}

function withLabel(labels: Labels, key: string, value: string): Labels {
  // A key may be called `__proto__`.
  const wider = Object.assign(Object.create(null) as Record<string, string>, labels);
  wider[key] = value;
  return wider;
}

/** What a key can say that makes a difference; null is a workload without it, and comes first. */
function choicesOf(
  key: string,
  { values, only, schema }: { readonly values: ReadonlySet<string>; readonly only: readonly string[] | null; readonly schema: readonly LabelKey[] },
): readonly (string | null)[] {
  if (only !== null) return only;
  const declared = schema.find((one) => one.key === key);
  if (declared?.required !== true) return [null, ...values];
  // What is required is there, with a value of the schema; without commas, so that a command line can name it.
  const another = declared.values === null ? `other than ${[...values].slice(0, 3).join(" or ")}` : declared.values.find((value) => !values.has(value));
  return another === undefined ? [...values] : [another, ...values];
}

function valuesNamed(selectors: readonly Selector[]): ReadonlyMap<string, ReadonlySet<string>> {
  const named = new Map<string, Set<string>>();
  for (const { key, values } of selectors.flatMap(({ terms }) => terms)) {
    const known = named.get(key) ?? new Set<string>();
    for (const value of values) known.add(value);
    named.set(key, known);
  }
  return named;
}

function selectorsIn(set: PolicySet, side: Side): readonly Selector[] {
  const all = [
    ...peersOn(set, side).flatMap((peer) => (peer.kind === "labels" ? [peer.selector] : [])),
    ...set.zones.flatMap(({ members }) => (members === null ? [] : [members])),
    ...set.policies.map(({ scope }) => scope),
  ];
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
}

const peersOn = (set: PolicySet, side: Side): readonly Peer[] => everyRule(set).flatMap((rule: Rule) => rule[side]);
