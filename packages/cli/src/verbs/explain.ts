import { type Instant, instantText } from "@bulkhead/core/base/instant";
import { ipOf } from "@bulkhead/core/base/ip";
import type { Explanation } from "@bulkhead/core/decide/explain";
import type { Question } from "@bulkhead/core/model/question";
import type { PolicySet } from "@bulkhead/core/model/policy-set";
import type { Inventory, Workload } from "@bulkhead/core/model/workload";
import { Failure } from "@bulkhead/core/base/failure";
import { nearest } from "@bulkhead/core/language/hints";
import { buildCommand } from "@stricli/core";
import { inventoryFlag } from "../place-flags.ts";
import { type Context, dataDirectory, heldDirectory, printable } from "../context.ts";
import type { Explained } from "../explanation-text.ts";
import type { HostInForce } from "../host-in-force.ts";
import { instantIn, now } from "../instant-flag.ts";
import type { LastRecorded } from "../last-recorded.ts";

interface Flags {
  readonly from: string;
  readonly to: string;
  readonly over: string;
  readonly at?: Instant | "last";
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
      at: {
        kind: "parsed",
        parse: (text) => (text === "last" ? text : instantIn(text)),
        optional: true,
        brief: "When: 2026-11-25T12:00:00Z, a day, or `last`, when the last recorded connection between them began (now)",
      },
      facts: { kind: "parsed", parse: String, optional: true, brief: 'What was seen beyond that, as JSON: {"encrypted":true}' },
      inventory: inventoryFlag,
      data: {
        kind: "parsed",
        parse: String,
        optional: true,
        brief: "Data directory (else BULKHEAD_DATA, else ./.bulkhead); on a host, that of its agent: then its safety floor counts",
      },
      json: { kind: "boolean", optional: true, brief: "JSON for machines" },
    },
    positional: { kind: "tuple", parameters: [{ placeholder: "directory", brief: "A directory with policy files", parse: String }] },
  },
  async func(this: Context, flags, directory) {
    const [{ policySetIn }, { explain }, { explanationText }, { otherTime }] = await Promise.all([
      import("../policy-input.ts"),
      import("@bulkhead/core/decide/explain"),
      import("../explanation-text.ts"),
      import("@bulkhead/core/decide/then-and-now"),
    ]);
    const facts = await factsIn(flags.facts);
    const set = await policySetIn(this, directory, flags.json === true);
    if (set === null) return;
    const { serviceAsked, checkLabels, labelsAsked } = await import("../asked.ts");
    const over = serviceAsked(flags.over, set.services);
    const here = await knownIn(this, flags);
    const { inventory: known, host } = here;
    const [client, server] = [labelsAsked("--from", flags.from, known.workloads), labelsAsked("--to", flags.to, known.workloads)];
    // Both ends may be the same labels: that is one workload.
    const hypothetical = [client, flags.from === flags.to ? null : server].filter((one) => one !== null);
    for (const { labels } of hypothetical) checkLabels(labels, set.labels);
    const inventory = { ...known, workloads: [...known.workloads, ...hypothetical] };
    const asked = { from: flags.from, to: flags.to, over, facts };
    const recorded = await recordedBetween(this, here, { ...asked, ...(flags.at === undefined ? {} : { at: flags.at }) });
    const today = now();
    const question = { ...asked, at: atIn(flags.at, recorded) ?? today };
    const explained = explain(set, inventory, question, host?.floor ?? null);
    const turned = otherInstants(question.at, recorded, today).map(({ which, at }) => ({ which, ...otherTime({ set, inventory, question }, at) }));
    const whole: Explained = {
      ...explained,
      recorded: recorded === null ? null : { at: instantText(recorded.at), records: recorded.records },
      otherTimes: turned,
      host: host === null ? null : { ...host, action: host.action(explained, question) },
    };
    if (flags.json === true) this.out(`${printable(JSON.stringify(whole))}\n`);
    else this.out(explanationText(whole, directory.replace(/(?<=.)\/+$/, "")));
    askBack(this, explained, { known, where: flags.inventory });
    await askAboutLabels(this, { "--from": client, "--to": server }, { set, workloads: known.workloads });
    this.exit(({ allow: 0, deny: 1, unknown: 2 } as const)[explained.answer.verdict]);
  },
});

/** The instant that was asked for: a time, or when the last recorded connection began; null for now. */
function atIn(flag: Flags["at"], recorded: LastRecorded | null): Instant | null {
  if (flag !== "last") return flag ?? null;
  if (recorded !== null) return recorded.at;
  throw new Failure(
    "--at is `last`, and no connection between these ends over this service is recorded",
    "`bulkhead flows` lists what is; leave --at out to ask about now",
  );
}

interface OtherInstant {
  readonly which: "recorded" | "now";
  readonly at: Instant;
}

/** The other times that a person would compare with: the last recorded connection, and now. */
function otherInstants(at: Instant, recorded: LastRecorded | null, today: Instant): readonly OtherInstant[] {
  const others: readonly OtherInstant[] = [...(recorded === null ? [] : [{ which: "recorded" as const, at: recorded.at }]), { which: "now", at: today }];
  return others.filter((one) => one.at !== at);
}

interface Known {
  readonly inventory: Inventory;
  /** A data directory with what was recorded. */
  readonly data: string | null;
  /** What is in force on this host, where the directory is an agent's. */
  readonly host: HostInForce | null;
}

async function knownIn(context: Context, { inventory, data }: Flags): Promise<Known> {
  const directory = data !== undefined || inventory === undefined ? (data === undefined ? dataDirectory : heldDirectory)(context, data) : null;
  const host = directory === null ? null : (await import("../host-in-force.ts")).hostInForce(directory);
  if (inventory !== undefined) return { inventory: await (await import("../policy-input.ts")).inventoryIn(context, inventory), data: directory, host };
  if (host !== null)
    throw new Failure(
      `${data ?? directory!} is the data directory of an agent, which holds no inventory`,
      "name the one that the agent was started with: --inventory FILE",
    );
  const { loadInventory } = await import("@bulkhead/adapters/inventories/state");
  return { inventory: { ...noPoints, ...(await loadInventory(directory!)) }, data: directory, host };
}

/** The last recorded connection; that an archive cannot be read keeps nobody from an answer, unless it is asked about. */
async function recordedBetween(context: Context, known: Known, asked: Omit<Question, "at"> & Pick<Flags, "at">): Promise<LastRecorded | null> {
  if (known.data === null) return null;
  const { lastRecorded } = await import("../last-recorded.ts");
  try {
    return await lastRecorded(known.data, asked, known.inventory.workloads);
  } catch (error) {
    if (!(error instanceof Failure) || asked.at === "last") throw error;
    context.say(`bulkhead: what was recorded is left out: ${printable(error.message)}\n`);
    return null;
  }
}

/** Who was asked about and is not known: perhaps another was meant. */
function askBack(context: Context, { client, server }: Explanation, { known, where }: { readonly known: Inventory; readonly where: string | undefined }): void {
  const strange = [client, server].flatMap((end) => (end.kind === "unresolved" && ipOf(end.asked) === undefined ? [end.asked] : []));
  for (const asked of new Set(strange)) {
    const meant = nearest(
      asked,
      known.workloads.map(({ id }) => id),
    );
    const list = where === undefined ? "`bulkhead inventory list` shows who is known" : `${where} says who is known`;
    context.say(`next: ${printable(meant === null ? list : `did you mean \`${meant}\`? ${list}`)}\n`);
  }
}

/** Labels that nobody has, or that several have among others: perhaps another was meant. */
async function askAboutLabels(
  context: Context,
  asked: Readonly<Record<"--from" | "--to", Workload | null>>,
  { set, workloads }: { readonly set: PolicySet; readonly workloads: readonly Workload[] },
): Promise<void> {
  if (workloads.length === 0) return;
  const { fewerLabels, sayStrange, strangeLabels } = await import("../whom-asked.ts");
  for (const [flag, one] of Object.entries(asked))
    if (one !== null) sayStrange(context, flag, [...strangeLabels(one.labels, workloads), ...fewerLabels(one.labels, { set, workloads })]);
}

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
