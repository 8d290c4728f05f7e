import type { Instant } from "../base/instant.ts";
import { everyRule } from "../decide/every-rule.ts";
import { type ServiceSpace, serviceSpace } from "../decide/service-space.ts";
import { type World, worldOf } from "../decide/world.ts";
import { changesOf } from "../decide/stretches.ts";
import { type SharedClass, sharedClasses } from "./difference-classes.ts";
import { type During, stretchesFrom } from "../decide/asked-ends.ts";
import { type Block, blocksOf } from "./difference-lines.ts";
import { type Reach, reachOf } from "./difference-reach.ts";
import { changedRows, coveredBy, type RowsAsked } from "./difference-rows.ts";
import type { Ends } from "./difference-sides.ts";

/** Two worlds side by side: what makes a difference in either, and the blocks of questions whose answers differ. */
export interface Comparison {
  readonly classes: readonly SharedClass[];
  /** The class of whom a question names at an instant; undefined for whom neither world knows. */
  readonly classOf: (text: string, at: Instant) => number | undefined;
  readonly space: ServiceSpace;
  readonly stretches: readonly During[];
  readonly blocks: readonly Block[];
  readonly reach: (sides: (some: readonly number[]) => Ends) => Reach;
  /** Clients of which nothing can be said. */
  readonly untold: readonly number[];
}

/** Compares two worlds from an instant on (null: ever). */
export function comparisonOf({ before, after, from }: { readonly before: World; readonly after: World; readonly from: Instant | null }): Comparison {
  const worlds = [before, after, ...crossed(before, after)];
  const { classes, classOf, aligned } = sharedClasses(worlds, from);
  const space = serviceSpace(worlds.flatMap(({ set }) => everyRule(set)));
  const stretches = stretchesFrom(
    from,
    worlds.flatMap(({ set }) => changesOf(set)),
  );
  const reach = reachOf(classes, from);
  const asked: RowsAsked = {
    classes,
    aligned,
    space,
    stretches,
    shared: sharing(),
    covered: aligned.map(({ placed }) => coveredBy(placed, space)),
    onReached: reach.add,
  };
  const rows = [];
  const untold: number[] = [];
  for (const client of classes.keys()) {
    const own = changedRows(asked, client);
    if (own === null) untold.push(client);
    else if (own.length > 0) rows.push({ client, rows: own });
  }
  return { classes, classOf, space, stretches, blocks: blocksOf(rows), reach: reach.result, untold };
}

/** With other people on the two sides: the rules of after among the people of before, and the other way round. */
function crossed(before: World, after: World): readonly World[] {
  return before.inventory === after.inventory ? [] : [worldOf(after.set, before.inventory), worldOf(before.set, after.inventory)];
}

/** Equal lists as one. */
function sharing(): RowsAsked["shared"] {
  const known = new Map<string, readonly number[]>();
  return (servers) => {
    const key = servers.join(",");
    const same = known.get(key);
    if (same !== undefined) return same;
    known.set(key, servers);
    return servers;
  };
}
