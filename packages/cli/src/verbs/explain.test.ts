import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const bin = fileURLToPath(new URL("../../bin/bulkhead.js", import.meta.url));
const policy = `zones: [{ name: production, members: { env: prod }, because: customers }]
forbid: [{ name: no-dev, from: { env: dev }, to: { env: prod }, owner: security, because: "apart \\x1b[31m" }]
policy: billing
owner: team-billing
scope: { app: billing }
allow:
  - { name: api, from: { app: billing, role: api }, to: { app: billing }, over: tcp/5432, because: balances }
tests:
  - { from: { app: billing, env: prod }, to: { app: billing, env: prod }, over: tcp/5432, expect: deny }
`;
const workloads = [
  { id: "api", labels: { app: "billing", env: "prod", role: "api" }, addresses: ["10.1.0.1"] },
  { id: "ledger", labels: { app: "billing", env: "prod" }, addresses: ["10.1.0.2"] },
  { id: "one", labels: {}, addresses: ["10.1.0.9"] },
  { id: "two", labels: {}, addresses: ["10.1.0.9"] },
];
let dir = "";
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "bulkhead-explain-"));
  writeFileSync(join(dir, "inventory.json.txt"), JSON.stringify({ workloads }));
  writeFileSync(join(dir, "a.yaml"), policy);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Runs what people run: the built command. */
const bulkhead = (...words: readonly string[]): { readonly status: number | null; readonly stdout: string; readonly stderr: string } =>
  spawnSync(process.execPath, [bin, ...words], { encoding: "utf8", env: { ...process.env, BULKHEAD_DATA: join(dir, "state") } });
const explain = (from: string, to: string, over: string, ...more: readonly string[]) =>
  bulkhead("explain", dir, "--from", from, "--to", to, "--over", over, "--inventory", join(dir, "inventory.json.txt"), ...more);

test("explain ends with 0 for allow, 1 for deny, 2 for unknown and for what cannot be asked", () => {
  expect(explain("api", "ledger", "tcp/5432").status).toBe(0);
  expect(explain("ledger", "api", "tcp/5432").status).toBe(1);
  expect(explain("10.1.0.9", "api", "tcp/5432")).toMatchObject({ status: 2, stdout: expect.stringContaining("held by one and two") as string });
  expect(explain("api", "ledger", "dns").status).toBe(2);
  expect(explain("api", "ledger", "ssh", "--at", "noon")).toMatchObject({ status: 2, stderr: expect.stringContaining("is no time") as string });
  expect(explain("api", "ledger", "ssh", "--facts", "[1]")).toMatchObject({ status: 2, stderr: expect.stringContaining("no JSON object") as string });
});

test("a rule is shown with its place, reason and owner, and with nothing that a terminal obeys", () => {
  const { stdout } = explain("env=dev", "app=billing,env=prod", "ssh");
  expect(stdout).toContain(`forbid/no-dev  ${dir}/a.yaml:2`);
  expect(stdout).toContain("owner: security");
  expect(stdout).not.toContain("\u001b");
  expect(stdout.split("\n")[0]).toBe("deny, by the layer forbid: env=dev may not open tcp/22 of app=billing,env=prod");
});

test("machines get the explanation as one JSON object", () => {
  const explained = JSON.parse(explain("10.1.0.1", "ledger", "tcp/5432", "--json").stdout) as Record<string, unknown>;
  expect(explained["answer"]).toEqual({ verdict: "allow", layer: "segment", by: ["billing/api"], effect: "pass" });
  expect(explained["client"]).toMatchObject({ id: "api", askedAs: "10.1.0.1" });
});

test("without an inventory file the data directory is asked, and an empty one knows nobody", () => {
  expect(bulkhead("explain", dir, "--from", "api", "--to", "ledger", "--over", "ssh")).toMatchObject({
    status: 2,
    stdout: expect.stringContaining("no workload is called api") as string,
  });
});

test("check runs the tests of a policy, and with an inventory names the real workload that disagrees", () => {
  expect(bulkhead("check", dir).status).toBe(0);
  const failed = bulkhead("check", dir, "--inventory", join(dir, "inventory.json.txt"));
  expect(failed).toMatchObject({ status: 1, stdout: expect.stringContaining("error[test-failed]") as string });
  expect(failed.stdout).toContain("from api, to api");
});

test("labels that the schema forbids, facts that nobody demands and services that are none are asked back", () => {
  const policyDir = mkdtempSync(join(tmpdir(), "bulkhead-explain-schema-"));
  writeFileSync(join(policyDir, "a.yaml"), "labels:\n  app: {}\n  env: { values: [prod, dev] }\n");
  const asked = (from: string, over: string, ...more: readonly string[]) =>
    bulkhead("explain", policyDir, "--from", from, "--to", "10.1.0.1", "--over", over, "--inventory", join(dir, "inventory.json.txt"), ...more);
  const refusals = [asked("app=web,env=prd", "ssh"), asked("ap=web", "ssh"), asked("app=web", "htps"), asked("app=web", "ssh", "--facts", '{"encryptd":true}')];
  rmSync(policyDir, { recursive: true });
  const meant = ["`prod`", "`app`", "`https`", "`encrypted`"];
  for (const [at, { status, stderr }] of refusals.entries()) expect([status, stderr]).toEqual([2, expect.stringContaining(`did you mean ${meant[at]}?`)]);
});

test("labels, facts and services that would answer another question are refused with what to write", () => {
  const refused = (from: string, over: string, ...more: readonly string[]): string => {
    const { status, stdout, stderr } = explain(from, "ledger", over, ...more);
    expect([status, stdout]).toEqual([2, ""]);
    return stderr;
  };
  expect(refused("app=shop,prod", "ssh")).toContain("--from has `prod` among its labels, which is no KEY=VALUE");
  expect(refused("env=prod,env=dev", "ssh")).toContain("--from gives the label `env` twice");
  expect(refused("api", "5432")).toContain("did you mean `tcp/5432`?");
  expect(refused("api", "TCP/5432")).toContain("did you mean `tcp/5432`?");
  expect(refused("api", "tcp/99999")).toContain("write for example `tcp/443`");
  expect(refused("api", "tcp/1-9")).toContain("stands for several services");
  expect(refused("api", "ssh", "--facts", '{"encrypted":"yes"}')).toContain("`encrypted`, which is true or false");
  expect(refused("api", "ssh", "--facts", '{"user":7}')).toContain("`user`, which is a text");
  // The control: what is right is asked, and the same labels at both ends are one workload.
  expect(explain("app=billing,role=api", "app=billing,role=api", "tcp/5432", "--facts", '{"encrypted":true,"user":"root"}').status).toBe(0);
});

test("a workload that nobody knows is asked about, and where to look is said", () => {
  const { status, stdout, stderr } = explain("legder", "api", "ssh");
  expect([status, stdout]).toEqual([2, expect.stringContaining("no workload is called legder, and it is no address\n")]);
  expect(stderr).toBe(`next: did you mean \`ledger\`? ${join(dir, "inventory.json.txt")} says who is known\n`);
  expect(explain("ledger", "api", "ssh").stderr).toBe("");
});
