import { instantOf } from "@bulkhead/core/base/instant";
import { addTo } from "@bulkhead/core/base/lists";
import type { Credential, CredentialUser } from "@bulkhead/core/inventory/credential";
import { credentialOf, credentialsMax } from "../credentials.ts";
import { at, isFields, listAt, textAt } from "../tree.ts";

/** A workload's id and the specification of its pods. */
export interface Runner {
  readonly id: string;
  readonly namespace: string;
  readonly pods: unknown;
}

/** Service accounts, and secrets by their type; what is in a secret is never looked at. Who uses which is said by the pods of the same file. */
export function kubernetesCredentials(objects: readonly unknown[], runners: readonly Runner[]): readonly Credential[] {
  const usersOf = usersOfSecrets(runners);
  const accounts = objects.filter((one) => textAt(one, "kind") === "ServiceAccount").map(accountIn);
  const secrets = objects.filter((one) => textAt(one, "kind") === "Secret").map((one) => secretIn(one, usersOf));
  return [...accounts, ...secrets].slice(0, credentialsMax);
}

const namespaceOf = (one: unknown): string => textAt(one, "metadata", "namespace") ?? "default";
const nameOf = (one: unknown): string => textAt(one, "metadata", "name") ?? "unnamed";

/** Pods are given tokens of their service account that last an hour and are renewed, since version 1.22. */
function accountIn(one: unknown): Credential {
  const [namespace, name] = [namespaceOf(one), nameOf(one)];
  const isMounted = at(one, "automountServiceAccountToken") !== false;
  const annotations = at(one, "metadata", "annotations");
  const roles = isFields(annotations) ? cloudAnnotations.flatMap((key) => textAt(annotations, key) ?? []) : [];
  return credentialOf({
    kind: "service-account",
    name: `system:serviceaccount:${namespace}:${name}`,
    tier: 2,
    life: "short-lived",
    users: [{ kind: "service-account", namespace, name }],
    remarks: [
      ...(isMounted ? [] : ["its pods are given no token unless they ask"]),
      ...roles.map((role) => `acts in the cloud as ${role}`),
      ...(listAt(one, "secrets").length > 0 ? [`has ${listAt(one, "secrets").length} secrets of its own`] : []),
    ],
  });
}

// Amazon's, Google's and Microsoft's ways to give a service account an identity of the cloud.
const cloudAnnotations = ["eks.amazonaws.com/role-arn", "iam.gke.io/gcp-service-account", "azure.workload.identity/client-id"];

function secretIn(one: unknown, usersOf: (key: string) => readonly CredentialUser[]): Credential {
  const [namespace, name, type] = [namespaceOf(one), nameOf(one), textAt(one, "type") ?? "Opaque"];
  const changed = instantOf(textAt(one, "metadata", "creationTimestamp") ?? "") ?? null;
  const known = { name: `${namespace}/secret/${name}`, tier: 0, changed, users: usersOf(`${namespace}/${name}`) } as const;
  if (type === "kubernetes.io/service-account-token") {
    const account = textAt(at(one, "metadata", "annotations"), "kubernetes.io/service-account.name");
    const users: readonly CredentialUser[] = account === undefined ? [] : [{ kind: "service-account", namespace, name: account }];
    return credentialOf({ ...known, kind: "service-account-token", life: "static", users: [...users, ...known.users], remarks: ["never ends"] });
  }
  // How long a certificate lasts stands in what is not looked at.
  if (type === "kubernetes.io/tls") return credentialOf({ ...known, kind: "certificate", tier: 2, remarks: [`of type ${type}`] });
  return credentialOf({ ...known, kind: "secret", life: "static", remarks: [`of type ${type}`] });
}

/** Which workloads name a secret in their pods, by `namespace/name`. */
function usersOfSecrets(runners: readonly Runner[]): (key: string) => readonly CredentialUser[] {
  const users = new Map<string, CredentialUser[]>();
  for (const { id, namespace, pods } of runners) for (const name of new Set(secretsIn(pods))) addTo(users, `${namespace}/${name}`, { kind: "workload", id });
  return (key) => users.get(key) ?? [];
}

function secretsIn(pods: unknown): readonly string[] {
  const containers = ["initContainers", "containers", "ephemeralContainers"].flatMap((key) => listAt(pods, key));
  const names = [
    ...listAt(pods, "volumes").flatMap((one) => [
      textAt(one, "secret", "secretName"),
      ...listAt(one, "projected", "sources").map((source) => textAt(source, "secret", "name")),
      textAt(one, "csi", "nodePublishSecretRef", "name"),
    ]),
    ...listAt(pods, "imagePullSecrets").map((one) => textAt(one, "name")),
    ...containers.flatMap((one) => listAt(one, "envFrom").map((from) => textAt(from, "secretRef", "name"))),
    ...containers.flatMap((one) => listAt(one, "env").map((variable) => textAt(variable, "valueFrom", "secretKeyRef", "name"))),
  ];
  return names.filter((name) => name !== undefined);
}
