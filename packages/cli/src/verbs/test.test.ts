import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Ran, ran } from "../testing/ran.ts";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "bulkhead-test-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const bulkhead = (...words: readonly string[]): Ran => ran(words);

const policy =
  "policy: shop\nowner: team\nscope: { app: shop }\nallow:\n  - { name: web, from: { app: web }, to: { app: shop }, over: https, because: orders }\n";
const written = (tests: readonly string[]): void => writeFileSync(join(dir, "a.yaml"), `${policy}tests:\n${tests.map((one) => `  ${one}\n`).join("")}`);
const allowed = "- { from: { app: web }, to: { app: shop }, over: https, expect: allow }";

test("test ends with 0 where all tests pass, 1 where one fails, 2 where there is none", () => {
  written([allowed]);
  expect(bulkhead("test", dir)).toMatchObject({ status: 0, stdout: "1 test: all pass\n" });
  written([allowed, allowed.replace("https", "ssh")]);
  const failed = bulkhead("test", dir, "--mutate");
  expect([failed.status, failed.stdout]).toEqual([
    1,
    expect.stringContaining(`\`bulkhead explain ${dir} --from app=web --to app=shop --over tcp/22\` says why`),
  ]);
  written([]);
  expect(bulkhead("test", dir)).toMatchObject({ status: 2, stdout: "0 tests: nothing was asked\n" });
  expect(bulkhead("test", join(dir, "nowhere")).status).toBe(2);
});

test("a change that nobody notices is printed with a test that would notice it", () => {
  let tests: readonly string[] = [allowed];
  written(tests);
  const weak = bulkhead("test", dir, "--mutate");
  expect([weak.status, weak.stdout]).toEqual([1, expect.stringContaining(`${dir}/a.yaml:5: shop/web with its from widened to workloads: nobody notices`)]);
  for (let round = 0; round < 3; round += 1) {
    tests = [...tests, ...[...bulkhead("test", dir, "--mutate").stdout.matchAll(/a test that would: (.*)/g)].map(([, one]) => one!)];
    written(tests);
  }
  const strong = bulkhead("test", dir, "--mutate");
  expect([strong.status, strong.stdout]).toEqual([0, expect.stringContaining(", 0 by nobody")]);
  const { tests: count, mutation } = JSON.parse(bulkhead("test", dir, "--mutate", "--json").stdout) as {
    tests: number;
    mutation: { counts: { live: number } };
  };
  expect([count, mutation.counts.live]).toEqual([tests.length, 0]);
});

test("a proposed test that fails one day is explained by the command that is printed", () => {
  const two = "{ name: two, from: { app: [a, b] }, to: { app: shop }, over: https, because: orders }";
  writeFileSync(join(dir, "a.yaml"), `labels: { app: { required: true } }\n${policy}  - ${two}\n`);
  const proposed = [...bulkhead("test", dir, "--mutate").stdout.matchAll(/a test that would: (.*)/g)].map(([, one]) => one!);
  const invented = proposed.find((one) => /from: \{ app: "other than [^"]+ [^"]+" \}/.test(one))!;
  writeFileSync(join(dir, "tests.yaml"), `tests:\n  ${invented.replace("deny", "allow")}\n`);
  const [, from = "", over = ""] = /explain \S+ --from '([^']+)' --to app=shop --over (\S+)`/.exec(bulkhead("test", dir).stdout)!;
  expect(from).toMatch(/^app=other than \w+ or \w+/);
  expect(bulkhead("explain", dir, "--from", from, "--to", "app=shop", "--over", over).status).toBe(1);
});

test("where no test can ask, none is proposed", () => {
  written([allowed]);
  writeFileSync(join(dir, "a.yaml"), `${policy.replace("over: https,", "over: https, where: { encrypted: true },")}tests: []\n`);
  const { mutants } = (
    JSON.parse(bulkhead("test", dir, "--mutate", "--json").stdout) as {
      mutation: { mutants: readonly { fate: string; what: string; witness: { test: string | null } | null }[] };
    }
  ).mutation;
  expect(mutants.filter(({ fate }) => fate === "beyond").map(({ what, witness }) => [what, witness!.test])).toContainEqual(["taken away", null]);
  // The control: without its demand, what it opens needs no fact.
  expect(mutants.find(({ fate }) => fate === "live")!.witness!.test).toContain("expect: deny");
});

test("an inventory's own workloads are asked, too", () => {
  written([allowed.replace("{ app: shop }", "{ app: shop, role: api }").replace("{ app: web }", "{ app: web, role: x }")]);
  const inventory = join(dir, "inventory.txt");
  writeFileSync(inventory, '{"workloads":[{"id":"w","labels":{"app":"web","role":"x"}},{"id":"s","labels":{"app":"shop","role":"api"}}]}');
  expect(bulkhead("test", dir, "--inventory", inventory).status).toBe(0);
  expect(bulkhead("test", dir, "--inventory", inventory, "--data", dir)).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("name one of them") as string,
  });
});

test("changes are held against the recorded flows of the data directory, and where there is none it is said", () => {
  written([allowed]);
  const at = (env: NodeJS.ProcessEnv) => ran(["test", ".", "--mutate"], { cwd: dir, env: { PATH: process.env["PATH"], ...env } });
  const counts = (env: NodeJS.ProcessEnv) =>
    JSON.parse(ran(["test", ".", "--mutate", "--json"], { cwd: dir, env: { PATH: process.env["PATH"], ...env } }).stdout) as {
      mutation: { counts: { flows: number }; flowsAsked: boolean };
    };
  expect(at({}).stdout).toContain(" by nobody; no recorded flows were asked, --data names a directory with some\n");
  expect(counts({}).mutation).toMatchObject({ counts: { flows: 0 }, flowsAsked: false });
  const held = join(dir, ".bulkhead");
  writeFileSync(join(dir, "inventory.csv"), "id,address,app\nw,10.0.0.1,web\ns,10.0.0.2,shop\n");
  ran(["inventory", "import", join(dir, "inventory.csv"), "--data", held]);
  // An inventory alone asks no flows, and no archive is made.
  expect(at({}).stdout).toContain("no recorded flows were asked");
  writeFileSync(
    join(dir, "f.log"),
    "2 123456789010 eni-1 10.0.0.1 10.0.0.2 40123 443 6 9 400 1795600800 1795600860 ACCEPT OK\n2 123456789010 eni-1 10.0.0.2 10.0.0.1 443 40123 6 9 400 1795600800 1795600860 ACCEPT OK\n",
  );
  ran(["ingest", join(dir, "f.log"), "--data", held]);
  written([allowed.replace("{ app: web }", "{ app: other }").replace("allow }", "deny }")]);
  expect(at({}).stdout).toMatch(/, [1-9]\d* by recorded flows, /);
  expect(counts({ BULKHEAD_DATA: held }).mutation.flowsAsked).toBe(true);
  expect(counts({ BULKHEAD_DATA: join(dir, "nowhere") }).mutation.flowsAsked).toBe(false);
});
