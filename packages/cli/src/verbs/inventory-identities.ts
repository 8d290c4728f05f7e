import type { Identities, WorkloadIdentity } from "@bulkhead/core/inventory/identities";
import { instantText } from "@bulkhead/core/base/instant";
import { buildCommand } from "@stricli/core";
import { dataFlag } from "../place-flags.ts";
import { type Context, heldDirectory, printable } from "../context.ts";
import { counted } from "../counted.ts";

export const command = buildCommand<{ readonly data?: string; readonly json?: boolean }, [], Context>({
  docs: { brief: "Which workloads can show who they are, of which tier, with which credentials; exit 1 when no workload is known" },
  parameters: {
    flags: {
      data: dataFlag,
      json: { kind: "boolean", optional: true, brief: "JSON for machines" },
    },
  },
  async func(this: Context, flags) {
    const [{ loadInventory }, { identitiesOf, identityFigures, credentialText }] = await Promise.all([
      import("@bulkhead/adapters/inventories/state"),
      import("@bulkhead/core/inventory/identities"),
    ]);
    const { workloads, credentials } = await loadInventory(heldDirectory(this, flags.data));
    const found = identitiesOf(workloads, credentials);
    const figures = identityFigures(found.workloads);
    if (flags.json === true) {
      const unplaced = found.unplaced.map((one) => ({ ...one, changed: timeText(one.changed), until: timeText(one.until) }));
      await this.outSlowly(`${printable(JSON.stringify({ figures, workloads: found.workloads, unplaced }))}\n`);
    } else await this.outSlowly(reportText(found, { figures, credentialText }));
    if (workloads.length === 0) this.exit(1);
  },
});

const timeText = (at: number | null): string | null => (at === null ? null : instantText(at));

type Module = typeof import("@bulkhead/core/inventory/identities");
interface Said {
  readonly figures: ReturnType<Module["identityFigures"]>;
  readonly credentialText: Module["credentialText"];
}

function reportText({ workloads, unplaced }: Identities, { figures, credentialText }: Said): string {
  const { byTier, staticKey, sharing } = figures;
  const lines = [
    ...workloads.flatMap(workloadLines),
    ...(unplaced.length > 0 ? ["", "credentials of which no known workload is known to be the user:"] : []),
    ...unplaced.map((one) => `  ${credentialText(one)} (${one.source})`),
    "",
    `${counted(figures.workloads, "workload")}: tier 3 ${byTier["3"]}, tier 2 ${byTier["2"]}, tier 1 ${byTier["1"]}, tier 0 ${byTier["0"]}, cannot be determined ${byTier.unknown}`,
    `a static key: ${staticKey.yes} yes, ${staticKey.no} none stated, ${staticKey.unknown} cannot be determined; ${sharing} share a credential`,
  ];
  return `${lines.map(printable).join("\n")}\n`;
}

function workloadLines({ workload, name, tier, hasStaticKey, shares, statements }: WorkloadIdentity): readonly string[] {
  const words = [
    tier === null ? "identity cannot be determined" : `tier ${tier}${name === null ? "" : ` as ${name}`}`,
    ...(hasStaticKey === true ? ["uses a static key"] : []),
    ...shares.map(({ credential, others, among }) => `shares ${credential} with ${among.slice(0, 3).join(", ")}${others > 3 ? ` and ${others - 3} more` : ""}`),
  ];
  return [`${workload}  ${words.join("; ")}`, ...statements.map(({ says, source }) => `    ${says} (${source})`)];
}
