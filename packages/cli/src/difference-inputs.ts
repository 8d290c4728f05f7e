import { Failure } from "@bulkhead/core/base/failure";
import { shellWord } from "@bulkhead/core/base/shell-word";
import type { PolicySet } from "@bulkhead/core/model/policy-set";
import type { Inventory } from "@bulkhead/core/model/workload";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { dataWords } from "./as-typed.ts";
import { type Context, dataDirectory, heldDirectory } from "./context.ts";

export interface PeopleFlags {
  readonly inventory?: string;
  readonly inventoryBefore?: string;
  readonly data?: string;
  readonly by?: string;
}

/** Among whom two policies are compared. */
export interface People {
  readonly before: Inventory;
  readonly after: Inventory;
  /** Whether these are real ones, or one of every kind that the policies tell apart. */
  readonly isReal: boolean;
  /** The data directory they come from, whose recorded flows can be asked, too. */
  readonly directory: string | null;
  /** Label keys of the groups. */
  readonly by: readonly string[];
  /** What makes another verb ask about the same people, with a space before it. */
  readonly words: string;
}

/** The workloads of a file or of the data directory; without either, one of every kind that the policies tell apart, unless only real ones will do (null). */
export async function peopleFor(context: Context, flags: PeopleFlags, sets: readonly PolicySet[] | null): Promise<People> {
  const { inventory, inventoryBefore, data } = flags;
  if (inventory !== undefined && data !== undefined)
    throw new Failure("--inventory and --data both say who there is", "leave one of them out; recorded flows are looked at with --data");
  const after = inventory === undefined ? await heldPeople(context, data) : { people: await fileOf(context, inventory), directory: null };
  if (after === null) {
    if (sets !== null) return kinds(sets, flags);
    throw new Failure("no workload is known", "name an inventory with --inventory, or run `bulkhead inventory import FILE`");
  }
  const before = inventoryBefore === undefined ? after.people : await fileOf(context, inventoryBefore);
  return {
    before,
    after: after.people,
    isReal: true,
    directory: after.directory,
    by: keysIn(flags.by) ?? ["app", "env", "role"],
    words: inventory === undefined ? dataWords(data) : ` --inventory ${shellWord(inventory)}`,
  };
}

const keysIn = (by: string | undefined): readonly string[] | null => by?.split(",").filter((key) => key !== "") ?? null;

const fileOf = async (context: Context, path: string): Promise<Inventory> => (await import("./policy-input.ts")).inventoryIn(context, path);

/** Who is believed in the data directory; null where none was named, and there is none, or nobody in it. */
export async function heldPeople(context: Context, data: string | undefined): Promise<{ readonly people: Inventory; readonly directory: string } | null> {
  const directory = data === undefined ? dataDirectory(context, data) : heldDirectory(context, data);
  if (!existsSync(directory)) return null;
  const { loadInventory } = await import("@bulkhead/adapters/inventories/state");
  const people = await loadInventory(directory);
  if (people.workloads.length > 0) return { people, directory };
  if (data === undefined) return null;
  throw new Failure(
    `no workload is known in ${data}`,
    "`bulkhead inventory import FILE` makes some known; without --data, one workload of every kind is compared",
  );
}

/** The data directory whose records may be asked; of one that nobody named and that has none, those who are believed in it; null where there is nobody. */
export async function heldRecords(context: Context, data: string | undefined): Promise<{ readonly directory: string } | { readonly people: Inventory } | null> {
  if (data !== undefined) return { directory: heldDirectory(context, data) };
  const held = await heldPeople(context, data);
  // An archive is made where there is none, and who names no directory asks for nothing to be made.
  return held === null ? null : existsSync(join(held.directory, "archive")) ? { directory: held.directory } : { people: held.people };
}

async function kinds(sets: readonly PolicySet[], { by, inventoryBefore }: PeopleFlags): Promise<People> {
  if (inventoryBefore !== undefined)
    throw new Failure("--inventory-before says who there was, and nothing says who there is", "name the inventory of now with --inventory");
  const { everyKind } = await import("@bulkhead/core/simulate/every-kind");
  const found = everyKind(sets);
  if (found.kind === "too-many")
    throw new Failure(
      `these policies tell more than ${found.most} kinds of workloads apart`,
      "name an inventory with --inventory or --data: then those are compared that exist",
    );
  const inventory = { workloads: found.workloads, points: [], quarantined: [] };
  return { before: inventory, after: inventory, isReal: false, directory: null, by: keysIn(by) ?? found.keys, words: "" };
}
