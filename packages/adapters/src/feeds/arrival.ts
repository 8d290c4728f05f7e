import type { Instant } from "@bulkhead/core/base/instant";
import type { Decoded } from "@bulkhead/core/outside";
import { zoneless } from "../sources/when.ts";

const arrival = "time of arrival";

/** What a line told that came just now: where it has no year or no zone, the time of its coming is surer than its own. What it lasted stays. */
export function arrived(one: Decoded, at: Instant): Decoded {
  if (one.kind !== "connection") return one;
  const { first, last, note } = one.connection;
  const remarks = note === null ? [] : note.split("; ");
  if (first !== null && last !== null && !remarks.includes(zoneless)) return one;
  const lasted = first === null || last === null ? 0 : Math.max(0, last - first);
  const kept = [...remarks.filter((remark) => remark !== zoneless), arrival];
  return { kind: "connection", connection: { ...one.connection, first: Math.max(0, at - lasted), last: at, note: kept.join("; ") } };
}
