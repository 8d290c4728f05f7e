import type { PeopleChanged } from "@bulkhead/core/simulate/people-changed";
import { printable } from "./context.ts";
import { counted } from "./counted.ts";

const shownMost = 12;

/** What changes about workloads, for people; "" where nothing does that policy can see. */
export function peopleText({ added, removed, relabelled, moved }: PeopleChanged): string {
  const labels = relabelled.map(({ id, key, before, after }) => `${id}: ${key} ${before ?? "(none)"} → ${after ?? "(none)"}`);
  const parts = [
    part(counted(added.length, "new workload"), added),
    part(counted(removed.length, "workload that is gone", "workloads that are gone"), removed),
    part(counted(relabelled.length, "other label"), labels),
    part(counted(moved.length, "workload with another address, identity or point", "workloads with another address, identity or point"), moved),
  ];
  return parts.filter((text) => text !== "").join("\n");
}

function part(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return "";
  const rest = lines.length > shownMost ? [`  and ${lines.length - shownMost} more`] : [];
  return [title, ...lines.slice(0, shownMost).map((line) => `  ${printable(line)}`), ...rest].join("\n");
}
