import { type Instant, instantText } from "@bulkhead/core/base/instant";
import type { PolicySet } from "@bulkhead/core/model/policy-set";
import type { Inventory } from "@bulkhead/core/model/workload";
import type { FlowNotice } from "@bulkhead/core/simulate/flow-notice";
import type { JudgedMutant, MutationAsked } from "@bulkhead/core/simulate/mutation-testing";
import { Failure } from "@bulkhead/core/base/failure";
import { buildCommand } from "@stricli/core";
import type { Context } from "../context.ts";
import { counted } from "../counted.ts";
import { instantIn, now } from "../instant-flag.ts";

interface Flags {
  readonly inventory?: string;
  readonly data?: string;
  readonly at?: Instant;
  readonly mutate?: boolean;
  readonly json?: boolean;
}

export const command = buildCommand<Flags, [string], Context>({
  docs: {
    brief: "Run the tests of a policy, and find what no test holds in place",
    fullDescription:
      "With --mutate every rule is taken away, and widened by peer, zone, port, time and demand, one change at a time: what no test notices (and no recorded flow of the data directory) is printed with a test that would. Changes that no question at all could notice are counted, not reported. Exit 0: all tests pass, and nothing went unnoticed. 1: otherwise. 2: there are no tests, or the directory cannot be read.",
  },
  parameters: {
    flags: {
      inventory: { kind: "parsed", parse: String, optional: true, brief: "A JSON file with workloads: tests are asked about those that match, too" },
      data: {
        kind: "parsed",
        parse: String,
        optional: true,
        brief: "A data directory: its inventory, and with --mutate its recorded flows (there else BULKHEAD_DATA, else ./.bulkhead)",
      },
      at: { kind: "parsed", parse: instantIn, optional: true, brief: "When tests ask: 2026-11-25T12:00:00Z, or a day (now)" },
      mutate: { kind: "boolean", optional: true, brief: "Change the policy, one thing at a time, and say what nobody notices" },
      json: { kind: "boolean", optional: true, brief: "JSON for machines" },
    },
    positional: { kind: "tuple", parameters: [{ placeholder: "directory", brief: "A directory with policy files", parse: String }] },
  },
  async func(this: Context, flags, directory) {
    if (flags.inventory !== undefined && flags.data !== undefined)
      throw new Failure("--inventory and --data both bring an inventory", "name one of them; --data brings the recorded flows, too");
    const { policyIn } = await import("../policy-input.ts");
    const policy = await policyIn(this, directory, flags.json === true ? "json" : "text");
    if (policy === null) return;
    const { set } = policy;
    const at = flags.at ?? now();
    const known = await knownTo(this, set, flags);
    const { failedTests } = await import("../failed-tests.ts");
    const failed = failedTests({ set, at, inventory: known.inventory, directory, flags: words(flags) });
    const mutants = flags.mutate === true && failed.length === 0 ? await judged(this, { set, at, ...known }) : null;
    if (flags.json === true) {
      const [{ mutantsJson }, { diagnosticsJson }] = await Promise.all([import("../mutants-text.ts"), import("../diagnostics-text.ts")]);
      const { diagnostics } = JSON.parse(diagnosticsJson(failed)) as { readonly diagnostics: readonly unknown[] };
      const mutation = mutants === null ? null : mutantsJson(mutants, { areFlowsAsked: known.flows !== null });
      await this.outSlowly(`${JSON.stringify({ tests: set.tests.length, failed: diagnostics, mutation })}\n`);
    } else {
      if (failed.length > 0) policy.print(failed);
      else this.out(`${counted(set.tests.length, "test")}: ${set.tests.length === 0 ? "nothing was asked" : "all pass"}\n`);
      if (mutants !== null) {
        const { mutantsText } = await import("../mutants-text.ts");
        await this.outSlowly(mutantsText(mutants, { directory: directory.replace(/(?<=.)\/+$/, ""), at, areFlowsAsked: known.flows !== null }));
      }
    }
    if (failed.length > 0 || mutants?.some(({ fate }) => fate === "live") === true) this.exit(1);
    else if (set.tests.length === 0 || mutants?.some(({ fate }) => fate === "untold") === true) this.exit(2);
  },
});

/** The flags with which `explain` asks about the same workloads and time. */
const words = ({ inventory, data, at }: Flags): readonly string[] => [
  ...(inventory === undefined ? [] : ["--inventory", inventory]),
  ...(data === undefined ? [] : ["--data", data]),
  ...(at === undefined ? [] : ["--at", instantText(at)]),
];

async function judged(context: Context, asked: MutationAsked): Promise<readonly JudgedMutant[]> {
  const { mutationTesting } = await import("@bulkhead/core/simulate/mutation-testing");
  const show = (text: string): void => (context.isTerminal ? context.say(`\r\u001b[K${text}`) : undefined);
  const mutants: JudgedMutant[] = [];
  for (const mutant of mutationTesting(asked)) {
    mutants.push(mutant);
    if (mutants.length % 20 !== 0) continue;
    show(`judged ${mutants.length} changes`);
    // Lets an interrupt in.
    await new Promise((resolve) => setImmediate(resolve));
  }
  show("");
  return mutants;
}

interface Known {
  readonly inventory: Inventory | null;
  readonly flows: FlowNotice | null;
}

async function knownTo(context: Context, set: PolicySet, { inventory, data, mutate }: Flags): Promise<Known> {
  if (inventory !== undefined) {
    const { inventoryIn } = await import("../policy-input.ts");
    return { inventory: await inventoryIn(context, inventory), flows: null };
  }
  // Without --mutate tests are asked as `check` asks them, whatever lies beside the policy.
  if (data === undefined && mutate !== true) return { inventory: null, flows: null };
  const { heldRecords } = await import("../difference-inputs.ts");
  const held = await heldRecords(context, data);
  if (held === null) return { inventory: null, flows: null };
  if ("people" in held) return { inventory: held.people, flows: null };
  const { seenIn } = await import("../seen.ts");
  const { flows, ...recorded } = await seenIn(held.directory);
  if (mutate !== true) return { inventory: recorded, flows: null };
  const [{ flowNotice }, { worldOf }] = await Promise.all([import("@bulkhead/core/simulate/flow-notice"), import("@bulkhead/core/decide/world")]);
  return { inventory: recorded, flows: flowNotice(worldOf(set, recorded), flows) };
}
