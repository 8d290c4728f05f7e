import { instantText } from "@bulkhead/core/base/instant";
import { buildCommand } from "@stricli/core";
import { dataFlag } from "../place-flags.ts";
import { type Context, madeDirectory, printable } from "../context.ts";
import { counted } from "../counted.ts";
import { now } from "../instant-flag.ts";

interface Flags {
  readonly because?: string;
  readonly by?: string;
  readonly data?: string;
  readonly json?: boolean;
}

export const command = buildCommand<Flags, [string], Context>({
  docs: {
    brief: "Declare every event of a calendar file; what stands already is not declared again",
    fullDescription:
      "The file is the one that --calendar takes: JSON with `cycles`, each with name, kind, dates or every, and app where it is the release of an application.",
  },
  parameters: {
    flags: {
      because: { kind: "parsed", parse: String, optional: true, brief: "Why, or who decided it" },
      by: { kind: "parsed", parse: String, optional: true, brief: "Who declares them; else the user of this session" },
      data: dataFlag,
      json: { kind: "boolean", optional: true, brief: "JSON for machines" },
    },
    positional: { kind: "tuple", parameters: [{ brief: "A calendar", parse: String, placeholder: "file" }] },
  },
  async func(this: Context, { because, by, data, json }, path) {
    const [{ calendarFile, keepEvents, whoever }, { eventLines }] = await Promise.all([import("../calendar.ts"), import("../calendar-text.ts")]);
    const events = await calendarFile(path);
    const undated = events.filter(({ dates, every }) => dates.length === 0 && every === null).length;
    const said = { by: by?.trim() || whoever(), at: instantText(now()), because: because ?? null };
    const { declared, replaced } = await keepEvents(madeDirectory(this, data), events, said);
    if (json === true) await this.outSlowly(`${printable(JSON.stringify({ declared, replaced }))}\n`);
    else {
      const instead = replaced.length === 0 ? "" : ` ${replaced.length} of them in place of ${replaced.length === 1 ? "one" : "some"} that stood,`;
      this.out(`${counted(declared.length, "event")} declared,${instead} ${events.length - declared.length} stood so already\n`);
      if (replaced.length > 0) await this.outSlowly(`no longer stands:\n${eventLines(replaced)}`);
    }
    if (undated > 0)
      this.say(`${events.length - undated} with dates, ${undated} without, which nobody can look for: only \`dates\` and \`every\` are read, no \`rule\`\n`);
  },
});
