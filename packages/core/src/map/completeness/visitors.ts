import { grouped } from "../../base/lists.ts";
import { appsOf, type Dependency, type Watched } from "./watched.ts";

/** A client that comes to applications in visits: on one day it needs many groups of the same application, then none for weeks. */
export interface Visitor {
  readonly client: string;
  readonly dependencies: readonly Dependency[];
}

// Fewer say nothing about the company in which they come.
const applicationsLeast = 3;
const dependenciesLeast = 10;
const togetherLeast = 30;
// How much more often two of an application are seen on the same day than if each came on days of its own.
const companyLeast = 1.7;
const workingShare = 5 / 7;

/** Administrators' gateways, delivery and the like: whoever's dependencies on one application share their days. */
export function visitorsAmong(watched: Watched): readonly Visitor[] {
  const appOf = appsOf(watched);
  const byClient = grouped(watched.dependencies, ({ client }) => client);
  return [...byClient]
    .map(([client, dependencies]) => ({ client, dependencies }))
    .filter(({ dependencies }) => {
      if (dependencies.length < dependenciesLeast) return false;
      const blocks = [...blocksOf(dependencies, appOf).values()].filter((block) => block.length > 1);
      const [together, expected] = blocks.map((block) => company(block, watched.days)).reduce(([a, b], [c, d]) => [a + c, b + d], [0, 0]);
      return blocks.length >= applicationsLeast && together >= togetherLeast && together > companyLeast * expected;
    });
}

export function blocksOf(dependencies: readonly Dependency[], appOf: (group: string) => string): ReadonlyMap<string, readonly Dependency[]> {
  return grouped(dependencies, ({ server }) => appOf(server));
}

/** How many pairs were seen on one day, and how many would be if each had working days of its own. */
function company(block: readonly Dependency[], days: number): readonly [together: number, expected: number] {
  const watched = Math.max(1, days - Math.min(...block.map(({ since }) => since)));
  const onDay = new Map<number, number>();
  for (const one of block) for (const day of one.days) onDay.set(day, (onDay.get(day) ?? 0) + 1);
  const together = [...onDay.values()].reduce((sum, count) => sum + count * (count - 1), 0);
  const [sum, squares] = block.reduce(([a, b], one) => [a + one.days.length, b + one.days.length ** 2], [0, 0]);
  return [together, (sum * sum - squares) / (watched * workingShare)];
}
