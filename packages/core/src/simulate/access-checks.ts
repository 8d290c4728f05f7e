import type { Instant } from "../base/instant.ts";
import type { SecondEngine } from "../decide/second-engine.ts";
import { type World, worldOf } from "../decide/world.ts";
import type { Rule } from "../model/policy-set.ts";
import { differenceOf, type DifferenceLine } from "./difference.ts";
import { madeRule } from "./made-rule.ts";

/** What a world grants of something that nobody should have, and how much of it could not be told. */
export interface Granted {
  readonly lines: readonly DifferenceLine[];
  readonly untold: readonly string[];
  readonly secondEngine: SecondEngine;
}

/**
 * Everything that a world allows although `forbids` describe it: what would be lost if they were written into its policy.
 * Exact, because it is a difference.
 */
export function grantedOf(world: World, forbids: readonly Rule[], { from, by }: { readonly from: Instant; readonly by: readonly string[] }): Granted {
  const closed = worldOf({ ...world.set, forbids: [...world.set.forbids, ...forbids] }, world.inventory);
  const { lines, untold, secondEngine } = differenceOf({ before: world, after: closed, from, by });
  return { lines: lines.filter(({ change }) => change === "lost"), untold, secondEngine };
}

/** Access of any public address to any workload. */
export const publicAccess = madeRule("forbid/public-access", { from: [{ kind: "network", names: ["internet"] }], to: [{ kind: "workloads" }] });
