import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Ran, ran } from "../testing/ran.ts";

const shop = fileURLToPath(new URL("../../../../examples/shop/", import.meta.url));
let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "bulkhead-lint-"));
  mkdirSync(join(dir, "my policy"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const bulkhead = (...words: readonly string[]): Ran => ran(words, { cwd: dir });

const written = (...rules: readonly string[]): void =>
  writeFileSync(join(dir, "my policy/a.yaml"), `policy: shop\nowner: team\nscope: { app: shop }\nallow:\n${rules.map((one) => `  - ${one}\n`).join("")}`);
const web = "{ name: web, from: { app: web }, to: { app: shop }, over: https, because: orders }";

test("lint ends with 0 where nothing is odd, 1 where something is, and 2 where nothing can be read", () => {
  written(web);
  expect(bulkhead("lint", "my policy")).toMatchObject({ status: 0, stdout: "nothing is odd\n" });
  written(web, web.replace("name: web", "name: again"));
  const odd = bulkhead("lint", "my policy");
  expect([odd.status, odd.stdout]).toEqual([1, expect.stringContaining("warning[duplicate]: `shop/web` and `shop/again` say the same")]);
  expect(odd.stdout).toContain("my policy/a.yaml:5:");
  expect(odd.stdout).toContain("help: keep one of them: no traffic tells them apart");
  expect(bulkhead("lint", "nowhere").status).toBe(2);
  expect(bulkhead("lint", "my policy", "--days", "0").status).toBe(2);
  const { anomalies } = JSON.parse(bulkhead("lint", "my policy", "--json").stdout) as {
    anomalies: readonly { code: string; line: number; others: readonly string[] }[];
  };
  expect(anomalies.map(({ code, line, others }) => [code, line, others])).toEqual([["duplicate", 5, ["shop/again"]]]);
});

interface Sarif {
  readonly version: string;
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string; readonly shortDescription: { readonly text: string } }[] } };
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly level: string;
      readonly locations: readonly {
        readonly physicalLocation: { readonly artifactLocation: { readonly uri: string }; readonly region: Readonly<Record<string, number>> };
      }[];
    }[];
  }[];
}

test("SARIF names each file as a forge finds it in its checkout, and each code once", () => {
  written(web, web.replace("name: web", "name: again"), web.replace("https", "htps").replace("name: web", "name: c"));
  for (const words of [
    ["check", "./my policy", "--sarif"],
    ["lint", "./my policy", "--sarif"],
  ]) {
    const { status, stdout } = bulkhead(...words);
    const { version, runs } = JSON.parse(stdout) as Sarif;
    const { tool, results } = runs[0]!;
    expect([status, version, results.map(({ ruleId, level }) => [ruleId, level])]).toEqual([1, "2.1.0", [["unknown-name", "error"]]]);
    expect(tool.driver.rules).toEqual([{ id: "unknown-name", shortDescription: { text: "A name is declared nowhere" } }]);
    const { artifactLocation, region } = results[0]!.locations[0]!.physicalLocation;
    expect([artifactLocation.uri, region["startLine"]]).toEqual(["my%20policy/a.yaml", 7]);
    expect(region["endColumn"]! - region["startColumn"]!).toBe("htps".length);
  }
  written(web, web.replace("name: web", "name: again"), web.replace("name: web", "name: thrice"));
  const odd = (JSON.parse(bulkhead("lint", join(dir, "my policy"), "--sarif").stdout) as Sarif).runs[0]!;
  expect(odd.results.map(({ ruleId, ruleIndex }) => [ruleId, ruleIndex])).toEqual([
    ["duplicate", 0],
    ["duplicate", 0],
  ]);
  expect(odd.results[0]!.locations[0]!.physicalLocation.artifactLocation.uri).toMatch(/^file:\/\/\/.*my%20policy\/a\.yaml$/);
  // Nothing odd is a log without results, not an empty text.
  written(web);
  expect((JSON.parse(bulkhead("lint", "my policy", "--sarif").stdout) as Sarif).runs[0]!.results).toEqual([]);
});

test("with recorded flows, a rule that nobody used is told, one that somebody used is not, and a wide one says what was used", () => {
  expect(bulkhead("inventory", "import", join(shop, "inventory.json"), "--data", "data").status).toBe(0);
  expect(bulkhead("ingest", join(shop, "recording"), "--data", "data").status).toBe(0);
  writeFileSync(
    join(dir, "my policy/a.yaml"),
    `policy: shop
owner: team
scope: { app: shop, env: prod }
allow:
  - { name: to-cache, from: { app: shop, env: prod, role: api }, to: { app: shop, env: prod, role: cache }, over: tcp/any, because: a }
  - { name: gopher, from: { app: shop, env: prod, role: api }, to: { app: shop, env: prod, role: web }, over: tcp/70, because: b }
`,
  );
  const at = ["--at", "2026-11-26"];
  const { stdout } = bulkhead("lint", "my policy", "--data", "data", "--json", ...at);
  const { anomalies } = JSON.parse(stdout) as { anomalies: readonly { code: string; name: string; message: string }[] };
  expect(anomalies.map(({ code, name }) => `${code} ${name}`)).toEqual(["too-broad shop/to-cache", "never-used shop/gopher"]);
  expect(anomalies[0]!.message).toContain("what was recorded used tcp/6379");
  expect(anomalies[1]!.message).toContain("in the 1 of 90 days");
  // Every command that is printed lists the flows that it promises.
  const help = bulkhead("lint", "my policy", "--data", "data", ...at).stdout.matchAll(/`bulkhead (flows [^`]+)`/g);
  const listed = [...help].map(([, words]) => bulkhead(...words!.split(" ")));
  expect(listed.map(({ status }) => status)).toEqual([0, 1]);
  const rows = listed[0]!.stdout.split("\n").slice(1, -1);
  expect(rows.length).toBeGreaterThan(10);
  for (const row of rows) expect(row).toMatch(/ api-[12] .* cache-1 .* tcp\/6379 /);
  expect(listed[1]!.stderr).toContain("none of 426 records has --service tcp/70 --client app=shop,env=prod,role=api --server app=shop,env=prod,role=web");
  // What was proposed from the same flows is not odd; widened, it is told, and a scan that nobody answered is no use.
  expect(bulkhead("init", "proposed", "--data", "data").status).toBe(0);
  expect(bulkhead("lint", "proposed", "--data", "data", ...at)).toMatchObject({ status: 0, stdout: "nothing is odd\n" });
  const billing = join(dir, "proposed/billing-prod.yaml");
  const collector = "from: { app: monitoring, env: prod, role: collector }\n    to: { app: billing, env: prod, role: ledger }\n    over: [tcp/9100]";
  const proposed = readFileSync(billing, "utf8");
  expect(proposed).toContain(collector);
  writeFileSync(billing, proposed.replace(collector, "from: { env: prod }\n    to: { app: billing, env: prod, role: ledger }\n    over: [tcp/any]"));
  const widened = bulkhead("lint", "proposed", "--data", "data", ...at).stdout;
  expect(widened).toContain("opens 65536 ports; what was recorded used tcp/5432, tcp/9100, tcp/22\n");
  expect(widened).toContain("lets in 10 groups of clients; what was recorded on 1 of 90 days came from 4 of them: ");
  // What a quarter end needs cannot show itself before one came.
  bulkhead("calendar", "declare", "quarter end", "--kind", "quarter-end", "--dates", "2026-12-31", "--because", "finance", "--data", "data");
  const waiting = JSON.parse(bulkhead("lint", "my policy", "--data", "data", "--json", ...at).stdout) as { anomalies: typeof anomalies };
  expect(waiting.anomalies.map(({ code, name }) => `${code} ${name}`)).toEqual(["too-broad shop/to-cache", "untold shop/gopher"]);
  expect(waiting.anomalies[1]!.message).toContain("in none of them came what is declared: quarter end");
  // Before anything was recorded, nothing can be said of use.
  const before = bulkhead("lint", "my policy", "--data", "data", "--at", "2026-11-01");
  expect(before.stdout).not.toContain("never-used");
  expect(before.stderr).toBe("whether a rule was ever used was not told: none of the last 90 days is recorded; --days N looks further back\n");
  expect(bulkhead("lint", "my policy", "--data", "data", ...at).stderr).toBe("");
});

test("of two records in the last 90 days, two days are recorded, however far they lie apart", () => {
  written(web);
  const seen = {
    bulkhead: "flows/1",
    observer: "s",
    client: "10.9.0.1",
    server: "10.9.0.2",
    protocol: 6,
    port: 22,
    opened: 1,
    packetsToServer: 3,
    packetsToClient: 2,
  };
  const lines = ["2026-09-05", "2026-11-25"].map((day) => `${JSON.stringify({ ...seen, from: `${day}T10:00:00Z`, until: `${day}T10:00:10Z` })}\n`);
  writeFileSync(join(dir, "seen.jsonl"), lines.join(""));
  writeFileSync(join(dir, "people.json"), JSON.stringify({ workloads: ["web", "shop"].map((app) => ({ id: app, labels: { app } })) }));
  expect(bulkhead("inventory", "import", "people.json", "--data", "data").status).toBe(0);
  expect(bulkhead("ingest", "seen.jsonl", "--data", "data").status).toBe(0);
  const told = (...words: readonly string[]): string => bulkhead("lint", "my policy", "--data", "data", "--at", "2026-11-26T12:00:00Z", ...words).stdout;
  expect(told()).toContain("`shop/web` decided nothing in the 2 of 90 days that are recorded; what came on the others nobody can tell");
  expect(told("--days", "60")).toContain("in the 1 of 60 days");
});
