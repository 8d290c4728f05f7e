import { expect, test } from "vitest";
import { believe } from "./believe.ts";
import type { Credential, CredentialUser } from "./credential.ts";
import { type Identities, identitiesOf, identityFigures } from "./identities.ts";

const credential = (name: string, users: readonly CredentialUser[], change: Partial<Credential> = {}): Credential => ({
  kind: "secret",
  name,
  tier: 0,
  life: "static",
  changed: null,
  until: null,
  users,
  remarks: [],
  isUsable: true,
  ...change,
});

const host = (name: string): CredentialUser => ({ kind: "host", name });

/** The answer for workloads `id fqdn? identity? tier?`, a line each, and credentials of a source `vault`. */
function answer(rows: readonly string[], credentials: readonly Credential[]): Identities {
  const sightings = rows.map((row) => {
    const [id = "", fqdn = "-", identity = "-", tier = "-"] = row.split(" ");
    const attributes = Object.entries({ fqdn, identity, "identity-tier": tier }).filter(([, value]) => value !== "-");
    return { id, labels: {}, attributes: Object.fromEntries(attributes), leases: [] };
  });
  const believed = believe([
    { source: "cmdb", at: 1, sightings },
    { source: "vault", at: 2, sightings: [], credentials },
  ]);
  return identitiesOf(believed.workloads, believed.credentials);
}

const briefly = ({ workloads }: Identities): readonly string[] =>
  workloads.map(
    ({ workload, tier, hasStaticKey, shares }) =>
      `${workload} tier ${tier} static ${hasStaticKey} shares ${shares.map(({ credential: name, others }) => `${name}+${others}`).join(" ") || "nothing"}`,
  );

test("what no source says of a workload cannot be determined", () => {
  expect(briefly(answer(["web-1"], []))).toEqual(["web-1 tier null static null shares nothing"]);
});

test("the highest tier that any source states counts, and each statement has its source", () => {
  const found = answer(["web-1 - web 2"], [credential("spiffe://x/web", [host("web-1")], { kind: "spiffe", tier: 3, life: "short-lived" })]);
  expect(briefly(found)).toEqual(["web-1 tier 3 static false shares nothing"]);
  expect(found.workloads[0]).toMatchObject({
    name: "spiffe://x/web",
    statements: [
      { says: "is web, tier 2", source: "cmdb" },
      { says: "SPIFFE identity spiffe://x/web, tier 3, short-lived", source: "vault" },
    ],
  });
});

test("a machine is found by its id and its DNS name, and a name that fits two is neither's", () => {
  const found = answer(
    ["web-1 web-1.a.example.gov", "db web-1.b.example.gov", "api api.example.gov"],
    [credential("a", [host("WEB-1.A.example.gov.")]), credential("b", [host("api")]), credential("c", [host("web-1.c.example.gov")])],
  );
  expect(briefly(found)).toEqual([
    "api tier 0 static true shares nothing",
    "db tier null static null shares nothing",
    "web-1 tier 0 static true shares nothing",
  ]);
  expect(found.unplaced.map(({ name }) => name)).toEqual(["c"]);
});

test("who uses one credential, or has one identity, shares it; what cannot be used shares nothing", () => {
  const rows = ["web - system:serviceaccount:shop:web 2", "api - system:serviceaccount:shop:web 2", "db"];
  const account: CredentialUser = { kind: "service-account", namespace: "shop", name: "web" };
  expect(
    briefly(
      answer(rows, [credential("db-password", [account, { kind: "workload", id: "db" }]), credential("old", [host("web"), host("db")], { isUsable: false })]),
    ),
  ).toEqual([
    "api tier 2 static true shares db-password+2 system:serviceaccount:shop:web+1",
    "db tier 0 static true shares db-password+2",
    "web tier 2 static true shares db-password+2 system:serviceaccount:shop:web+1",
  ]);
});

test("a credential whose life nobody tells leaves open whether there is a static key", () => {
  expect(briefly(answer(["web"], [credential("x", [host("web")], { life: null }), credential("y", [host("web")], { life: "rotated" })]))).toEqual([
    "web tier 0 static null shares nothing",
  ]);
});

test("a thousand workloads with one secret name twenty of the others each", () => {
  const rows = Array.from({ length: 1000 }, (_, nth) => `w-${nth}`);
  const { workloads } = answer(rows, [credential("registry", rows.map(host))]);
  expect(workloads[0]!.shares).toEqual([{ credential: "registry", others: 999, among: expect.arrayContaining([]) as unknown }]);
  expect(workloads.every(({ shares }) => shares[0]!.among.length === 20 && shares[0]!.others === 999)).toBe(true);
});

test("the figures add up, and what is unknown is counted apart", () => {
  const { workloads } = answer(["a", "b - b 1", "c"], [credential("s", [host("c")])]);
  expect(identityFigures(workloads)).toEqual({
    workloads: 3,
    byTier: { "0": 1, "1": 1, "2": 0, "3": 0, unknown: 1 },
    staticKey: { yes: 1, no: 0, unknown: 2 },
    sharing: 0,
  });
});
