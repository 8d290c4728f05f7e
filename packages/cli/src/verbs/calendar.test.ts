import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Ran, ran } from "../testing/ran.ts";

let dir = "";

const bulkhead = (...words: readonly string[]): Ran => ran(words, { cwd: dir, env: { ...process.env, BULKHEAD_DATA: join(dir, "data") } });

const dayMs = 86_400_000;
// 2026-03-02, a Monday.
const start = Date.UTC(2026, 2, 2);
const days = 56;
const [batch, seldom] = [8001, 7000];

/** Eight weeks as Zeek writes them: a batch on Tuesdays at 02:00, a service on every day, one that comes as it likes, and one that came once, on the first day. */
function zeekLog(batches = days): string {
  const lines = [
    "#separator \\x09",
    "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration\torig_bytes\tresp_bytes\tconn_state",
  ];
  const add = (at: number, hour: number, port: number): void => {
    lines.push(`${(start + at * dayMs + hour * 3_600_000) / 1000}\tC${at}x${port}\t10.0.0.1\t${40_000 + at}\t10.0.0.2\t${port}\ttcp\t-\t1\t100\t200\tSF`);
  };
  add(0, 5, seldom);
  for (let at = 0; at < days; at += 1) {
    if (at % 7 === 1 && at < batches) add(at, 2, batch);
    add(at, (at * 5) % 24, 443);
    if ((at * at) % 11 === 3) add(at, 9, 9000);
  }
  return `${lines.join("\n")}\n`;
}

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "bulkhead-calendar-"));
  writeFileSync(join(dir, "inventory.csv"), "id,app,env,role,address\nweb,shop,prod,web,10.0.0.1\ndb,shop,prod,db,10.0.0.2\n");
  writeFileSync(join(dir, "conn.log"), zeekLog());
  writeFileSync(
    join(dir, "calendar.json"),
    JSON.stringify({
      cycles: [
        { name: "drill \u001b[31m", kind: "irregular", dates: ["2026-03-20"] },
        { name: "patches", kind: "patch-day", every: "second tuesday" },
      ],
    }),
  );
  bulkhead("inventory", "import", "inventory.csv", "--source", "cmdb");
  bulkhead("ingest", "conn.log");
}, 300_000);
afterAll(() => rmSync(dir, { recursive: true, force: true }));

interface Told {
  readonly rhythms: readonly { readonly service: string; readonly kind: string; readonly rule: string | null }[];
  readonly events: readonly { readonly name: string; readonly state: string; readonly by: string | null; readonly recorded: readonly string[] }[];
}

const told = (): Told => JSON.parse(bulkhead("calendar", "--json").stdout) as Told;

test("calendar names the rhythm of each dependency, when it comes next, and at which hour", () => {
  expect(told().rhythms).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        service: "tcp/8001",
        kind: "weekly",
        rule: "every Tuesday",
        seen: expect.objectContaining({ times: 8, of: 8 }) as unknown,
        hours: { from: 2, until: 3 },
        next: "2026-04-28",
        overdue: null,
      }),
      expect.objectContaining({ service: "tcp/443", kind: "continuous" }),
      expect.objectContaining({ service: "tcp/9000", kind: "irregular", rule: null }),
    ]),
  );
  const { status, stdout } = bulkhead("calendar");
  expect([status, stdout.includes("every Tuesday (1); next 2026-04-28"), stdout.includes("8 of 8  02:00 to 03:00")]).toEqual([0, true, true]);
});

test("what is overdue says when it was seen last, and what was missed since", () => {
  writeFileSync(join(dir, "late.log"), zeekLog(50));
  writeFileSync(join(dir, "later.log"), zeekLog(43));
  for (const [log, words] of [
    ["late.log", "7 of 7; last seen 2026-04-14; 2026-04-21 was missed"],
    ["later.log", "6 of 6; last seen 2026-04-07; 2 missed since 2026-04-14"],
  ] as const) {
    const data = ["--data", join(dir, log.replace(".log", ""))];
    bulkhead("ingest", log, ...data);
    expect(bulkhead("calendar", ...data).stdout).toContain(words);
  }
});

test("events without dates are imported, and it is said that nobody can look for them", () => {
  const cycles = [
    { name: "batch", kind: "weekly", rule: "each has its own weekday" },
    { name: "year end", dates: ["2026-12-31"] },
    { name: "patches", every: "friday" },
  ];
  writeFileSync(join(dir, "ruled.json"), JSON.stringify({ cycles }));
  const { stdout, stderr } = bulkhead("calendar", "import", "ruled.json", "--data", join(dir, "ruled"));
  expect(stdout).toBe("3 events declared, 0 stood so already\n");
  expect(stderr).toBe("2 with dates, 1 without, which nobody can look for: only `dates` and `every` are read, no `rule`\n");
});

test("an import says how many events it replaces, and whose they were", () => {
  const data = ["--data", join(dir, "replaced")];
  bulkhead("calendar", "declare", "patches", "--kind", "patch-day", "--every", "friday", "--because", "the board said so", "--by", "Ann", ...data);
  const { status, stdout } = bulkhead("calendar", "import", "calendar.json", "--by", "Bob", ...data);
  expect([status, stdout]).toEqual([
    0,
    "2 events declared, 1 of them in place of one that stood, 0 stood so already\nno longer stands:\npatches (patch-day): every friday; Ann: the board said so\n",
  ]);
  const declared = bulkhead("calendar", "declare", "patches", "--kind", "patch-day", "--every", "friday", "--because", "again", "--by", "Ann", ...data);
  expect(declared.stdout).toContain("no longer stands: patches (patch-day): every second tuesday; Bob\n");
  // The control: what nobody declared before replaces nothing.
  expect(bulkhead("calendar", "import", "calendar.json", "--data", join(dir, "fresh")).stdout).toBe("2 events declared, 0 stood so already\n");
});

test("events are declared with who, when and why, imported once, withdrawn, and nothing of it is lost", () => {
  const declare = ["calendar", "declare", "quarter end", "--kind", "quarter-end", "--every", "last working day of the quarter"];
  expect(bulkhead(...declare, "--because", "finance says so", "--by", "Ann")).toMatchObject({
    status: 0,
    stdout: expect.stringContaining("Ann: finance says so") as string,
  });
  expect(bulkhead("calendar", "import", "calendar.json").stdout).toBe("2 events declared, 0 stood so already\n");
  expect(bulkhead("calendar", "import", "calendar.json").stderr).toBe("");
  expect(bulkhead("calendar", "import", "calendar.json").stdout).toBe("0 events declared, 2 stood so already\n");
  expect(told().events).toMatchObject([
    { name: "quarter end", state: "recorded", by: "Ann", recorded: ["2026-03-31"] },
    { name: "drill \u001b[31m", state: "recorded" },
    { name: "patches", state: "recorded", recorded: ["2026-03-10", "2026-04-14"] },
  ]);
  expect(bulkhead("calendar").stdout).toContain("drill \\u001b[31m");
  expect(bulkhead("calendar", "withdraw", "patchs").stderr).toContain("did you mean `patches`?");
  expect(bulkhead("calendar", "withdraw", "patches").status).toBe(0);
  expect(told().events.map(({ name }) => name)).not.toContain("patches");
  const lines = readFileSync(join(dir, "data/calendar.jsonl"), "utf8").trimEnd().split("\n");
  expect(lines.map((line) => (JSON.parse(line) as { readonly act: string }).act)).toEqual(["declare", "declare", "declare", "withdraw"]);
});

test("what cannot be looked for is refused in one sentence", () => {
  const declare = (...words: readonly string[]) => bulkhead("calendar", "declare", "audit", "--kind", "audit", "--because", "law", ...words);
  for (const [words, sentence] of [
    [[], "neither dates nor a rule"],
    [["--dates", "2026-02-30"], "`2026-02-30` is no day such as 2026-12-31"],
    [["--every", "blue moon"], "`blue moon` is no rule such as"],
  ] as const)
    expect(declare(...words)).toMatchObject({ status: 2, stderr: expect.stringContaining(sentence) as string });
});

test("an event of a file whose name cannot be read is refused with its place, and one without dates is accepted", () => {
  const cycles = [{ name: "office hours", kind: "weekly", rule: "Monday to Friday" }];
  for (const nameless of [{ nam: "fail over", dates: ["2026-12-31"] }, { name: " " }, "fail over"]) {
    writeFileSync(join(dir, "nameless.json"), JSON.stringify({ cycles: [...cycles, nameless] }));
    const { status, stderr } = bulkhead("completeness", "--calendar", "nameless.json");
    expect([status, stderr]).toEqual([2, expect.stringContaining("nameless.json is no calendar: the name of cycle 2 is missing\n")]);
  }
  writeFileSync(join(dir, "ruled.json"), JSON.stringify({ cycles }));
  expect(bulkhead("completeness", "--calendar", "ruled.json").status).toBe(0);
});

test("completeness, recommend and simulate know the events that are kept, and a calendar that is given instead", { timeout: 60_000 }, () => {
  bulkhead("calendar", "declare", "year end", "--kind", "yearly", "--dates", "2026-05-01", "--because", "it comes");
  const forecast = (...words: readonly string[]): string =>
    (JSON.parse(bulkhead("completeness", "--json", ...words).stdout) as { readonly unseen: { readonly silent: string } }).unseen.silent;
  const missing = (...words: readonly string[]): readonly string[] =>
    (JSON.parse(bulkhead("recommend", "--json", ...words).stdout) as { readonly notYetSeen: readonly string[] }).notYetSeen;
  writeFileSync(join(dir, "other.json"), JSON.stringify({ cycles: [{ name: "audit", kind: "yearly", dates: ["2026-04-30"] }] }));
  expect(missing()).toEqual(["year end"]);
  // What came once, eight weeks ago, is needed as much as what came today.
  expect(bulkhead("recommend", "--json").stdout).toContain(`tcp/${seldom}`);
  expect(missing("--calendar", "other.json")).toEqual(["audit"]);
  expect(forecast()).toContain("4 dependencies are too few");
  expect(bulkhead("recommend", "--out", "policy").stdout).toContain("not yet within what was seen:\n  year end");
  const simulated = bulkhead("simulate", "policy");
  expect(simulated.stdout).toContain("Declared events not seen in this window; what they need was not judged: year end");
  expect(JSON.parse(bulkhead("simulate", "policy", "--json").stdout)).toMatchObject({ unseenEvents: ["year end"] });
  // The control: of a time in which the drill lies, nothing is said of it.
  expect(simulated.stdout).not.toContain("drill");
  expect(bulkhead("simulate", "policy", "--since", "2026-04-01").stdout).toContain("drill");
});

test("an event on a day without a record is not within what was seen, though days before and after are", { timeout: 60_000 }, () => {
  const lines = zeekLog().split("\n");
  const onDays = (...kept: readonly number[]): string =>
    [...lines.slice(0, 2), ...lines.filter((line) => kept.some((at) => line.includes(`\tC${at}x`))), ""].join("\n");
  writeFileSync(join(dir, "gap.log"), onDays(0, 1, 20));
  const data = ["--data", join(dir, "gap")];
  bulkhead("inventory", "import", "inventory.csv", "--source", "cmdb", ...data);
  bulkhead("ingest", "gap.log", ...data);
  const declare = (name: string, date: string): unknown =>
    bulkhead("calendar", "declare", name, "--kind", "release", "--dates", date, "--because", "it comes", ...data);
  declare("in the dark", "2026-03-10");
  declare("in the light", "2026-03-03");
  expect((JSON.parse(bulkhead("recommend", "--json", ...data).stdout) as { readonly notYetSeen: unknown }).notYetSeen).toEqual(["in the dark"]);
});

test("one record whose clock ran ahead moves neither the dates of a rule nor the share of the time that is learned from", { timeout: 60_000 }, () => {
  const data = ["--data", join(dir, "ahead")];
  const [ahead] = zeekLog().split("\n").slice(2);
  writeFileSync(join(dir, "ahead.log"), `${zeekLog()}${ahead!.replace(/^\d+/, String(Date.UTC(2099, 0, 1) / 1000))}\n`);
  bulkhead("inventory", "import", "inventory.csv", "--source", "cmdb", ...data);
  bulkhead("ingest", "ahead.log", ...data);
  bulkhead("calendar", "declare", "batches", "--kind", "weekly", "--every", "tuesday", "--because", "it comes", ...data);
  const made = JSON.parse(bulkhead("recommend", "--train", "70%", "--json", ...data).stdout) as {
    readonly notYetSeen: readonly string[];
    readonly later: { readonly learnedUntil: string };
  };
  expect(made.notYetSeen).toEqual([]);
  expect(Date.parse(made.later.learnedUntil)).toBeLessThan(start + days * dayMs);
});

test("where nothing was ingested the declared events are listed, and nothing is concluded", () => {
  const empty = join(dir, "empty");
  bulkhead("calendar", "declare", "year end", "--kind", "yearly", "--dates", "2099-12-31", "--because", "it comes", "--data", empty);
  const { status, stdout, stderr } = bulkhead("calendar", "--data", empty);
  expect([status, stdout.includes("not yet recorded"), stderr.includes("no conversation was ingested")]).toEqual([2, true, true]);
});
