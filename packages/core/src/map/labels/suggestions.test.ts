import fc from "fast-check";
import { expect, test } from "vitest";
import { ipOf } from "../../base/ip.ts";
import { estate, relabelled } from "../testing/estate.ts";
import { conductsOf } from "./conduct.ts";
import { conductEvidence } from "./conduct-evidence.ts";
import type { Evidence, Subject } from "./evidence.ts";
import { nameEvidence } from "./name-evidence.ts";
import { peerEvidence } from "./peer-evidence.ts";
import { placeEvidence } from "./place-evidence.ts";
import { labelReport } from "./suggestions.ts";
import { suggestionsCsv } from "./suggestions-csv.ts";

const plain = estate();
// Numbers say nothing: what is left are subnets and conduct.
const nameless = new Map(plain.workloads.map(({ id }, index) => [id, `h${index + 1}`]));
const anonymous = estate({ names: (id) => nameless.get(id)! });

test("an inventory whose labels are right is left alone", () => {
  const { missing, doubtful, misspelt, duplicates, unknown } = labelReport(plain);
  expect({ missing, doubtful, misspelt, duplicates, unknown }).toEqual({ missing: [], doubtful: [], misspelt: [], duplicates: [], unknown: [] });
});

test("a label that is missing is suggested with the reasons, from names, subnets, peers and conduct", () => {
  const [found] = labelReport({ ...plain, workloads: relabelled(plain.workloads, "billing-prod-api-1", { app: null }) }).missing;
  expect(found).toMatchObject({ workload: "billing-prod-api-1", key: "app", value: "billing", stated: null });
  expect(found!.confidence).toBeGreaterThan(0.9);
  const reasons = found!.reasons.join("\n");
  for (const words of ["`billing` in its name", "others in 10.1.0.0/24 have app=billing", "talks with 6 workloads of app=billing"])
    expect(reasons).toContain(words);
});

test("without names that mean anything, conduct and subnets tell app, env and role", () => {
  for (const [id, key, value] of [
    ["billing-prod-database-1", "role", "database"],
    ["ledger-dev-web-2", "app", "ledger"],
    ["portal-staging-cache-1", "env", "staging"],
  ] as const) {
    const { missing } = labelReport({ ...anonymous, workloads: relabelled(anonymous.workloads, nameless.get(id)!, { [key]: null }) });
    expect(missing.map((one) => [one.workload, one.key, one.value])).toEqual([[nameless.get(id), key, value]]);
  }
});

test("a label that everything speaks against is doubted; without flows and names, nobody says so", () => {
  const swapped = relabelled(anonymous.workloads, nameless.get("billing-prod-database-1")!, { role: "cache" });
  expect(labelReport({ ...anonymous, workloads: swapped }).doubtful.map(({ stated, value }) => [stated, value])).toEqual([["cache", "database"]]);
  // The control: the same labels with nothing that was seen.
  expect(labelReport({ flows: [], workloads: swapped }).doubtful).toEqual([]);
});

test("slips of the pen and other words for the same are spotted; short words and numbers are left alone", () => {
  const change = (id: string, labels: Record<string, string>) => (workloads: readonly Subject[]) => relabelled(workloads, id, labels);
  const workloads = [
    change("billing-prod-api-1", { env: "prdo" }),
    change("ledger-dev-api-1", { env: "Dev" }),
    change("portal-staging-web-1", { env: "stg" }),
    change("archive-dev-api-2", { role: "app" }),
    change("archive-dev-web-2", { app: "archive2" }),
    change("ledger-prod-database-1", { role: "databse" }),
  ].reduce((all, apply) => apply(all), plain.workloads);
  expect(labelReport({ ...plain, workloads }).misspelt.map(({ key, value, meant }) => `${key} ${value} ${meant}`)).toEqual([
    "env prdo prod",
    "env Dev dev",
    "env stg staging",
    "role databse database",
  ]);
});

test("a machine that two tools call differently is one, and two machines of two domains are two", () => {
  const [first] = plain.workloads.filter(({ id }) => id === "billing-prod-api-1");
  const twin = (id: string, attributes: Record<string, string> = {}): Subject => ({ id, labels: {}, attributes, leases: first!.leases });
  const duplicatesOf = (...more: readonly Subject[]) => labelReport({ ...plain, workloads: [...plain.workloads, ...more] }).duplicates;
  expect(duplicatesOf(twin("BILLING-PROD-API-1.example.gov"))).toMatchObject([
    { id: "BILLING-PROD-API-1.example.gov", sameAs: "billing-prod-api-1", confidence: 0.97 },
  ]);
  const apart = { leases: [{ ip: ipOf("10.9.9.9")!, from: null, until: null }] };
  expect(duplicatesOf({ ...twin("web.a.example.gov"), ...apart }, { ...twin("web.b.example.gov"), leases: [] })).toEqual([]);
  expect(duplicatesOf({ ...twin("x", { mac: "52:54:00:00:00:01" }), leases: [] }, { ...twin("y", { mac: "52:54:00:00:00:01" }), leases: [] })).toMatchObject([
    { id: "y", sameAs: "x" },
  ]);
});

test("nothing is known of nobody: a workload that never talked and has no telling name is listed as such", () => {
  const stranger: Subject = { id: "4711", labels: {}, attributes: {}, leases: [] };
  expect(labelReport({ ...plain, workloads: [...plain.workloads, stranger] }).unknown).toEqual(
    ["app", "env", "role"].map((key) => ({ workload: "4711", key })),
  );
});

test("an inventory without any label gets what words mean, and no more confidence than that", () => {
  const workloads = plain.workloads.map((one) => ({ ...one, labels: {} }));
  const { missing } = labelReport({ ...plain, workloads });
  const of = (id: string) => missing.filter(({ workload }) => workload === id).map(({ key, value }) => `${key}=${value}`);
  expect(of("billing-prod-database-1")).toEqual([]);
  expect(missing.every(({ confidence }) => confidence <= 0.6)).toBe(true);
});

const kinds: Readonly<Record<string, (key: string, subjects: readonly Subject[]) => Evidence>> = {
  name: nameEvidence,
  subnet: (key, subjects) => placeEvidence(key, subjects, []),
  peers: (key, subjects) => peerEvidence(key, subjects, conductsOf(plain.flows)),
  conduct: (key, subjects) => conductEvidence(key, subjects, conductsOf(plain.flows)),
};
const law = (evidenceOf: (key: string, subjects: readonly Subject[]) => Evidence) =>
  fc.property(fc.constantFrom("app", "env"), fc.nat(plain.workloads.length - 1), fc.constantFrom("prod", "billing", "dev", "another"), (key, index, value) => {
    const { id } = plain.workloads[index]!;
    const votesWith = (workloads: readonly Subject[]) =>
      evidenceOf(key, workloads)
        .votes(workloads[index]!)
        .map((vote) => [vote.value, vote.score.toFixed(9)]);
    expect(votesWith(relabelled(plain.workloads, id, { [key]: value })).filter(([, score]) => Number(score) > 0)).toEqual(
      votesWith(relabelled(plain.workloads, id, { [key]: null })).filter(([, score]) => Number(score) > 0),
    );
  });

for (const [name, evidenceOf] of Object.entries(kinds))
  test(`evidence from ${name} never depends on the label of the workload that it is asked about`, () => {
    fc.assert(law(evidenceOf), { numRuns: 60 });
  });

test("evidence that peeks at the label is caught by the law above", () => {
  const peeking = (key: string): Evidence => ({
    name: "name",
    votes: ({ labels }) => (labels[key] === undefined ? [] : [{ value: labels[key], score: 1, why: "it says so" }]),
  });
  expect(fc.check(law(peeking), { seed: 1 }).failed).toBe(true);
});

test("what is suggested comes out as CSV with the reasons behind a `#`", () => {
  const workloads = relabelled(plain.workloads, "billing-prod-api-1", { app: null });
  const [head, row] = suggestionsCsv(labelReport({ ...plain, workloads })).split("\n");
  expect(head).toBe("id,label.app,label.env,label.role,same-as,#confidence,#because");
  expect(row).toMatch(/^billing-prod-api-1,billing,,,,0\.\d\d,/);
});

test("a word for a role does not say whose it is, where the name has a word that nobody else has", () => {
  const machine = (id: string, labels: Record<string, string> = {}): Subject => ({ id, labels, attributes: {}, leases: [] });
  const others = (role: string): readonly Subject[] => [1, 2, 3, 4].map((at) => machine(`directory-prod-controller-${at}`, { app: "directory", role }));
  const told = (id: string, role = "controller"): readonly string[] =>
    nameEvidence("app", [...others(role), machine("billing-prod-api-1", { app: "billing", role: "api" })])
      .votes(machine(id))
      .filter(({ why }) => why.startsWith("`controller`"))
      .map(({ value }) => value);
  expect(told("plant-prod-controller-1")).toEqual([]);
  // The controls: a name whose words are all known, and a word that is nobody's role.
  expect(told("prod-controller-9")).toEqual(["directory"]);
  expect(told("plant-prod-controller-1", "server")).toEqual(["directory"]);
});
