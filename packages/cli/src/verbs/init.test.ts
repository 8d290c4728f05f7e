import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Ran, ran } from "../testing/ran.ts";

const shop = (path: string): string => fileURLToPath(new URL(`../../../../examples/shop/${path}`, import.meta.url));
let dir = "";

/** Runs what people run, with the recorded shop as what was seen. */
const bulkhead = (...words: readonly string[]): Ran => ran(words, { cwd: dir, env: { PATH: process.env["PATH"] } });
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "bulkhead-init-"));
  bulkhead("inventory", "import", shop("inventory.csv"), "--source", "cmdb");
  bulkhead("ingest", shop("recording"));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

test("what joins environments is warned of, stands in a rule of its own, and the file asks why", () => {
  const { status, stdout, stderr } = bulkhead("init", "my policy");
  expect(status, stderr).toBe(0);
  expect(stdout).toContain("warning: 4 rules join environments; find out why before you approve\n");
  expect(stdout).toContain("  billing-prod/shop-dev-web-to-ledger: dev -> prod, 3 times\n");
  const written = readFileSync(join(dir, "my policy", "billing-prod.yaml"), "utf8");
  const rule = /- name: shop-dev-web-to-ledger\n[^]*?because: .*/.exec(written)?.[0];
  expect(rule).toContain("from: { app: shop, env: dev, role: web }");
  expect(rule).toContain('because: "proposed from what was seen; joins environments (dev -> prod): does anybody know why?"');
  // Nobody else comes in with it, and no other rule lets dev in.
  expect(written.match(/env: dev/g)).toHaveLength(1);
  // The control: a rule within one environment is not asked about.
  expect(/- name: shop-prod-api-to-api\n[^]*?because: (.*)/.exec(written)?.[1]).not.toContain("joins environments");
  expect(stderr).toBe(
    "next: read the files; `bulkhead check 'my policy'` finds mistakes, `bulkhead simulate 'my policy'` says what they would have denied\nnothing is enforced until a file beside them says so: stages: { segments: { POLICY: { in: enforce } }, zones: { ZONE: { boundary: enforce } } }\n",
  );
  expect(bulkhead("check", "my policy").stdout).toBe("9 policy files: no mistake\n");
  expect(bulkhead("lint", "my policy").stdout).toBe("nothing is odd\n");
});

test("machines are told of crossings too, and nothing is overwritten", () => {
  const { stdout } = bulkhead("init", "again", "--json");
  const { crossings } = JSON.parse(stdout) as { readonly crossings: readonly unknown[] };
  expect(crossings).toContainEqual({ rule: "billing-prod/shop-dev-web-to-ledger", crosses: "dev -> prod", connections: 3 });
  expect(crossings).toHaveLength(4);
  writeFileSync(join(dir, "again", "billing-prod.yaml"), "# mine\n");
  expect(bulkhead("init", "again")).toMatchObject({ status: 1, stderr: expect.stringContaining("nothing was written") as string });
  expect(readFileSync(join(dir, "again", "billing-prod.yaml"), "utf8")).toBe("# mine\n");
});
