import { addTo } from "../base/lists.ts";
import { byCodePoint, sortedOnce } from "../base/order.ts";
import type { Tier } from "../model/workload.ts";
import type { BelievedWorkload } from "./believe.ts";
import type { Credential, CredentialUser, StatedCredential } from "./credential.ts";

/** One thing that is known of a workload's identity, and who says it. */
export interface IdentityStatement {
  readonly says: string;
  readonly source: string;
}

/** A credential that several workloads use. */
export interface Share {
  readonly credential: string;
  /** How many other workloads use it, and the first of them. */
  readonly others: number;
  readonly among: readonly string[];
}

/** What can be said of how one workload shows who it is. Null is "cannot be determined". */
export interface WorkloadIdentity {
  readonly workload: string;
  readonly name: string | null;
  /** The highest tier that any source gives it. */
  readonly tier: Tier | null;
  /** True where a source states a static secret of it; false where sources state its credentials, and none is static. */
  readonly hasStaticKey: boolean | null;
  readonly shares: readonly Share[];
  readonly statements: readonly IdentityStatement[];
}

/** The answer for all workloads; a credential is `unplaced` when no known workload is known to use it. */
export interface Identities {
  readonly workloads: readonly WorkloadIdentity[];
  readonly unplaced: readonly StatedCredential[];
}

// Thousands of workloads share a registry's password; naming all of them at each would be millions of names.
const amongMax = 20;

/** Which workloads have a machine identity of which tier, which use a static key, and which share a credential, each statement with its source. */
export function identitiesOf(workloads: readonly BelievedWorkload[], credentials: readonly StatedCredential[]): Identities {
  const usersOf = placing(workloads);
  const used = new Map<string, StatedCredential[]>();
  const sharers = new Map<string, Set<string>>();
  const unplaced: StatedCredential[] = [];
  const share = (name: string, id: string): void => void sharers.set(name, (sharers.get(name) ?? new Set()).add(id));
  for (const { id, identity } of workloads) if (identity !== null) share(identity.name, id);
  for (const one of credentials) {
    const ids = sortedOnce(one.users.flatMap(usersOf));
    if (ids.length === 0) unplaced.push(one);
    for (const id of ids) {
      addTo(used, id, one);
      if (one.isUsable) share(one.name, id);
    }
  }
  const shared = new Map([...sharers].filter(([, ids]) => ids.size > 1).map(([name, ids]) => [name, sortedOnce(ids)] as const));
  return {
    workloads: workloads.map((one) => identityOf(one, used.get(one.id) ?? [], shared)),
    unplaced: [...unplaced].sort((a, b) => byCodePoint(a.name, b.name) || byCodePoint(a.kind, b.kind)),
  };
}

function identityOf(workload: BelievedWorkload, own: readonly StatedCredential[], shared: ReadonlyMap<string, readonly string[]>): WorkloadIdentity {
  const usable = own.filter(({ isUsable }) => isUsable);
  const { identity, believed } = workload;
  const tiers = [...(identity === null ? [] : [identity.tier]), ...usable.map(({ tier }) => tier)];
  const best = usable.reduce<StatedCredential | null>((most, one) => (most === null || one.tier > most.tier ? one : most), null);
  const names = sortedOnce([...(identity === null ? [] : [identity.name]), ...usable.map(({ name }) => name)]);
  return {
    workload: workload.id,
    name: identity !== null && (best === null || identity.tier >= best.tier) ? identity.name : (best?.name ?? null),
    tier: tiers.length === 0 ? null : (Math.max(...tiers) as Tier),
    hasStaticKey: staticKeyOf(usable),
    shares: names.flatMap((name) => {
      const ids = shared.get(name);
      if (ids === undefined) return [];
      const among = ids.slice(0, amongMax + 1).filter((id) => id !== workload.id);
      return [{ credential: name, others: ids.length - 1, among: among.slice(0, amongMax) }];
    }),
    statements: [
      ...(identity === null ? [] : [{ says: `is ${identity.name}, tier ${identity.tier}`, source: believed["identity"]?.source ?? "" }]),
      ...own.map((one) => ({ says: credentialText(one), source: one.source })),
    ],
  };
}

function staticKeyOf(usable: readonly StatedCredential[]): boolean | null {
  if (usable.some(({ life }) => life === "static")) return true;
  return usable.length > 0 && usable.every(({ life }) => life !== null) ? false : null;
}

/** What a source says of a credential, in one line. */
export function credentialText({ kind, name, tier, life, remarks, isUsable }: Credential): string {
  const words = [
    `${kindText[kind]} ${name}`,
    isUsable ? `tier ${tier}` : "cannot be used",
    life === null ? "how long it is good for is not said" : life,
    ...remarks,
  ];
  return words.join(", ");
}

const kindText: Readonly<Record<Credential["kind"], string>> = {
  spiffe: "SPIFFE identity",
  certificate: "certificate",
  "service-account": "service account",
  "service-account-token": "token of service account",
  "machine-account": "machine account",
  "managed-service-account": "managed service account",
  "user-account": "user account that runs services",
  "access-key": "access key of",
  "client-secret": "client secret of",
  "managed-identity": "managed identity",
  federated: "federated identity",
  secret: "secret",
};

/** Which workloads a user of a credential is; a name that fits two is neither. */
function placing(workloads: readonly BelievedWorkload[]): (user: CredentialUser) => readonly string[] {
  const ids = new Set(workloads.map(({ id }) => id));
  const byName = new Map<string, Set<string>>();
  const byAccount = new Map<string, string[]>();
  for (const { id, attributes, identity } of workloads) {
    const fqdn = attributes["fqdn"]?.toLowerCase();
    for (const name of new Set([id.toLowerCase(), shortOf(id.toLowerCase()), ...(fqdn === undefined ? [] : [fqdn, shortOf(fqdn)])]))
      byName.set(name, (byName.get(name) ?? new Set()).add(id));
    if (identity !== null) addTo(byAccount, identity.name, id);
  }
  const only = (name: string): readonly string[] => {
    const found = byName.get(name);
    return found?.size === 1 ? [...found] : [];
  };
  return (user) => {
    switch (user.kind) {
      case "workload":
        return ids.has(user.id) ? [user.id] : [];
      case "host": {
        const name = user.name.toLowerCase().replace(/\.$/, "");
        // A whole name that is known says more than its first part.
        return byName.has(name) ? only(name) : only(shortOf(name));
      }
      case "service-account":
        return byAccount.get(`system:serviceaccount:${user.namespace}:${user.name}`) ?? [];
    }
  };
}

// Ids of pods and cloud resources have slashes, and no domain.
const shortOf = (name: string): string => (name.includes("/") ? name : (name.split(".")[0] ?? name));

/** The figures of an answer: workloads by tier, with a static key, with a shared credential; `unknown` counts those of whom it cannot be determined. */
export interface IdentityFigures {
  readonly workloads: number;
  readonly byTier: Readonly<Record<"0" | "1" | "2" | "3" | "unknown", number>>;
  readonly staticKey: { readonly yes: number; readonly no: number; readonly unknown: number };
  readonly sharing: number;
}

export function identityFigures(workloads: readonly WorkloadIdentity[]): IdentityFigures {
  const count = (is: (one: WorkloadIdentity) => boolean): number => workloads.filter(is).length;
  const ofTier = (tier: Tier | null): number => count((one) => one.tier === tier);
  return {
    workloads: workloads.length,
    byTier: { "0": ofTier(0), "1": ofTier(1), "2": ofTier(2), "3": ofTier(3), unknown: ofTier(null) },
    staticKey: {
      yes: count(({ hasStaticKey }) => hasStaticKey === true),
      no: count(({ hasStaticKey }) => hasStaticKey === false),
      unknown: count(({ hasStaticKey }) => hasStaticKey === null),
    },
    sharing: count(({ shares }) => shares.length > 0),
  };
}
