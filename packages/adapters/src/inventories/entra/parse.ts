import { type Instant, instantOf } from "@bulkhead/core/base/instant";
import type { Credential, CredentialUser } from "@bulkhead/core/inventory/credential";
import { credentialOf, credentialsMax, lifeBetween } from "../credentials.ts";
import type { DocumentFormat } from "../formats.ts";
import { nothingRead } from "../reading.ts";
import { at, isFields, listAt, textAt } from "../tree.ts";

/** Applications and service principals of Entra ID, as `az ad app list`, `az ad sp list` or Graph answer: secrets, keys, federated and managed identities. */
export const entra: DocumentFormat = {
  name: "entra",
  recognises: (document) => objectsIn(document).some(isApplication),
  read(documents, { at: now }) {
    const credentials = documents
      .flatMap(objectsIn)
      .filter(isApplication)
      .flatMap((one) => credentialsIn(one, now));
    return { ...nothingRead, credentials: credentials.slice(0, credentialsMax) };
  },
};

const objectsIn = (document: unknown): readonly unknown[] =>
  Array.isArray(document) ? document : isFields(document) && Array.isArray(document["value"]) ? document["value"] : [document];

const isApplication = (one: unknown): boolean =>
  textAt(one, "appId") !== undefined && [at(one, "passwordCredentials"), at(one, "keyCredentials")].some(Array.isArray);

function credentialsIn(one: unknown, now: Instant): readonly Credential[] {
  const name = `${textAt(one, "displayName") ?? "unnamed"} (${textAt(one, "appId")})`;
  // A managed identity's keys are the platform's own, which nobody sees.
  if (textAt(one, "servicePrincipalType") === "ManagedIdentity") return [managed(name, one)];
  const secrets = listAt(one, "passwordCredentials").map((key) => timed({ kind: "client-secret", name, tier: 0 }, key, now));
  const keys = listAt(one, "keyCredentials").map((key) => timed({ kind: "certificate", name, tier: 2 }, key, now));
  const federated = listAt(one, "federatedIdentityCredentials").map((key) =>
    credentialOf({
      kind: "federated",
      name,
      tier: 2,
      life: "short-lived",
      users: usersOfSubject(textAt(key, "subject") ?? ""),
      remarks: [`as ${textAt(key, "subject") ?? "nobody"} of ${textAt(key, "issuer") ?? "nobody"}`],
    }),
  );
  return [...secrets, ...keys, ...federated];
}

function timed(known: Pick<Credential, "kind" | "name" | "tier">, key: unknown, now: Instant): Credential {
  const [from, until] = [timeAt(key, "startDateTime") ?? timeAt(key, "startDate"), timeAt(key, "endDateTime") ?? timeAt(key, "endDate")];
  const isOver = until !== null && until <= now;
  const label = textAt(key, "displayName") ?? textAt(key, "keyId");
  return credentialOf({
    ...known,
    name: label === undefined ? known.name : `${known.name} ${label}`,
    // A secret that somebody copied somewhere is static however soon it ends.
    life: known.kind === "client-secret" ? "static" : lifeBetween(from, until),
    changed: from,
    until,
    isUsable: !isOver,
    remarks: isOver ? ["is over"] : [],
  });
}

const timeAt = (one: unknown, key: string): Instant | null => instantOf((textAt(one, key) ?? "").replace(/^(\d{4}-\d\d-\d\d) /, "$1T")) ?? null;

/** A managed identity of one machine names it; one that is assigned by users does not say to whom. */
function managed(name: string, one: unknown): Credential {
  const machines = listAt(one, "alternativeNames").flatMap((text): readonly CredentialUser[] => {
    const [, group, machine] =
      /\/resourceGroups\/([^/]{1,90})\/providers\/Microsoft\.Compute\/virtualMachines\/([^/]{1,80})$/i.exec(typeof text === "string" ? text : "") ?? [];
    return group === undefined || machine === undefined ? [] : [{ kind: "workload", id: `${group}/${machine}`.toLowerCase() }];
  });
  return credentialOf({
    kind: "managed-identity",
    name,
    tier: 2,
    life: "rotated",
    users: machines,
    remarks: machines.length > 0 ? [] : ["to whom it is assigned is not said here"],
  });
}

/** Kubernetes' subject of a federated credential: `system:serviceaccount:NAMESPACE:NAME`. */
function usersOfSubject(subject: string): readonly CredentialUser[] {
  const [, namespace, name] = /^system:serviceaccount:([\w.-]{1,255}):([\w.-]{1,255})$/.exec(subject) ?? [];
  return namespace === undefined || name === undefined ? [] : [{ kind: "service-account", namespace, name }];
}
