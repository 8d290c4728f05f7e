import { buildCommand } from "@stricli/core";
import { dataFlag, jsonFlag } from "../lab-input.ts";
import { type Context, dataDirectory } from "../context.ts";

interface Flags {
  readonly matrix?: boolean;
  readonly policy?: string;
  readonly data?: string;
  readonly json?: boolean;
}

export const command = buildCommand<Flags, [], Context>({
  docs: {
    brief: "Compare what the kernels do with what the policy means, cell by cell (root)",
    fullDescription:
      "Every host tries every service of every other host, over TCP, UDP and ICMP, IPv4 and IPv6, with real packets. Exit 0: all cells agree. 1: some differ.",
  },
  parameters: {
    flags: {
      matrix: { kind: "boolean", optional: true, brief: "A table: from whom, to whom, how much passes" },
      policy: { kind: "parsed", parse: String, optional: true, brief: "Compare with this policy instead of the one that was put into force" },
      data: dataFlag,
      json: jsonFlag,
    },
  },
  async func(this: Context, flags) {
    const [{ askUp, stateOf }, matrix, { inventoryOf }, { policySetIn }, { worldOf }, { readPolicySet }, text] = await Promise.all([
      import("@bulkhead/lab/keeper"),
      import("@bulkhead/lab/matrix"),
      import("@bulkhead/lab/inventory"),
      import("../policy-input.ts"),
      import("@bulkhead/core/decide/world"),
      import("@bulkhead/core/language/read"),
      import("../probe-text.ts"),
    ]);
    const data = dataDirectory(this, flags.data);
    const { described, policy } = await stateOf(data);
    const directory = flags.policy ?? policy;
    const set = directory === null ? readPolicySet([]).set : await policySetIn(this, directory, flags.json === true);
    if (set === null) return;
    const attempts = matrix.attemptsOf(described);
    const at = Date.now() * 1000;
    const outcomes = await askUp(data, { kind: "measure", attempts, doors: matrix.servicesOf(described) });
    const cells = matrix.cellsOf(worldOf(set, inventoryOf(described)), attempts, { outcomes, hosts: described.hosts, at });
    this.out(
      flags.json === true
        ? text.probeJson(cells)
        : text.probeText(cells, { topology: described, hasMatrix: flags.matrix === true, isEnforced: policy !== null }),
    );
    this.exit(cells.some(({ agrees }) => agrees === false) ? 1 : 0);
  },
});
