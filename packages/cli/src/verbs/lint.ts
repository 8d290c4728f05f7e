import type { Instant } from "@bulkhead/core/base/instant";
import type { AnomaliesAsked, Anomaly } from "@bulkhead/core/simulate/anomaly";
import { Failure } from "@bulkhead/core/base/failure";
import { buildCommand } from "@stricli/core";
import type { Context } from "../context.ts";
import { instantIn, now } from "../instant-flag.ts";

interface Flags {
  readonly inventory?: string;
  readonly data?: string;
  readonly days?: number;
  readonly at?: Instant;
  readonly json?: boolean;
  readonly sarif?: boolean;
}

const daysUsual = 90;

export const command = buildCommand<Flags, [string], Context>({
  docs: {
    brief: "Say what is odd about a policy without being a mistake",
    fullDescription:
      "Rules that say the same, that another says already, that a forbid shadows, that can never count or have no way; peers that add nothing; rules that are over, wide, unowned, or contradict a test. Found by meaning, not by text. With an inventory: what refers to nobody, who is claimed twice, and who is guarded by nobody. With recorded flows: what nobody used, and what most of whom it names never used. Each with its place, and the flows that would settle it. Exit 0: nothing is odd. 1: something is, or the policy has errors. 2: something could not be told.",
  },
  parameters: {
    flags: {
      inventory: { kind: "parsed", parse: String, optional: true, brief: "A JSON file with workloads (else what the data directory believes)" },
      data: {
        kind: "parsed",
        parse: String,
        optional: true,
        brief: "Data directory (else BULKHEAD_DATA, else ./.bulkhead): its inventory and its recorded flows",
      },
      days: { kind: "parsed", parse: daysIn, optional: true, brief: `With recorded flows: the days that must have used a rule (${daysUsual})` },
      at: { kind: "parsed", parse: instantIn, optional: true, brief: "When it is asked: 2026-11-25T12:00:00Z, or a day (now)" },
      json: { kind: "boolean", optional: true, brief: "JSON for machines" },
      sarif: { kind: "boolean", optional: true, brief: "SARIF 2.1.0, for forges" },
    },
    positional: { kind: "tuple", parameters: [{ placeholder: "directory", brief: "A directory with policy files", parse: String }] },
  },
  async func(this: Context, flags, directory) {
    if (flags.inventory !== undefined && flags.data !== undefined)
      throw new Failure("--inventory and --data both bring an inventory", "name one of them; --data brings the recorded flows, too");
    const { policyIn } = await import("../policy-input.ts");
    const policy = await policyIn(this, directory, flags.sarif === true ? "sarif" : flags.json === true ? "json" : "text");
    if (policy === null) return;
    const at = flags.at ?? now();
    const found = await foundIn(this, { set: policy.set, at, ...(await knownTo(this, { set: policy.set, at }, flags)) });
    const shown = found.map((one) => ({ ...one, help: helpOf(one) }));
    if (flags.json === true && flags.sarif !== true) await this.outSlowly(`${JSON.stringify({ anomalies: found.map(told) })}\n`);
    else if (found.length === 0 && flags.sarif !== true) this.out("nothing is odd\n");
    else policy.print(shown);
    if (found.some(({ code }) => code !== "untold")) this.exit(1);
    else if (found.length > 0) this.exit(2);
  },
});

const helpOf = ({ help, flows }: Anomaly): string | null =>
  flows === null ? help : `${help === null ? "" : `${help}; `}\`${flows}\` lists the flows that would settle it`;

const told = ({ code, at, name, others, message, help, flows }: Anomaly): unknown => ({
  code,
  file: at.file,
  line: at.line,
  column: at.column,
  name,
  others,
  message,
  help,
  flows,
});

function daysIn(text: string): number {
  if (!/^[1-9][0-9]{0,3}$/.test(text)) throw new Error(`\`${text}\` is no number of days: write 1 to 9999`);
  return Number(text);
}

async function knownTo(
  context: Context,
  asked: Pick<AnomaliesAsked, "set" | "at">,
  { inventory, data, days }: Flags,
): Promise<Pick<AnomaliesAsked, "inventory" | "use">> {
  if (inventory !== undefined) {
    const { inventoryIn } = await import("../policy-input.ts");
    return { inventory: await inventoryIn(context, inventory), use: null };
  }
  const { heldRecords } = await import("../difference-inputs.ts");
  const held = await heldRecords(context, data);
  if (held === null) {
    context.say("not compared with an inventory: name one with --data or --inventory\n");
    return { inventory: null, use: null };
  }
  if ("people" in held) return { inventory: held.people, use: null };
  const { ruleUse } = await import("../rule-use.ts");
  const known = await ruleUse(held.directory, { ...asked, days: days ?? daysUsual });
  if (known.use.daysRecorded === 0)
    context.say(`whether a rule was ever used was not told: none of the last ${days ?? daysUsual} days is recorded; --days N looks further back\n`);
  return known;
}

async function foundIn(context: Context, asked: AnomaliesAsked): Promise<readonly Anomaly[]> {
  const { anomaliesOf } = await import("@bulkhead/core/simulate/anomalies");
  const show = (text: string): void => (context.isTerminal ? context.say(`\r\u001b[K${text}`) : undefined);
  const judging = anomaliesOf(asked);
  for (let judged = 0; ; judged += 1) {
    const step = judging.next();
    if (step.done === true) {
      show("");
      return step.value;
    }
    if (judged % 20 !== 0) continue;
    show(`judged ${judged} rules`);
    // Lets an interrupt in.
    await new Promise((resolve) => setImmediate(resolve));
  }
}
