import { Failure } from "@bulkhead/core/base/failure";
import { buildCommand } from "@stricli/core";
import { type Context, dataDirectory, printable } from "../context.ts";

interface Flags {
  readonly source?: string;
  readonly data?: string;
  readonly json?: boolean;
}

// A CMDB of a million leases is about 100 MB.
const bytesMax = 512 * 1024 * 1024;
const problemsShown = 20;

export const command = buildCommand<Flags, string[], Context>({
  docs: { brief: "Keep what these files say about workloads; importing a source again replaces what it said before" },
  parameters: {
    flags: {
      source: { kind: "parsed", parse: String, optional: true, brief: "Who says so (else the file's name); the source imported first is believed first" },
      data: { kind: "parsed", parse: String, optional: true, brief: "Data directory (else BULKHEAD_DATA, else ./.bulkhead)" },
      json: { kind: "boolean", optional: true, brief: "JSON for machines" },
    },
    positional: {
      kind: "array",
      parameter: { brief: "CSV with a header line, JSON or YAML of assets, Kubernetes manifests", parse: String, placeholder: "file" },
      minimum: 1,
    },
  },
  async func(this: Context, flags, ...paths) {
    const [{ saveSource }, { parseInventory }, { readFile, stat }, { basename }] = await Promise.all([
      import("@bulkhead/adapters/inventories/state"),
      import("@bulkhead/adapters/inventories/assets/parse"),
      import("node:fs/promises"),
      import("node:path"),
    ]);
    const readings = [];
    for (const path of paths) {
      const unreadable = (error: Error): never => {
        throw new Failure(`${path} cannot be read: ${error.message}`, "name a file that you may read");
      };
      const { size } = await stat(path).catch(unreadable);
      if (size > bytesMax) throw new Failure(`${path} is larger than ${bytesMax} bytes`, "split it and give all parts at once");
      const reading = parseInventory(await readFile(path, "utf8").catch(unreadable));
      for (const problem of reading.problems.slice(0, problemsShown)) this.say(`${printable(`${path}: ${problem}`)}\n`);
      if (reading.problems.length > problemsShown)
        this.say(`${printable(path)}: and ${reading.problems.length - problemsShown} more lines that could not be read\n`);
      readings.push(reading);
    }
    const sightings = readings.flatMap((reading) => reading.sightings);
    if (sightings.length === 0)
      throw new Failure(
        "no workload was read, so nothing was changed",
        "give CSV whose header names `id`, JSON or YAML with `workloads`, or Kubernetes manifests (docs/reference/inventory.md)",
      );
    const source = flags.source ?? basename(paths[0]!);
    await saveSource(dataDirectory(this, flags.data), { source, at: Date.now() * 1000, sightings });
    const problems = readings.reduce((sum, reading) => sum + reading.problems.length, 0);
    if (flags.json === true) this.out(`${JSON.stringify({ source, workloads: sightings.length, problems })}\n`);
    else this.out(`${sightings.length} workloads from ${printable(source)}${problems > 0 ? `, ${problems} lines could not be read` : ""}\n`);
  },
});
