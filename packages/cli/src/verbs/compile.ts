import { digestOf } from "@bulkhead/adapters/digest";
import { Failure } from "@bulkhead/core/base/failure";
import type { Diagnostic } from "@bulkhead/core/base/diagnostic";
import { type Instant, instantText } from "@bulkhead/core/base/instant";
import { sortedOnce } from "@bulkhead/core/base/order";
import { shellWord } from "@bulkhead/core/base/shell-word";
import { nearest } from "@bulkhead/core/language/hints";
import type { Inventory } from "@bulkhead/core/model/workload";
import { buildCommand } from "@stricli/core";
import { dataFlag, inventoryFlag } from "../place-flags.ts";
import { type Context, heldDirectory } from "../context.ts";
import { counted } from "../counted.ts";
import { instantIn, now } from "../instant-flag.ts";

interface Flags {
  readonly target: "nftables";
  readonly point: string;
  readonly inventory?: string;
  readonly data?: string;
  readonly at?: Instant;
  readonly management?: readonly string[];
  readonly json?: boolean;
}

export const command = buildCommand<Flags, [string], Context>({
  docs: {
    brief: "Print what would be loaded at one point, and what it cannot see",
    fullDescription:
      "Loads nothing. Exit 0: everything that concerns the point can be enforced there. 1: something cannot, or the policy has errors. 2: it cannot be told.",
  },
  parameters: {
    flags: {
      target: { kind: "enum", values: ["nftables"], default: "nftables", brief: "What enforces there" },
      point: { kind: "parsed", parse: String, brief: "The id of the workload at which the point stands" },
      inventory: inventoryFlag,
      data: dataFlag,
      at: { kind: "parsed", parse: instantIn, optional: true, brief: "When: 2026-11-25T12:00:00Z, or a day (now)" },
      management: { kind: "parsed", parse: String, variadic: ",", optional: true, brief: "Ports that stay open for anyone: tcp/22" },
      json: { kind: "boolean", optional: true, brief: "The rule set as JSON, without a target's words" },
    },
    positional: { kind: "tuple", parameters: [{ placeholder: "directory", brief: "A directory with policy files", parse: String }] },
  },
  async func(this: Context, flags, directory) {
    const [{ policySetIn }, { worldOf }, { compileFor }, { textsOf }, { managementOf }, { prefixOf, sealed }, { compiledHead }] = await Promise.all([
      import("../policy-input.ts"),
      import("@bulkhead/core/decide/world"),
      import("@bulkhead/core/compile/compile"),
      import("@bulkhead/adapters/targets/nftables/render"),
      import("../management.ts"),
      import("@bulkhead/agent/kept"),
      import("../compiled-head.ts"),
    ]);
    const set = await policySetIn(this, directory, flags.json === true);
    if (set === null) return;
    const at = flags.at ?? now();
    const { inventory, called } = await inventoryAsked(this, flags);
    const world = worldOf(set, inventory);
    if (!world.workloads.has(flags.point)) throw noSuchPoint(flags.point, inventory, called);
    const { ruleset, diagnostics, nextChange } = compileFor(world, flags.point, at);
    if (diagnostics.length > 0) await sayAll(this, directory, diagnostics);
    if (flags.json === true) this.out(`${JSON.stringify(ruleset)}\n`);
    else {
      const { digest } = sealed(ruleset);
      const manner = { floor: { management: managementOf(flags.management) }, trialMs: 30_000, graceSeconds: 600 };
      const written = directory.replace(/(?<=.)\/+$/, "");
      this.out(
        compiledHead(ruleset, {
          set,
          directory: written,
          policyDigest: await policyDigest(directory),
          inventory: called,
          at,
          nextChange,
          rulesetDigest: digest,
        }),
      );
      this.out(textsOf({ ruleset, prefix: prefixOf({ digest }), now: at }, manner).whole);
    }
    if (diagnostics.length > 0) this.exit(1);
  },
});

interface InventoryAsked {
  readonly inventory: Inventory;
  /** Which one it is and of when, in words. */
  readonly called: string;
}

async function inventoryAsked(context: Context, { inventory: path, data }: Flags): Promise<InventoryAsked> {
  if (path !== undefined) {
    const [{ inventoryIn }, { readFile }] = await Promise.all([import("../policy-input.ts"), import("node:fs/promises")]);
    const inventory = await inventoryIn(context, path);
    const bytes = await readFile(path);
    return { inventory, called: `${path}, sha256 ${digestOf(bytes).slice(0, 12)}; ${counted(inventory.workloads.length, "workload")}` };
  }
  const directory = heldDirectory(context, data);
  const { loadInventory } = await import("@bulkhead/adapters/inventories/state");
  const believed = await loadInventory(directory);
  const words = believed.workloads.flatMap((one) => Object.values(one.believed));
  const newest = words.reduce((latest, { at }) => Math.max(latest, at), 0);
  const sources = sortedOnce(words.map(({ source }) => source))
    .slice(0, 8)
    .join(", ");
  const from = words.length === 0 ? "" : ` from ${sources}, last told ${instantText(newest)}`;
  return { inventory: believed, called: `${counted(believed.workloads.length, "workload")}${from}` };
}

function noSuchPoint(point: string, { workloads }: Inventory, called: string): Failure {
  const meant = nearest(
    point,
    workloads.map(({ id }) => id),
  );
  return new Failure(
    `no workload is called \`${point}\` (${called})`,
    meant === null
      ? "name a workload of the inventory as --point; `bulkhead inventory list` shows those of the data directory"
      : `did you mean \`--point ${shellWord(meant)}\`?`,
  );
}

/** The digest of all files of a policy: of their paths and their own digests, in order. */
async function policyDigest(directory: string): Promise<string> {
  const { policyFilesIn } = await import("@bulkhead/adapters/policies/directory");
  const files = await policyFilesIn(directory);
  return digestOf(JSON.stringify(files.map(({ path, bytes }) => [path, digestOf(bytes)])));
}

/** What the point cannot see, in the form of `check`. */
async function sayAll(context: Context, directory: string, diagnostics: readonly Diagnostic[]): Promise<void> {
  const [{ diagnosticsText }, { policyFilesIn }] = await Promise.all([import("../diagnostics-text.ts"), import("@bulkhead/adapters/policies/directory")]);
  const bytes = new Map((await policyFilesIn(directory)).map((file) => [file.path, file.bytes]));
  const textOf = (path: string): string => new TextDecoder().decode(bytes.get(path));
  context.say(diagnosticsText(diagnostics, { textOf, directory: directory.replace(/\/+$/, ""), colours: false }));
}
