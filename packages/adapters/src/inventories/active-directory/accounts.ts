import { day, type Instant } from "@bulkhead/core/base/instant";
import type { Credential, CredentialUser } from "@bulkhead/core/inventory/credential";
import { credentialOf, daysAgo } from "../credentials.ts";

/** What a directory says of one account that a machine or a service may use, whatever form it was exported in. */
export interface Account {
  readonly name: string;
  /** Lower-case names of its object classes. */
  readonly classes: readonly string[];
  readonly dnsName: string;
  /** Names of services that run under it: `MSSQLSvc/db-1.example.gov:1433`. */
  readonly services: readonly string[];
  /** Distinguished names of who may read a managed password. */
  readonly readers: readonly string[];
  readonly passwordChanged: Instant | null;
  readonly isDisabled: boolean;
  readonly neverExpires: boolean;
  /** May act as anybody to anyone, or to the services that are named. */
  readonly actsForAll: boolean;
  readonly actsFor: readonly string[];
}

// A machine changes its password every 30 days; one that has not for twice as long, and a month, does not any more.
const machineMax = 90 * day;

/** How an account shows who it is; null for what no machine and no service uses: people, and groups. */
export function credentialOfAccount(account: Account, now: Instant): Credential | null {
  const kind = kindOf(account);
  if (kind === null) return null;
  const { passwordChanged, isDisabled } = account;
  const isOld = passwordChanged !== null && now - passwordChanged > machineMax;
  const isManaged = kind === "managed-service-account" || (kind === "machine-account" && !isOld);
  return credentialOf({
    kind,
    name: account.name,
    // A password that a person has set works for whoever knows it; one that only machines know is vouched for by the directory.
    tier: kind === "user-account" ? 0 : 2,
    life: isManaged ? "rotated" : "static",
    changed: passwordChanged,
    users: usersOf(account, kind),
    isUsable: !isDisabled,
    remarks: [
      ...(passwordChanged === null ? [] : [`password changed ${daysAgo(passwordChanged, now)}`]),
      ...(kind === "machine-account" && isOld ? ["it does not change its password any more"] : []),
      ...(account.neverExpires && kind === "user-account" ? ["its password never ends"] : []),
      ...(account.actsForAll ? ["may act as anybody towards anything (unconstrained delegation)"] : []),
      ...(account.actsFor.length > 0 ? [`may act as others towards ${account.actsFor.slice(0, 5).join(" ")}${account.actsFor.length > 5 ? " …" : ""}`] : []),
      ...(isDisabled ? ["is disabled"] : []),
    ],
  });
}

function kindOf({ classes, services }: Account): "machine-account" | "managed-service-account" | "user-account" | null {
  if (classes.some((name) => name === "msds-groupmanagedserviceaccount" || name === "msds-managedserviceaccount")) return "managed-service-account";
  if (classes.includes("computer")) return "machine-account";
  return classes.includes("user") && services.length > 0 ? "user-account" : null;
}

const usersMax = 1000;

/** A machine's own account is its own; others are used where their services run, and where their password may be read. */
function usersOf({ name, dnsName, services, readers }: Account, kind: string): readonly CredentialUser[] {
  if (kind === "machine-account") return [{ kind: "host", name: dnsName || name.replace(/\$$/, "") }];
  const hosts = services.map((service) => /^[^/]{1,100}\/([^/:]{1,255})/.exec(service)?.[1] ?? "");
  const machines = readers.map((dn) => /^CN=((?:\\.|[^,\\]){1,255}),/i.exec(dn)?.[1] ?? "");
  const names = [...new Set([...hosts, ...machines].filter((host) => host !== "").map((host) => host.toLowerCase()))];
  return names.slice(0, usersMax).map((host): CredentialUser => ({ kind: "host", name: host }));
}

// A FILETIME counts tenths of microseconds since 1601; 0 is never.
const since1601 = 11_644_473_600_000_000n;

/** The instant of a FILETIME such as `133500000000000000`, or null. */
export function fileTime(text: string): Instant | null {
  if (!/^[1-9]\d{10,18}$/.test(text)) return null;
  const micros = BigInt(text) / 10n - since1601;
  return micros > 0n && micros <= 9_000_000_000_000_000n ? Number(micros) : null;
}

/** What the bits of `userAccountControl` say. */
export function controls(text: string): Pick<Account, "isDisabled" | "neverExpires" | "actsForAll"> {
  const bits = Number(text) || 0;
  return { isDisabled: (bits & 0x2) !== 0, neverExpires: (bits & 0x1_0000) !== 0, actsForAll: (bits & 0x8_0000) !== 0 };
}
