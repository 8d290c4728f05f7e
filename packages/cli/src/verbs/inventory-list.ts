import { columns } from "@bulkhead/core/base/columns";
import type { Believed, BelievedWorkload } from "@bulkhead/core/inventory/believe";
import { contestedAddresses } from "@bulkhead/core/inventory/contested";
import type { HolderSegment } from "@bulkhead/core/model/holder-segment";
import { buildCommand } from "@stricli/core";
import { dataWords } from "../as-typed.ts";
import { dataFlag } from "../place-flags.ts";
import { type Context, heldDirectory, printable } from "../context.ts";
import { counted } from "../counted.ts";
import { printableCsv } from "../printable-csv.ts";
import { noWorkload } from "../no-workload.ts";

interface Flags {
  readonly where?: readonly string[];
  readonly data?: string;
  readonly json?: boolean;
  readonly csv?: boolean;
}

export const command = buildCommand<Flags, [], Context>({
  docs: { brief: "List the workloads that the imported sources know" },
  parameters: {
    flags: {
      where: { kind: "parsed", parse: termOf, optional: true, variadic: true, brief: "Only workloads with this label, KEY=VALUE; may be given again" },
      data: dataFlag,
      json: { kind: "boolean", optional: true, brief: "JSON for machines" },
      csv: { kind: "boolean", optional: true, brief: "CSV that can be imported again and is safe in a spreadsheet" },
    },
  },
  async func(this: Context, flags) {
    const [{ loadInventory }, { believedCsv, believedJson }] = await Promise.all([
      import("@bulkhead/adapters/inventories/state"),
      import("@bulkhead/core/inventory/believed-text"),
    ]);
    const all = await loadInventory(heldDirectory(this, flags.data));
    const terms = (flags.where ?? []).map((term) => term.split(/=(.*)/s));
    const workloads = all.workloads.filter(({ labels }) => terms.every(([key = "", value]) => labels[key] === value));
    // JSON itself leaves some controls of terminals as they are; escaped, they are the same JSON.
    if (flags.json === true) await this.outSlowly(`${printable(believedJson({ ...all, workloads }))}\n`);
    else if (flags.csv === true) await this.outSlowly(printableCsv(believedCsv(workloads)));
    else await this.outSlowly(table({ ...all, workloads }, contestedAddresses(all.workloads), dataWords(flags.data)));
    if (workloads.length > 0) return;
    this.say(
      noWorkload(flags.where ?? [], all.workloads)
        .split("\n")
        .map(printable)
        .join("\n"),
    );
    this.exit(1);
  },
});

function termOf(text: string): string {
  if (!/^[^=]+=/.test(text)) throw new SyntaxError(`\`${text}\` is no KEY=VALUE`);
  return text;
}

const labelsText = ({ labels }: BelievedWorkload): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(" ");

function table({ workloads, conflicts }: Believed, contested: readonly HolderSegment[], ending: string): string {
  const listed = new Set(workloads.map(({ id }) => id));
  const told = conflicts.filter(({ workload }) => listed.has(workload)).length + contested.filter(({ holders }) => holders.some((id) => listed.has(id))).length;
  const rows = workloads.map((one) =>
    [one.id, labelsText(one) || "(no labels)", one.owner ?? "(no owner)", counted(one.leases.length, "lease")].map(printable),
  );
  const bare = workloads.filter(({ labels }) => Object.keys(labels).length === 0).length;
  const end = `${counted(workloads.length, "workload")}, ${bare} without labels, ${counted(told, "conflict")}${told > 0 ? ` (bulkhead inventory conflicts${printable(ending)})` : ""}`;
  return `${[...columns(rows, { widest: 60 }), end].join("\n")}\n`;
}
