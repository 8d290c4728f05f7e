import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Ran, ran } from "../testing/ran.ts";

let dir = "";

const bulkhead = (...words: readonly string[]): Ran => ran(words, { cwd: dir, env: { ...process.env, BULKHEAD_DATA: join(dir, "data") } });

const dayMs = 86_400_000;
const start = Date.UTC(2026, 2, 2);
const days = 21;
const machines = 12;

/** Connections of three weeks as Zeek writes them: each pair of machines on every so many days, so that some are rare. */
function zeekLog(): string {
  const lines = [
    "#separator \\x09",
    "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration\torig_bytes\tresp_bytes\tconn_state\tmissed_bytes\thistory\torig_pkts\torig_ip_bytes\tresp_pkts\tresp_ip_bytes",
  ];
  for (let at = 0; at < days; at += 1)
    for (let pair = 0; pair < 90; pair += 1) {
      if ((at * 31 + pair * 17) % (1 + (pair % 45)) !== 0) continue;
      const [client, server] = [pair % machines, (pair * 5 + 1) % machines];
      if (client === server) continue;
      const ts = (start + at * dayMs + pair * 60_000) / 1000;
      lines.push(
        `${ts}\tC${at}x${pair}\t10.0.0.${client + 1}\t${40_000 + pair}\t10.0.0.${server + 1}\t${8000 + pair}\ttcp\t-\t1\t100\t200\tSF\t0\tShADadFf\t5\t300\t5\t400`,
      );
    }
  return `${lines.join("\n")}\n`;
}

const inventory = ["id,app,env,role,address", ...Array.from({ length: machines }, (_, at) => `m${at},app${at % 4},prod,role${at},10.0.0.${at + 1}`)].join("\n");

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "bulkhead-completeness-"));
  writeFileSync(join(dir, "inventory.csv"), `${inventory}\n`);
  writeFileSync(join(dir, "conn.log"), zeekLog());
  writeFileSync(join(dir, "calendar.json"), JSON.stringify({ cycles: [{ name: "year \u001b[31mend", kind: "yearly", dates: ["2026-03-24"] }] }));
  bulkhead("inventory", "import", "inventory.csv", "--source", "cmdb");
  bulkhead("ingest", "conn.log");
}, 300_000);
afterAll(() => rmSync(dir, { recursive: true, force: true }));

test("completeness gives eight figures, an estimate with its bounds, and what was said before", { timeout: 120_000 }, () => {
  const { status, stdout } = bulkhead("completeness", "--horizon", "7d", "--json");
  expect(status).toBe(0);
  const answer = JSON.parse(stdout) as {
    readonly figures: readonly { readonly id: string; readonly numerator: number; readonly denominator: number }[];
    readonly unseen: {
      readonly low: number;
      readonly high: number;
      readonly dependencies: number;
      readonly level: number;
      readonly silent: null;
      readonly horizon: string;
    };
    readonly backTest: readonly { readonly from: string; readonly came: number }[];
    readonly until: string;
  };
  expect(answer.figures.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((at) => `DC${at}`));
  expect(answer.figures[0]).toMatchObject({ numerator: machines, denominator: machines });
  expect(answer.unseen).toMatchObject({ horizon: "7d", level: 0.9, silent: null });
  expect(answer.unseen.low).toBeLessThanOrEqual(answer.unseen.dependencies);
  expect(answer.unseen.dependencies).toBeLessThanOrEqual(answer.unseen.high);
  expect(answer.until).toBe("2026-03-23");
  expect(answer.backTest.at(-1)).toMatchObject({ from: "2026-03-16" });
  const text = bulkhead("completeness").stdout;
  expect(text).toContain("In the next 7 days about");
  expect(text).toMatch(/2026-03-16 {2}\d+ to \d+ +\d+ came +(in|out)side/);
});

test("what nobody can tell is said in words, and what a file says is made safe", { timeout: 120_000 }, () => {
  const unseen = (...words: readonly string[]): unknown => (JSON.parse(bulkhead("completeness", "--json", ...words).stdout) as { unseen: unknown }).unseen;
  expect(unseen("--until", "2026-03-12")).toMatchObject({
    dependencies: null,
    low: null,
    high: null,
    silent: expect.stringContaining("10 days were watched") as string,
  });
  expect(unseen("--horizon", "30d")).toMatchObject({ silent: expect.stringContaining("longer than the 21 days") as string });
  expect(unseen("--calendar", "calendar.json")).toMatchObject({ silent: expect.stringContaining("was never watched") as string });
  const text = bulkhead("completeness", "--calendar", "calendar.json").stdout;
  expect(text).toContain("no estimate of what is still to come");
  expect(text).not.toContain("\u001b");
});

test("a scope is what these workloads have or need, and one that nobody has is refused", { timeout: 120_000 }, () => {
  const known = (...words: readonly string[]): number => (JSON.parse(bulkhead("completeness", "--json", ...words).stdout) as { known: number }).known;
  expect(known("--scope", "app=app1")).toBeGreaterThan(0);
  expect(known("--scope", "app=app1")).toBeLessThan(known());
  expect(bulkhead("completeness", "--scope", "app=nope")).toMatchObject({
    status: 2,
    stdout: "",
    stderr: expect.stringContaining("`app` is app0, app1") as string,
  });
});

test("an owner's confirmation counts as long as the map says what was confirmed", { timeout: 120_000 }, () => {
  const confirmed = (): unknown => (JSON.parse(bulkhead("completeness", "--json").stdout) as { figures: unknown[] }).figures[6];
  expect(confirmed()).toMatchObject({ id: "DC7", numerator: 0, denominator: 4, unknown: 0 });
  expect(bulkhead("inventory", "confirm", "app1", "--by", "owner").status).toBe(0);
  expect(confirmed()).toMatchObject({ numerator: 1, denominator: 4, unknown: 0 });
  // Positive control: what came since was not confirmed.
  writeFileSync(
    join(dir, "later.log"),
    zeekLog()
      .replace(/^(?!#).*$/gm, "")
      .trimEnd() + `\n${(start + 20.5 * dayMs) / 1000}\tCnew\t10.0.0.2\t50000\t10.0.0.3\t4444\ttcp\t-\t1\t100\t200\tSF\t0\tShADadFf\t5\t300\t5\t400\n`,
  );
  expect(bulkhead("ingest", "later.log").status).toBe(0);
  expect(confirmed()).toMatchObject({ numerator: 0, denominator: 4, unknown: 1 });
});

test("what was declared is held against what was seen", { timeout: 120_000 }, () => {
  const declared = (): unknown => (JSON.parse(bulkhead("completeness", "--json").stdout) as { declared: unknown }).declared;
  expect(declared()).toBeNull();
  writeFileSync(join(dir, "declared.csv"), "client,server,service\nid:m0,id:m1,tcp/8000\nid:m0,id:m1,tcp/1\n");
  expect(bulkhead("declared", "import", "declared.csv")).toMatchObject({ status: 0 });
  expect(declared()).toMatchObject({ both: 1, declaredOnly: 1 });
  expect(bulkhead("completeness").stdout).toMatch(/between workloads: 1 seen and declared, \d+ seen only, 1 declared only/);
});

test("the page is written where it is asked for, and nowhere else", { timeout: 120_000 }, () => {
  expect(bulkhead("completeness", "--html", "page.html")).toMatchObject({
    status: 0,
    stdout: "",
    stderr: expect.stringContaining("page.html: open it") as string,
  });
  expect(readFileSync(join(dir, "page.html"), "utf8")).toContain("What is still to come");
  expect(bulkhead("completeness", "--html", "no/such/page.html")).toMatchObject({ status: 2, stderr: expect.stringContaining("cannot be written") as string });
  expect(bulkhead("completeness", "--html", "page.html", "--json")).toMatchObject({ status: 2, stdout: "" });
});

test("a horizon, a calendar and a time that say nothing are refused with what to write", { timeout: 120_000 }, () => {
  for (const words of [
    ["--horizon", "soon"],
    ["--horizon", "0d"],
    ["--horizon", "9999d"],
    ["--scope", "nonsense"],
    ["--calendar", "nowhere.json"],
  ])
    expect(bulkhead("completeness", ...words), words.join(" ")).toMatchObject({ status: 2, stdout: "" });
  writeFileSync(join(dir, "wrong.json"), JSON.stringify({ cycles: [{ name: "x", dates: ["2026-02-31"] }] }));
  expect(bulkhead("completeness", "--calendar", "wrong.json")).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("`2026-02-31` of cycle 1 is no day") as string,
  });
  expect(bulkhead("completeness", "--until", "2001-01-01")).toMatchObject({ status: 2, stderr: expect.stringContaining("nothing can be told") as string });
});

test("captures of scattered years: it says which days count, what lies before them, and how to look there", { timeout: 120_000 }, () => {
  const ten = 10 * 366 * 86_400;
  const old = zeekLog().replaceAll(/^(\d+)(?=\tC)/gm, (ts) => String(Number(ts) - ten));
  writeFileSync(join(dir, "old.log"), old);
  expect(bulkhead("ingest", "conn.log", "--data", "years").status).toBe(0);
  expect(bulkhead("completeness", "--data", "years").stdout).not.toContain("before them");
  expect(JSON.parse(bulkhead("completeness", "--data", "years", "--json").stdout)).toMatchObject({ before: null });
  expect(bulkhead("ingest", "old.log", "--data", "years").status).toBe(0);
  const records = old.split("\n").filter((line) => /^\d/.test(line)).length;
  const [, before = "", until = ""] =
    /^(only the last 400 days count; before them: .* \(`--until (.*)` looks at that time\))$/m.exec(bulkhead("completeness", "--data", "years").stdout) ?? [];
  expect(before).toContain(`${records} records of 2016-02-23 until 2016-03-14 (`);
  expect(JSON.parse(bulkhead("completeness", "--data", "years", "--json").stdout)).toMatchObject({ before: { records } });
  expect(bulkhead("completeness", "--data", "years", "--until", until).stdout).toContain(`from 2016-02-23 until ${until}`);
});
