import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Ran, ran } from "../testing/ran.ts";

const bin = fileURLToPath(new URL("../../bin/bulkhead.js", import.meta.url));
const shop = fileURLToPath(new URL("../../../../examples/shop/", import.meta.url));
const zones = `
zones:
  - { name: prod, members: { env: prod }, because: customers depend on it }
  - { name: dev, members: { env: dev }, because: experiments }
conduits:
  - { name: customers, from: outside, to: prod, over: https, owner: architects, because: the shop is public }
`;
let dir = "";
const bulkhead = (...words: readonly string[]): Ran => ran(words, { cwd: dir, env: { PATH: process.env["PATH"] } });
const register = (out: string, ...more: readonly string[]) => bulkhead("report", "register", "policy", "--out", out, "--at", "2026-11-26T12:00:00Z", ...more);
const textOf = (...path: readonly string[]): string => readFileSync(join(dir, ...path), "utf8");

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "bulkhead-register-"));
  mkdirSync(join(dir, "policy"));
  writeFileSync(join(dir, "policy", "zones.yaml"), zones);
  bulkhead("inventory", "import", join(shop, "inventory.csv"), "--source", "cmdb");
  bulkhead("ingest", join(shop, "recording"));
}, 120_000);
afterAll(() => rmSync(dir, { recursive: true, force: true }));

test("the register is a page, JSON, PDF and a table for each table, and its flows carry what was recorded", { timeout: 120_000 }, () => {
  expect(register("one")).toMatchObject({ status: 0, stderr: "" });
  expect(textOf("one", "index.html")).toContain("outside → prod, tcp/443");
  expect(readdirSync(join(dir, "one", "tables"))).toContain("table-r.csv");
  const pdf = readFileSync(join(dir, "one", "report.pdf"), "latin1");
  expect([pdf.startsWith("%PDF-1.7"), pdf.includes("/StructTreeRoot"), pdf.includes("pdfuaid")]).toEqual([true, true, true]);
  const command = /"?(bulkhead flows [^,"\r]+)/.exec(textOf("one", "tables", "violations.csv"))![1]!;
  const listed = bulkhead(...command.split(" ").slice(1), "--json");
  expect([listed.status, listed.stdout.split("\n").length > 1]).toEqual([0, true]);
});

test("replay gives the same bytes after the policy changed and more was ingested, and says what of the policy is another", { timeout: 120_000 }, () => {
  register("two");
  expect(bulkhead("replay", "two/record.json", "--policy", "policy")).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/is that of the record\n$/) as string,
  });
  writeFileSync(join(dir, "policy", "zones.yaml"), zones.replace("https", "ssh"));
  writeFileSync(join(dir, "policy", "more.yaml"), "networks: { lab: 10.9.0.0/16 }\n");
  writeFileSync(join(dir, "vpc.log"), "2 123456789010 eni-1 10.20.1.11 10.20.3.51 40123 5432 6 10 840 1764057600 1764057660 ACCEPT OK\n");
  bulkhead("ingest", "vpc.log");
  expect(bulkhead("replay", "two/record.json", "--out", "again")).toMatchObject({
    status: 0,
    stderr: "",
    stdout: expect.stringMatching(/^the same bytes/) as string,
  });
  expect(readFileSync(join(dir, "again", "index.html"))).toEqual(readFileSync(join(dir, "two", "index.html")));
  const { status, stdout } = bulkhead("replay", "two/record.json", "--policy", "policy");
  expect([status, stdout.split("\n").slice(1, 3)]).toEqual([1, ["more.yaml is new since", "zones.yaml has changed since"]]);
  // The control: the register of today is another.
  register("three");
  expect(textOf("three", "record.json")).not.toBe(textOf("two", "record.json"));
  rmSync(join(dir, "policy", "more.yaml"));
  writeFileSync(join(dir, "policy", "zones.yaml"), zones);
});

test("the register counts what simulate counts, though rules start and end within the time", { timeout: 120_000 }, () => {
  const data = ["--data", join(dir, "dated")];
  mkdirSync(join(dir, "dated-policy"));
  writeFileSync(join(dir, "dated-policy", "zones.yaml"), zones.replace("over: https", "from-date: 2026-10-10, until: 2026-10-20, over: https"));
  // Thirty customers on thirty days, one before noon of each.
  const lines = Array.from({ length: 30 }, (_, at) => {
    const begun = Date.UTC(2026, 9, 5 + at, 10) / 1000;
    return `2 123456789010 eni-1 203.0.113.9 10.20.1.11 ${40_000 + at} 443 6 10 840 ${begun} ${begun + 60} ACCEPT OK`;
  });
  writeFileSync(join(dir, "dated.log"), `${lines.join("\n")}\n`);
  writeFileSync(join(dir, "dated.csv"), "id,address,app,env,role\nweb,10.20.1.11,shop,prod,web\n");
  bulkhead("inventory", "import", "dated.csv", ...data);
  bulkhead("ingest", "dated.log", ...data);
  bulkhead("report", "register", "dated-policy", "--out", "dated-out", "--no-pdf", ...data);
  const counts = textOf("dated-out", "tables", "counts.csv");
  const { totals } = JSON.parse(bulkhead("simulate", "dated-policy", "--json", ...data).stdout) as { totals: Record<string, { connections: number } | null> };
  expect([totals["allowed"]?.connections, totals["denied"]?.connections, totals["unknown"]]).toEqual([11, 19, null]);
  expect(counts).toContain("of them between zones by a named flow,11\r\nof them denied by the policy,19\r\nof them of which nobody can tell,0\r\n");
  expect(textOf("dated-out", "tables", "unregistered.csv")).toContain("outside,prod,tcp/443,1,19,");
});

test("the register with a change log, then without, leaves no table of the first; a forged page is found", { timeout: 120_000 }, () => {
  register("six", "--since-policy", "policy", "--no-pdf");
  expect(existsSync(join(dir, "six", "tables", "changes.csv"))).toBe(true);
  register("six", "--no-pdf");
  expect(existsSync(join(dir, "six", "tables", "changes.csv"))).toBe(false);
  expect(bulkhead("replay", "six/record.json").status).toBe(0);
  writeFileSync(join(dir, "six", "index.html"), textOf("six", "index.html").replaceAll("denied", "allowed"));
  expect(bulkhead("replay", "six/record.json")).toMatchObject({ status: 1, stdout: expect.stringContaining("index.html has changed since") as string });
});

test("without a recording and without an inventory there is a register of the policy, and what it lacks is said", { timeout: 120_000 }, () => {
  const { status, stderr } = register("four", "--inventory", join(shop, "inventory.json"), "--no-pdf");
  expect([status, stderr.split("\n").length]).toEqual([2, 2]);
  expect(textOf("four", "index.html")).toContain("No conversation was ingested for this time.");
  mkdirSync(join(dir, "empty"));
  const alone = spawnSync(process.execPath, [bin, "report", "register", "../policy", "--out", "out", "--no-pdf"], {
    cwd: join(dir, "empty"),
    encoding: "utf8",
  });
  expect(alone.status).toBe(2);
  expect(readFileSync(join(dir, "empty", "out", "index.html"), "utf8")).toContain("one workload of every kind");
  expect(spawnSync(process.execPath, [bin, "replay", "out/record.json"], { cwd: join(dir, "empty"), encoding: "utf8" }).status).toBe(0);
});

test("a policy with mistakes, an earlier one that is not there and a directory without policy write nothing", { timeout: 120_000 }, () => {
  mkdirSync(join(dir, "wrong"));
  writeFileSync(join(dir, "wrong", "zones.yaml"), "zones: [{ name: prod }]\n");
  expect(bulkhead("report", "register", "wrong", "--out", "x")).toMatchObject({ status: 1, stdout: expect.stringContaining("missing-key") as string });
  for (const words of [
    ["report", "register", "policy", "--out", "x", "--since-policy", "nowhere"],
    ["report", "register", "policy", "--out", "x", "--data", "nowhere"],
    ["report", "register", "one/tables", "--out", "x"],
    ["report", "register", "nowhere", "--out", "x"],
    ["report", "register", "--out", "x"],
    ["replay", "one/record.json", "--policy", "nowhere"],
  ]) {
    const { status, stderr } = bulkhead(...words);
    expect([words, status, stderr.trim().split("\n").length <= 3]).toEqual([words, 2, true]);
  }
  expect(existsSync(join(dir, "x"))).toBe(false);
});
