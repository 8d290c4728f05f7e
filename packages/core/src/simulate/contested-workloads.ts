import { someOf } from "../base/some-of.ts";
import { grouped } from "../base/lists.ts";
import { number } from "../base/number.ts";
import { byCodePoint } from "../base/order.ts";
import type { World } from "../decide/world.ts";

/** Workloads that the same two zones or segments (or more of them) claim at once: no question about them has an answer. */
export interface ContestedWorkloads {
  /** `zone/…` and `policy/…`. */
  readonly names: readonly string[];
  /** Sorted. */
  readonly ids: readonly string[];
}

const idsMost = 5;

/** Who is claimed at once by whom; where an earlier world is named, only those who were not contested in it. */
export function contestedWorkloads({ claims }: World, before?: World): readonly ContestedWorkloads[] {
  const old = new Set([...(before?.claims ?? [])].flatMap(([{ id }, { contested }]) => (contested.length > 0 ? [id] : [])));
  const found = [...claims].flatMap(([{ id }, { contested }]) => (contested.length > 0 && !old.has(id) ? [{ id, names: contested }] : []));
  return [...grouped(found, ({ names }) => JSON.stringify(names)).values()].map((some) => ({
    names: some[0]!.names,
    ids: some.map(({ id }) => id).sort(byCodePoint),
  }));
}

/** Who claims whom, as one sentence. */
export function contestedText({ names, ids }: ContestedWorkloads): string {
  const who = ids.length === 1 ? "1 workload is" : `${number(ids.length)} workloads are`;
  return `${who} claimed by ${names.map((name) => `\`${name}\``).join(" and ")} at once: ${someOf(ids, idsMost)}`;
}
