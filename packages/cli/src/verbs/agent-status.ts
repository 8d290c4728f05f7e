import type { Status } from "@bulkhead/agent/status";
import { Failure } from "@bulkhead/core/base/failure";
import { buildCommand } from "@stricli/core";
import { type Context, printable } from "../context.ts";

export const command = buildCommand<{ readonly data: string; readonly json?: boolean }, [], Context>({
  docs: {
    brief: "Say what this host enforces, and whether the kernel agrees (root)",
    fullDescription: "Changes nothing. Exit 0: the kernel holds what it should. 1: something differs. 2: it cannot be told.",
  },
  parameters: {
    flags: {
      data: { kind: "parsed", parse: String, brief: "The data directory of the agent" },
      json: { kind: "boolean", optional: true, brief: "JSON for machines" },
    },
  },
  async func(this: Context, flags) {
    if (process.getuid?.() !== 0) throw new Failure("only root may read the kernel's rules", "run it as root");
    const { statusOf } = await import("@bulkhead/agent/status");
    const status = await statusOf(flags.data);
    this.out(flags.json === true ? `${JSON.stringify(status)}\n` : textOf(status));
    if (status.differences.length > 0) this.exit(1);
  },
});

// What a screen holds; --json has all of it.
const linesMax = 20;

function textOf({ digest, point, since, unenforced, differences, agent, graceUntil, counts }: Status): string {
  const denials = (title: string, list: NonNullable<Status["counts"]>["denied"]): readonly string[] =>
    list.length === 0
      ? []
      : [
          `${title} in the last hour: ${list.length}`,
          ...list.slice(0, linesMax).map(({ direction, peer, service, packets }) => `  ${direction} ${peer} ${service}: ${packets} packets`),
        ];
  const lines = [
    digest === null
      ? `nothing is enforced here${unenforced === null ? "" : `; it was taken out of force at ${unenforced}`}`
      : `in force: ${digest.slice(0, 12)} for ${point}${since === null ? "" : ` since ${since}`}`,
    differences.length === 0 ? "the kernel agrees" : `the kernel differs: ${differences.slice(0, linesMax).join("; ")}`,
    agent === null ? "no agent is running; what is in force stays in force" : `agent: process ${agent}`,
    ...(graceUntil === null ? [] : [`connections older than the installation live on until ${graceUntil}`]),
    ...(counts === null ? [] : [`packets that belong to no connection: ${counts.invalidPackets}`]),
    ...(counts?.rules ?? []).slice(0, linesMax).map(({ rules, packets, bytes }) => `  ${rules}: ${packets} packets, ${bytes} bytes`),
    ...denials("would be denied", counts?.wouldBeDenied ?? []),
    ...denials("denied", counts?.denied ?? []),
  ];
  return lines.map((line) => `${printable(line)}\n`).join("");
}
