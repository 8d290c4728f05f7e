import { ipOf } from "@bulkhead/core/base/ip";
import { quoted, type Say } from "@bulkhead/core/inventory/problem";
import type { DocumentFormat, TableFormat } from "../formats.ts";
import { type GivenLease, leasedInventory } from "../lease-turns.ts";
import { addressesIn, instantIn } from "../powershell.ts";
import { at as valueAt, textAt, wordAt } from "../tree.ts";

/** `Get-DhcpServerv4Lease | Export-Csv`, and of version 6. */
export const windowsDhcpTable: TableFormat = {
  name: "windows-dhcp",
  recognises: (columns) => columns.has("ipaddress") && columns.has("addressstate") && columns.has("leaseexpirytime"),
  read(table, { say, at }) {
    const leases: GivenLease[] = [];
    for (const row of table.rows()) {
      const lease = { address: row.cell("ipaddress"), state: row.cell("addressstate"), expiry: row.cell("leaseexpirytime") };
      leases.push(...leaseOf({ ...lease, hostname: row.cell("hostname"), client: row.cell("clientid", "clientduid"), where: row.where, at }, say));
    }
    return leasedInventory(leases, say);
  },
};

/** `Get-DhcpServerv4Lease | ConvertTo-Json`. */
export const windowsDhcp: DocumentFormat = {
  name: "windows-dhcp",
  recognises: (document) => [document].flat().some((one) => valueAt(one, "AddressState") !== undefined && valueAt(one, "IPAddress") !== undefined),
  read(documents, { say, at }) {
    const leases = documents.flat().flatMap((one, index) => {
      const lease = {
        address: addressesIn(valueAt(one, "IPAddress"))[0] ?? "",
        state: wordAt(one, "AddressState") ?? "",
        expiry: valueAt(one, "LeaseExpiryTime"),
        hostname: textAt(one, "HostName") ?? "",
        client: textAt(one, "ClientId") ?? textAt(one, "ClientDuid") ?? "",
      };
      return leaseOf({ ...lease, where: `lease ${index + 1}`, at }, say);
    });
    return leasedInventory(leases, say);
  },
};

interface Told {
  readonly address: string;
  readonly state: string;
  readonly expiry: unknown;
  readonly hostname: string;
  readonly client: string;
  readonly where: string;
  readonly at: number;
}

function leaseOf({ address, state, expiry, hostname, client, where, at }: Told, say: Say): readonly GivenLease[] {
  const ip = ipOf(address);
  if (ip === undefined) {
    say({ reason: "bad-address", message: `${where}: ${quoted(address)} is no address` });
    return [];
  }
  // An inactive reservation or an expired lease is held by nobody now; `Active` and `ActiveReservation` are.
  if (!/^active/i.test(state) && state !== "1") return [];
  const until = expiry === "" || expiry === undefined || expiry === null ? null : instantIn(expiry);
  if (until === undefined)
    say({
      reason: "no-time-zone",
      message: `${where}: \`LeaseExpiryTime\` ${quoted(expiry)} names no time zone, so the lease stays open; export it with \`ConvertTo-Json\`, or with \`.ToUniversalTime().ToString("o")\``,
    });
  // The server says when a lease ends, not when it began.
  const isOver = until !== undefined && until !== null && until <= at;
  return isOver ? [] : [{ ip, hostname: hostname || undefined, mac: client, clientId: client || undefined, from: at, until: until ?? null, where }];
}
