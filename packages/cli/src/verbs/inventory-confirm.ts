import { Failure } from "@bulkhead/core/base/failure";
import { buildCommand } from "@stricli/core";
import { instantText } from "@bulkhead/core/base/instant";
import { dataFlag } from "../place-flags.ts";
import { type Context, heldDirectory, printable } from "../context.ts";
import { counted } from "../counted.ts";
import { now } from "../instant-flag.ts";

interface Flags {
  readonly by: string;
  readonly comment?: string;
  readonly data?: string;
  readonly json?: boolean;
}

// What an application depends on beyond this is no map that anybody has looked through.
const dependenciesMost = 10_000;

export const command = buildCommand<Flags, [string], Context>({
  docs: { brief: "Record that an owner confirms what the map says of an application: who, when, and what they saw" },
  parameters: {
    flags: {
      by: { kind: "parsed", parse: String, brief: "Who confirms it" },
      comment: { kind: "parsed", parse: String, optional: true, brief: "What they say about it" },
      data: dataFlag,
      json: { kind: "boolean", optional: true, brief: "JSON for machines" },
    },
    positional: { kind: "tuple", parameters: [{ brief: "The application: a value of the label `app`", parse: String, placeholder: "app" }] },
  },
  async func(this: Context, flags, app) {
    if (flags.by.trim() === "") throw new Failure("a confirmation needs somebody who confirms", "give --by NAME");
    const [{ seenIn }, { mapOf }, { appView, viewText }, { confirm }, { digestOf }, { nearest }] = await Promise.all([
      import("../seen.ts"),
      import("@bulkhead/core/map/map"),
      import("@bulkhead/core/map/app-view"),
      import("@bulkhead/adapters/inventories/confirmations"),
      import("@bulkhead/adapters/digest"),
      import("@bulkhead/core/language/hints"),
    ]);
    const directory = heldDirectory(this, flags.data);
    const { flows, workloads } = await seenIn(directory);
    const view = appView(mapOf(flows, workloads), app);
    if (view === null) {
      const apps = new Set(workloads.flatMap(({ labels }) => labels["app"] ?? []));
      const meant = nearest(app, apps);
      throw new Failure(
        apps.has(app) ? `no workload of app=${app} was seen talking` : `no workload has app=${app}`,
        meant !== null && meant !== app ? `did you mean ${meant}?` : "`bulkhead map` shows what was seen, `bulkhead inventory` who has which labels",
      );
    }
    if (view.dependencies.length > dependenciesMost)
      throw new Failure(`app=${app} has ${view.dependencies.length} dependencies, more than ${dependenciesMost}`, "split the application");
    const kept = { app, by: flags.by.trim(), at: instantText(now()), comment: flags.comment ?? null, digest: digestOf(viewText(view)) };
    await confirm(directory, { ...kept, workloads: view.workloads, dependencies: view.dependencies });
    if (flags.json === true) this.out(`${printable(JSON.stringify({ ...kept, workloads: view.workloads, dependencies: view.dependencies }))}\n`);
    else {
      for (const line of view.dependencies) await this.outSlowly(`${printable(line)}\n`);
      this.out(
        `${printable(`${kept.by} confirmed app=${app}: ${counted(view.workloads.length, "workload")}, ${counted(view.dependencies.length, "dependency", "dependencies")}; sha256 ${kept.digest}`)}\n`,
      );
    }
  },
});
