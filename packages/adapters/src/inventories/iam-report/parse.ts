import { instantOf } from "@bulkhead/core/base/instant";
import type { Credential } from "@bulkhead/core/inventory/credential";
import { credentialOf, credentialsMax, daysAgo } from "../credentials.ts";
import type { TableFormat } from "../formats.ts";
import { nothingRead } from "../reading.ts";
import type { TableRow } from "../table.ts";

/** AWS's IAM credential report: users with access keys, which work for whoever knows them. Which workload that is, the report does not say. */
export const iamReport: TableFormat = {
  name: "iam-report",
  recognises: (columns) => columns.has("arn") && columns.has("accesskey1active") && columns.has("passwordenabled"),
  read(table, { at: now }) {
    const credentials: Credential[] = [];
    for (const row of table.rows()) {
      for (const nth of [1, 2] as const) {
        const one = keyIn(row, nth, now);
        if (one !== null && credentials.length < credentialsMax) credentials.push(one);
      }
    }
    return { ...nothingRead, credentials };
  },
};

function keyIn(row: TableRow, nth: 1 | 2, now: number): Credential | null {
  const cell = (name: string): string => row.cell(`accesskey${nth}${name}`);
  const [changed, used] = [timeIn(cell("lastrotated")), timeIn(cell("lastuseddate"))];
  const isActive = /^true$/i.test(cell("active"));
  // A key that was never made has no time.
  if (!isActive && changed === null) return null;
  const isPerson = /^true$/i.test(row.cell("passwordenabled"));
  return credentialOf({
    kind: "access-key",
    name: `${row.cell("arn") || row.cell("user")} (key ${nth})`,
    tier: 0,
    life: "static",
    changed,
    isUsable: isActive,
    remarks: [
      changed === null ? "when it was made is not said" : `made or changed ${daysAgo(changed, now)}`,
      used === null ? "never used, or before AWS recorded it" : `last used ${daysAgo(used, now)}${serviceText(cell("lastusedservice"))}`,
      ...(isPerson ? ["its user also signs in with a password"] : []),
      ...(/^<root_account>$/.test(row.cell("user")) ? ["a key of the root account"] : []),
      ...(isActive ? [] : ["is switched off"]),
    ],
  });
}

const serviceText = (service: string): string => (service === "" || service === "N/A" ? "" : ` with ${service}`);

// `N/A`, `no_information`, `not_supported`, or a time.
const timeIn = (text: string): number | null => instantOf(text) ?? null;
