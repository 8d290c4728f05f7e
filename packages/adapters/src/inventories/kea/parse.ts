import { second } from "@bulkhead/core/base/instant";
import { ipOf } from "@bulkhead/core/base/ip";
import { quoted } from "@bulkhead/core/inventory/problem";
import type { TableFormat } from "../formats.ts";
import { type GivenLease, leasedInventory } from "../lease-turns.ts";
import type { TableRow } from "../table.ts";

// Kea's 32 bits of seconds that mean for ever.
const forever = 0xffff_ffff;
// 0 assigned, 2 expired and reclaimed (it was held until then), 3 released, 4 registered by its client; 1 was declined by it.
const heldStates = new Set(["", "0", "2", "3", "4"]);

/** Kea's memfile of leases, both versions: a journal in which each row is one renewal. */
export const kea: TableFormat = {
  name: "kea",
  recognises: (columns) => ["address", "validlifetime", "expire", "subnetid"].every((name) => columns.has(name)),
  read(table, { say }) {
    const leases: GivenLease[] = [];
    for (const row of table.rows()) {
      const ip = ipOf(row.cell("address"));
      const [lifetime, expire] = [row.cell("validlifetime"), row.cell("expire")];
      // 2 is a delegated prefix, which no machine holds as its address.
      if (row.cell("leasetype") === "2" || !heldStates.has(row.cell("state"))) continue;
      if (ip === undefined) say({ reason: "bad-address", message: `${row.where}: ${quoted(row.cell("address"))} is no address` });
      else if (!/^\d{1,11}$/.test(lifetime) || !/^\d{1,11}$/.test(expire))
        say({ reason: "bad-time", message: `${row.where}: \`valid_lifetime\` and \`expire\` are seconds` });
      else leases.push({ ip, where: row.where, ...clientOf(row), ...timesOf(Number(expire), Number(lifetime)) });
    }
    return leasedInventory(leases, say);
  },
};

const clientOf = (row: TableRow) => ({
  hostname: row.cell("hostname").replaceAll("&#x2c", ",") || undefined,
  mac: row.cell("hwaddr") || undefined,
  clientId: row.cell("clientid", "duid") || undefined,
});

const timesOf = (expire: number, lifetime: number) =>
  lifetime === forever ? { from: null, until: null } : { from: (expire - lifetime) * second, until: expire * second };
