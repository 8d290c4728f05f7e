import type { Instant } from "@bulkhead/core/base/instant";
import { Failure } from "@bulkhead/core/base/failure";
import { buildCommand } from "@stricli/core";
import { dataFlag } from "../place-flags.ts";
import { type Context, heldDirectory } from "../context.ts";
import { instantIn, now } from "../instant-flag.ts";

interface Flags {
  readonly until?: Instant;
  readonly data?: string;
  readonly json?: boolean;
}

export const command = buildCommand<Flags, [], Context>({
  docs: {
    brief: "In which rhythm dependencies show themselves, and which declared events were recorded",
    fullDescription:
      "Continuous, daily, on working days, weekly, monthly, quarterly, on declared dates, or irregular: each with how often it was seen of how often it could have been, when it comes next, and what is overdue. Nothing is named that chance would make as well. Exit 0: there is something to tell from. 2: nothing was ingested for this time.",
  },
  parameters: {
    flags: {
      until: { kind: "parsed", parse: instantIn, optional: true, brief: "Where the past ends; else after the last day that was seen" },
      data: dataFlag,
      json: { kind: "boolean", optional: true, brief: "JSON for machines: every dependency" },
    },
  },
  async func(this: Context, flags) {
    const [{ watchedIn, nothingWatched }, { rhythmsOf }, { eventsSeen }, { calendarJson, calendarText }, { eventsIn }] = await Promise.all([
      import("../watched-in.ts"),
      import("@bulkhead/core/map/calendar/rhythms"),
      import("@bulkhead/core/map/calendar/declared-events"),
      import("../calendar-text.ts"),
      import("@bulkhead/adapters/calendar/events"),
    ]);
    const place = { directory: heldDirectory(this, flags.data), file: null };
    const seen = await watchedIn(place, flags.until ?? null);
    const watched = seen === null ? await nothingWatched(place, flags.until ?? now()) : seen.watched;
    if (seen === null && watched.cycles.length === 0) throw new Failure(nothing, next);
    const page = { watched, rhythms: rhythmsOf(watched), events: eventsSeen(watched), kept: await eventsIn(place.directory) };
    await this.outSlowly(flags.json === true ? calendarJson(page) : calendarText(page));
    if (seen !== null) return;
    this.say(`bulkhead: ${nothing}\n  next: ${next}\n`);
    this.exit(2);
  },
});

const nothing = "no conversation was ingested for this time, so no rhythm can be told";
const next = "run `bulkhead ingest PATH` with captures or flow logs";
