import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
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
afterAll(() => [dir, `${dir}-state`].forEach((one) => rmSync(one, { recursive: true, force: true })));

const policy = `policy: shop
owner: team
scope: { app: shop }
allow:
  - { name: all, from: { app: shop }, to: { app: shop }, over: any, because: x }
`;
/** Runs what people run: the built command. */
const compiled = (text: string, more: readonly string[] = []): { readonly status: number | null; readonly stdout: string; readonly stderr: string } => {
  writeFileSync(join(dir, "a.yaml"), text);
  return spawnSync(process.execPath, [bin, "compile", dir, "--inventory", join(dir, "inventory.txt"), "--point", "api-1", ...more], { encoding: "utf8" });
};

test("the head says from what the text was made, whether it blocks, and where each rule is written", () => {
  const { status, stdout } = compiled(policy);
  expect(status).toBe(0);
  const head = /^(# .*\n)+/.exec(stdout)![0];
  expect(head).toMatch(/^# api-1: .*\n# {3}policy {5}.*, sha256 [0-9a-f]{12}\n# {3}inventory {2}.*inventory\.txt, sha256 [0-9a-f]{12}; 2 workloads\n/);
  expect(head).toContain("nothing: every stage that concerns this point only observes");
  expect(head).toMatch(new RegExp(`shop/all .* 1 address {2}${dir}/a\\.yaml:5\n# where it may go\n#   shop/all `));
  expect(compiled(`${policy}stages: { segments: { shop: { in: enforce } } }\n`).stdout).toContain(
    "#   blocks     what no rule lets pass, where a stage enforces\n",
  );
});

test("the digests are those of the files and of the rule set, and the text bears them as the agent does", () => {
  const at = ["--at", "2026-11-25"];
  const [text, again, json] = [compiled(policy, at).stdout, compiled(policy, at).stdout, compiled(policy, [...at, "--json"]).stdout];
  expect(again).toBe(text);
  const digest = createHash("sha256").update(json.trimEnd()).digest("hex").slice(0, 12);
  expect(text).toContain(`#   rule set   sha256 ${digest},`);
  expect(text).toContain(`goto g${digest}_in`);
  const digestOf = (text: string): string | undefined => /policy .* sha256 (\w+)/.exec(compiled(text, at).stdout)?.[1];
  expect(digestOf(`${policy}# a word more\n`)).not.toBe(digestOf(policy));
});

const loads = process.getuid?.() === 0 && spawnSync("unshare", ["-n", "nft", "list", "tables"]).status === 0;
if (!loads) process.stderr.write("what compile prints is not loaded here: it needs root, nft and network namespaces\n");

test.skipIf(!loads)("nft takes the text as it is printed, whatever a name holds", () => {
  const nft = (input: string) => spawnSync("unshare", ["-n", "nft", "-c", "-f", "-"], { input, encoding: "utf8" });
  expect(nft(compiled(policy).stdout)).toMatchObject({ status: 0, stderr: "" });
  // The control: nft reads what it is given.
  expect(nft(`${compiled(policy).stdout}nonsense\n`).status).not.toBe(0);
});

test("a point that is misspelt is asked about, and without a file the data directory says who is who", () => {
  writeFileSync(join(dir, "a.yaml"), policy);
  const run = (...words: readonly string[]) => spawnSync(process.execPath, [bin, "compile", dir, ...words], { encoding: "utf8" });
  const file = ["--inventory", join(dir, "inventory.txt")];
  expect(run("--point", "api1", ...file)).toMatchObject({ status: 2, stderr: expect.stringContaining("did you mean `--point api-1`?") as string });
  writeFileSync(join(dir, "odd.txt"), JSON.stringify({ workloads: [{ id: "it's; ls", labels: {} }] }));
  expect(run("--point", "its; ls", "--inventory", join(dir, "odd.txt")).stderr).toContain("did you mean `--point 'it'\\''s; ls'`?");
  const held = ["--data", `${dir}-state`];
  expect(run("--point", "api-1", ...held)).toMatchObject({ status: 2, stderr: expect.stringContaining("does not exist") as string });
  spawnSync(process.execPath, [bin, "inventory", "import", join(dir, "inventory.txt"), "--source", "cmdb", ...held]);
  expect(run("--point", "api-1", ...held).stdout).toMatch(/inventory {2}2 workloads from cmdb, last told 20/);
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
