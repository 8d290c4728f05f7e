import { byCodePoint, sortedOnce } from "../base/order.ts";
import type { RulePeer, SidePeer } from "./dependency.ts";

type Labels = Readonly<Record<string, readonly string[]>>;

/** The fewest selectors for these sides that select nothing else: two that differ in the values of one key become one. */
export function mergedPeers(sides: readonly SidePeer[]): readonly RulePeer[] {
  const networks = sortedOnce(sides.flatMap((side) => (side.kind === "network" ? [side.network] : [])));
  let labels: readonly Labels[] = sides.flatMap((side) => (side.kind === "labels" ? [severalOf(side.labels)] : []));
  for (const key of ["role", "env", "app"]) labels = mergedBy(key, labels);
  return [...labels.map((one): RulePeer => ({ kind: "labels", labels: one })), ...(networks.length === 0 ? [] : [{ kind: "network" as const, networks }])];
}

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
