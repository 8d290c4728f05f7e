import { expect, test } from "vitest";
import { type PolicyFile, readPolicySet } from "../language/read.ts";
import { bytesOf } from "../language/utf8.ts";
import { recommend } from "./recommend.ts";
import { machine, seen } from "./testing/estate.ts";
import { recordedShop } from "./testing/shop.ts";

const { flows, workloads } = recordedShop();
const asFiles = (files: readonly { readonly path: string; readonly text: string }[]): readonly PolicyFile[] =>
  files.map(({ path, text }) => ({ path, bytes: bytesOf(text) }));
const first = recommend(flows, workloads);

test("a second run keeps what is approved: it proposes none of it again, and says what was seen behind each rule", () => {
  const again = recommend(flows, workloads, { present: asFiles(first.files) });
  expect(again.rules).toEqual([]);
  expect(new Set(again.kept.map(({ name }) => name))).toEqual(new Set(first.rules.map(({ name }) => name)));
  const flowsBehind = (rules: readonly { readonly name: string; readonly flows: number }[]) =>
    Object.fromEntries(rules.map(({ name, flows: count }) => [name, count]));
  expect(flowsBehind(again.kept)).toEqual(flowsBehind(first.rules));
});

test("what is missing is proposed beside what is approved: no file is written over, and no name is used twice", () => {
  // All but one policy and the last conduit were approved.
  const cut = (text: string): string => text.slice(0, text.lastIndexOf("  # seen"));
  const kept = first.files.filter(({ path }) => path !== "billing-prod.yaml");
  const approved = asFiles(kept.map((file) => (file.path === "conduits.yaml" ? { ...file, text: cut(file.text) } : file)));
  const { files, rules } = recommend(flows, workloads, { present: approved });
  expect(rules.some(({ name }) => name.startsWith("billing-prod/"))).toBe(true);
  expect(files.map(({ path }) => path)).toEqual(expect.arrayContaining(["billing-prod.yaml", "conduits-2.yaml"]));
  const paths = [...approved, ...files].map(({ path }) => path);
  expect(new Set(paths).size).toBe(paths.length);
  expect(readPolicySet([...approved, ...asFiles(files)]).diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
});

test("what an approved policy denies is listed as such, and not allowed behind its owner's back", () => {
  const strict = first.files.map((file) => (file.path === "billing-prod.yaml" ? { ...file, text: file.text.replace(/allow:\n[^]*/, "allow: []\n") } : file));
  const { heldOut, rules } = recommend(flows, workloads, { present: asFiles(strict) });
  const denied = heldOut.filter(({ why }) => why === "denied by a policy that is there");
  expect(denied.filter(({ flow }) => flow.server.kind === "held" && flow.server.holder.startsWith("ledger-")).length).toBeGreaterThan(0);
  expect(rules).toEqual([]);
});

const shop = [machine("shop/prod/web"), machine("shop/prod/db"), machine("shop/trial/web")];
const used = [seen("shop-prod-web", "shop-prod-db", "tcp/443"), seen("shop-trial-web", "shop-prod-db", "tcp/443")];

test.each([
  ["rules that name labels without a schema", "forbid:\n  - { name: attic, from: { site: attic }, to: { role: db }, over: [ssh], because: a test }\n"],
  ["a schema without a key that is used", "labels: { site: {} }\nforbid:\n  - { name: attic, from: { site: attic }, to: workloads, because: a test }\n"],
  ["a schema without a value that is used", "labels: { app: {}, env: { values: [prod] }, role: {} }\n"],
  ["a service that means more than it usually does", "services: { https: [tcp/443, tcp/8443] }\n"],
])("what is proposed beside a policy can be read together with it, and allows what was seen: %s", (_, text) => {
  const present = asFiles([{ path: "there.yaml", text }]);
  const { files, rules, heldOut } = recommend(used, shop, { present });
  const { set, diagnostics } = readPolicySet([...present, ...asFiles(files)]);
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  expect(rules.reduce((sum, { kind, flows: connections }) => sum + (kind === "allow" ? connections : 0), 0)).toBe(6);
  expect(heldOut).toEqual([]);
  expect(set.policies.flatMap(({ allow }) => allow.flatMap(({ services }) => services.filter(({ low }) => low !== 443)))).toEqual([]);
});

test("no boundary is opened, and nothing counts as evidence, for what a policy that is there denies all the same", () => {
  const text = [
    "zones:",
    "  - { name: prod, members: { env: prod }, because: a test }",
    "  - { name: dev, members: { env: dev }, because: a test }",
    "common:",
    "  - { name: reads, from: workloads, to: workloads, over: [tcp/5432], owner: a, review: 2027-01-01, because: a test }",
    "forbid:",
    "  - { name: no-ssh, from: { env: dev }, to: { role: db }, over: [ssh], because: a test }",
    "policy: bank\nowner: a\nscope: { app: bank, env: prod }\nallow: []\n",
  ].join("\n");
  const all = [machine("shop/dev/web"), machine("bank/prod/db")];
  const crossing = [seen("shop-dev-web", "bank-prod-db", "tcp/22"), seen("shop-dev-web", "bank-prod-db", "tcp/443")];
  const made = recommend(crossing, all, { present: asFiles([{ path: "there.yaml", text }]) });
  expect(made.rules).toEqual([]);
  expect(made.heldOut.map(({ why, flow }) => [why, flow.serverPort])).toEqual([
    ["denied by a policy that is there", 22],
    ["denied by a policy that is there", 443],
  ]);
  // The control: what the policy that is there allows once the boundary is open gets its conduit.
  const opened = recommend([seen("shop-dev-web", "bank-prod-db", "tcp/5432"), ...crossing], all, { present: asFiles([{ path: "there.yaml", text }]) });
  expect(opened.rules.map(({ name, flows: connections }) => [name, connections])).toEqual([["conduit/dev-to-prod", 3]]);
  expect(opened.kept.map(({ name, flows: connections }) => [name, connections])).toEqual([
    ["forbid/no-ssh", 0],
    ["common/reads", 3],
  ]);
});

test("where a policy that is there tells apart machines that are alike to us, each is asked about: what it forbids one is listed for that one", () => {
  const [attic, office] = ["attic", "office"].map((site) => ({ ...machine("shop/prod/web"), id: site, labels: { ...machine("shop/prod/web").labels, site } }));
  const all = [office!, attic!, machine("shop/prod/db")];
  const text = "forbid:\n  - { name: no-attic, from: { site: attic }, to: { role: db }, over: [tcp/5432], because: a test }\n";
  const uses = [seen("office", "shop-prod-db", "tcp/5432"), seen("attic", "shop-prod-db", "tcp/5432")];
  for (const inOrder of [uses, uses.toReversed()]) {
    const { heldOut, rules } = recommend(inOrder, all, { present: asFiles([{ path: "forbid.yaml", text }]) });
    expect(heldOut.map(({ why, flow }) => [why, flow])).toEqual([["denied by a policy that is there", uses[1]]]);
    expect(rules.map(({ name, flows: connections }) => [name, connections])).toEqual([["shop-prod/web-to-db", 3]]);
  }
});
