import type { Recommendation } from "./recommend.ts";

const namesMost = 8;

/** A warning for whoever approves: the rules that join environments, the rarest first; empty where none does. */
export function crossingLines(rules: Recommendation["rules"]): readonly string[] {
  const crossing = rules.filter(({ crosses }) => crosses !== null).toSorted((a, b) => a.flows - b.flows);
  if (crossing.length === 0) return [];
  const rest = crossing.length > namesMost ? [`  and ${crossing.length - namesMost} more`] : [];
  const lines = crossing.slice(0, namesMost).map(({ name, crosses, flows }) => `  ${name}: ${crosses}, ${flows === 1 ? "once" : `${flows} times`}`);
  return [
    `warning: ${crossing.length === 1 ? "1 rule joins" : `${crossing.length} rules join`} environments; find out why before you approve`,
    ...lines,
    ...rest,
  ];
}
