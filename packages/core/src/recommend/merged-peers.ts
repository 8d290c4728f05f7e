import { byCodePoint, sortedOnce } from "../base/order.ts";
import type { RulePeer, SidePeer } from "./dependency.ts";

type Labels = Readonly<Record<string, readonly string[]>>;

/** The fewest selectors for these sides that select nothing else: two that differ in the values of one key become one. */
export function mergedPeers(sides: readonly SidePeer[]): readonly RulePeer[] {
  const zones = sortedOnce(sides.flatMap((side) => (side.kind === "zone" ? [side.zone] : [])));
  const networks = sortedOnce(sides.flatMap((side) => (side.kind === "network" ? [side.network] : [])));
  let labels: readonly Labels[] = sides.flatMap((side) => (side.kind === "labels" ? [severalOf(side.labels)] : []));
  for (const key of ["role", "env", "app"]) labels = mergedBy(key, labels);
  // A machine that lacks a label is named by the rest, and with it all that have the label.
  labels = labels.filter((one) => !labels.some((other) => other !== one && isWithin(one, other)));
  return [
    ...labels.map((one): RulePeer => ({ kind: "labels", labels: one })),
    ...(networks.length === 0 ? [] : [{ kind: "network" as const, networks }]),
    ...zones.map((zone) => ({ kind: "zone" as const, zone })),
  ];
}

/** Whether whoever has the one has the other, too; no two of them are equal once they are merged. */
const isWithin = (one: Labels, other: Labels): boolean =>
  Object.entries(other).every(([key, values]) => one[key]?.every((value) => values.includes(value)) === true);

function severalOf(labels: Readonly<Record<string, string>>): Labels {
  const result = Object.create(null) as Record<string, readonly string[]>;
  for (const [key, value] of Object.entries(labels)) result[key] = [value];
  return result;
}

function mergedBy(key: string, all: readonly Labels[]): readonly Labels[] {
  const groups = new Map<string, Labels>();
  for (const labels of all) {
    const rest = JSON.stringify(Object.entries(labels).map(([name, values]) => (name === key ? [name] : [name, values])));
    const known = groups.get(rest);
    groups.set(rest, known === undefined ? labels : { ...known, [key]: sortedOnce([...(known[key] ?? []), ...(labels[key] ?? [])]) });
  }
  return [...groups].sort(([a], [b]) => byCodePoint(a, b)).map(([, labels]) => labels);
}
