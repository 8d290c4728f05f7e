import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Ran, ran } from "../testing/ran.ts";

let dir = "";

/** Runs what people run, away from every data directory but the one it names. */
const bulkhead = (...words: readonly string[]): Ran => ran(words, { cwd: dir, env: { PATH: process.env["PATH"] } });

const csv = (envOfDev: string, more = ""): string =>
  `id,app,env,role,address\nweb-1,shop,prod,web,10.0.0.1\ndb-1,shop,prod,db,10.0.0.2\ndev-1,shop,${envOfDev},web,10.1.0.1\n${more}`;
const people = ["--inventory", "people.json", "--at", "2026-12-01"];

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "bulkhead-relabel-"));
  mkdirSync(join(dir, "policy"));
  writeFileSync(
    join(dir, "policy", "all.yaml"),
    `labels:
  app: {}
  env: { values: [prod, dev] }
  role: {}
zones:
  - { name: prod, members: { env: prod }, because: customers }
  - { name: dev, members: { env: dev }, because: trials }
policy: shop
owner: team-shop
scope: { app: shop, env: prod }
allow:
  - { name: reads, from: { app: shop, env: prod, role: web }, to: { app: shop, env: prod, role: db }, over: [tcp/5432], because: reads }
`,
  );
  const workload = (id: string, env: string, role: string, address: string) => ({ id, labels: { app: "shop", env, role }, addresses: [address] });
  writeFileSync(
    join(dir, "people.json"),
    JSON.stringify({
      workloads: [workload("web-1", "prod", "web", "10.0.0.1"), workload("db-1", "prod", "db", "10.0.0.2"), workload("dev-1", "dev", "web", "10.1.0.1")],
    }),
  );
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

test("a label edit is a policy change: what it opens is said, and may be forbidden", () => {
  const { status, stdout } = bulkhead("relabel", "dev-1", "env=prod", "--policy", "policy", ...people, "--no-new-access");
  expect(status).toBe(1);
  expect(stdout).toContain("dev-1: env dev → prod");
  expect(stdout).toContain("1 of 2 of app=shop,env=prod,role=web (dev-1) → app=shop,env=prod,role=db (1)  tcp/5432");
  // The control: a label that no rule looks at opens nothing.
  const other = bulkhead("relabel", "dev-1", "role=spare", "--policy", "policy", ...people, "--no-new-access");
  expect([other.status, other.stdout]).toEqual([0, expect.stringContaining("no difference in access")]);
});

test("an address that changes hands opens for its new holder what that may do", () => {
  const lines = (...words: readonly string[]) => {
    const { stdout } = bulkhead("relabel", "web-1", ...words, "--policy", "policy", ...people, "--json");
    return (JSON.parse(stdout) as { readonly lines: readonly { readonly change: string; readonly from: { readonly parts: readonly string[] } }[] }).lines;
  };
  const gained = (...words: readonly string[]) => lines(...words).filter(({ change, from }) => change === "gained" && from.parts.join().includes("10.9.9.9"));
  expect(gained("--gain-address", "10.9.9.9")).toHaveLength(1);
  expect(gained("role=web", "--lose-address", "10.0.0.1")).toHaveLength(0);
});

test("what cannot be meant is refused with what to type instead", () => {
  const said = (...words: readonly string[]) => {
    const { status, stderr } = bulkhead("relabel", ...words, "--policy", "policy", ...people);
    return [status, stderr];
  };
  expect(said("dev-1", "env=prd")).toEqual([2, expect.stringContaining("did you mean `prod`?")]);
  expect(said("dev-2", "env=prod")).toEqual([2, expect.stringContaining("did you mean `dev-1`?")]);
  expect(said("dev-1", "prod")).toEqual([2, expect.stringContaining("write KEY=VALUE")]);
  expect(said("dev-1")).toEqual([2, expect.stringContaining("nothing would be otherwise")]);
  expect(said("dev-1", "--lose-address", "10.0.0.9")).toEqual([2, expect.stringContaining("it does not hold 10.0.0.9")]);
  expect(bulkhead("relabel", "dev-1", "env=prod", "--policy", "policy").stderr).toContain("no workload is known");
});

test("a value that nobody has is said with what was probably meant, and still judged", () => {
  const said = (...terms: readonly string[]) => {
    const { status, stderr } = bulkhead("relabel", "web-1", ...terms, "--policy", "policy", ...people);
    return [status, stderr];
  };
  expect(said("role=dbb")).toEqual([0, "bulkhead: web-1: no workload has `role=dbb`\n  next: did you mean `role=db`?\n"]);
  expect(said("role=dbb", "env=dev", "app=")).toEqual([0, expect.stringContaining("did you mean `role=db`?")]);
  // The control: what somebody has is meant.
  expect(said("role=db")).toEqual([0, ""]);
});

test("an import that is only tried says what it would open, and keeps nothing", () => {
  writeFileSync(join(dir, "cmdb.csv"), csv("dev"));
  bulkhead("inventory", "import", "cmdb.csv", "--data", "own");
  const kept = () => readdirSync(join(dir, "own", "inventory")).map((name) => readFileSync(join(dir, "own", "inventory", name), "utf8"));
  const before = kept();
  writeFileSync(join(dir, "cmdb.csv"), csv("prod", "web-2,shop,prod,web,10.0.0.3\n"));
  const tried = bulkhead("inventory", "import", "cmdb.csv", "--data", "own", "--dry-run");
  expect([tried.status, tried.stdout]).toEqual([0, "1 new workload\n  web-2\n1 other label\n  dev-1: env dev → prod\nnothing was kept\n"]);
  const judged = bulkhead("inventory", "import", "cmdb.csv", "--data", "own", "--dry-run", "--policy", "policy").stdout;
  expect(judged).toContain("1 of 3 of app=shop,env=prod,role=web (web-2) → app=shop,env=prod,role=db (1)  tcp/5432");
  expect(judged).toContain("1 of 3 of app=shop,env=prod,role=web (dev-1), 10.0.0.3 (nobody, now web-2) → app=shop,env=prod,role=db (1)  tcp/5432");
  expect(kept()).toEqual(before);
  // The control: without the flag it is kept.
  bulkhead("inventory", "import", "cmdb.csv", "--data", "own");
  expect(kept()).not.toEqual(before);
  expect(bulkhead("inventory", "import", "cmdb.csv", "--data", "own", "--policy", "policy").status).toBe(2);
});
