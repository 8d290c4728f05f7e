import type { Credential, CredentialUser } from "@bulkhead/core/inventory/credential";
import { quoted, type Say } from "@bulkhead/core/inventory/problem";
import { credentialOf, credentialsMax } from "../credentials.ts";
import type { DocumentFormat } from "../formats.ts";
import { nothingRead } from "../reading.ts";
import { at, listAt, textAt, wordAt } from "../tree.ts";

const daySeconds = 86_400;
// SPIRE's own default where an entry has none.
const usualSeconds = 3600;

/** Registration entries, as `spire-server entry show -output json` prints them: which workloads may be given which identity. */
export const spire: DocumentFormat = {
  name: "spire",
  recognises: (document) => listAt(document, "entries").some((one) => at(one, "spiffe_id") !== undefined && Array.isArray(at(one, "selectors"))),
  read(documents, { say, at: now }) {
    const entries = documents.flatMap((one) => listAt(one, "entries")).slice(0, credentialsMax);
    return { ...nothingRead, credentials: entries.flatMap((entry, index) => credentialIn(entry, `entry ${index + 1}`, { say, now })) };
  },
};

function credentialIn(entry: unknown, where: string, { say, now }: { readonly say: Say; readonly now: number }): readonly Credential[] {
  const id = spiffeId(at(entry, "spiffe_id"));
  if (id === undefined) {
    say({ reason: "no-spiffe-id", message: `${where} has no SPIFFE ID` });
    return [];
  }
  const selectors = listAt(entry, "selectors").map((one) => `${textAt(one, "type") ?? ""}:${textAt(one, "value") ?? ""}`);
  const seconds = Number(wordAt(entry, "x509_svid_ttl") ?? wordAt(entry, "ttl") ?? 0) || usualSeconds;
  const expires = Number(wordAt(entry, "expires_at") ?? 0) * 1_000_000;
  const isOver = expires > 0 && expires <= now;
  const isNode = textAt(entry, "parent_id", "path") === "/spire/server";
  return [
    credentialOf({
      kind: "spiffe",
      name: id,
      // Whether the other side verifies it is for whoever sees the connection to say.
      tier: 3,
      life: seconds <= daySeconds ? "short-lived" : "rotated",
      until: expires > 0 && Number.isSafeInteger(expires) ? expires : null,
      users: isNode ? [] : usersIn(selectors),
      isUsable: !isOver,
      remarks: [
        `renewed every ${seconds} seconds or sooner`,
        ...(isNode ? ["an alias of nodes, no workload"] : []),
        ...selectors.filter((one) => !/^k8s:(ns|sa):/.test(one)).map((one) => `only ${quoted(one)}`),
        ...(at(entry, "admin") === true ? ["may call the server's administration"] : []),
        ...(at(entry, "downstream") === true ? ["may sign as an authority below"] : []),
        ...(isOver ? ["is over"] : []),
      ],
    }),
  ];
}

function spiffeId(value: unknown): string | undefined {
  if (typeof value === "string") return value.startsWith("spiffe://") ? value.slice(0, 2048) : undefined;
  const [domain, path] = [textAt(value, "trust_domain"), textAt(value, "path") ?? ""];
  return domain === undefined ? undefined : `spiffe://${domain}${path}`.slice(0, 2048);
}

/** Pods of a service account; other selectors name processes, and which workload those are nobody says. */
function usersIn(selectors: readonly string[]): readonly CredentialUser[] {
  const valueOf = (name: string): string | undefined => selectors.find((one) => one.startsWith(`k8s:${name}:`))?.slice(`k8s:${name}:`.length);
  const [namespace, name] = [valueOf("ns"), valueOf("sa")];
  return namespace === undefined || name === undefined ? [] : [{ kind: "service-account", namespace, name }];
}
