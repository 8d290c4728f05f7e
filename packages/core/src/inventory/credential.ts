import type { Instant } from "../base/instant.ts";
import type { Tier } from "../model/workload.ts";

/** What a credential is. */
export type CredentialKind =
  | "spiffe"
  | "certificate"
  | "service-account"
  | "service-account-token"
  | "machine-account"
  | "managed-service-account"
  | "user-account"
  | "access-key"
  | "client-secret"
  | "managed-identity"
  | "federated"
  | "secret";

/** How long it is good for: until somebody changes it, until a machine changes it within months, for a day or less; null where nobody says. */
export type CredentialLife = "static" | "rotated" | "short-lived" | null;

/** Who uses a credential, as its source names them: a workload by its id, a machine by a name that DNS knows, pods by their service account. */
export type CredentialUser =
  | { readonly kind: "workload"; readonly id: string }
  | { readonly kind: "host"; readonly name: string }
  | { readonly kind: "service-account"; readonly namespace: string; readonly name: string };

/** Something by which a workload shows who it is, as one source states it. Never a secret itself. */
export interface Credential {
  readonly kind: CredentialKind;
  /** `spiffe://…`, `svc-sql`, `CN=web-1`, the user of an access key. Two of one name are one credential. */
  readonly name: string;
  /** What it proves of who uses it: a secret that works for whoever knows it proves nothing, so its tier is 0. */
  readonly tier: Tier;
  readonly life: CredentialLife;
  readonly changed: Instant | null;
  readonly until: Instant | null;
  /** Empty where the source does not say. */
  readonly users: readonly CredentialUser[];
  /** What else the source says that somebody should know: `may act as anybody`, `is disabled`. */
  readonly remarks: readonly string[];
  /** Whether it can be used at all: what is disabled or over proves nothing and shares nothing. */
  readonly isUsable: boolean;
}

/** A credential with the source that states it. */
export interface StatedCredential extends Credential {
  readonly source: string;
}
