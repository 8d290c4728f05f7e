import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { frontNames } from "@bulkhead/core/report/front-matter";
import { type Ran, ran } from "../testing/ran.ts";

const shop = fileURLToPath(new URL("../../../../examples/shop/", import.meta.url));
let dir = "";
const bulkhead = (...words: readonly string[]): Ran => ran(words, { cwd: dir, env: { PATH: process.env["PATH"] } });

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "bulkhead-report-"));
  bulkhead("inventory", "import", join(shop, "inventory.csv"), "--source", "cmdb");
  bulkhead("ingest", join(shop, "recording"));
}, 120_000);
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const report = (out: string, ...more: readonly string[]) => bulkhead("report", "architecture", "--out", out, "--at", "2026-11-25T12:00:00Z", ...more);

test("a report is a page, JSON and a table for each table, and its records can be listed", { timeout: 120_000 }, () => {
  writeFileSync(join(dir, "front.json"), '{ "agency": "Agency of Ships" }');
  expect(report("one", "--front", "front.json").status).toBe(0);
  expect(readFileSync(join(dir, "one", "index.html"), "utf8")).toContain("Agency of Ships");
  expect(readdirSync(join(dir, "one", "tables"))).toContain("table-d.csv");
  // Tagged, so that it can be read aloud; the names of its structure are not compressed away.
  const pdf = readFileSync(join(dir, "one", "report.pdf"), "latin1");
  expect([pdf.startsWith("%PDF-1.7"), pdf.includes("/StructTreeRoot"), pdf.includes("pdfuaid")]).toEqual([true, true, true]);
  expect(report("less", "--no-pdf").status).toBe(0);
  expect(existsSync(join(dir, "less", "report.pdf"))).toBe(false);
  const command = /"?(bulkhead flows [^,"\r]+)/.exec(readFileSync(join(dir, "one", "tables", "dependencies.csv"), "utf8"))![1]!;
  const listed = bulkhead(...command.split(" ").slice(1), "--json");
  expect([listed.status, listed.stdout.split("\n").length > 1]).toEqual([0, true]);
});

test("the same snapshot gives the same bytes, and replay says so, also after more was ingested", { timeout: 120_000 }, () => {
  report("two");
  report("three");
  expect(readFileSync(join(dir, "two", "record.json"), "utf8")).toBe(readFileSync(join(dir, "three", "record.json"), "utf8"));
  writeFileSync(join(dir, "vpc.log"), "2 123456789010 eni-1 10.20.1.11 10.20.3.51 40123 5432 6 10 840 1764057600 1764057660 ACCEPT OK\n");
  expect(bulkhead("ingest", "vpc.log").status).toBe(0);
  const replayed = bulkhead("replay", "two/record.json", "--out", "again");
  expect([replayed.status, replayed.stderr, replayed.stdout]).toEqual([0, "", expect.stringMatching(/^the same bytes: \d+ files/)]);
  // The directory of a report stands for the record in it.
  expect(bulkhead("replay", "two").stdout).toBe(replayed.stdout);
  expect(bulkhead("replay", "again")).toMatchObject({ status: 2, stderr: expect.stringContaining("there is no file again/record.json") as string });
  expect(readFileSync(join(dir, "again", "index.html"))).toEqual(readFileSync(join(dir, "two", "index.html")));
  // The control: the report of today is another.
  report("four");
  expect(readFileSync(join(dir, "four", "record.json"), "utf8")).not.toBe(readFileSync(join(dir, "two", "record.json"), "utf8"));
});

test("what differs is named, and inputs that are damaged or gone are no proof of anything", { timeout: 120_000 }, () => {
  report("five");
  const path = join(dir, "five", "record.json");
  const text = readFileSync(path, "utf8");
  const record = JSON.parse(text) as { inputs: { digest: string }; outputs: Record<string, string> };
  writeFileSync(path, JSON.stringify({ ...record, outputs: { ...record.outputs, "report.json": "0" } }));
  expect(bulkhead("replay", "five/record.json")).toMatchObject({ status: 1, stdout: expect.stringContaining("1 file of") as string });
  writeFileSync(path, text);
  const inputs = join(dir, ".bulkhead", "records", `${record.inputs.digest}.jsonl.gz`);
  const whole = readFileSync(inputs);
  writeFileSync(inputs, gzipSync(gunzipSync(whole).toString("utf8").replace("web-1", "web-9")));
  expect(bulkhead("replay", "five/record.json")).toMatchObject({ status: 2, stderr: expect.stringContaining("not what their digest says") as string });
  writeFileSync(inputs, whole.subarray(0, 200));
  expect(bulkhead("replay", "five/record.json")).toMatchObject({ status: 2, stderr: expect.stringContaining("are damaged") as string });
  rmSync(inputs);
  expect(bulkhead("replay", "five/record.json")).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("next: a record whose inputs are gone") as string,
  });
  writeFileSync(inputs, whole);
  expect(bulkhead("replay", "five/record.json").status).toBe(0);
});

test("replay looks at the files beside the record too: what was changed, taken away or put there is named", { timeout: 120_000 }, () => {
  report("six");
  expect(bulkhead("replay", "six/record.json").status).toBe(0);
  const page = join(dir, "six", "index.html");
  writeFileSync(page, readFileSync(page, "utf8").replace("architecture", "archetecture"));
  rmSync(join(dir, "six", "report.pdf"));
  writeFileSync(join(dir, "six", "tables", "more.csv"), "a,b\r\n");
  const { status, stdout } = bulkhead("replay", "six/record.json");
  expect([status, stdout.split("\n").slice(1)]).toEqual([
    1,
    ["what lies beside the record is not:", "index.html has changed since", "report.pdf is gone since", "tables/more.csv is new since", ""],
  ]);
  expect(JSON.parse(bulkhead("replay", "six/record.json", "--json").stdout)).toMatchObject({ same: false, different: [] });
});

test("a report replaces an earlier one, and nothing that an earlier one did not write", { timeout: 120_000 }, () => {
  report("seven");
  expect([report("seven", "--no-pdf").status, existsSync(join(dir, "seven", "report.pdf"))]).toEqual([0, false]);
  expect(bulkhead("replay", "seven/record.json").status).toBe(0);
  writeFileSync(join(dir, "seven", "mine.txt"), "mine\n");
  const before = readFileSync(join(dir, "seven", "record.json"));
  expect(report("seven", "--since", "2026-11-25T00:00:00Z")).toMatchObject({ status: 1, stderr: expect.stringContaining("already has mine.txt") as string });
  expect(readFileSync(join(dir, "seven", "record.json"))).toEqual(before);
});

test("a name in the front matter that no report has is refused with the one that was meant", { timeout: 120_000 }, () => {
  const front = (text: string) => {
    writeFileSync(join(dir, "typo.json"), text);
    return bulkhead("report", "architecture", "--out", "typo", "--front", "typo.json");
  };
  const { status, stderr } = front('{ "agency": "Dept", "sytem": "x" }');
  expect([status, stderr]).toEqual([2, expect.stringMatching(/typo\.json states `sytem`, which no report has a line for\n.*did you mean `system`\?/)]);
  expect(front('{ "motto": "x" }').stderr).toContain("there is agency, system, FISMA system id");
  expect(existsSync(join(dir, "typo"))).toBe(false);
  // What is asked for stands in the reference.
  const reference = readFileSync(fileURLToPath(new URL("../../../../docs/reference/report.md", import.meta.url)), "utf8");
  for (const name of frontNames) expect(reference).toContain(`\`${name}\``);
});

test("what is no record, no front matter and no place to write is said in one sentence", { timeout: 120_000 }, () => {
  writeFileSync(join(dir, "no.json"), "[1]");
  for (const words of [
    ["replay", "no.json"],
    ["replay", "nowhere.json"],
    ["report", "architecture", "--out", "x", "--front", "no.json"],
    ["report", "architecture", "--out", "no.json/x"],
    ["report", "architecture"],
    ["report", "architecture", "--out", "x", "--data", "nowhere"],
  ]) {
    const { status, stderr } = bulkhead(...words);
    expect([words, status, stderr.trim().split("\n").length <= 3]).toEqual([words, 2, true]);
  }
  expect(existsSync(join(dir, "x"))).toBe(false);
});
