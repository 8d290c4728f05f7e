import type { TableFormat } from "../formats.ts";
import { type Gathering, gathering } from "../gathered.ts";
import { macOf } from "../host-names.ts";
import { isMeant, meantTags } from "../meant-keys.ts";
import { addressesIn } from "../powershell.ts";
import { nothingRead } from "../reading.ts";
import type { TableRow } from "../table.ts";

// Some versions put the sheet's name before each column's.
const machine = ["vm", "vinfovmname", "vnetworkvmname"];
const power = ["powerstate", "vinfopowerstate", "vnetworkpowerstate"];

/** The sheets vInfo and vNetwork of RVTools as CSV: one workload a virtual machine, by its name in vCenter. */
export const rvtools: TableFormat = {
  name: "rvtools",
  recognises: (columns) => machine.some((name) => columns.has(name)) && power.some((name) => columns.has(name)),
  read(table, { say }) {
    const gathered = gathering(say);
    const idOf = namesakesApart();
    for (const row of table.rows()) add(gathered, row, idOf);
    return { ...nothingRead, sightings: gathered.sightings() };
  },
};

function add(gathered: Gathering, row: TableRow, idOf: (name: string, uuid: string) => string): void {
  const name = row.cell(...machine);
  if (/^true$/i.test(row.cell("template", "vinfotemplate", "vnetworktemplate"))) return;
  const uuid = row.cell("vmuuid", "vmid", "vinfouuid", "smbiosuuid");
  const { labels, attributes } = meantTags(row.cells.filter(([column]) => isMeant(column)));
  gathered.add({
    id: idOf(name, uuid),
    where: row.where,
    labels: {
      ...labels,
      datacenter: row.cell("datacenter", "vinfodatacenter"),
      cluster: row.cell("cluster", "vinfocluster"),
      folder: row.cell("folder", "vinfofolder"),
    },
    attributes: {
      ...attributes,
      class: "server",
      os: row.cell("osaccordingtothevmwaretools", "osaccordingtotheconfigurationfile", "vinfoguestos", "os"),
      fqdn: row.cell("dnsname", "vinfodnsname", "vinfoguesthostname").toLowerCase(),
      mac: macOf(row.cell("macaddress", "vnetworkmacaddress")),
    },
    addresses: isOn(row.cell(...power)) ? addressesOf(row) : [],
  });
}

const isOn = (state: string): boolean => !/off|suspended/i.test(state);

const addressesOf = (row: TableRow): readonly string[] =>
  addressesIn([
    row.cell("primaryipaddress", "vinfoprimaryipaddress"),
    row.cell("ipv4address", "ipaddress", "vnetworkipaddress"),
    row.cell("ipv6address"),
  ]).filter((text) => !/^unknown$/i.test(text));

/** vCenter lets machines in different folders share a name: the first keeps it, the others have their identifier behind it. */
function namesakesApart(): (name: string, uuid: string) => string {
  const first = new Map<string, string>();
  return (name, uuid) => {
    const known = first.get(name) ?? uuid;
    first.set(name, known);
    return known === uuid || uuid === "" ? name : `${name} (${uuid})`;
  };
}
