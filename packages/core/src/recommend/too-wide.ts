import { day } from "../base/instant.ts";
import { commonsFor } from "./commons.ts";
import type { Dependency, Side } from "./dependency.ts";
import { isCoveredBy } from "./likely.ts";
import type { Group, Population } from "./population.ts";
import { spanOf } from "./span.ts";

// Beyond, a rule opens eight groups for each dependency that would be needed again; measured on generated organisations (2026-11).
const openedMost = 6;
// What was seen within one day only is needed again half as often.
const openedByVisitMost = 2;

/**
 * Says of a dependency whether its client lacks a label, so that a rule could name it only together with many others that were not seen to do so. There is
 * no negation by which it could be named alone.
 */
export function tooWideAmong(dependencies: readonly Dependency[], population: Population): (one: Dependency) => boolean {
  const doorOf = ({ server, service }: Dependency): string => JSON.stringify([server.key, service]);
  const users = new Map<string, Set<string>>();
  for (const one of dependencies) users.set(doorOf(one), (users.get(doorOf(one)) ?? new Set<string>()).add(one.client.key));
  const { everybodyUses } = commonsFor(dependencies, population);
  const covered = new Map<string, readonly Group[]>();
  const coveredBy = (client: Side): readonly Group[] => {
    const known = covered.get(client.key) ?? population.groups.filter((group) => group.key !== client.key && isCoveredBy(group, client));
    covered.set(client.key, known);
    return known;
  };
  return (one) => {
    const groups = coveredBy(one.client);
    if (groups.length === 0) return false;
    const [known, everybody] = [users.get(doorOf(one)), everybodyUses(one)];
    const opened = groups.filter(({ key, env }) => !known?.has(key) && !everybody.has(env)).length;
    return opened > ((spanOf(one.flows) ?? day) < day ? openedByVisitMost : openedMost);
  };
}
