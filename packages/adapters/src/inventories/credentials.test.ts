import { expect, test } from "vitest";
import { accountsJson, accountsLdif, certificateText, credentialSamples, secretsJson } from "./testing/credential-samples.ts";
import { toldCredentials } from "./testing/told-credentials.ts";

test("accounts of a directory: machines and managed accounts change their passwords themselves, accounts of people that run services do not", () => {
  expect(toldCredentials(accountsLdif)).toEqual({
    credentials: [
      "machine account WEB-1$, tier 2, rotated, password changed 2 days ago → web-1.example.gov",
      "machine account DB-1$, tier 2, static, password changed 2778 days ago, it does not change its password any more, may act as anybody towards anything (unconstrained delegation) → db-1.example.gov",
      "user account that runs services svc-sql, tier 0, static, its password never ends, may act as others towards cifs/files.example.gov → db-1.example.gov web-1.example.gov",
      "managed service account gmsa-web$, tier 2, rotated → web-1.example.gov",
      "user account that runs services svc-old, cannot be used, static, is disabled → web-1.example.gov",
    ],
    problems: [],
  });
});

test("PowerShell's JSON says who may read a managed password", () => {
  expect(toldCredentials(accountsJson).credentials).toEqual([
    "managed service account gmsa-web$, tier 2, rotated, password changed 7 days ago, may act as anybody towards anything (unconstrained delegation) → shop.example.gov web-1",
  ]);
});

test("access keys are static and name no workload; a key that was never made is none", () => {
  expect(toldCredentials(credentialSamples["iam-report"]![0]!).credentials).toEqual([
    "access key of arn:aws:iam::123456789012:user/deploy (key 1), tier 0, static, made or changed 10 days ago, last used 1 day ago with s3",
    "access key of arn:aws:iam::123456789012:user/deploy (key 2), cannot be used, static, made or changed 2154 days ago, never used, or before AWS recorded it, is switched off",
    "access key of arn:aws:iam::123456789012:user/ann (key 1), tier 0, static, made or changed 10 days ago, never used, or before AWS recorded it, its user also signs in with a password",
  ]);
});

test("secrets of Kubernetes are told by their type and their users, never by what is in them", () => {
  const { credentials } = toldCredentials(secretsJson);
  expect(credentials).toEqual([
    "service account system:serviceaccount:shop:web, tier 2, short-lived, its pods are given no token unless they ask, acts in the cloud as arn:aws:iam::1:role/web → shop:web",
    "secret shop/secret/db, tier 0, static, of type Opaque → shop/deployment/web shop/deployment/api",
    "certificate shop/secret/tls, tier 2, how long it is good for is not said, of type kubernetes.io/tls → shop/deployment/web",
    "secret shop/secret/registry, tier 0, static, of type kubernetes.io/dockerconfigjson → shop/deployment/web shop/deployment/api",
    "token of service account shop/secret/web-token, tier 0, static, never ends → shop:web",
  ]);
  expect(JSON.stringify(credentials)).not.toMatch(/hunter2|aHVudGVyMg/);
});

test("SPIRE's entries are tier 3 and renewed within the hour; an alias of nodes is no workload's", () => {
  expect(toldCredentials(credentialSamples["spire"]![0]!).credentials).toEqual([
    "SPIFFE identity spiffe://example.gov/ns/shop/sa/web, tier 3, short-lived, renewed every 1800 seconds or sooner, only `k8s:container-name:front` → shop:web",
    "SPIFFE identity spiffe://example.gov/node, cannot be used, short-lived, renewed every 3600 seconds or sooner, an alias of nodes, no workload, only `k8s_psat:cluster:one`, is over",
  ]);
});

test("Entra's secrets are static, its managed identities name their machine, and a federated one its service account", () => {
  const [applications = "", principals = ""] = credentialSamples["entra"]!;
  expect(toldCredentials(applications).credentials).toEqual([
    "client secret of shop (a-1) ci, tier 0, static",
    "client secret of shop (a-1) old, cannot be used, static, is over",
    "certificate shop (a-1) cert, tier 2, rotated",
    "federated identity shop (a-1), tier 2, short-lived, as system:serviceaccount:shop:web of https://oidc.example.gov → shop:web",
  ]);
  expect(toldCredentials(principals).credentials).toEqual(["managed identity web-9 (a-2), tier 2, rotated → shop/web-9"]);
});

test("a certificate's tier is by how long it lasts and by who signed it", () => {
  const line = (change: Parameters<typeof certificateText>[0]): string =>
    toldCredentials(certificateText(change)).credentials[0]!.replace("certificate CN=web-1 (serial 49:1b:7c:b7), ", "");
  expect(line({})).toBe("tier 3, short-lived, signed by O=Example, CN=Example CA → web-1.example.gov");
  expect(line({ from: "Sep 25" })).toBe("tier 2, rotated, signed by O=Example, CN=Example CA → web-1.example.gov");
  expect(line({ from: "Jan  5" })).toBe("tier 2, static, signed by O=Example, CN=Example CA → web-1.example.gov");
  expect(line({ issuer: "CN = web-1" })).toBe("tier 0, short-lived, signed by itself: nobody else vouches → web-1.example.gov");
  expect(line({ until: "Nov 25", from: "Nov 24" })).toBe("cannot be used, short-lived, signed by O=Example, CN=Example CA, is over → web-1.example.gov");
  expect(line({ names: "DNS:*.example.gov" })).toBe("tier 3, short-lived, signed by O=Example, CN=Example CA, good for any name below a domain");
});

test("what is damaged is told and left out", () => {
  expect(toldCredentials(certificateText().replace("Not After", "Not Aft"))).toEqual({
    credentials: [],
    problems: ["certificate 1 has no issuer or no validity"],
  });
  expect(toldCredentials(JSON.stringify({ entries: [{ spiffe_id: {}, selectors: [] }] }))).toEqual({ credentials: [], problems: ["entry 1 has no SPIFFE ID"] });
});
