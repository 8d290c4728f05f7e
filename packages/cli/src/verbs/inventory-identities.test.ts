import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const bin = fileURLToPath(new URL("../../bin/bulkhead.js", import.meta.url));
let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "bulkhead-identities-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const inventory = (...words: readonly string[]): SpawnSyncReturns<string> =>
  spawnSync(process.execPath, [bin, "inventory", ...words], {
    cwd: dir,
    encoding: "utf8",
    env: { PATH: process.env["PATH"], BULKHEAD_DATA: join(dir, "data") },
  });

function imported(name: string, text: string): string {
  writeFileSync(join(dir, name), text);
  const run = inventory("import", name, "--at", "2026-11-25T12:00:00Z");
  return `${run.stdout}${run.stderr}`;
}

const account = (name: string, rest: string): string => `dn: CN=${name},DC=example,DC=gov\nobjectClass: user\nsAMAccountName: ${name}\n${rest}\n\n`;
const directory =
  account("web-1$", "objectClass: computer\ndNSHostName: web-1.example.gov\npwdLastSet: 134399088000000000") +
  account("svc-web", "servicePrincipalName: HTTP/web-1.example.gov\nservicePrincipalName: HTTP/old-1.example.gov");
const report =
  "user,arn,password_enabled,access_key_1_active,access_key_1_last_rotated\ndeploy,arn:aws:iam::1:user/deploy,false,true,2026-11-15T12:00:00+00:00\n";

test("each workload has its tier, its static keys and its statements with their sources; a figure closes the list", () => {
  expect(imported("ad.ldif", directory)).toBe("1 workload with 0 addresses and 2 credentials from ad.ldif\n");
  expect(imported("iam.csv", report)).toBe("0 workloads with 0 addresses and 1 credential from iam.csv\n");
  expect(imported("cmdb.csv", "id,app\nold-1,shop\nprinter,\n")).toContain("2 workloads");
  expect(inventory("identities")).toMatchObject({
    status: 0,
    stdout: `old-1  tier 0 as svc-web; uses a static key; shares svc-web with web-1
    user account that runs services svc-web, tier 0, static (ad.ldif)
printer  identity cannot be determined
web-1  tier 2 as web-1$; uses a static key; shares svc-web with old-1
    machine account web-1$, tier 2, rotated, password changed 2 days ago (ad.ldif)
    user account that runs services svc-web, tier 0, static (ad.ldif)

credentials of which no known workload is known to be the user:
  access key of arn:aws:iam::1:user/deploy (key 1), tier 0, static, made or changed 10 days ago, never used, or before AWS recorded it (iam.csv)

3 workloads: tier 3 0, tier 2 1, tier 1 0, tier 0 1, cannot be determined 1
a static key: 2 yes, 0 none stated, 1 cannot be determined; 2 share a credential
`,
  });
});

test("--json says the same for machines", () => {
  imported("ad.ldif", directory);
  const { figures, workloads } = JSON.parse(inventory("identities", "--json").stdout) as { figures: unknown; workloads: readonly unknown[] };
  expect(figures).toEqual({ workloads: 1, byTier: { "0": 0, "1": 0, "2": 1, "3": 0, unknown: 0 }, staticKey: { yes: 1, no: 0, unknown: 0 }, sharing: 0 });
  expect(workloads).toHaveLength(1);
});

test("without workloads there is nobody to speak of", () => {
  imported("iam.csv", report);
  expect(inventory("identities").status).toBe(1);
});

test("what would command a terminal is shown, not sent", () => {
  imported("iam.csv", report.replace("user/deploy", "user/\u001b[31mred"));
  const { stdout } = inventory("identities");
  expect(stdout).toContain("user/\\u001b[31mred");
  expect(stdout).not.toContain("\u001b");
});
