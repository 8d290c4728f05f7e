import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const bin = fileURLToPath(new URL("../../bin/bulkhead.js", import.meta.url));
let dir = "";
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "bulkhead-compile-"));
  const workload = (id: string, address: string): object => ({ id, labels: { app: "shop" }, addresses: [address] });
  writeFileSync(join(dir, "inventory.txt"), JSON.stringify({ workloads: [workload("api-1", "10.0.0.1"), workload("api-2", "10.0.0.2")] }));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const policy = `policy: shop
owner: team
scope: { app: shop }
allow:
  - { name: all, from: { app: shop }, to: { app: shop }, over: any, because: x }
`;
/** Runs what people run: the built command. */
const compiled = (text: string): { readonly status: number | null; readonly stdout: string; readonly stderr: string } => {
  writeFileSync(join(dir, "a.yaml"), text);
  return spawnSync(process.execPath, [bin, "compile", dir, "--inventory", join(dir, "inventory.txt"), "--point", "api-1"], { encoding: "utf8" });
};

test("the text names the rules that let something pass, and says when everything only observes", () => {
  const { status, stdout } = compiled(policy);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^# api-1, at .*only observes: nothing is blocked.*\n# rules that let others in:\n# {3}shop\/all\n/);
  expect(compiled(`${policy}stages: { segments: { shop: { in: enforce } } }\n`).stdout).toMatch(/^# api-1, at .*is blocked where a stage enforces\n/);
});

test("what the kernel cannot see is told at its line, in the form of check", () => {
  const { status, stderr } = compiled(
    `${policy}  - { name: enc, from: { app: billing }, to: { app: shop }, over: https, where: { encrypted: true }, because: x }\n`,
  );
  expect(status).toBe(1);
  expect(stderr).toContain(
    "warning[blind-point]: `shop/enc` opens nothing there: the kernel of `api-1` sees addresses and ports, and not what `where` demands\n",
  );
  expect(stderr).toContain(`─→ ${dir}/a.yaml:6:`);
});
