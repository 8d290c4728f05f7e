import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Ran, ran } from "../testing/ran.ts";

const bin = fileURLToPath(new URL("../../bin/bulkhead.js", import.meta.url));
const shop = fileURLToPath(new URL("../../../../examples/shop", import.meta.url));
let dir = "";

/** Runs what people run, away from every data directory but the one it names. */
const bulkhead = (...words: readonly string[]): Ran => ran(words, { cwd: dir, env: { PATH: process.env["PATH"] } });

const at = ["--at", "2026-12-01"];
const zones = `zones:
  - { name: prod, members: { env: prod }, because: customers }
  - { name: office, members: { env: office }, because: staff }
conduits:
  - { name: staff, from: office, to: prod, over: [https], owner: architects, because: work }
`;
const policy = (allow: string): string => `policy: shop
owner: team-shop
scope: { app: shop, env: prod }
allow:
${allow}
`;
const reads = "  - { name: reads, from: { app: web, env: prod }, to: { app: shop, env: prod }, over: [tcp/5432], because: reads }";
const people = (more: readonly object[] = []) =>
  JSON.stringify({
    workloads: [
      { id: "web-1", labels: { app: "web", env: "prod" }, addresses: ["10.0.0.1"] },
      { id: "shop-1", labels: { app: "shop", env: "prod" }, addresses: ["10.0.0.2"] },
      { id: "desk-1", labels: { app: "desk", env: "office" }, addresses: ["10.9.0.1"] },
      ...more,
    ],
  });

function directory(name: string, files: Readonly<Record<string, string>>): string {
  mkdirSync(join(dir, name), { recursive: true });
  for (const [path, text] of Object.entries(files)) writeFileSync(join(dir, name, path), text);
  return name;
}

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "bulkhead-diff-"));
  directory("old", { "zones.yaml": zones, "shop.yaml": policy(reads) });
  directory("new", {
    "zones.yaml": zones,
    "shop.yaml": policy(
      `${reads}\n  - { name: desk, from: { env: office }, to: { app: shop, env: prod }, over: [https, ssh], from-date: 2027-01-01, because: new }`,
    ),
  });
  directory("wider", { "a.yaml": policy(reads.replace("tcp/5432", "tcp/5432-5433")), "b.yaml": zones });
  writeFileSync(join(dir, "people.json"), people());
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

interface Line {
  readonly change: string;
  readonly cause: string;
  readonly from: { readonly parts: readonly string[] };
  readonly to: { readonly parts: readonly string[] };
  readonly over: readonly string[];
  readonly times: readonly object[];
  readonly witness: { readonly question: object; readonly before: { readonly verdict: string }; readonly after: { readonly verdict: string } };
}
const linesOf = (...words: readonly string[]): readonly Line[] =>
  (JSON.parse(bulkhead("diff", ...words, ...at, "--json").stdout) as { readonly lines: readonly Line[] }).lines;

test("a new rule is one line: who, to whom, over what and from when, and only where the architects let it through", () => {
  const { status, stdout } = bulkhead("diff", "old", "new", "--inventory", "people.json", ...at);
  expect(status).toBe(0);
  expect(stdout).toContain("1 gained, 0 lost; compared for 3 workloads and every other address, every service, from 2026-12-01T00:00:00Z on");
  expect(stdout).toContain("  app=desk,env=office (1) → app=shop,env=prod (1)  tcp/443\n      from 2027-01-01T00:00:00Z\n");
  expect(stdout).toContain("pairs of workloads, each with itself among them: ");
  // No conduit carries ssh, so the rule does not open it.
  expect(stdout).not.toContain("tcp/22");
  // And back: what was gained is lost.
  expect(bulkhead("diff", "new", "old", "--inventory", "people.json", ...at).stdout).toContain("0 gained, 1 lost");
});

test("the command below a line, as it stands, explains the answer of now", () => {
  const command = /^ +bulkhead (explain .*)$/m.exec(bulkhead("diff", "old", "new", "--inventory", "people.json", ...at).stdout)![1]!;
  const { status, stdout } = spawnSync("sh", ["-c", `"$0" "$1" ${command}`, process.execPath, bin], { cwd: dir, encoding: "utf8" });
  expect([status, stdout]).toEqual([0, expect.stringContaining("shop/desk")]);
});

test("the witness of a line is a question that `decide` answers otherwise before and after", () => {
  const [line] = linesOf("old", "new", "--inventory", "people.json");
  writeFileSync(join(dir, "question.jsonl"), JSON.stringify(line!.witness.question));
  const verdict = (policyDir: string): string =>
    (JSON.parse(bulkhead("decide", policyDir, "--inventory", "people.json", "--questions", "question.jsonl", "--json").stdout) as { readonly verdict: string })
      .verdict;
  expect([verdict("old"), verdict("new")]).toEqual([line!.witness.before.verdict, line!.witness.after.verdict]);
  expect(verdict("old")).not.toBe(verdict("new"));
});

test("text, names and the order of files make no difference; without an inventory every kind of workload is compared", () => {
  directory("renamed", {
    "a.yaml": `# moved\n${policy(reads).replace("name: reads", "name: other").replace("policy: shop", "policy: store")}`,
    "b.yaml": zones.replace("name: staff,", "name: people,"),
  });
  const { status, stdout } = bulkhead("diff", "old", "renamed", ...at);
  expect([status, stdout]).toEqual([0, expect.stringMatching(/^no difference in access; compared for one workload of each of \d kinds/)]);
  // The control: one port more is a difference.
  expect(linesOf("old", "wider").map(({ change, over }) => [change, over])).toEqual([["gained", ["tcp/5433"]]]);
});

test("growth by rules and growth by people are told apart", () => {
  writeFileSync(join(dir, "more.json"), people([{ id: "web-2", labels: { app: "web", env: "prod" }, addresses: ["10.0.0.3"] }]));
  const lines = linesOf("old", "wider", "--inventory", "more.json", "--inventory-before", "people.json").filter(
    ({ change, witness }) => change === "gained" && JSON.stringify(witness.question).includes('"shop-1"'),
  );
  const found = lines.map(({ from, over, cause }) => `${from.parts.join()} ${over.join()} ${cause}`);
  // A new web: as before by its coming alone, one port more only because of the new rule, too. The old web: by the rule alone.
  expect([...found].sort()).toEqual([
    "1 of 2 of app=web,env=prod (web-1) tcp/5433 rules",
    "1 of 2 of app=web,env=prod (web-2) tcp/5432 population",
    "1 of 2 of app=web,env=prod (web-2) tcp/5433 together",
    "10.0.0.3 (nobody, now web-2) tcp/5432 population",
    "10.0.0.3 (nobody, now web-2) tcp/5433 together",
  ]);
});

test("a stage that points put into force is told apart from what the policy means", () => {
  directory("staged", { "zones.yaml": `${zones}stages: { zones: { prod: { boundary: enforce } } }\n`, "shop.yaml": policy(reads) });
  const lines = linesOf("old", "staged");
  expect(new Set(lines.map(({ change }) => change))).toEqual(new Set(["wire"]));
  expect(lines.every(({ witness }) => witness.before.verdict === "deny" && witness.after.verdict === "deny")).toBe(true);
  // The control: where no point is live, nothing is blocked, and that is said.
  const { stdout } = bulkhead("diff", "old", "staged", "--inventory", "people.json", ...at);
  expect(stdout).toMatch(/^no difference in access; .*\nNo point is live among them/);
});

test("each flag forbids what it says, and nothing else", () => {
  const exit = (...words: readonly string[]) => bulkhead("diff", ...words, "--inventory", "people.json", ...at).status;
  expect([exit("old", "new", "--no-new-access"), exit("new", "old", "--no-new-access")]).toEqual([1, 0]);
  writeFileSync(
    join(dir, "never.yaml"),
    "forbid:\n  - { name: no-desk, from: { zone: office }, to: { app: shop, env: prod }, over: [https], because: never }\n",
  );
  expect([exit("old", "new", "--not-granted", "never.yaml"), exit("new", "old", "--not-granted", "never.yaml")]).toEqual([1, 0]);
  directory("public", {
    "zones.yaml": `${zones}  - { name: all, from: outside, to: prod, over: [https], owner: architects, because: public }\n`,
    "shop.yaml": policy(reads),
  });
  expect([exit("old", "old", "--no-public-access"), exit("old", "public", "--no-public-access")]).toEqual([0, 1]);
});

test("who is claimed by two zones now is said first, and no flag counts as kept", () => {
  directory("torn", { "zones.yaml": zones.replace("env: office", "env: prod"), "shop.yaml": policy(reads) });
  const first = "2 workloads are claimed by `zone/prod` and `zone/office` at once: shop-1, web-1; what they may do cannot be told";
  for (const gate of [[], ["--no-new-access"], ["--not-granted", "never.yaml"], ["--no-public-access"]]) {
    const { status, stdout } = bulkhead("diff", "old", "torn", "--inventory", "people.json", ...at, ...gate);
    expect([status, stdout.split("\n").slice(2, 5)]).toEqual([2, ["", "Could not be told", `  ${first}`]]);
    if (gate.length > 0) expect(stdout).toContain(`${gate.join(" ")}: could not be told`);
  }
  expect(bulkhead("diff", "old", "torn", ...at).status).toBe(2);
  const markdown = bulkhead("diff", "old", "torn", "--inventory", "people.json", ...at, "--markdown", "--no-new-access").stdout;
  expect(markdown.indexOf("Could not be told")).toBeLessThan(markdown.indexOf("**lost**"));
  expect(markdown).toContain("- ❔ `--no-new-access`: could not be told");
  // The control: who was contested already is no change; what a policy grants them still cannot be told.
  const same = (...gate: readonly string[]) => bulkhead("diff", "torn", "torn", "--inventory", "people.json", ...at, ...gate).status;
  expect([same(), same("--no-new-access"), same("--no-public-access")]).toEqual([0, 0, 2]);
});

test("what opens to the internet stands first, under its name", () => {
  const conduit = (name: string, from: string, to: string) =>
    `  - { name: ${name}, from: ${from}, to: ${to}, over: [https], owner: architects, because: public }\n`;
  const open = `${zones}${conduit("in", "outside", "prod")}${conduit("out", "prod", "outside")}`;
  const needs = `${reads}\n  - { name: banks, from: { app: shop, env: prod }, to: { network: internet }, over: [https], because: banks }`;
  directory("guarded", { "zones.yaml": open, "shop.yaml": policy(needs).replace("allow:", "egress: closed\nallow:") });
  directory("unguarded", { "zones.yaml": open });
  const sides = (before: string, after: string): readonly string[] =>
    linesOf(before, after, "--inventory", "people.json")
      .filter(({ change }) => change === "gained")
      .map(({ from, to }) => `${from.parts.join(", ")} → ${to.parts.join(", ")}`);
  expect(sides("guarded", "unguarded")).toEqual([
    "every address that no workload holds, app=desk,env=office (1) → app=shop,env=prod (1)",
    // It had the internet before: what is new is the rest.
    "app=shop,env=prod (1) → every address that no workload holds, except internet",
    "app=shop,env=prod (1) → zone prod (2 workloads)",
    "app=web,env=prod (1) → app=shop,env=prod (1)",
  ]);
  const all = reads.replace("from: { app: web, env: prod }", "from: [{ env: office }, { app: web }, { network: internet }]").replace("tcp/5432", "https");
  directory("wide", { "zones.yaml": open, "shop.yaml": policy(`${reads}\n${all.replace("name: reads", "name: all")}`) });
  directory("narrow", { "zones.yaml": open, "shop.yaml": policy(reads) });
  expect(sides("narrow", "wide")[0]).toBe("internet, app=desk,env=office (1), app=web,env=prod (1) → app=shop,env=prod (1)");
});

test("of more reach that changes than the table shows the rest is counted", () => {
  const many = (count: number): string => {
    const apps = Array.from({ length: count }, (_, at) => `app-${at}`);
    writeFileSync(join(dir, "many.json"), people(apps.map((app) => ({ id: app, labels: { app, env: "prod" } }))));
    const opens = apps.map((app, at) =>
      reads
        .replace("name: reads", `name: ${app}`)
        .replace("app: web", `app: ${app}`)
        .replace("5432", `${7000 + at}`),
    );
    directory("many", { "zones.yaml": zones, "shop.yaml": policy([reads, ...opens].join("\n")) });
    return bulkhead("diff", "old", "many", "--inventory", "many.json", ...at, "--markdown").stdout;
  };
  expect(many(7)).toContain("and 2 more whose reach changes; `--json` lists them.");
  expect(many(5)).not.toContain("whose reach changes");
});

test("a file of what nobody may be granted is refused with its place where it has a mistake", () => {
  writeFileSync(join(dir, "wrong.yaml"), "forbid:\n  - { name: x, from: { zone: nowhere }, to: workloads, because: y }\n");
  const { status, stderr } = bulkhead("diff", "old", "new", "--not-granted", "wrong.yaml", ...at);
  expect([status, stderr]).toEqual([2, expect.stringContaining("wrong.yaml:2:30")]);
  writeFileSync(join(dir, "empty.yaml"), "labels: {}\n");
  expect(bulkhead("diff", "old", "new", "--not-granted", "empty.yaml", ...at)).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("has no `forbid` rules") as string,
  });
  expect(bulkhead("diff", "old", "nowhere", ...at).status).toBe(2);
});

test("names from outside are no markup in a pull request and no control of a terminal", () => {
  const evil = "<img src=x>|[a](http://evil)@all\u001b[31m`";
  writeFileSync(join(dir, "evil.json"), people([{ id: evil, labels: { app: evil, env: "office" } }]));
  const markdown = bulkhead("diff", "old", "new", "--inventory", "evil.json", ...at, "--markdown").stdout;
  const row = markdown.split("\n").find((line) => line.includes("**gained**"))!;
  expect(row.replaceAll(/&#\d+;/g, "")).not.toMatch(/[<>`\u001b@[\]]/);
  expect(row.split("|")).toHaveLength(8);
  expect(bulkhead("diff", "old", "new", "--inventory", "evil.json", ...at).stdout).not.toContain("\u001b");
});

test("recorded flows that a change touches are counted, with their last time, and tests that it turns", () => {
  bulkhead("inventory", "import", join(shop, "inventory.csv"), "--data", "shop data");
  bulkhead("ingest", join(shop, "recording"), "--data", "shop data");
  bulkhead("init", "was", "--data", "shop data");
  const billing = join(dir, "was", "billing-prod.yaml");
  const asks = "tests:\n  - { from: { app: shop, env: dev, role: web }, to: { app: billing, env: prod, role: ledger }, over: postgres, expect: allow }\n";
  writeFileSync(billing, readFileSync(billing, "utf8") + asks);
  cpSync(join(dir, "was"), join(dir, "is"), { recursive: true });
  writeFileSync(join(dir, "is", "billing-prod.yaml"), readFileSync(billing, "utf8").replace(/ {2}- name: shop-dev-web-to-ledger[^]*?because: .*\n/, ""));
  const { stdout } = bulkhead("diff", "was", "is", "--data", "shop data", ...at);
  expect(stdout).toContain(
    "  app=shop,env=dev,role=web → app=billing,env=prod,role=ledger tcp/5432: allow → deny; 3 connections, 3 answered, last 2026-11-25T08:00:28Z",
  );
  expect(stdout).toMatch(/ {2}turned {2}billing-prod\.yaml:\d+ \(of the old policy\): this test expects allow/);
  // The control: after the recording nothing was recorded.
  expect(bulkhead("diff", "was", "is", "--data", "shop data", ...at, "--since", "2026-11-26").stdout).toContain(
    "no flow was recorded since 2026-11-26T00:00:00Z",
  );
});
