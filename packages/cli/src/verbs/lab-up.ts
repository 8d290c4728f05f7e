import type { PolicySet } from "@bulkhead/core/model/policy-set";
import { buildCommand } from "@stricli/core";
import { bulkheadWords, dataFlag, jsonFlag, topologyIn } from "../lab-input.ts";
import { type Context, dataDirectory, printable } from "../context.ts";
import { counted } from "../counted.ts";

interface Flags {
  readonly topology?: string;
  readonly policy?: string;
  readonly for: number;
  readonly data?: string;
  readonly json?: boolean;
}

function minutesOf(text: string): number {
  const [, number, unit] = /^(\d{1,4})(m|h)$/.exec(text) ?? [];
  const minutes = Number(number) * (unit === "h" ? 60 : 1);
  if (number === undefined || minutes < 1 || minutes > 1440) throw new Error(`a time is written as 30m or 8h, at most 24h, not ${text}`);
  return minutes;
}

// Whoever sees an attack go on under a policy must not believe that the policy failed.
const onlyObserves =
  "no stage of this policy enforces: every packet passes, and what would be denied is counted\nto enforce, put a file beside it: stages: { segments: { POLICY: { in: enforce } }, zones: { ZONE: { boundary: enforce } } }\n";

const isEnforcing = ({ zones, segments }: PolicySet["stages"]): boolean =>
  zones.some(({ boundary, inside }) => boundary === "enforce" || inside === "enforce") || segments.some((one) => one.in === "enforce" || one.out === "enforce");

export const command = buildCommand<Flags, [], Context>({
  docs: {
    brief: "Build the practice network, or put another policy into force on it (root)",
    fullDescription:
      "Every host is a network namespace with real servers; with --policy an agent enforces on each. It runs in the background until `bulkhead lab down`, or until its time is over.",
  },
  parameters: {
    flags: {
      topology: { kind: "parsed", parse: String, optional: true, brief: "A YAML file with subnets and hosts; without it the shop of the examples" },
      policy: {
        kind: "parsed",
        parse: String,
        optional: true,
        brief: "A directory with policy files for the agent of every host; its `stages` say what is enforced",
      },
      for: { kind: "parsed", parse: minutesOf, default: "2h", brief: "After this time it removes itself: 30m, 8h" },
      data: dataFlag,
      json: jsonFlag,
    },
  },
  async func(this: Context, flags) {
    const [{ missing }, { ask, startLab, stateOf }, { readTopology }, { policySetIn }] = await Promise.all([
      import("@bulkhead/lab/command"),
      import("@bulkhead/lab/keeper"),
      import("@bulkhead/lab/topology"),
      import("../policy-input.ts"),
    ]);
    const absent = missing();
    if (absent !== null) throw absent;
    const { file, text } = topologyIn(flags.topology);
    readTopology(text, file);
    const set = flags.policy === undefined ? null : await policySetIn(this, flags.policy, flags.json === true);
    if (flags.policy !== undefined && set === null) return;
    const data = dataDirectory(this, flags.data);
    const isUp = (await ask(data, { kind: "state" })) !== null;
    if (isUp && flags.topology !== undefined) this.say("bulkhead: a lab is up already and stays as it is; `bulkhead lab down` first to build another\n");
    if (!isUp) await startLab(data, { topologyFile: file, minutes: flags.for, bulkhead: bulkheadWords });
    const taken = flags.policy === undefined ? [] : ((await ask(data, { kind: "enforce", policy: flags.policy })) ?? []);
    const { described, until, policy } = await stateOf(data);
    const refused = taken.filter((one) => one.refused !== null);
    if (flags.json === true) this.out(`${JSON.stringify({ hosts: described.hosts.map(({ id }) => id), until, policy, taken })}\n`);
    else {
      const size = `${counted(described.hosts.length, "host")} in ${counted(described.subnets.length, "subnet")}`;
      this.out(isUp ? `the lab is up: ${size}\n` : `the lab came up: ${size}, for at most ${counted(flags.for, "minute")}\n`);
      if (taken.length > refused.length) this.out(`${counted(taken.length - refused.length, "host")} took the policy ${printable(flags.policy ?? "")}\n`);
      if (set !== null && !isEnforcing(set.stages)) this.out(onlyObserves);
      if (policy === null) this.out("nothing is enforced: every packet passes\n");
      for (const { host, refused: reason } of refused) this.out(`${host} refused it: ${printable(reason ?? "")}\n`);
    }
    this.exit(refused.length === 0 ? 0 : 1);
  },
});
