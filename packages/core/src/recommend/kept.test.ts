import { expect, test } from "vitest";
import { type PolicyFile, readPolicySet } from "../language/read.ts";
import { bytesOf } from "../language/utf8.ts";
import { recommend } from "./recommend.ts";
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
