import type { Flow } from "../model/flow.ts";
import { largest, smallest } from "../telemetry/account.ts";

/** The time from the first to the last connection; null where no time is known. */
export function spanOf(flows: readonly Flow[]): number | null {
  let [first, last]: [number | null, number | null] = [null, null];
  for (const flow of flows) {
    first = smallest(first, flow.first);
    last = largest(last, flow.last);
  }
  return first === null || last === null ? null : last - first;
}
