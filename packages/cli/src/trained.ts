import { Failure } from "@bulkhead/core/base/failure";
import { instantText, type Instant } from "@bulkhead/core/base/instant";
import type { Flow } from "@bulkhead/core/model/flow";
import { seenIn } from "./seen.ts";

/** What was seen before and since one moment. */
export interface Trained {
  readonly at: Instant;
  readonly learned: readonly Flow[];
  readonly later: readonly Flow[];
}

/** Splits what a data directory holds at a share of its time; nothing of the later part is learned from. */
export async function trainedOn(
  directory: string,
  { share, until, flows }: { readonly share: number; readonly until: Instant | null; readonly flows: readonly Flow[] },
): Promise<Trained> {
  const at = momentAfter(share, flows);
  const [learned, later] = [(await seenIn(directory, { until: at })).flows, (await seenIn(directory, { since: at, until })).flows];
  if (learned.length === 0 || later.length === 0)
    throw new Failure(`nothing was seen ${learned.length === 0 ? "before" : "since"} ${instantText(at)}`, moreDays);
  return { at, learned, later };
}

/** The moment from which on nothing is learned, of the time that a data directory holds. */
export async function laterThan(directory: string, { share, until }: { readonly share: number; readonly until: Instant | null }): Promise<Instant> {
  return momentAfter(share, (await seenIn(directory, { until })).flows);
}

const moreDays = "ingest more days, or name another share of the time";

function momentAfter(share: number, flows: readonly Flow[]): Instant {
  const first = flows.reduce((least, flow) => Math.min(least, flow.first ?? Infinity), Infinity);
  const last = flows.reduce((most, flow) => Math.max(most, flow.last ?? -Infinity), -Infinity);
  if (first >= last) throw new Failure("everything was seen at one moment, or at no known time", moreDays);
  return Math.floor(first + share * (last - first));
}
