import { accountOfEntry, accountOfObject, accountOfRow, credentialsOf } from "./account-forms.ts";
import type { Account } from "./accounts.ts";
import type { DocumentFormat, TableFormat, TextFormat } from "../formats.ts";
import { gathering, type Mention } from "../gathered.ts";
import { hostIds } from "../host-names.ts";
import { ldifEntries, looksLdif } from "../ldif.ts";
import { addressesIn } from "../powershell.ts";
import { type InventoryReading, nothingRead, type ReadingInput } from "../reading.ts";
import { at as valueAt, isFields, textAt, wordAt } from "../tree.ts";

/** LDIF of a directory: of its entries, those of the class `computer`. */
export const directoryLdif: TextFormat = {
  name: "active-directory",
  recognises: looksLdif,
  read(text, input) {
    const computers: Computer[] = [];
    const accounts: Account[] = [];
    for (const entry of ldifEntries(text, input.say)) {
      const { line, dn, values } = entry;
      accounts.push(accountOfEntry(entry));
      const one = (name: string): string => values.get(name)?.[0] ?? "";
      const classes = (values.get("objectclass") ?? []).map((name) => name.toLowerCase());
      // A managed service account is of the class `computer`, too, and no machine.
      if (!classes.includes("computer") || classes.some((name) => /^msds-(group)?managedserviceaccount$/.test(name))) continue;
      computers.push({
        where: `line ${line}`,
        dn,
        name: one("dnshostname") || one("cn") || one("name") || one("samaccountname").replace(/\$$/, ""),
        os: [one("operatingsystem"), one("operatingsystemversion")].join(" ").trim(),
        // 2 is ACCOUNTDISABLE.
        isDisabled: (Number(one("useraccountcontrol")) & 2) !== 0,
        addresses: [],
        owner: one("managedby"),
      });
    }
    return { ...computersReading(computers, input), credentials: credentialsOf(accounts, input.at) };
  },
};

/** `Get-ADComputer -Filter * -Properties * | Export-Csv`, and `Get-ADServiceAccount`. */
export const directoryTable: TableFormat = {
  name: "active-directory",
  recognises: (columns) => columns.has("distinguishedname") && (columns.has("dnshostname") || columns.has("samaccountname")),
  read(table, input) {
    const computers: Computer[] = [];
    const accounts: Account[] = [];
    for (const row of table.rows()) {
      accounts.push(accountOfRow(row));
      if (!isComputer(row.cell("objectclass"))) continue;
      computers.push({
        where: row.where,
        dn: row.cell("distinguishedname"),
        name: row.cell("dnshostname", "name", "cn") || row.cell("samaccountname").replace(/\$$/, ""),
        os: [row.cell("operatingsystem"), row.cell("operatingsystemversion")].join(" ").trim(),
        isDisabled: /^false$/i.test(row.cell("enabled")),
        addresses: addressesIn([row.cell("ipv4address"), row.cell("ipv6address")]),
        owner: row.cell("managedby"),
      });
    }
    return { ...computersReading(computers, input), credentials: credentialsOf(accounts, input.at) };
  },
};

/** `Get-ADComputer -Filter * -Properties * | ConvertTo-Json`, and `Get-ADServiceAccount`. */
export const directory: DocumentFormat = {
  name: "active-directory",
  recognises: (document) =>
    [document]
      .flat()
      .some(
        (one) => textAt(one, "DistinguishedName") !== undefined && (valueAt(one, "DNSHostName") !== undefined || valueAt(one, "SamAccountName") !== undefined),
      ),
  read(documents, input) {
    const computers = documents.flat().flatMap((one, index): readonly Computer[] => {
      if (!isFields(one) || !isComputer(textAt(one, "ObjectClass") ?? "")) return [];
      return [
        {
          where: `computer ${index + 1}`,
          dn: textAt(one, "DistinguishedName") ?? "",
          name: textAt(one, "DNSHostName") ?? textAt(one, "Name") ?? (textAt(one, "SamAccountName") ?? "").replace(/\$$/, ""),
          os: [textAt(one, "OperatingSystem") ?? "", textAt(one, "OperatingSystemVersion") ?? ""].join(" ").trim(),
          isDisabled: wordAt(one, "Enabled") === "false",
          addresses: addressesIn([valueAt(one, "IPv4Address"), valueAt(one, "IPv6Address")]),
          owner: textAt(one, "ManagedBy") ?? "",
        },
      ];
    });
    const accounts = documents.flat().flatMap((one) => accountOfObject(one) ?? []);
    return { ...computersReading(computers, input), credentials: credentialsOf(accounts, input.at) };
  },
};

const isComputer = (objectClass: string): boolean => objectClass === "" || /^computer$/i.test(objectClass);

interface Computer {
  readonly where: string;
  readonly dn: string;
  readonly name: string;
  readonly os: string;
  readonly isDisabled: boolean;
  /** What the name resolved to when the export was made. */
  readonly addresses: readonly string[];
  readonly owner: string;
}

function computersReading(computers: readonly Computer[], { say, at }: ReadingInput): InventoryReading {
  const gathered = gathering(say);
  const idOf = hostIds(computers.map(({ name }) => name));
  for (const { where, dn, name, os, isDisabled, addresses, owner } of computers) {
    const mention: Mention = {
      id: idOf(name),
      where,
      labels: { ou: unitOf(dn) },
      attributes: {
        class: isServer(os) ? "server" : os === "" ? undefined : "endpoint",
        os,
        fqdn: name.includes(".") ? name.toLowerCase() : undefined,
        owner: nameIn(owner),
      },
      // A disabled account's machine is gone; the name may already resolve to another's address.
      addresses: isDisabled ? [] : addresses,
      from: at,
    };
    gathered.add(mention);
  }
  return { ...nothingRead, isSnapshot: true, sightings: gathered.sightings() };
}

const isServer = (os: string): boolean => /server|linux|rhel|ubuntu|debian|centos|suse/i.test(os);

/** The organisational units of a distinguished name from the top: `Servers/Web`. */
function unitOf(dn: string): string {
  const units = [...dn.matchAll(/(?:^|,)OU=((?:\\.|[^,\\])*)/gi)].map((match) => (match[1] ?? "").replace(/\\(.)/g, "$1"));
  return units.reverse().join("/");
}

const nameIn = (dn: string): string => (/^CN=((?:\\.|[^,\\])*)/i.exec(dn)?.[1] ?? dn).replace(/\\(.)/g, "$1");
