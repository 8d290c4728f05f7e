import { Failure } from "@bulkhead/core/base/failure";
import { day, instantText, type Instant } from "@bulkhead/core/base/instant";
import type { Flow } from "@bulkhead/core/model/flow";
import { now } from "./instant-flag.ts";
import { daysRecorded, lastPast, seenIn } from "./seen.ts";

/** What was seen before and since one moment. */
export interface Trained {
  readonly at: Instant;
  readonly learned: readonly Flow[];
  readonly later: readonly Flow[];
}

/** Splits what a data directory holds at a share of its time; nothing of the later part is learned from. */
export async function trainedOn(directory: string, { share, until, flows }: Seen): Promise<Trained> {
  const at = await momentAfter(directory, { share, until, flows });
  const [learned, later] = [(await seenIn(directory, { until: at })).flows, (await seenIn(directory, { since: at, until })).flows];
  if (learned.length === 0 || later.length === 0)
    throw new Failure(`nothing was seen ${learned.length === 0 ? "before" : "since"} ${instantText(at)}`, moreDays);
  return { at, learned, later };
}

/** The moment from which on nothing is learned, of the time that a data directory holds. */
export async function laterThan(directory: string, { share, until }: { readonly share: number; readonly until: Instant | null }): Promise<Instant> {
  return momentAfter(directory, { share, until, flows: (await seenIn(directory, { until })).flows });
}

const moreDays = "ingest more days, or name another share of the time";

interface Seen {
  readonly share: number;
  readonly until: Instant | null;
  readonly flows: readonly Flow[];
}

async function momentAfter(directory: string, { share, until, flows }: Seen): Promise<Instant> {
  const first = flows.reduce((least, flow) => Math.min(least, flow.first ?? Infinity), Infinity);
  const told = flows.reduce((most, flow) => Math.max(most, flow.last ?? -Infinity), -Infinity);
  // One record whose clock ran ahead would leave nothing but itself to judge by.
  const last = told <= now() ? told : Math.min(told, (lastPast(await daysRecorded(directory, { until }))! + 1) * day);
  if (first >= last) throw new Failure("everything was seen at one moment, or at no known time", moreDays);
  return Math.floor(first + share * (last - first));
}
