import { spawn, spawnSync } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Ran, ran } from "../testing/ran.ts";

const bin = fileURLToPath(new URL("../../bin/bulkhead.js", import.meta.url));
let dir = "";

const env = { PATH: process.env["PATH"] };
const bulkhead = (...words: readonly string[]): Ran => ran(words, { cwd: dir, env });

const days = 60;
const start = Date.UTC(2026, 0, 1);
const dayText = (at: number): string => new Date(start + at * 86_400_000).toISOString();
/** A machine that reads a database every day, and somebody who was never allowed to, once. */
const row = (client: string, at: number): string => `${client},10.0.0.2,5432,${dayText(at)}\n`;
const head = "c,s,p,t\n";

/** A data directory with this traffic. */
function ingested(name: string, rows: string, sensors: readonly string[] = []): void {
  writeFileSync(join(dir, `${name}.csv`), head + rows);
  bulkhead("inventory", "import", "inventory.csv", "--data", name);
  expect(bulkhead("ingest", `${name}.csv`, "--mapping", "map.yaml", "--source", "firewall", "--data", name, ...sensors).status).toBe(0);
}

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "bulkhead-simulate-days-"));
  writeFileSync(
    join(dir, "inventory.csv"),
    "id,address,app,env,role\nweb-1,10.0.0.1,shop,prod,web\ndb-1,10.0.0.2,shop,prod,db\npc-1,10.0.0.3,office,prod,pc\n",
  );
  mkdirSync(join(dir, "policy"));
  writeFileSync(join(dir, "map.yaml"), "columns: { client: c, server: s, serverPort: p, first: t }\nprotocol: tcp\n");
  writeFileSync(
    join(dir, "policy", "shop.yaml"),
    "policy: shop\nowner: team\nscope: { app: shop }\nallow:\n  - { name: web-reads, from: { role: web }, to: { role: db }, over: [tcp/5432], because: it does }\n",
  );
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const daily = (first: number, until: number): string => Array.from({ length: until - first }, (_, at) => row("10.0.0.1", first + at)).join("");

test("a segment is safe where all of it was observed; where not, it is unknown, and why is said", () => {
  ingested("whole", daily(0, 21));
  const safe = bulkhead("simulate", "policy", "--data", "whole");
  expect([safe.status, safe.stdout]).toEqual([0, expect.stringMatching(/^safe: [^\n]*\n[^]*By segment\n {2}safe: shop\n\n/)]);
  ingested("dark", daily(0, 10) + daily(12, 21));
  const dark = bulkhead("simulate", "policy", "--data", "dark");
  expect([dark.status, dark.stdout]).toEqual([2, expect.stringContaining("  unknown: shop\n      on 2 of 21 days no sensor saw anything\n")]);
  ingested("new", daily(0, 21) + row("10.0.0.2", 20).replace("10.0.0.2,5432", "10.0.0.1,80"));
  expect(bulkhead("simulate", "policy", "--data", "new").status).toBe(1);
  writeFileSync(join(dir, "events.json"), JSON.stringify({ cycles: [{ name: "year end", kind: "yearly", dates: ["2026-12-31"] }] }));
  const declared = bulkhead("simulate", "policy", "--data", "whole", "--calendar", "events.json");
  expect([declared.status, declared.stdout]).toEqual([2, expect.stringContaining("      declared and not recorded: year end\n")]);
  const { word, segments } = JSON.parse(bulkhead("simulate", "policy", "--data", "whole", "--since", "2026-01-15", "--json").stdout) as {
    readonly word: string;
    readonly segments: readonly { readonly word: string; readonly incomplete: readonly string[]; readonly sight: { readonly days: number } }[];
  };
  expect([word, segments.map((one) => [one.word, one.incomplete, one.sight.days])]).toEqual(["safe", [["safe", [], 7]]]);
}, 600_000);

test("where a record's clock ran ahead, what was in sight is another on a later day", () => {
  const today = Math.floor((Date.now() - start) / 86_400_000);
  ingested("ahead", daily(today - 20, today + 1) + row("10.0.0.1", today + 60));
  expect(bulkhead("simulate", "policy", "--data", "ahead").stdout).toMatch(/^safe: /);
  const later =
    "const Now = Date; globalThis.Date = class extends Now { constructor(...of) { super(...(of.length ? of : [Date.now()])); } static now() { return Now.now() + 30 * 864e5; } };";
  writeFileSync(join(dir, "later.mjs"), later);
  const words = ["--import", join(dir, "later.mjs"), bin, "simulate", "policy", "--data", "ahead"];
  expect(spawnSync(process.execPath, words, { cwd: dir, encoding: "utf8", env }).stdout).toMatch(/^unknown: /);
}, 600_000);

const pagesIn = (data: string): readonly string[] => {
  const place = join(dir, data, "simulated");
  return existsSync(place) ? readdirSync(place).flatMap((question) => readdirSync(join(place, question)).map((page) => join(place, question, page))) : [];
};

/** Runs a simulation and ends it as soon as some days are kept; what it said then. */
async function ended(data: string, afterDays: number, signal: "SIGKILL" | "SIGINT"): Promise<string> {
  const child = spawn(process.execPath, [bin, "simulate", "policy", "--data", data], { cwd: dir, env, stdio: ["ignore", "ignore", "pipe"] });
  const exited = new Promise((resolve) => child.once("close", resolve));
  let said = "";
  child.stderr.on("data", (part) => (said += String(part)));
  while (pagesIn(data).length < afterDays && child.exitCode === null) await sleep(2);
  child.kill(signal);
  await exited;
  expect(child.signalCode).toBe(signal);
  return said;
}

test("stopped with Ctrl-C, it says that what was judged is kept", async () => {
  ingested("stopped", daily(0, days));
  expect(await ended("stopped", 5, "SIGINT")).toBe("bulkhead: stopped: the days that were judged are kept, and the same command goes on there\n");
  expect(bulkhead("simulate", "policy", "--data", "stopped").stderr).toMatch(/of 60 days \d+ were judged by an earlier run/);
}, 600_000);

test("killed in the middle and run again, it goes on where it was and says the same bytes", async () => {
  ingested("month", daily(0, days) + row("10.0.0.3", 40));
  const simulated = (...words: readonly string[]): Ran => bulkhead("simulate", "policy", "--data", "month", "--json", ...words);
  await ended("month", 5, "SIGKILL");
  const kept = pagesIn("month").filter((path) => !path.includes(".")).length;
  expect(kept).toBeGreaterThanOrEqual(5);
  expect(kept).toBeLessThan(days);
  const again = simulated();
  expect([again.status, again.stderr]).toEqual([1, expect.stringContaining(`of ${days} days ${kept} were judged by an earlier run, ${days - kept} now`)]);
  rmSync(join(dir, "month", "simulated"), { recursive: true });
  const alone = simulated();
  expect(alone.stderr).not.toContain("earlier run");
  expect(again.stdout).toBe(alone.stdout);
  // The same question again reads nothing; one more day, and it alone is read.
  expect(simulated().stderr).toContain(`of ${days} days ${days} were judged by an earlier run, 0 now`);
  writeFileSync(join(dir, "more.csv"), head + row("10.0.0.1", days + 1));
  bulkhead("ingest", "more.csv", "--mapping", "map.yaml", "--source", "firewall", "--data", "month");
  expect(simulated().stderr).toContain(`of ${days + 1} days ${days} were judged by an earlier run, 1 now`);
  // What is damaged is said and judged anew; the answer is the same.
  appendFileSync(pagesIn("month")[7]!, "}");
  const mended = simulated("--until", dayText(days));
  expect([mended.stdout.replace(/"until":"[^"]*",/, ""), mended.stderr]).toEqual([
    alone.stdout.replace(/"until":null,/, ""),
    expect.stringMatching(/is damaged and was thrown away: its day is judged anew/),
  ]);
  // Another policy is another question.
  writeFileSync(join(dir, "policy", "shop.yaml"), "policy: shop\nowner: team\nscope: { app: shop }\nallow: []\n");
  expect(simulated().stderr).not.toContain("earlier run");
}, 600_000);
