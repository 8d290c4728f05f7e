import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Ran, ran } from "../testing/ran.ts";

const shop = fileURLToPath(new URL("../../../../examples/shop/", import.meta.url));
let dir = "";

interface Costs {
  readonly frontier: readonly { readonly granularity: string; readonly excess: number; readonly dependencies: number }[];
}

const bulkhead = (...words: readonly string[]): Ran => ran(words, { cwd: dir, env: { ...process.env, BULKHEAD_DATA: join(dir, "data") } });

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "bulkhead-recommend-"));
  bulkhead("inventory", "import", join(shop, "inventory.csv"), "--source", "cmdb");
  bulkhead("ingest", join(shop, "recording/core-router.pcap"));
}, 300_000);
afterAll(() => rmSync(dir, { recursive: true, force: true }));

test("what is recommended can be simulated: its evidence is allowed, and what was held out would be denied", { timeout: 300_000 }, () => {
  const made = bulkhead("recommend", "--out", "policy", "--json");
  expect(made.status).toBe(0);
  const { files, heldOut } = JSON.parse(made.stdout) as { files: { path: string }[]; heldOut: { connections: number }[] };
  expect(readdirSync(join(dir, "policy")).sort()).toEqual(files.map(({ path }) => path).sort());
  const simulated = bulkhead("simulate", "policy", "--json");
  const { totals } = JSON.parse(simulated.stdout) as { totals: Record<string, { connections: number } | null> };
  expect([simulated.status, totals["unknown"], totals["open"]]).toEqual([1, null, null]);
  expect(totals["denied"]?.connections).toBe(heldOut.reduce((sum, { connections }) => sum + connections, 0));
});

test("what is recommended for a scope denies nothing that was seen but what it says it holds out", { timeout: 300_000 }, () => {
  for (const scope of ["app=shop,env=prod", "app=billing,env=prod"]) {
    const { heldOut } = JSON.parse(bulkhead("recommend", "--scope", scope, "--out", scope, "--json").stdout) as { heldOut: { connections: number }[] };
    const { totals } = JSON.parse(bulkhead("simulate", scope, "--json").stdout) as { totals: Record<string, { connections: number } | null> };
    expect(totals["denied"]?.connections ?? 0).toBe(heldOut.reduce((sum, { connections }) => sum + connections, 0));
    expect(totals["allowed"]?.connections).toBeGreaterThan(0);
  }
  expect(bulkhead("recommend", "--scope", "app=shop,env=prod").stdout).toContain(
    "only what touches app=shop,env=prod is proposed; everything else stays as it is",
  );
});

test("recommend overwrites nothing, writes one segment when one is asked for, and says when nothing was seen", { timeout: 300_000 }, () => {
  expect(bulkhead("recommend", "--out", "here").status).toBe(0);
  expect(bulkhead("recommend", "--out", "here")).toMatchObject({ status: 1, stderr: expect.stringContaining("nothing was written") });
  const one = JSON.parse(bulkhead("recommend", "--scope", "app=shop,env=dev", "--json").stdout) as { files: { path: string }[] };
  expect(one.files.map(({ path }) => path).filter((path) => !/^(zones|conduits|common)\.yaml$/.test(path))).toEqual(["shop-dev.yaml"]);
  expect(bulkhead("recommend", "--until", "2001-01-01")).toMatchObject({ status: 2, stderr: expect.stringContaining("next: ") });
  expect(bulkhead("recommend", "--scope", "nonsense").status).toBe(2);
  expect(bulkhead("recommend", "--scope", "app=nope")).toMatchObject({
    status: 2,
    stdout: "",
    stderr: expect.stringMatching(/no segment has the labels app=nope\n {2}next: there are .*app=billing,env=prod/) as string,
  });
});

test("simulate ends with 2 where nothing would be denied of what a day told, and where nothing can be told", { timeout: 300_000 }, () => {
  mkdirSync(join(dir, "open"));
  writeFileSync(join(dir, "open", "zones.yaml"), "labels: { app: {} }\n");
  const open = bulkhead("simulate", "open");
  expect([open.status, open.stdout]).toEqual([2, expect.stringContaining("open, nobody guards it   426 / 426")]);
  expect(bulkhead("simulate", "open", "--until", "2001-01-01").status).toBe(2);
  expect(bulkhead("simulate", "nowhere").status).toBe(2);
});

test("a policy can be judged by days that it was not learned from, and granularities by what each would cost", { timeout: 300_000 }, () => {
  const whole = JSON.parse(bulkhead("recommend", "--train", "10%", "--json").stdout) as {
    later: { learnedUntil: string; dependencies: number; denied: { from: string; last: string; records: string }[] };
  };
  const { later } = whole;
  expect(later.dependencies).toBeGreaterThan(later.denied.length);
  expect(later.denied.length).toBeGreaterThan(0);
  const within = JSON.parse(bulkhead("recommend", "--train", "10%", "--scope", "app=billing,env=prod", "--json").stdout) as typeof whole;
  expect([within.later.dependencies > 0, within.later.dependencies < later.dependencies]).toEqual([true, true]);
  const [costs] = (JSON.parse(bulkhead("recommend", "--frontier", "--train", "10%", "--scope", "app=billing,env=prod", "--json").stdout) as Costs).frontier;
  expect(costs!.dependencies).toBe(within.later.dependencies);
  // The way to the records of a denial works as it stands, and ends at the last of them.
  const { records, last: ended } = later.denied[0]!;
  const listed = bulkhead(...records.split(" ").slice(1), "--json")
    .stdout.trimEnd()
    .split("\n");
  expect(listed.map((line) => (JSON.parse(line) as { last: string }).last)).toContain(ended);
  for (const { last } of later.denied) expect(last >= later.learnedUntil).toBe(true);
  const { frontier } = JSON.parse(bulkhead("recommend", "--frontier", "--json").stdout) as Costs;
  expect(frontier.map(({ granularity }) => granularity)).toEqual(["app", "role", "workload"]);
  expect(frontier[0]!.excess).toBeGreaterThan(frontier[2]!.excess);
  // What is denied has a heading, and the two figures of one word say what each leaves out.
  const spoken = bulkhead("recommend", "--train", "10%", "--out", "early").stdout;
  expect(spoken).toMatch(
    /\nwhat looks like a scan, [^\n]* `bulkhead simulate --train` counts it, too\nwould have been denied, the most connections first:\n {2}\S+ -> /,
  );
  expect(bulkhead("simulate", "early", "--train", "10%").stdout).toMatch(
    /\nCounted here are all connections; `bulkhead recommend --train` leaves out [^\n]+\n$/,
  );
  expect(bulkhead("recommend", "--frontier").stdout).toMatch(/^granularity +rules +opened unseen +denied later +of connections\napp /);
  expect(bulkhead("recommend", "--granularity", "workload")).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("no label names single machines") as string,
  });
  expect(bulkhead("recommend", "--granularity", "process")).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("no rule is proposed by process") as string,
  });
  expect(bulkhead("recommend", "--train", "7")).toMatchObject({ status: 2, stderr: expect.stringContaining("write 70%") as string });
});
