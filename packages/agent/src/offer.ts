import { policyFilesIn } from "@bulkhead/adapters/policies/directory";
import { Failure } from "@bulkhead/core/base/failure";
import { compileFor } from "@bulkhead/core/compile/compile";
import { worldOf } from "@bulkhead/core/decide/world";
import { readInventoryFile } from "@bulkhead/core/inventory/inventory-file";
import { readPolicySet } from "@bulkhead/core/language/read";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { sealed } from "./kept.ts";
import { beyondLimits } from "./limits.ts";
import type { Event } from "./step.ts";

export interface Wanted {
  readonly policy: string;
  readonly inventory: string;
  readonly point: string;
}

/** Reads policy and inventory and compiles them for this point; a mistake anywhere refuses the whole. `now` in microseconds. */
export async function offered({ policy, inventory, point }: Wanted, now: number): Promise<Event> {
  if (!existsSync(policy)) return { kind: "absent" };
  try {
    const files = await policyFilesIn(policy);
    const { set, diagnostics } = readPolicySet(files);
    const error = diagnostics.find(({ severity }) => severity === "error");
    if (files.length === 0) return unreadable(`${policy} holds no policy: write files there that end in .yaml, .yml or .json`);
    if (error !== undefined)
      return unreadable(`${error.at.file}:${error.at.line}:${error.at.column} ${error.message}: \`bulkhead check ${policy}\` tells every mistake`);
    const read = readInventoryFile(await readFile(inventory, "utf8"));
    if (read.problems.length > 0) return unreadable(`${inventory}: ${read.problems[0]!.message}`);
    const world = worldOf(set, read.inventory);
    if (!world.workloads.has(point))
      return unreadable(`the inventory ${inventory} has no workload \`${point}\`, which this point is to be: name another with --point, or mend the inventory`);
    const { ruleset, nextChange } = compileFor(world, point, now);
    const tooLarge = beyondLimits(ruleset);
    if (tooLarge !== null) return unreadable(tooLarge);
    return { kind: "compiled", offered: sealed(ruleset), nextChange };
  } catch (error) {
    if (error instanceof Failure) return unreadable(`${error.message}: ${error.next}`);
    if (error instanceof Error && "code" in error) return unreadable(`${inventory} cannot be read (${String(error.code)}): name a file with --inventory`);
    throw error;
  }
}

const unreadable = (reason: string): Event => ({ kind: "unreadable", reason });
