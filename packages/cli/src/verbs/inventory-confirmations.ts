import { buildCommand } from "@stricli/core";
import { dataFlag } from "../place-flags.ts";
import { type Context, heldDirectory, printable } from "../context.ts";
import { counted } from "../counted.ts";

const shownMost = 5;

export const command = buildCommand<{ readonly data?: string; readonly json?: boolean }, [], Context>({
  docs: { brief: "List which applications were confirmed by whom, and what has changed since; exit 1 when one changed or was never confirmed" },
  parameters: {
    flags: {
      data: dataFlag,
      json: { kind: "boolean", optional: true, brief: "JSON for machines" },
    },
  },
  async func(this: Context, flags) {
    const [{ seenIn }, { mapOf }, { appView, viewChanges }, { confirmationsIn }, { sortedOnce }] = await Promise.all([
      import("../seen.ts"),
      import("@bulkhead/core/map/map"),
      import("@bulkhead/core/map/app-view"),
      import("@bulkhead/adapters/inventories/confirmations"),
      import("@bulkhead/core/base/order"),
    ]);
    const directory = heldDirectory(this, flags.data);
    const all = await confirmationsIn(directory);
    const { flows, workloads } = await seenIn(directory);
    const map = mapOf(flows, workloads);
    const apps = sortedOnce([...workloads.flatMap(({ labels }) => labels["app"] ?? []), ...all.map(({ app }) => app)]);
    const rows = apps.map((app) => {
      const last = all.findLast((one) => one.app === app) ?? null;
      const view = appView(map, app) ?? { workloads: [], dependencies: [] };
      return { app, last, changes: last === null ? [] : viewChanges(last, view) };
    });
    const fresh = rows.filter(({ last, changes }) => last !== null && changes.length === 0).length;
    if (flags.json === true) await this.outSlowly(`${printable(JSON.stringify({ applications: rows.map(jsonOf), confirmations: all }))}\n`);
    else {
      for (const { app, last, changes } of rows) {
        const state = last === null ? "never confirmed" : `confirmed by ${last.by} at ${last.at}${last.comment === null ? "" : `: ${last.comment}`}`;
        const since = changes.length === 0 ? "" : `; since then ${counted(changes.length, "change")}`;
        this.out(`${printable(`${app}  ${state}${since}`)}\n`);
        for (const change of changes.slice(0, shownMost)) this.out(`${printable(`  ${change}`)}\n`);
      }
      this.out(`${fresh} of ${counted(rows.length, "application")} confirmed as the map is now\n`);
    }
    this.exit(fresh === rows.length ? 0 : 1);
  },
});

const jsonOf = ({
  app,
  last,
  changes,
}: {
  readonly app: string;
  readonly last: { readonly by: string; readonly at: string; readonly digest: string } | null;
  readonly changes: readonly string[];
}) => ({
  app,
  by: last?.by ?? null,
  at: last?.at ?? null,
  digest: last?.digest ?? null,
  changes,
});
