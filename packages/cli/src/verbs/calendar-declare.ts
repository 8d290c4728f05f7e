import { Failure } from "@bulkhead/core/base/failure";
import { instantText } from "@bulkhead/core/base/instant";
import { eventKinds } from "@bulkhead/core/map/calendar/declared-events";
import { buildCommand } from "@stricli/core";
import { dataFlag } from "../place-flags.ts";
import { type Context, madeDirectory, printable } from "../context.ts";
import { now } from "../instant-flag.ts";

interface Flags {
  readonly kind: (typeof eventKinds)[number];
  readonly dates?: string;
  readonly every?: string;
  readonly app?: string;
  readonly because: string;
  readonly by?: string;
  readonly data?: string;
  readonly json?: boolean;
}

export const command = buildCommand<Flags, [string], Context>({
  docs: {
    brief: "Declare an event of the organisation: a patch day, a quarter end, a release, a fail-over test",
    fullDescription:
      "Kept for good in the data directory, with who, when and why. Declared again under the same name, the later word stands. What lies ahead and was never recorded is named wherever something is concluded from the traffic: by completeness, recommend, simulate and lint.",
  },
  parameters: {
    flags: {
      kind: { kind: "enum", values: eventKinds, brief: "What it is" },
      dates: { kind: "parsed", parse: String, optional: true, brief: "Its days: 2026-12-08,2027-01-12" },
      every: { kind: "parsed", parse: String, optional: true, brief: "Or its rule: friday, second tuesday, day 15, last working day of the quarter" },
      app: { kind: "parsed", parse: String, optional: true, brief: "The application whose release it is" },
      because: { kind: "parsed", parse: String, brief: "Why, or who decided it" },
      by: { kind: "parsed", parse: String, optional: true, brief: "Who declares it; else the user of this session" },
      data: dataFlag,
      json: { kind: "boolean", optional: true, brief: "JSON for machines" },
    },
    positional: { kind: "tuple", parameters: [{ brief: "Its name: `quarter end`", parse: String, placeholder: "name" }] },
  },
  async func(this: Context, { kind, dates, every, app, because, by, data, json }, name) {
    if (name.trim() === "" || because.trim() === "") throw new Failure("an event needs a name and a reason", "give NAME and --because TEXT");
    const help = "write --dates 2026-12-08,2027-01-12 or --every `second tuesday`";
    if (dates === undefined && every === undefined) throw new Failure(`nobody could look for \`${name}\`: it has neither dates nor a rule`, help);
    const [{ eventOf, keepEvents, whoever }, { eventLines }] = await Promise.all([import("../calendar.ts"), import("../calendar-text.ts")]);
    const written = { name, kind, app, dates: dates?.split(",").map((date) => date.trim()), every };
    const event = eventOf(written, "", (why) => new Failure(`\`${name}\` cannot be declared: ${why}`, help));
    const said = { by: by?.trim() || whoever(), at: instantText(now()), because };
    const { declared, replaced } = await keepEvents(madeDirectory(this, data), [event], said);
    if (json === true) this.out(`${printable(JSON.stringify({ declared, replaced }))}\n`);
    else this.out(declared.length === 0 ? `${printable(name)} stands so already\n` : `declared ${eventLines(declared)}`);
    if (json !== true && replaced.length > 0) this.out(`no longer stands: ${eventLines(replaced)}`);
  },
});
