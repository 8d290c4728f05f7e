import { Failure } from "@bulkhead/core/base/failure";
import { instantText } from "@bulkhead/core/base/instant";
import { nearest } from "@bulkhead/core/language/hints";
import { buildCommand } from "@stricli/core";
import { dataFlag } from "../place-flags.ts";
import { type Context, heldDirectory, printable } from "../context.ts";
import { now } from "../instant-flag.ts";

interface Flags {
  readonly because?: string;
  readonly by?: string;
  readonly data?: string;
}

export const command = buildCommand<Flags, [string], Context>({
  docs: { brief: "Take a declared event back; that it was declared stays on record" },
  parameters: {
    flags: {
      because: { kind: "parsed", parse: String, optional: true, brief: "Why" },
      by: { kind: "parsed", parse: String, optional: true, brief: "Who takes it back; else the user of this session" },
      data: dataFlag,
    },
    positional: { kind: "tuple", parameters: [{ brief: "Its name", parse: String, placeholder: "name" }] },
  },
  async func(this: Context, { because, by, data }, name) {
    const [{ eventsIn, withdrawEvent }, { whoever }] = await Promise.all([import("@bulkhead/adapters/calendar/events"), import("../calendar.ts")]);
    const directory = heldDirectory(this, data);
    const names = (await eventsIn(directory)).map((one) => one.name);
    if (!names.includes(name)) {
      const meant = nearest(name, names);
      throw new Failure(`no event is called \`${name}\``, meant === null ? "`bulkhead calendar` lists what is declared" : `did you mean \`${meant}\`?`);
    }
    await withdrawEvent(directory, { name, by: by?.trim() || whoever(), at: instantText(now()), because: because ?? null });
    this.out(`withdrawn ${printable(name)}\n`);
  },
});
