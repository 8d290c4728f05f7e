import { contestedAddresses } from "@bulkhead/core/inventory/contested";
import { ipKey } from "@bulkhead/core/base/ip";
import { Failure } from "@bulkhead/core/base/failure";
import { buildCommand } from "@stricli/core";
import { type Context, dataDirectory, printable } from "../context.ts";
import { contestedText } from "../contested-text.ts";
import { counted } from "../counted.ts";

interface Flags {
  readonly source?: string;
  readonly rejects?: boolean;
  readonly data?: string;
  readonly json?: boolean;
}

// A CMDB of a million leases is about 100 MB.
const bytesMax = 256 * 1024 * 1024;

export const command = buildCommand<Flags, string[], Context>({
  docs: { brief: "Keep what these files say about workloads; importing a source again replaces what it said before" },
  parameters: {
    flags: {
      source: { kind: "parsed", parse: String, optional: true, brief: "Who says so (else the file's name); the source imported first is believed first" },
      rejects: { kind: "boolean", optional: true, brief: "List everything that could not be read, on standard error" },
      data: { kind: "parsed", parse: String, optional: true, brief: "Data directory (else BULKHEAD_DATA, else ./.bulkhead)" },
      json: { kind: "boolean", optional: true, brief: "JSON for machines" },
    },
    positional: {
      kind: "array",
      parameter: {
        brief: "CSV with a header line, JSON or YAML of assets, Kubernetes manifests; or a directory of such files",
        parse: String,
        placeholder: "file",
      },
      minimum: 1,
    },
  },
  async func(this: Context, flags, ...paths) {
    const [{ saveSource }, { parseInventory }, { boundedText }, { ProblemTally }, { basename }, { inventoryFilesIn }] = await Promise.all([
      import("@bulkhead/adapters/inventories/state"),
      import("@bulkhead/adapters/inventories/assets/parse"),
      import("../bounded-text.ts"),
      import("../problem-tally.ts"),
      import("node:path"),
      import("../inventory-files.ts"),
    ]);
    const source = flags.source ?? basename(paths[0]!);
    if (source.trim() === "") throw new Failure("a source needs a name", "give --source NAME");
    const tally = new ProblemTally(this, flags.rejects === true);
    const readings = [];
    for (const path of await inventoryFilesIn(paths)) {
      const text = await boundedText(path, { bytesMax, next: "split it and give all parts at once" });
      readings.push(parseInventory(text, (problem) => tally.take(path, problem)));
    }
    const [sightings, points, quarantined] = [
      readings.flatMap((reading) => reading.sightings),
      readings.flatMap((reading) => reading.points),
      readings.flatMap((reading) => reading.quarantined),
    ];
    for (const one of contestedAddresses(sightings)) tally.take(source, { reason: "contested-address", message: contestedText(one) });
    tally.say();
    if (sightings.length + points.length + quarantined.length === 0)
      throw new Failure(
        "no workload was read, so nothing was changed",
        "give CSV whose header names `id`, JSON or YAML with `workloads`, or Kubernetes manifests (docs/reference/inventory.md)",
      );
    await saveSource(dataDirectory(this, flags.data), { source, at: Date.now() * 1000, sightings, points, quarantined });
    const workloads = new Set(sightings.map(({ id }) => id)).size;
    const addresses = new Set(sightings.flatMap(({ leases }) => leases.map(({ ip }) => ipKey(ip)))).size;
    if (flags.json === true) this.out(`${printable(JSON.stringify({ source, workloads, addresses, problems: tally.count, reasons: tally.byReason() }))}\n`);
    else
      this.out(
        `${counted(workloads, "workload")} with ${counted(addresses, "address", "addresses")} from ${printable(source)}${tally.count > 0 ? `, ${counted(tally.count, "problem")}` : ""}\n`,
      );
  },
});
