import type { ApplicationMap } from "@bulkhead/core/map/application-map";
import type { MapOptions } from "@bulkhead/core/map/map";
import { Failure } from "@bulkhead/core/base/failure";
import { sortedOnce } from "@bulkhead/core/base/order";
import type { Instant } from "@bulkhead/core/base/instant";
import { buildCommand } from "@stricli/core";
import { dataFlag } from "../place-flags.ts";
import { type Context, heldDirectory, printable } from "../context.ts";
import { sinceFlag, untilFlag } from "../instant-flag.ts";
import { type Held, mapNext } from "../map-next.ts";

interface Flags {
  readonly by: readonly string[];
  readonly since?: Instant;
  readonly until?: Instant;
  readonly json?: boolean;
  readonly dot?: boolean;
  readonly html?: string;
  readonly data?: string;
}

// As many unknown machines as one picture can show one by one; programs get them in a list of their own.
const apartMax = 30;

export const command = buildCommand<Flags, [], Context>({
  docs: { brief: "Who depends on whom, from what was ingested and what the inventory knows; unknown ends first" },
  parameters: {
    flags: {
      by: { kind: "parsed", parse: labelKeys, default: "app,env,role", brief: "Label keys by which workloads are grouped" },
      since: sinceFlag,
      until: untilFlag,
      json: { kind: "boolean", optional: true, brief: "The whole map as one JSON object" },
      dot: { kind: "boolean", optional: true, brief: "The map in the language of Graphviz" },
      html: { kind: "parsed", parse: String, optional: true, placeholder: "file", brief: "Write an interactive page that works offline" },
      data: dataFlag,
    },
  },
  async func(this: Context, flags) {
    if ([flags.json === true, flags.dot === true, flags.html !== undefined].filter(Boolean).length > 1)
      throw new Failure("--json, --dot and --html are three forms of the same map", "ask for one of them");
    const { since = null, until = null, by } = flags;
    const { map, held } = await readMap(heldDirectory(this, flags.data), {
      by,
      since,
      until,
      unknownsMax: flags.json === true ? 10_000 : 1000,
      apartMax: flags.json === true ? 0 : apartMax,
    });
    if (flags.json === true) {
      const { mapJson } = await import("@bulkhead/core/map/json");
      await this.outSlowly(mapJson(map));
    } else if (flags.dot === true) {
      const { mapDot } = await import("@bulkhead/core/map/dot");
      await this.outSlowly(mapDot(map));
    } else if (flags.html !== undefined) await writeMap(this, flags.html, map);
    else {
      const { mapTable } = await import("@bulkhead/core/map/table");
      await this.outSlowly(mapTable(map, { edgesMax: 40, unknownsMax: 15, printable }));
    }
    const next = mapNext(map, held);
    if (next !== null) this.say(`next: ${printable(next)}\n`);
    if (map.totals.connections === 0 && flags.json !== true) this.exit(2);
  },
});

async function readMap(directory: string, options: MapOptions): Promise<{ readonly map: ApplicationMap; readonly held: Held }> {
  const [{ openArchive }, { loadInventory }, { holderSegments }, { mapOf }] = await Promise.all([
    import("@bulkhead/adapters/stores/open"),
    import("@bulkhead/adapters/inventories/state"),
    import("@bulkhead/core/inventory/holders"),
    import("@bulkhead/core/map/map"),
  ]);
  const archive = await openArchive(directory);
  try {
    const { workloads } = await loadInventory(directory);
    const flows = await archive.conversations({ since: options.since ?? null, until: options.until ?? null, segments: holderSegments(workloads) });
    const records = (await archive.sources()).reduce((sum, source) => sum + source.records, 0);
    return { map: mapOf(flows, workloads, options), held: { records, keys: sortedOnce(workloads.flatMap(({ labels }) => Object.keys(labels))) } };
  } finally {
    await archive.close();
  }
}

async function writeMap(context: Context, path: string, map: ApplicationMap): Promise<void> {
  const [{ mapHtml }, { pictured }, { writePage }] = await Promise.all([
    import("@bulkhead/core/report/map-html"),
    import("@bulkhead/core/report/pictured"),
    import("../written-page.ts"),
  ]);
  await writePage(context, path, mapHtml(pictured(map)));
}

function labelKeys(text: string): readonly string[] {
  const keys = [...new Set(text.split(",").map((key) => key.trim()))];
  if (keys.some((key) => key === "") || keys.length > 10) throw new Error(`\`${text}\` is no list of label keys: write app,env,role`);
  return keys;
}
