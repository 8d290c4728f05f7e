import { Failure } from "@bulkhead/core/base/failure";
import { buildCommand } from "@stricli/core";
import { type Context, printable } from "../context.ts";
import { managementOf } from "../management.ts";

interface Flags {
  readonly policy: string;
  readonly inventory: string;
  readonly point: string;
  readonly data: string;
  readonly management?: readonly string[];
  readonly trial: number;
  readonly grace: number;
  readonly observe: number;
  readonly json?: boolean;
}

function trialOf(text: string): number {
  const [, number, unit] = /^(\d{1,6})(ms|s)$/.exec(text) ?? [];
  if (number === undefined) throw new Error(`a trial is a time such as 2s or 500ms, not ${text}`);
  return Number(number) * (unit === "s" ? 1000 : 1);
}

export const command = buildCommand<Flags, [], Context>({
  docs: {
    brief: "Enforce a policy on this host, alone, without a server (root)",
    fullDescription:
      "Runs in the foreground. SIGHUP reads everything again. SIGTERM ends it; the rules stay in force. `bulkhead agent unenforce` removes them.",
  },
  parameters: {
    flags: {
      policy: { kind: "parsed", parse: String, brief: "A directory with policy files; one that does not exist means: keep what is in force" },
      inventory: { kind: "parsed", parse: String, brief: "A JSON file with workloads" },
      point: { kind: "parsed", parse: String, brief: "The id of the workload that this host is" },
      data: { kind: "parsed", parse: String, brief: "Where the agent keeps what is in force" },
      management: {
        kind: "parsed",
        parse: String,
        variadic: ",",
        optional: true,
        brief: "Ports of this host that stay open for anyone, whatever the policy says: tcp/22",
      },
      trial: { kind: "parsed", parse: trialOf, default: "30s", brief: "After which the kernel falls back by itself when nothing is confirmed" },
      observe: { kind: "parsed", parse: trialOf, default: "10s", brief: "How often what this host saw is written to DATA/flows, for bulkhead ingest" },
      grace: {
        kind: "parsed",
        parse: trialOf,
        default: "600s",
        brief: "How long connections older than the first installation may live on; longer while they are active, a day at most",
      },
      json: { kind: "boolean", optional: true, brief: "One JSON object for each event" },
    },
  },
  async func(this: Context, flags) {
    const { runAgent } = await import("@bulkhead/agent/run");
    if (process.getuid?.() !== 0) throw new Failure("the agent writes rules into the kernel, which only root may", "run it as root");
    const tell = (event: Readonly<Record<string, unknown>>): void => {
      if (flags.json === true) this.out(`${JSON.stringify(event)}\n`);
      else this.out(`${printable(Object.values(event).join(" "))}\n`);
    };
    await runAgent({
      ...flags,
      trialMs: flags.trial,
      graceMs: flags.grace,
      observeMs: flags.observe,
      floor: { management: managementOf(flags.management) },
      tell,
    });
  },
});
