import { Failure } from "@bulkhead/core/base/failure";
import type { Walk } from "@bulkhead/lab/attack";
import { buildCommand } from "@stricli/core";
import { dataFlag, jsonFlag } from "../lab-input.ts";
import { type Context, dataDirectory, printable } from "../context.ts";
import { counted } from "../counted.ts";

interface Flags {
  readonly from?: string;
  readonly data?: string;
  readonly json?: boolean;
}

export const command = buildCommand<Flags, [], Context>({
  docs: {
    brief: "Walk sideways through the practice network from one compromised host (root)",
    fullDescription:
      "The worst case: whatever answers on any port has fallen, and is walked from next. Run it before and after a policy is in force, and compare.",
  },
  parameters: {
    flags: {
      from: { kind: "parsed", parse: String, optional: true, brief: "The compromised host; without it the one that the topology names" },
      data: dataFlag,
      json: jsonFlag,
    },
  },
  async func(this: Context, flags) {
    const [{ askUp, stateOf }, { walk }] = await Promise.all([import("@bulkhead/lab/keeper"), import("@bulkhead/lab/attack")]);
    const data = dataDirectory(this, flags.data);
    const { described, policy } = await stateOf(data);
    const from = flags.from ?? described.compromised;
    if (from === null) throw new Failure("the topology names no compromised host", "name one with --from");
    if (!described.hosts.some(({ id }) => id === from))
      throw new Failure(`the lab has no host \`${from}\``, `name one of ${described.hosts.map(({ id }) => id).join(", ")}`);
    const walked = await walk(described, from, (attempts) => askUp(data, { kind: "measure", attempts, doors: [] }));
    this.out(flags.json === true ? `${JSON.stringify({ ...walked, policy })}\n` : walkText(walked, policy !== null));
  },
});

function walkText({ from, fallen, doors, tried, hosts }: Walk, isEnforced: boolean): string {
  const services = new Set(doors.map(({ to, over }) => `${to} ${over}`));
  const direct = new Set(doors.filter(({ hop }) => hop === 1).map(({ to, over }) => `${to} ${over}`));
  const line = ({ hop, from: by, to, over, address }: Walk["fallen"][number]): string => `${"  ".repeat(hop)}${by} -> ${to}, ${over} at ${address}`;
  return [
    `from ${printable(from)}, with ${isEnforced ? "a policy" : "no policy"} in force: ${fallen.length} of ${hosts} hosts fall, ${counted(services.size, "service answers", "services answer")}, ${direct.size} of them to ${printable(from)} itself (${tried} doors tried)`,
    ...fallen.map(line),
    "",
  ].join("\n");
}
