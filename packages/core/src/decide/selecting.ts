import { addTo } from "../base/lists.ts";
import type { Selector } from "../model/policy-set.ts";
import { isSelected } from "./match.ts";

/** Finds which of many selectors select labels: their numbers, rising. */
export type Selecting = (labels: Readonly<Record<string, string>>) => readonly number[];

/**
 * Arranges selectors by their rarest term, so that labels are compared with few of them: a thousand scopes name `env: prod`, and one of them this `app`.
 * Null selects nobody.
 */
export function selecting(selectors: readonly (Selector | null)[]): Selecting {
  const counts = new Map<string, Map<string, number>>();
  for (const { key, values } of selectors.flatMap((selector) => selector?.terms ?? [])) {
    const ofKey = counts.get(key) ?? new Map<string, number>();
    counts.set(key, ofKey);
    for (const value of values) ofKey.set(value, (ofKey.get(value) ?? 0) + 1);
  }
  const commonness = ({ key, values }: Selector["terms"][number]): number => values.reduce((sum, value) => sum + counts.get(key)!.get(value)!, 0);
  const places = new Map<string, Map<string, number[]>>();
  for (const [number, selector] of selectors.entries()) {
    const rarest = selector?.terms.toSorted((a, b) => commonness(a) - commonness(b))[0];
    if (rarest === undefined) continue;
    const ofKey = places.get(rarest.key) ?? new Map<string, number[]>();
    places.set(rarest.key, ofKey);
    for (const value of new Set(rarest.values)) addTo(ofKey, value, number);
  }
  const keys = [...places];
  return (labels) => {
    const candidates = keys.flatMap(([key, ofKey]) => (Object.hasOwn(labels, key) ? (ofKey.get(labels[key]!) ?? []) : []));
    return candidates.filter((number) => isSelected(selectors[number]!, labels)).sort((a, b) => a - b);
  };
}
