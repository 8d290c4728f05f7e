import type { TableFormat } from "../formats.ts";
import { gathering } from "../gathered.ts";
import { macOf } from "../host-names.ts";
import { isMeant, meantTags } from "../meant-keys.ts";
import { addressesIn } from "../powershell.ts";
import { nothingRead } from "../reading.ts";

const signs = [
  "sysid",
  "sysclassname",
  "sysupdatedon",
  "operationalstatus",
  "installstatus",
  "supportgroup",
  "assettag",
  "usedfor",
  "class",
  "assignmentgroup",
];
// What is no machine in service any more, in the words and numbers of `operational_status` and `install_status`.
const gone = /^(retired|absent|non-operational|disposed|stolen|decommissioned|6|7|100)$/i;

/** A list of configuration items as ServiceNow exports it as CSV, by field names or by their titles. */
export const servicenow: TableFormat = {
  name: "servicenow",
  recognises: (columns) =>
    !columns.has("id") && columns.has("name") && (columns.has("ipaddress") || columns.has("fqdn")) && signs.filter((name) => columns.has(name)).length >= 2,
  read(table, { say }) {
    const gathered = gathering(say);
    for (const row of table.rows()) {
      // `class` is what kind of thing it is, not one of the organisation's words.
      const { labels, attributes } = meantTags(row.cells.filter(([column]) => isMeant(column)));
      const isGone = gone.test(row.cell("installstatus")) || gone.test(row.cell("operationalstatus"));
      gathered.add({
        id: row.cell("name", "hostname"),
        where: row.where,
        labels: { ...labels, location: row.cell("location") },
        attributes: {
          ...attributes,
          class: row.cell("sysclassname", "class"),
          fqdn: row.cell("fqdn").toLowerCase(),
          mac: macOf(row.cell("macaddress")),
        },
        addresses: isGone ? [] : addressesIn(row.cell("ipaddress")),
      });
    }
    return { ...nothingRead, sightings: gathered.sightings() };
  },
};
