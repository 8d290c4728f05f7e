import { day, type Instant } from "@bulkhead/core/base/instant";
import type { Credential, CredentialKind, CredentialLife } from "@bulkhead/core/inventory/credential";

/** As many as one file may state: an estate of a hundred thousand machines has fewer. */
export const credentialsMax = 500_000;

/** A credential of which only this is known. */
export function credentialOf(known: Pick<Credential, "kind" | "name" | "tier"> & Partial<Credential>): Credential {
  return { life: null, changed: null, until: null, users: [], remarks: [], isUsable: true, ...known };
}

// A day is what REQUIREMENTS calls short; ninety days are what certificate authorities renew by machine, with ten for being late.
const [shortMax, rotatedMax] = [day, 100 * day];

/** How long something is good for that lasts from one instant until another. */
export function lifeBetween(from: Instant | null, until: Instant | null): CredentialLife {
  if (from === null || until === null) return null;
  return until - from <= shortMax ? "short-lived" : until - from <= rotatedMax ? "rotated" : "static";
}

/** `18 days ago`, for remarks. */
export const daysAgo = (since: Instant, now: Instant): string => {
  const days = Math.max(0, Math.floor((now - since) / day));
  return `${days} ${days === 1 ? "day" : "days"} ago`;
};

/** A namespace and a service account of Kubernetes in the path of a SPIFFE ID, as SPIRE and Istio write it; null for any other. */
export function accountOfSpiffe(id: string): { readonly kind: "service-account"; readonly namespace: string; readonly name: string } | null {
  const [, namespace, name] = /^spiffe:\/\/[^/]{1,255}\/ns\/([\w.-]{1,255})\/sa\/([\w.-]{1,255})$/.exec(id) ?? [];
  return namespace === undefined || name === undefined ? null : { kind: "service-account", namespace, name };
}

/** The kind of a credential by what it is called elsewhere. */
export type { CredentialKind };
