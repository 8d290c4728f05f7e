import type { Instant } from "@bulkhead/core/base/instant";
import { ipOf } from "@bulkhead/core/base/ip";
import type { Inventory } from "@bulkhead/core/model/workload";
import { Failure } from "@bulkhead/core/base/failure";
import { nearest } from "@bulkhead/core/language/hints";
import { buildCommand } from "@stricli/core";
import { type Context, dataDirectory, heldDirectory, printable } from "../context.ts";
import { instantIn, now } from "../instant-flag.ts";

interface Flags {
  readonly from: string;
  readonly to: string;
  readonly over: string;
  readonly at?: Instant;
  readonly facts?: string;
  readonly inventory?: string;
  readonly data?: string;
  readonly json?: boolean;
}

const noPoints: Omit<Inventory, "workloads"> = { points: [], quarantined: [] };

export const command = buildCommand<Flags, [string], Context>({
  docs: {
    brief: "Explain one answer: which rules, where they stand, and what would change it",
    fullDescription:
      "An end is a workload id, an address, or labels such as app=shop,env=prod for a workload that need not exist. Exit 0: allow. 1: deny, or the policy has errors. 2: unknown, or it could not be told.",
  },
  parameters: {
    flags: {
      from: { kind: "parsed", parse: String, brief: "The client: a workload id, an address, or KEY=VALUE,KEY=VALUE" },
      to: { kind: "parsed", parse: String, brief: "The server, likewise" },
      over: { kind: "parsed", parse: String, brief: "One service: tcp/443, icmp6/128, or a name that stands for one" },
      at: { kind: "parsed", parse: instantIn, optional: true, brief: "When: 2026-11-25T12:00:00Z, or a day (now)" },
      facts: { kind: "parsed", parse: String, optional: true, brief: 'What was seen beyond that, as JSON: {"encrypted":true}' },
      inventory: {
        kind: "parsed",
        parse: String,
        optional: true,
        brief: "A JSON file with workloads, points, quarantined (else what the data directory believes)",
      },
      data: { kind: "parsed", parse: String, optional: true, brief: "Data directory (else BULKHEAD_DATA, else ./.bulkhead)" },
      json: { kind: "boolean", optional: true, brief: "JSON for machines" },
    },
    positional: { kind: "tuple", parameters: [{ placeholder: "directory", brief: "A directory with policy files", parse: String }] },
  },
  async func(this: Context, flags, directory) {
    const [{ policySetIn, inventoryIn }, { explain }, { explanationText }, { loadInventory }] = await Promise.all([
      import("../policy-input.ts"),
      import("@bulkhead/core/decide/explain"),
      import("../explanation-text.ts"),
      import("@bulkhead/adapters/inventories/state"),
    ]);
    const facts = await factsIn(flags.facts);
    const at = flags.at ?? now();
    const set = await policySetIn(this, directory, flags.json === true);
    if (set === null) return;
    const { serviceAsked, checkLabels, labelsAsked } = await import("../asked.ts");
    const over = serviceAsked(flags.over, set.services);
    const known =
      flags.inventory === undefined
        ? { ...noPoints, ...(await loadInventory((flags.data === undefined ? dataDirectory : heldDirectory)(this, flags.data))) }
        : await inventoryIn(this, flags.inventory);
    const [client, server] = [labelsAsked("--from", flags.from, known.workloads), labelsAsked("--to", flags.to, known.workloads)];
    // Both ends may be the same labels: that is one workload.
    const hypothetical = [client, flags.from === flags.to ? null : server].filter((one) => one !== null);
    for (const { labels } of hypothetical) checkLabels(labels, set.labels);
    const explained = explain(set, { ...known, workloads: [...known.workloads, ...hypothetical] }, { from: flags.from, to: flags.to, over, at, facts });
    if (flags.json === true) this.out(`${JSON.stringify(explained)}\n`);
    else this.out(explanationText(explained, directory.replace(/\/+$/, "")));
    const strange = [explained.client, explained.server].flatMap((end) => (end.kind === "unresolved" && ipOf(end.asked) === undefined ? [end.asked] : []));
    for (const asked of new Set(strange)) {
      const meant = nearest(
        asked,
        known.workloads.map(({ id }) => id),
      );
      const where = flags.inventory === undefined ? "`bulkhead inventory list` shows who is known" : `${flags.inventory} says who is known`;
      this.say(`next: ${printable(meant === null ? where : `did you mean \`${meant}\`? ${where}`)}\n`);
    }
    this.exit(({ allow: 0, deny: 1, unknown: 2 } as const)[explained.answer.verdict]);
  },
});

async function factsIn(text: string | undefined): Promise<object> {
  if (text === undefined) return {};
  try {
    const facts: unknown = JSON.parse(text);
    if (typeof facts === "object" && facts !== null && !Array.isArray(facts)) {
      const { checkFacts } = await import("../asked.ts");
      checkFacts(facts);
      return facts;
    }
  } catch (error) {
    // What is no JSON is said below.
    if (error instanceof Failure) throw error;
  }
  throw new Failure(`--facts is \`${text}\`, which is no JSON object`, `write for example --facts '{"encrypted":true}'`);
}
