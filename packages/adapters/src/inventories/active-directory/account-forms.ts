import { type Instant, instantOf } from "@bulkhead/core/base/instant";
import type { Credential } from "@bulkhead/core/inventory/credential";
import { credentialsMax } from "../credentials.ts";
import type { LdifEntry } from "../ldif.ts";
import { instantIn } from "../powershell.ts";
import type { TableRow } from "../table.ts";
import { at as valueAt, isFields, listAt, textAt, wordAt } from "../tree.ts";
import { type Account, controls, credentialOfAccount, fileTime } from "./accounts.ts";

/** The credentials among accounts, as many as are read. */
export function credentialsOf(accounts: readonly Account[], now: Instant): readonly Credential[] {
  return accounts.slice(0, credentialsMax).flatMap((one) => {
    const credential = credentialOfAccount(one, now);
    return credential === null ? [] : [credential];
  });
}

/** An entry of LDIF as an account. */
export function accountOfEntry({ values }: LdifEntry): Account {
  const all = (name: string): readonly string[] => values.get(name) ?? [];
  const one = (name: string): string => all(name)[0] ?? "";
  return {
    name: one("samaccountname") || one("cn") || one("name"),
    classes: all("objectclass").map((name) => name.toLowerCase()),
    dnsName: one("dnshostname"),
    services: all("serviceprincipalname"),
    // Who may read a managed password stands there as a binary access list.
    readers: [],
    passwordChanged: fileTime(one("pwdlastset")),
    ...controls(one("useraccountcontrol")),
    actsFor: all("msds-allowedtodelegateto"),
  };
}

/** A row of `Export-Csv` as an account. Lists stand there as the name of their .NET type, and say nothing. */
export function accountOfRow(row: TableRow): Account {
  const list = (...names: readonly string[]): readonly string[] => {
    const cell = row.cell(...names);
    return cell.startsWith("Microsoft.") || cell.startsWith("System.") ? [] : cell.split(/[\s;|]+/).filter((text) => text !== "");
  };
  return {
    name: row.cell("samaccountname", "name"),
    classes: [row.cell("objectclass").toLowerCase() || "computer"],
    dnsName: row.cell("dnshostname"),
    services: list("serviceprincipalnames", "serviceprincipalname"),
    readers: [],
    passwordChanged: fileTime(row.cell("pwdlastset")) ?? instantOf(row.cell("passwordlastset")) ?? null,
    isDisabled: /^false$/i.test(row.cell("enabled")) || controls(row.cell("useraccountcontrol")).isDisabled,
    neverExpires: /^true$/i.test(row.cell("passwordneverexpires")),
    actsForAll: /^true$/i.test(row.cell("trustedfordelegation")),
    actsFor: list("msdsallowedtodelegateto"),
  };
}

/** An object of `ConvertTo-Json` as an account, or null when it is none. */
export function accountOfObject(one: unknown): Account | null {
  if (!isFields(one)) return null;
  const name = textAt(one, "SamAccountName") ?? textAt(one, "Name");
  if (name === undefined) return null;
  const changed = wordAt(one, "pwdLastSet");
  return {
    name,
    classes: [(textAt(one, "ObjectClass") ?? "computer").toLowerCase()],
    dnsName: textAt(one, "DNSHostName") ?? "",
    services: [...textsAt(one, "ServicePrincipalNames"), ...textsAt(one, "servicePrincipalName")],
    readers: [...textsAt(one, "PrincipalsAllowedToRetrieveManagedPassword"), ...textsAt(one, "HostComputers")],
    passwordChanged: instantIn(valueAt(one, "PasswordLastSet")) ?? (changed === undefined ? null : fileTime(changed)),
    isDisabled: wordAt(one, "Enabled") === "false",
    neverExpires: wordAt(one, "PasswordNeverExpires") === "true",
    actsForAll: wordAt(one, "TrustedForDelegation") === "true",
    actsFor: textsAt(one, "msDS-AllowedToDelegateTo"),
  };
}

/** The texts of a list, however PowerShell wrapped it. */
function textsAt(one: unknown, key: string): readonly string[] {
  const value = valueAt(one, key);
  const items = Array.isArray(value) ? value : typeof value === "string" ? value.split(/\s+/) : listAt(value, "value");
  return items.filter((text): text is string => typeof text === "string" && text !== "");
}
