import type { Instant } from "@bulkhead/core/base/instant";
import type { Credential, CredentialUser } from "@bulkhead/core/inventory/credential";
import { accountOfSpiffe, credentialOf, lifeBetween } from "../credentials.ts";

/** What a certificate says, however it was read. */
export interface Certificate {
  readonly subject: string;
  readonly issuer: string;
  readonly from: Instant | null;
  readonly until: Instant | null;
  /** DNS names and URIs of the subject. */
  readonly names: readonly string[];
  readonly uris: readonly string[];
  /** What tells it from another of the same subject: its fingerprint, else its serial number. */
  readonly mark: string;
  readonly isAuthority: boolean;
}

const namesMax = 200;

/** A certificate as a credential: one of an authority that lasts a day or less is of tier 3, a longer one of tier 2, one that nobody else has signed of tier 0. */
export function credentialOfCertificate({ subject, issuer, from, until, names, uris, mark, isAuthority }: Certificate, now: Instant): Credential {
  const isOwn = subject === issuer;
  const [isOver, isEarly] = [until !== null && until <= now, from !== null && from > now];
  const life = lifeBetween(from, until);
  const spiffe = uris.find((uri) => uri.startsWith("spiffe://"));
  return credentialOf({
    kind: "certificate",
    name: `${spiffe ?? (subject || names[0] || "without a subject")} (${mark})`,
    tier: isOwn || isAuthority ? 0 : life === "short-lived" ? 3 : 2,
    life,
    changed: from,
    until,
    // What openssl makes for tests and for many a server is its own authority, and names a host all the same.
    users: usersOf(names, spiffe),
    isUsable: !isOver && !isEarly,
    remarks: [
      isOwn ? "signed by itself: nobody else vouches" : `signed by ${issuer}`,
      ...(isAuthority ? ["may sign others"] : []),
      ...(names.some((name) => name.startsWith("*.")) ? ["good for any name below a domain"] : []),
      ...(isOver ? ["is over"] : []),
      ...(isEarly ? ["is not valid yet"] : []),
    ],
  });
}

function usersOf(names: readonly string[], spiffe: string | undefined): readonly CredentialUser[] {
  const account = spiffe === undefined ? null : accountOfSpiffe(spiffe);
  const hosts = names
    .filter((name) => !name.startsWith("*."))
    .slice(0, namesMax)
    .map((name): CredentialUser => ({ kind: "host", name }));
  return account === null ? hosts : [account];
}
