import type { DocumentFormat, TableFormat } from "../formats.ts";
import { type Gathering, gathering } from "../gathered.ts";
import { isMeant, meantTags } from "../meant-keys.ts";
import { addressesIn } from "../powershell.ts";
import { type InventoryReading, nothingRead, type ReadingInput } from "../reading.ts";
import { at as valueAt, isFields, listAt, textAt, wordAt } from "../tree.ts";

/** `Get-VM | ConvertTo-Json`: with a depth of 3 or more, `Guest` holds the addresses. */
export const powercli: DocumentFormat = {
  name: "powercli",
  recognises: (document) =>
    [document].flat().some((one) => textAt(one, "Name") !== undefined && valueAt(one, "PowerState") !== undefined && valueAt(one, "VMHost") !== undefined),
  read(documents, input) {
    const gathered = gathering(input.say);
    for (const [index, one] of documents.flat().entries()) if (isFields(one)) addMachine(gathered, one, `machine ${index + 1}`);
    return withAdvice(gathered, input);
  },
};

/** `Get-VM | Export-Csv`: addresses only where a column was calculated for them. */
export const powercliTable: TableFormat = {
  name: "powercli",
  recognises: (columns) => ["name", "powerstate", "vmhost"].every((name) => columns.has(name)),
  read(table, input) {
    const gathered = gathering(input.say);
    for (const row of table.rows()) {
      const { labels, attributes } = meantTags(row.cells.filter(([column]) => isMeant(column)));
      const os = row.cell("guestid", "os", "guestos") || osIn(row.cell("guest"));
      gathered.add({
        id: row.cell("name"),
        where: row.where,
        labels: { ...labels, folder: row.cell("folder") },
        attributes: { class: "server", os, ...attributes },
        addresses: isOn(row.cell("powerstate")) ? addressesIn(row.cell("ipaddress", "ipaddresses", "ip", "ipv4", "guestipaddress")) : [],
      });
    }
    return withAdvice(gathered, input);
  },
};

function withAdvice(gathered: Gathering, { say }: ReadingInput): InventoryReading {
  const sightings = gathered.sightings();
  if (sightings.length > 0 && sightings.every(({ leases }) => leases.length === 0))
    say({
      reason: "no-addresses",
      message:
        "no machine states an address; export with `Get-VM | Select Name,PowerState,VMHost,Folder,@{n='IPAddress';e={$_.Guest.IPAddress -join ' '}} | Export-Csv`, or `ConvertTo-Json -Depth 4`",
    });
  return { ...nothingRead, sightings };
}

function addMachine(gathered: Gathering, one: unknown, where: string): void {
  const guest = valueAt(one, "Guest");
  const custom = listAt(one, "CustomFields").flatMap((field): readonly (readonly [string, unknown])[] => {
    const key = textAt(field, "Key");
    return key === undefined ? [] : [[key, valueAt(field, "Value")]];
  });
  const { labels, attributes } = meantTags(custom.filter(([key]) => isMeant(key)));
  const state = wordAt(one, "PowerState") ?? "";
  gathered.add({
    id: textAt(one, "Name") ?? "",
    where,
    labels: { ...labels, folder: textAt(one, "Folder", "Name") ?? textAt(one, "Folder") },
    attributes: {
      class: "server",
      os: textAt(guest, "OSFullName") ?? (typeof guest === "string" ? osIn(guest) : textAt(one, "GuestId")),
      fqdn: textAt(guest, "HostName")?.toLowerCase(),
      ...attributes,
    },
    addresses: isOn(state) ? addressesIn(valueAt(guest, "IPAddress") ?? valueAt(one, "IPAddress")) : [],
  });
}

/** A guest as a text is `name:operating system`. */
const osIn = (guest: string): string => /^[^:]*:(.+)$/.exec(guest)?.[1]?.trim() ?? "";
// 0 is PoweredOff where enumerations are written as numbers.
const isOn = (state: string): boolean => !/off|suspended|^0$/i.test(state);
