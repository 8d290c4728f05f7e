import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Ran, ran } from "../testing/ran.ts";

const attack = fileURLToPath(new URL("../../../../../shared/data/attack-windows-lateral/covenant_copy_smb_CreateRequest/", import.meta.url));
const why = existsSync(attack) ? "" : " (skipped: ../shared/data is not here)";
let dir = "";

/** Runs what people run, away from every data directory but the one it names. */
const bulkhead = (...words: readonly string[]): Ran => ran(words, { cwd: dir, env: { PATH: process.env["PATH"] } });
const reach = (...words: readonly string[]) => bulkhead("reach", ...words, "--at", "2026-12-01", "--inventory", "people.json");

const zones = `zones:
  - { name: prod, members: { env: prod }, because: customers }
  - { name: office, members: { env: office }, because: staff }
conduits:
  - { name: public, from: outside, to: prod, over: [https], owner: architects, because: customers }
  - { name: staff, from: office, to: prod, over: [ssh], owner: architects, because: work }
stages: { segments: { db: { in: enforce } } }
`;
const policy = (app: string, allow: string): string => `policy: ${app}
owner: team-${app}
scope: { app: ${app} }
allow:
${allow}
`;
const rule = (name: string, from: string, to: string, over: string): string =>
  `  - { name: ${name}, from: ${from}, to: { app: ${to} }, over: [${over}], because: work }\n`;
const ledger = rule("api", "{ app: api }", "db", "tcp/5432");
const files = (db: string): Readonly<Record<string, string>> => ({
  "zones.yaml": zones,
  "web.yaml": policy("web", rule("customers", "{ network: internet }", "web", "https")),
  "api.yaml": policy("api", rule("web", "{ app: web }", "api", "tcp/8443")),
  "db.yaml": policy("db", db),
});

function directory(name: string, written: Readonly<Record<string, string>>): void {
  mkdirSync(join(dir, name), { recursive: true });
  for (const [path, text] of Object.entries(written)) writeFileSync(join(dir, name, path), text);
}

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "bulkhead-reach-"));
  directory("old", files(`${ledger}${rule("jump", "{ app: desk }", "db", "ssh")}`));
  directory("new", files(rule("jump", "{ app: desk }", "db", "ssh")));
  const person = (id: string, app: string, env: string, address: string) => ({ id, labels: { app, env }, addresses: [address], point: true });
  const workloads = [
    person("web-1", "web", "prod", "10.0.0.1"),
    person("web-2", "web", "prod", "10.0.0.2"),
    person("api-1", "api", "prod", "10.0.0.3"),
    person("db-1", "db", "prod", "10.0.0.4"),
    person("desk-1", "desk", "office", "10.9.0.1"),
  ];
  writeFileSync(join(dir, "people.json"), JSON.stringify({ workloads }));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

test("each group stands with how many others fall when one of it falls, by any service and by administration", () => {
  const { status, stdout } = reach("old");
  expect(stdout).toContain("allowed  4 / 20 pairs of workloads, 1 by services of administration; 6 in any number of steps");
  expect(stdout).toMatch(/app=web,env=prod +2 +1 +2 +2 +2 +0 +0 +0 +0\n/);
  expect(stdout).toMatch(/app=desk,env=office +1 +1 +1 +1 +1 +1 +1 +1 +1\n/);
  expect(stdout).toMatch(/internet +2 +3 +4 +4 +0 +0 +0 +0\n/);
  expect(stdout).toMatch(/second engine: \d+ verdicts asked again, 0 disagreements/);
  expect(status).toBe(0);
});

test("a draft stands beside it, and only what changes has an arrow", () => {
  const { stdout } = reach("old", "--draft", "new");
  expect(stdout).toMatch(/app=api,env=prod +1 +1→0 +1→0 +1→0 +1→0 /);
  expect(stdout).toMatch(/app=desk,env=office +1 +1 +1 +1 +1 /);
});

test("a way is told step by step, with the rules and where they stand, and makes the exit 1; none makes it 0", () => {
  const { status, stdout } = reach("old", "--from", "internet", "--to", "db-1");
  expect(stdout).toContain("internet: in 3 steps\n");
  expect(stdout).toContain("internet → app=web,env=prod  tcp/443  by conduit/public (old/zones.yaml:5), web/customers (old/web.yaml:5)");
  expect(stdout).toContain("app=api,env=prod → app=db,env=prod  tcp/5432  by db/api (old/db.yaml:5)");
  expect(status).toBe(1);
  const cut = reach("new", "--from", "internet", "--to", "db-1");
  expect(cut.stdout).toContain("No way from internet to db-1");
  expect(cut.status).toBe(0);
  // The last policy is the one that would be.
  expect(reach("old", "--draft", "new", "--from", "internet", "--to", "app=db").status).toBe(0);
});

test("a cut names the fewest steps, the rules under them, and those on every way", () => {
  const { stdout } = reach("old", "--from", "internet", "--to", "app=db", "--cut");
  expect(stdout).toContain("fewest steps: 1\n");
  expect(stdout).toContain("it rests on 1 rule: db/api (tried: without it no way is left)");
  expect(stdout).toContain("each alone would do: conduit/public, web/customers, api/web, db/api (each tried: without it no way is left)");
  expect(stdout).toContain("on every way, each alone: app=web,env=prod; app=api,env=prod");
  expect(stdout).toContain("fewest in between: 1, app=api,env=prod");
  expect(reach("old", "--from", "internet", "--to", "app=db").stderr).toBe("next: --cut says what would part them\n");
  const without = reach("old", "--from", "app=desk", "--to", "app=db", "--cut");
  expect(without.stdout).toContain("fewest in between: nobody, for a single step leads there");
});

test("a way by services of administration alone is shown where the shortest way is another one", () => {
  const hop = (name: string, from: string, to: string): string => rule(name, `{ app: ${from} }`, to, "ssh");
  directory("hops", {
    "db.yaml": policy("db", `${rule("web", "{ app: web }", "db", "tcp/5432")}${hop("api", "api", "db")}`),
    "api.yaml": policy("api", hop("web", "web", "api")),
  });
  const { stdout } = reach("hops", "--from", "app=web", "--to", "app=db");
  expect(stdout).toContain("in 1 step; by services of administration alone in 2\n");
  expect(stdout).toMatch(/ {4}by services of administration alone:\n {6}app=web.* → app=api.* tcp\/22 \(ssh\) .*\n {6}app=api.* → app=db.* tcp\/22 \(ssh\) /);
  // The control: one that is the shortest is told once.
  expect(reach("hops", "--from", "app=api", "--to", "app=db").stdout).not.toContain("alone:");
});

test("on the wire, what nothing enforces passes, and says so; what is enforced does not", () => {
  const { stdout } = reach("new", "--wire", "--from", "internet", "--to", "app=api");
  expect(stdout).toContain("passes, though denied (boundary): no point that enforces stands there");
  expect(reach("new", "--wire", "--from", "internet", "--to", "app=api", "--cut").stdout).toContain("what passes here rests on stages and points");
  const db = reach("new", "--wire", "--from", "web-1", "--to", "app=db");
  expect(db.stdout).not.toContain("web-1) → app=db");
  const { pairs } = (JSON.parse(reach("new", "--json").stdout) as { policies: { pairs: { policy: { direct: number }; wire: { direct: number } } }[] })
    .policies[0]!;
  expect(pairs).toMatchObject({ policy: { direct: 3 }, wire: { direct: 17 } });
});

test("machines get everything, each step with a question that `decide` answers as it says", () => {
  const { policies } = JSON.parse(reach("old", "--to", "app=db", "--cut", "--from", "anyone", "--json").stdout) as {
    policies: {
      ways: { group: string; steps: number; path: { witness: { question: object; answer: { verdict: string } } }[] }[];
      secondEngine: { disagreements: number };
    }[];
  };
  const [{ ways, secondEngine }] = policies as [(typeof policies)[0]];
  expect(ways.map(({ group, steps }) => `${steps} ${group}`)).toEqual(["1 app=api,env=prod", "1 app=desk,env=office", "2 app=web,env=prod", "3 internet"]);
  const questions = ways.flatMap(({ path }) => path.map(({ witness }) => JSON.stringify(witness.question)));
  writeFileSync(join(dir, "questions.jsonl"), questions.join("\n"));
  const answers = bulkhead("decide", "old", "--inventory", "people.json", "--questions", "questions.jsonl", "--json").stdout.trim().split("\n");
  expect(answers.map((line) => (JSON.parse(line) as { verdict: string }).verdict)).toEqual(questions.map(() => "allow"));
  expect(secondEngine.disagreements).toBe(0);
});

test("where somebody is claimed twice, no way is not called safe", () => {
  directory("twice", {
    ...files(ledger),
    "office.yaml": "policy: office\nowner: it\nscope: { env: office }\n",
    "desk.yaml": "policy: desk\nowner: it\nscope: { app: desk }\n",
  });
  const { status, stdout } = reach("twice", "--from", "internet", "--to", "app=desk");
  expect(stdout).toContain("No way from internet to app=desk");
  expect(stdout).toContain("1 workload claimed by two zones or two policies, neither reached nor reaching here: desk-1");
  expect(status).toBe(2);
});

test("an address means who holds it then, and where only workloads are expected, nobody can tell", () => {
  const expecting = { "nets.yaml": "networks:\n  racks: { prefixes: [10.0.0.0/24], expects: workloads }\n" };
  directory("racks", { ...files(ledger), ...expecting });
  expect(reach("racks", "--from", "10.0.0.3", "--to", "10.0.0.4").stdout).toContain("app=api,env=prod → app=db,env=prod");
  const { status, stdout } = reach("racks", "--from", "10.0.0.99", "--to", "app=db");
  expect(stdout).toContain("1 range of addresses in which only workloads are expected");
  expect(status).toBe(2);
  expect(reach("racks", "--from", "network=racks", "--to", "app=db").status).toBe(2);
  // Nobody asked about it, but a machine there that nobody registered may be a step between.
  const between = reach("racks", "--from", "app=desk", "--to", "app=api");
  expect(between.stdout).toContain("No way from app=desk to app=api");
  expect(between.stdout).toContain("a machine there that nobody registered may be a step");
  expect(between.status).toBe(2);
  expect(reach("old", "--from", "app=desk", "--to", "app=api").status).toBe(0);
  expect(reach("old", "--from", "10.0.0.99", "--to", "app=db").status).toBe(0);
});

test("a zone that only the draft has is nobody before, and no mistake", () => {
  directory("split", { ...files(ledger), "zones.yaml": zones.replace("members: { env: prod }", "members: { app: db }").replaceAll(/\bprod\b/g, "ledgers") });
  const { status, stdout } = reach("old", "--draft", "split", "--from", "internet", "--to", "zone=ledgers");
  expect(stdout).toContain("No way from internet to zone=ledgers under old: nobody known there is zone=ledgers");
  expect(stdout).toContain("No way from internet to zone=ledgers under split\n");
  expect(status).toBe(0);
});

test("a page with pictures is written where it is asked for, and says so", () => {
  const { status, stdout, stderr } = reach("old", "--draft", "new", "--from", "internet", "--to", "app=db", "--cut", "--html", "page.html");
  expect([status, stdout, stderr]).toEqual([0, "", "page.html: open it in a browser; it needs no network\n"]);
  expect(readFileSync(join(dir, "page.html"), "utf8")).toContain("Ways from internet to app=db");
  expect(reach("old", "--html", "page.html", "--json").stderr).toContain("two forms of the same answer");
  expect(reach("old", "--html", "no/such/page.html").stderr).toContain("no/such/page.html cannot be written");
});

const path = [
  { from: "203.0.113.7", to: "web-1", over: "https", at: "2026-11-25T08:00:00Z" },
  { from: "web-1", to: "api-1", over: "tcp/8443", at: "2026-11-25T08:01:00Z" },
  { from: "api-1", to: "db-1", over: "tcp/5432", at: "2026-11-25T08:02:00Z" },
];

test("a recorded way is judged by each revision: which step each would have stopped first", () => {
  writeFileSync(join(dir, "way.jsonl"), path.map((step) => JSON.stringify(step)).join("\n"));
  const judged = (...words: readonly string[]) => bulkhead("reach", "old", "--inventory", "people.json", "--path", "way.jsonl", ...words);
  expect(judged().stdout).toContain("old denies none of 3 steps");
  expect(judged().status).toBe(1);
  const beside = judged("--draft", "new");
  expect(beside.stdout).toContain("new denies step 3 first, 1 of 3 steps in all; points block step 3 first");
  expect(beside.status).toBe(0);
  const { policies } = JSON.parse(judged("--draft", "new", "--json").stdout) as { policies: { policy: string; denied: number | null }[] };
  expect(policies).toMatchObject([
    { policy: "old", denied: null },
    { policy: "new", denied: 3 },
  ]);
});

test("a way of which a step cannot be told is not called stopped or open", () => {
  writeFileSync(join(dir, "way.jsonl"), JSON.stringify({ ...path[0], to: "nobody" }));
  const { status, stdout } = bulkhead("reach", "old", "--inventory", "people.json", "--path", "way.jsonl");
  expect(stdout).toContain("1 step of 1 cannot be told");
  expect(status).toBe(2);
});

test("what was captured of a real movement is a way, as `decode --json` prints it" + why, { skip: why !== "" }, () => {
  const steps = bulkhead("decode", "--json", attack).stdout;
  writeFileSync(join(dir, "captured.jsonl"), steps);
  const forbids =
    "forbid:\n  - { name: no-peers, from: { network: desks }, to: { network: desks }, over: [smb, rpc, winrm, rdp], because: desks never administer each other }\n";
  const networks = "networks:\n  desks: { prefixes: [172.18.39.0/24], own: true }\n";
  directory("flat", { "a.yaml": networks });
  directory("apart", { "a.yaml": `${networks}${forbids}` });
  writeFileSync(join(dir, "nobody.json"), '{"workloads":[]}');
  const judged = bulkhead("reach", "flat", "--draft", "apart", "--inventory", "nobody.json", "--path", "captured.jsonl");
  expect(judged.stdout).toMatch(/^flat denies none of \d+ steps$/m);
  expect(judged.stdout).toMatch(/^apart denies step \d+ first/m);
  expect(judged.stdout).toMatch(/172\.18\.39\.5 → 172\.18\.39\.6 tcp\/445 .*forbid\/no-peers/);
});

test("what cannot be asked is refused in one sentence, with what to write instead", () => {
  const said = (...words: readonly string[]): string => {
    const { status, stdout, stderr } = reach(...words);
    expect([status, stdout]).toEqual([2, ""]);
    return stderr;
  };
  expect(said("old", "--from", "web-9")).toContain("did you mean `web-1`?");
  expect(said("old", "--to", "env=prd")).toContain("did you mean `env=prod`?");
  expect(said("old", "--to", "zone=prd")).toContain("no zone is called `prd`");
  expect(said("old", "--to", "app=")).toContain("no workload has `app=`");
  expect(said("old", "--to", "hva=yes")).toContain("no workload has a label `hva`");
  expect(said("old", "--cut", "--to", "app=db")).toContain("--cut needs --from and --to");
  expect(said("old", "--draft", "new", "--draft", "new")).toContain("several --draft");
  writeFileSync(join(dir, "bad.jsonl"), `${JSON.stringify(path[0])}\n{"from":"a"}\n`);
  expect(said("old", "--path", "bad.jsonl")).toContain("line 2 of bad.jsonl is no step: it needs `from` and `to`");
  expect(said("old", "--path", "bad.jsonl", "--cut")).toContain("--path judges a way that was gone, and --cut asks for ways that could be");
  expect(said("old", "--to", "zone=unplaced")).toContain("--to zone=unplaced means nobody at 2026-12-01T00:00:00Z");
  expect(said("old", "--from", "app=db", "--to", "app=db")).toContain("--from app=db means nobody beside those whom --to means");
  writeFileSync(join(dir, "empty.jsonl"), "\n");
  expect(said("old", "--path", "empty.jsonl")).toContain("empty.jsonl has no step");
  expect(said("old", "--path", "none.jsonl")).toContain("none.jsonl cannot be read");
});

test("where no inventory is, one workload of every kind is looked at", () => {
  const { status, stdout } = bulkhead("reach", "old", "--from", "internet", "--to", "app=db", "--at", "2026-12-01");
  expect(stdout).toContain("one workload of each of");
  // Labels mean all kinds that have them, though there is one whose name reads like them.
  expect(stdout).toContain("→ app=db,env=prod");
  expect(status).toBe(1);
});

test("names from outside cannot speak to the terminal", () => {
  const evil = [
    { id: "web-\u001b[31m", labels: { app: "w\u202eb", env: "prod" }, addresses: ["10.0.0.1"] },
    { id: "db-1", labels: { app: "db", env: "prod" }, addresses: [] },
  ];
  writeFileSync(join(dir, "evil.json"), JSON.stringify({ workloads: evil }));
  const { stdout } = bulkhead("reach", "old", "--inventory", "evil.json", "--to", "app=db", "--wire");
  expect(stdout).toContain("\\u202e");
  expect(stdout).not.toMatch(/[\u001b\u202e]/);
});
