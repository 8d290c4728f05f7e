import { Failure } from "@bulkhead/core/base/failure";
import type { Diagnostic } from "@bulkhead/core/base/diagnostic";
import { type Instant, instantText } from "@bulkhead/core/base/instant";
import { sortedOnce } from "@bulkhead/core/base/order";
import type { PeerTable, Ruleset } from "@bulkhead/core/compile/ruleset";
import { buildCommand } from "@stricli/core";
import { type Context, printable } from "../context.ts";
import { instantIn } from "../instant-flag.ts";

interface Flags {
  readonly target: "nftables";
  readonly point: string;
  readonly inventory: string;
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
      inventory: { kind: "parsed", parse: String, brief: "A JSON file with workloads, points, quarantined" },
      at: { kind: "parsed", parse: instantIn, optional: true, brief: "When: 2026-11-25T12:00:00Z, or a day (now)" },
      management: { kind: "parsed", parse: String, variadic: ",", optional: true, brief: "Ports that stay open for anyone: tcp/22" },
      json: { kind: "boolean", optional: true, brief: "The rule set as JSON, without a target's words" },
    },
    positional: { kind: "tuple", parameters: [{ placeholder: "directory", brief: "A directory with policy files", parse: String }] },
  },
  async func(this: Context, flags, directory) {
    const [{ policySetIn, inventoryIn }, { worldOf }, { compileFor }, { textsOf }, { managementOf }] = await Promise.all([
      import("../policy-input.ts"),
      import("@bulkhead/core/decide/world"),
      import("@bulkhead/core/compile/compile"),
      import("@bulkhead/adapters/targets/nftables/render"),
      import("../management.ts"),
    ]);
    const set = await policySetIn(this, directory, flags.json === true);
    if (set === null) return;
    const now = flags.at ?? Date.now() * 1000;
    const world = worldOf(set, await inventoryIn(this, flags.inventory));
    if (!world.workloads.has(flags.point))
      throw new Failure(`the inventory ${flags.inventory} has no workload \`${flags.point}\``, "name a workload of the inventory as --point");
    const { ruleset, diagnostics } = compileFor(world, flags.point, now);
    if (diagnostics.length > 0) await sayAll(this, directory, diagnostics);
    this.out(
      flags.json === true
        ? `${JSON.stringify(ruleset)}\n`
        : headOf(ruleset, now) +
            textsOf({ ruleset, prefix: "new_", now }, { floor: { management: managementOf(flags.management) }, trialMs: 30_000, graceSeconds: 600 }).whole,
    );
    if (diagnostics.length > 0) this.exit(1);
  },
});

/** What the point cannot see, in the form of `check`. */
async function sayAll(context: Context, directory: string, diagnostics: readonly Diagnostic[]): Promise<void> {
  const [{ diagnosticsText }, { policyFilesIn }] = await Promise.all([import("../diagnostics-text.ts"), import("@bulkhead/adapters/policies/directory")]);
  const bytes = new Map((await policyFilesIn(directory)).map((file) => [file.path, file.bytes]));
  const textOf = (path: string): string => new TextDecoder().decode(bytes.get(path));
  context.say(diagnosticsText(diagnostics, { textOf, directory: directory.replace(/\/+$/, ""), colours: false }));
}

/** What nft skips and people look for: whose rules these are, which of them let something pass, and whether anything is blocked at all. */
function headOf({ point, inbound, outbound }: Ruleset, now: Instant): string {
  const actions = new Set([inbound, outbound].flatMap(({ classes }) => classes.flat().map(({ action }) => action)));
  const rulesOf = ({ classes }: PeerTable): string =>
    sortedOnce(classes.flat().flatMap(({ by }) => by))
      .map((name) => `\n#   ${printable(name)}`)
      .join("") || " none";
  const manner = actions.has("block")
    ? "what no rule lets pass is blocked where a stage enforces"
    : actions.has("would")
      ? "every stage that concerns this point only observes: nothing is blocked, what would be is counted"
      : "no policy concerns this point: everything passes";
  return `# ${printable(point)}, at ${instantText(now)}; ${manner}\n# rules that let others in:${rulesOf(inbound)}\n# rules that let it out:${rulesOf(outbound)}\n`;
}
