import { buildCommand } from "@stricli/core";
import { instantText, type Instant } from "@bulkhead/core/base/instant";
import { dataFlag } from "../place-flags.ts";
import { type Context, heldDirectory, printable } from "../context.ts";
import { counted } from "../counted.ts";
import { printableCsv } from "../printable-csv.ts";

interface Flags {
  readonly data?: string;
  readonly json?: boolean;
  readonly csv?: boolean;
}

// More than anybody reads at once; --json and --csv have all of them.
const shownMost = 30;

export const command = buildCommand<Flags, [], Context>({
  docs: { brief: "List the addresses that talk and that nobody knows, with what they probably are; exit 1 when there are any" },
  parameters: {
    flags: {
      data: dataFlag,
      json: { kind: "boolean", optional: true, brief: "JSON for machines" },
      csv: { kind: "boolean", optional: true, brief: "CSV to fill in and to import" },
    },
  },
  async func(this: Context, flags) {
    const [{ seenIn }, { unknownMachines }, { unknownCsv, unknownText }] = await Promise.all([
      import("../seen.ts"),
      import("@bulkhead/core/map/unknown-machines"),
      import("@bulkhead/core/map/unknown-text"),
    ]);
    const { flows, networks } = await seenIn(heldDirectory(this, flags.data));
    const machines = unknownMachines({ flows, networks });
    if (flags.json === true)
      await this.outSlowly(
        `${printable(JSON.stringify({ unknown: machines.map(({ first, last, ...one }) => ({ ...one, first: timeText(first), last: timeText(last) })) }))}\n`,
      );
    else if (flags.csv === true) await this.outSlowly(printableCsv(unknownCsv(machines)));
    else {
      for (const line of machines.slice(0, shownMost).flatMap(unknownText)) await this.outSlowly(`${printable(line)}\n`);
      if (machines.length > shownMost) this.out(`… and ${machines.length - shownMost} more (--json lists them)\n`);
      this.out(`${counted(machines.length, "address", "addresses")} that nobody knows\n`);
      if (machines.length > 0)
        this.say("next: `bulkhead inventory unknown --csv > unknown.csv`, name them there, then `bulkhead inventory import unknown.csv`\n");
    }
    this.exit(machines.length > 0 ? 1 : 0);
  },
});

const timeText = (at: Instant | null): string | null => (at === null ? null : instantText(at));
