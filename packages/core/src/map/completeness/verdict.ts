import type { Figure } from "./figures.ts";
import type { Saturation } from "./saturation.ts";

/** Whether enough is known to write policy, and what is missing. */
export interface Completeness {
  readonly isEnough: boolean;
  readonly missing: readonly string[];
}

const least: Readonly<Partial<Record<Figure["id"], number>>> = { DC1: 0.98, DC3: 0.95, DC6: 0.95, DC7: 0.8, DC8: 0.95 };

/** Complete enough when each figure reaches its least value, nothing stays unexplained and new dependencies have become rare. A pilot's own applications have all to be confirmed. */
export function verdictOf(figures: readonly Figure[], saturation: Saturation, { isPilot }: { readonly isPilot: boolean }): Completeness {
  const missing = figures.flatMap(({ id, name, numerator, denominator }) => {
    const wanted = id === "DC7" && isPilot ? 1 : least[id];
    if (wanted === undefined) return [];
    if (denominator === null || denominator === 0 || numerator === null) return [`${id}: nothing to count (${name})`];
    return numerator / denominator >= wanted ? [] : [`${id}: ${numerator} / ${denominator} ${name}; ${Math.round(wanted * 100)} % are wanted`];
  });
  const silent = figures.find(({ id }) => id === "DC2")?.unknown ?? 0;
  const all = [
    ...missing,
    ...(silent > 0 ? [`DC2: ${silent} active assets were never seen, and nobody has said why`] : []),
    ...(saturation.isSaturated ? [] : [`DC5: ${saturation.note}`]),
  ];
  return { isEnough: all.length === 0, missing: all };
}
