import { addTo } from "../../base/lists.ts";
import { byCodePoint } from "../../base/order.ts";
import type { Conduct, Deed } from "./conduct.ts";
import { type Evidence, labelOf, strongestFirst, type Subject, type Vote } from "./evidence.ts";

// Lidstone's half: what was never seen together may be seen tomorrow.
const smoothing = 0.5;
// Workloads of one kind differ in a few deeds; with hundreds of features the product of their shares is certain of anything.
const featuresMost = 40;
const usualLeast = 2;
const usualMost = 80;
// Of a thousand applications, those that a workload has next to nothing in common with are not asked.
const candidatesMost = 30;
// What hundreds of values do names no candidate.
const valuesMost = 200;

/**
 * Who behaves alike: which services a workload answers and opens, and of which peers; naive Bayes over the conduct of others. For a role the
 * peers are taken by their roles, for any other key as themselves.
 */
export function conductEvidence(key: string, subjects: readonly Subject[], conducts: ReadonlyMap<string, Conduct>): Evidence {
  const kinds = new Map(subjects.map((subject) => [subject.id, key === "role" ? labelOf(subject, "role") : subject.id]));
  const featured = new Map(subjects.map((subject) => [subject.id, featuresOf(conducts.get(subject.id), kinds)]));
  const counts = new Map<string, Map<string, number>>();
  const sizes = new Map<string, number>();
  for (const subject of subjects) {
    const value = labelOf(subject, key);
    const features = featured.get(subject.id) ?? [];
    if (value === undefined || features.length === 0) continue;
    sizes.set(value, (sizes.get(value) ?? 0) + 1);
    for (const feature of features) {
      const known = counts.get(feature) ?? new Map<string, number>();
      counts.set(feature, known);
      known.set(value, (known.get(value) ?? 0) + 1);
    }
  }
  const usual = usualOf(counts, sizes);
  const totals = new Map([...counts].map(([feature, byValue]) => [feature, [...byValue.values()].reduce((sum, count) => sum + count, 0)]));
  return {
    name: "conduct",
    votes: (subject) => votesOf({ key, own: labelOf(subject, key), features: featured.get(subject.id) ?? [], counts, sizes, usual, totals }),
  };
}

/** What about half of the workloads of each value do, the most usual first: that one does not do it speaks against the value. */
function usualOf(counts: ReadonlyMap<string, ReadonlyMap<string, number>>, sizes: ReadonlyMap<string, number>): ReadonlyMap<string, readonly string[]> {
  const usual = new Map<string, { readonly feature: string; readonly count: number }[]>();
  for (const [feature, byValue] of counts)
    for (const [value, count] of byValue) if (count >= usualLeast && count >= ((sizes.get(value) ?? 0) - 1) / 2) addTo(usual, value, { feature, count });
  return new Map(
    [...usual].map(([value, features]) => [
      value,
      features
        .sort((a, b) => b.count - a.count || byCodePoint(a.feature, b.feature))
        .slice(0, usualMost)
        .map(({ feature }) => feature),
    ]),
  );
}

interface Question {
  readonly key: string;
  readonly own: string | undefined;
  readonly features: readonly string[];
  readonly counts: ReadonlyMap<string, ReadonlyMap<string, number>>;
  readonly sizes: ReadonlyMap<string, number>;
  readonly usual: ReadonlyMap<string, readonly string[]>;
  /** How many labelled workloads have each feature. */
  readonly totals: ReadonlyMap<string, number>;
}

function votesOf({ key, own, features, counts, sizes, usual, totals }: Question): readonly Vote[] {
  // Whoever is asked is among those that are counted, when its label is known.
  const othersWith = (feature: string): number => (totals.get(feature) ?? 0) - (own === undefined ? 0 : 1);
  const shared = features.filter((feature) => othersWith(feature) > 0);
  if (shared.length === 0) return [];
  // The rarest features tell values apart best.
  const telling = [...shared].sort((a, b) => othersWith(a) - othersWith(b) || byCodePoint(a, b)).slice(0, featuresMost);
  const done = new Set(features);
  const logs = candidatesOf(telling, { counts, own }).flatMap((value): readonly (readonly [string, number])[] => {
    const others = (sizes.get(value) ?? 0) - (value === own ? 1 : 0);
    if (others === 0) return [];
    // Of the one who is asked, nothing counts but what it does: its own part is taken out of the counts.
    const shareOf = (feature: string): number => {
      const seen = (counts.get(feature)?.get(value) ?? 0) - (value === own && done.has(feature) ? 1 : 0);
      return (seen + smoothing) / (others + 2 * smoothing);
    };
    const does = telling.reduce((all, feature) => all + Math.log(shareOf(feature)), Math.log(others));
    const isUsual = (feature: string): boolean => {
      const seen = (counts.get(feature)?.get(value) ?? 0) - (value === own && done.has(feature) ? 1 : 0);
      return seen >= usualLeast && seen >= others / 2;
    };
    const omitted = (usual.get(value) ?? []).filter((feature) => !done.has(feature) && isUsual(feature)).slice(0, featuresMost);
    const omits = omitted.reduce((all, feature) => all + Math.log(Math.max(0.05, 1 - shareOf(feature))), 0);
    return [[value, does + omits]];
  });
  const most = Math.max(...logs.map(([, log]) => log));
  const weights = logs.map(([value, log]) => [value, Math.exp(log - most)] as const);
  const all = weights.reduce((sum, [, weight]) => sum + weight, 0);
  return strongestFirst(
    weights
      .filter(([, weight]) => weight / all > 0.01)
      .map(([value, weight]) => ({ value, score: weight / all, why: whyOf({ key, value, own, telling, counts }) })),
  );
}

/** The values of others that share most of what tells values apart. */
function candidatesOf(telling: readonly string[], { counts, own }: Pick<Question, "counts" | "own">): readonly string[] {
  const shares = new Map<string, number>();
  const named = telling.filter((feature) => (counts.get(feature)?.size ?? 0) <= valuesMost);
  for (const feature of named.length > 0 ? named : telling.slice(0, 1))
    for (const [value, count] of counts.get(feature) ?? []) if (count > (value === own ? 1 : 0)) shares.set(value, (shares.get(value) ?? 0) + 1);
  return [...shares]
    .sort(([a, x], [b, y]) => y - x || byCodePoint(a, b))
    .slice(0, candidatesMost)
    .map(([value]) => value);
}

interface Told extends Pick<Question, "key" | "own" | "counts"> {
  readonly value: string;
  readonly telling: readonly string[];
}

/** The feature that most of those with the value share. */
function whyOf({ key, value, own, telling, counts }: Told): string {
  const shared = telling
    .map((feature) => ({ feature, count: (counts.get(feature)?.get(value) ?? 0) - (value === own ? 1 : 0) }))
    .filter(({ count }) => count > 0);
  const best = shared.sort((a, b) => b.count - a.count)[0];
  return best === undefined ? `behaves as no other` : `${best.feature}, as ${best.count} ${best.count === 1 ? "other" : "others"} with ${key}=${value}`;
}

/** `answers tcp/5432`, `answers tcp/5432 to api`, `opens tcp/5432 on database`. */
function featuresOf(conduct: Conduct | undefined, kinds: ReadonlyMap<string, string | undefined>): readonly string[] {
  if (conduct === undefined) return [];
  const kindOf = ({ peer, isWorkload }: Deed): string | undefined => (isWorkload ? kinds.get(peer) : peer === "internet" ? "the internet" : undefined);
  const features = new Set<string>();
  for (const [deeds, verb, towards] of [
    [conduct.opens, "opens", "on"],
    [conduct.answers, "answers", "to"],
  ] as const)
    for (const deed of deeds) {
      features.add(`${verb} ${deed.service}`);
      const kind = kindOf(deed);
      if (kind !== undefined) features.add(`${verb} ${deed.service} ${towards} ${kind}`);
    }
  for (const [deeds, verb] of [
    [conduct.opens, "opens"],
    [conduct.answers, "answers"],
  ] as const) {
    const peers = new Set(deeds.map(({ peer }) => peer)).size;
    if (peers > 0) features.add(`${verb} with ${2 ** Math.floor(Math.log2(peers))} peers or more`);
  }
  return [...features];
}
