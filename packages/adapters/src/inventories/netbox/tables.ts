import type { TableFormat } from "../formats.ts";
import { isMeant } from "../meant-keys.ts";
import { addressesIn } from "../powershell.ts";
import type { TableRow } from "../table.ts";
import { netboxReading, type NetboxReading, stated } from "./objects.ts";

type Columns = ReadonlySet<string>;
const hasAll = (columns: Columns, names: string): boolean => names.split(" ").every((name) => columns.has(name));
const hasOne = (columns: Columns, names: string): boolean => names.split(" ").some((name) => columns.has(name));

// Each list of NetBox by the columns that it alone has, and what a row of it says.
const lists: readonly (readonly [(columns: Columns) => boolean, (told: NetboxReading, row: TableRow) => void])[] = [
  [(columns) => hasAll(columns, "prefix status") && hasOne(columns, "vrf vlan scope utilization children"), prefixRow],
  [(columns) => hasAll(columns, "vid name status"), vlanRow],
  [(columns) => hasAll(columns, "status dnsname") && hasOne(columns, "ipaddress address") && hasOne(columns, "vrf assigned interface natinside"), addressRow],
  [(columns) => hasAll(columns, "name status role site") && hasOne(columns, "manufacturer devicetype"), (told, row) => machineRow(told, row, "device")],
  [(columns) => hasAll(columns, "name status cluster") && hasOne(columns, "vcpus disk diskgb memory memorymb"), (told, row) => machineRow(told, row, "server")],
];

/** A list of NetBox exported as CSV: devices, virtual machines, addresses, prefixes or VLANs, as shown or as imported. */
export const netboxTable: TableFormat = {
  name: "netbox",
  recognises: (columns) => lists.some(([isIt]) => isIt(columns)),
  read(table, { say }) {
    const told = netboxReading(say);
    const [, tell] = lists.find(([isIt]) => isIt(table.columns)) ?? [];
    for (const row of table.rows()) tell?.(told, row);
    return told.reading();
  },
};

function machineRow(told: NetboxReading, row: TableRow, kind: string): void {
  told.machine({
    where: row.where,
    name: row.cell("name"),
    status: row.cell("status"),
    class: kind,
    platform: row.cell("platform"),
    labels: stated({
      role: slug(row.cell("role")),
      site: row.cell("site"),
      tenant: row.cell("tenant"),
      cluster: row.cell("cluster"),
      tags: row.cell("tags").replaceAll(",", " "),
    }),
    tags: row.cells.filter(([name]) => isMeant(name) && !/^role$/i.test(name)),
    addresses: addressesIn([row.cell("ipv4address", "primaryip4"), row.cell("ipv6address", "primaryip6"), row.cell("ipaddress", "primaryip")]),
  });
}

function addressRow(told: NetboxReading, row: TableRow): void {
  const holder = row.cell("device", "virtualmachine", "parentobject", "parent");
  told.address({
    where: row.where,
    address: row.cell("ipaddress", "address"),
    status: row.cell("status"),
    role: row.cell("role"),
    holder,
    dnsName: row.cell("dnsname"),
  });
}

function prefixRow(told: NetboxReading, row: TableRow): void {
  const attributes = stated({
    vlan: row.cell("vlan"),
    site: row.cell("site", "scope"),
    role: row.cell("role"),
    vrf: row.cell("vrf"),
    tenant: row.cell("tenant"),
    status: row.cell("status"),
  });
  told.network({ where: row.where, name: row.cell("description") || row.cell("vlan"), prefix: row.cell("prefix"), kind: "prefix", attributes });
}

function vlanRow(told: NetboxReading, row: TableRow): void {
  const attributes = stated({ vlan: row.cell("vid"), site: row.cell("site"), role: row.cell("role"), tenant: row.cell("tenant"), status: row.cell("status") });
  told.network({ where: row.where, name: row.cell("name"), prefix: "", kind: "vlan", attributes });
}

/** NetBox's own way from a name to a slug. */
const slug = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
