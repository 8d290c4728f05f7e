import type { InventoryReading } from "@bulkhead/adapters/inventories/reading";
import { contestedAddresses } from "@bulkhead/core/inventory/contested";
import type { Instant } from "@bulkhead/core/base/instant";
import { ipKey } from "@bulkhead/core/base/ip";
import { Failure } from "@bulkhead/core/base/failure";
import { buildCommand } from "@stricli/core";
import { dataFlag } from "../place-flags.ts";
import { type Context, dataDirectory, printable } from "../context.ts";
import { contestedText } from "../contested-text.ts";
import { counted } from "../counted.ts";
import { instantIn } from "../instant-flag.ts";

interface Flags {
  readonly source?: string;
  readonly mapping?: string;
  readonly at?: Instant;
  readonly first?: boolean;
  readonly rejects?: boolean;
  readonly dryRun?: boolean;
  readonly policy?: string;
  readonly data?: string;
  readonly json?: boolean;
}

export const command = buildCommand<Flags, string[], Context>({
  docs: { brief: "Keep what these files say about workloads; importing a source again replaces what it said before" },
  parameters: {
    flags: {
      source: { kind: "parsed", parse: String, optional: true, brief: "Who says so (else the file's name); the source imported first is believed first" },
      mapping: { kind: "parsed", parse: String, optional: true, placeholder: "file", brief: "For a CSV of any kind: which column is what" },
      at: {
        kind: "parsed",
        parse: instantIn,
        optional: true,
        placeholder: "time",
        brief: "When the files were written, for what says no time (else each file's own time)",
      },
      first: { kind: "boolean", optional: true, brief: "Believe this source before those that were imported without it: corrections" },
      rejects: { kind: "boolean", optional: true, brief: "List everything that could not be read, on standard error" },
      dryRun: { kind: "boolean", optional: true, brief: "Keep nothing, and say what would be otherwise" },
      policy: {
        kind: "parsed",
        parse: String,
        optional: true,
        placeholder: "directory",
        brief: "With --dry-run: what would open and what would close under this policy",
      },
      data: dataFlag,
      json: { kind: "boolean", optional: true, brief: "JSON for machines" },
    },
    positional: {
      kind: "array",
      parameter: {
        brief: "CSV, JSON or YAML of assets, exports of the sources in docs/reference/inventory.md; or a directory of such files",
        parse: String,
        placeholder: "file",
      },
      minimum: 1,
    },
  },
  async func(this: Context, flags, ...paths) {
    const [{ saveSource }, { inventoryIn, inventoryMapping }, { ProblemTally }, { basename }] = await Promise.all([
      import("@bulkhead/adapters/inventories/state"),
      import("../inventory-intake.ts"),
      import("../problem-tally.ts"),
      import("node:path"),
    ]);
    const source = flags.source ?? basename(paths[0]!);
    if (source.trim() === "") throw new Failure("a source needs a name", "give --source NAME");
    const tally = new ProblemTally(this, flags.rejects === true);
    const mapping = flags.mapping === undefined ? null : await inventoryMapping(flags.mapping);
    const reading = await inventoryIn(paths, { at: flags.at ?? null, mapping, take: (path, problem) => tally.take(path, problem) });
    const { sightings, points, quarantined, networks, credentials, systems, agreements } = reading;
    for (const one of contestedAddresses(sightings)) tally.take(source, { reason: "contested-address", message: contestedText(one) });
    tally.say();
    if (sightings.length + points.length + quarantined.length + networks.length + credentials.length + systems.length + agreements.length === 0)
      throw new Failure(
        "no workload was read, so nothing was changed",
        "give CSV whose header names `id`, JSON or YAML with `workloads`, or an export of a source in docs/reference/inventory.md; --mapping reads any other CSV",
      );
    const exported = { source, at: flags.at ?? Date.now() * 1000, ...reading, isFirst: flags.first === true };
    if (flags.dryRun === true) {
      const { tryInventory } = await import("../inventory-trial.ts");
      return tryInventory(this, exported, flags);
    }
    if (flags.policy !== undefined)
      throw new Failure("--policy goes with --dry-run", "add --dry-run; what is kept is asked with `bulkhead simulate` and `bulkhead explain`");
    await saveSource(dataDirectory(this, flags.data), exported);
    const workloads = new Set(sightings.map(({ id }) => id)).size;
    const addresses = new Set(sightings.flatMap(({ leases }) => leases.map(({ ip }) => ipKey(ip)))).size;
    if (flags.json === true)
      this.out(
        `${printable(JSON.stringify({ source, workloads, addresses, networks: networks.length, credentials: credentials.length, systems: systems.length, agreements: agreements.length, problems: tally.count, reasons: tally.byReason() }))}\n`,
      );
    else
      this.out(
        `${counted(workloads, "workload")} with ${counted(addresses, "address", "addresses")}${beside(reading)} from ${printable(source)}${tally.count > 0 ? `, ${counted(tally.count, "problem")}` : ""}\n`,
      );
  },
});

/** What was read beside workloads: ` and 2 networks and 1 system`. */
function beside({
  networks,
  credentials,
  systems,
  agreements,
}: Pick<Required<InventoryReading>, "networks" | "credentials" | "systems" | "agreements">): string {
  const counts = [
    [networks.length, "network"],
    [credentials.length, "credential"],
    [systems.length, "system"],
    [agreements.length, "agreement"],
  ] as const;
  return counts.map(([count, noun]) => (count > 0 ? ` and ${counted(count, noun)}` : "")).join("");
}
