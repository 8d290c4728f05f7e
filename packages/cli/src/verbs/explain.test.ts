import { keep, sealed } from "@bulkhead/agent/kept";
import { keepReadBack } from "@bulkhead/agent/read-back";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Ran, ran } from "../testing/ran.ts";

const policy = `zones: [{ name: production, members: { env: prod }, because: customers }]
forbid: [{ name: no-dev, from: { env: dev }, to: { env: prod }, owner: security, because: "apart \\x1b[31m" }]
policy: billing
owner: team-billing
scope: { app: billing }
allow:
  - { name: api, from: { app: billing, role: api }, to: { app: billing }, over: tcp/5432, because: balances }
tests:
  - { from: { app: billing, env: prod }, to: { app: billing, env: prod }, over: tcp/5432, expect: deny }
`;
const workloads = [
  { id: "api", labels: { app: "billing", env: "prod", role: "api" }, addresses: ["10.1.0.1"] },
  { id: "ledger", labels: { app: "billing", env: "prod" }, addresses: ["10.1.0.2"] },
  { id: "one", labels: {}, addresses: ["10.1.0.9"] },
  { id: "two", labels: {}, addresses: ["10.1.0.9"] },
];
let dir = "";
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "bulkhead-explain-"));
  writeFileSync(join(dir, "inventory.json.txt"), JSON.stringify({ workloads }));
  writeFileSync(join(dir, "a.yaml"), policy);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Runs what people run: the built command. */
const bulkhead = (...words: readonly string[]): Ran => ran(words, { env: { ...process.env, BULKHEAD_DATA: join(dir, "state") } });
const explain = (from: string, to: string, over: string, ...more: readonly string[]) =>
  bulkhead("explain", dir, "--from", from, "--to", to, "--over", over, "--inventory", join(dir, "inventory.json.txt"), ...more);

test("explain ends with 0 for allow, 1 for deny, 2 for unknown and for what cannot be asked", () => {
  expect(explain("api", "ledger", "tcp/5432").status).toBe(0);
  expect(explain("ledger", "api", "tcp/5432").status).toBe(1);
  const contested = explain("10.1.0.9", "api", "tcp/5432");
  expect(contested).toMatchObject({ status: 2, stdout: expect.stringContaining("held by one and two") as string });
  expect(contested.stdout).toContain("if 10.1.0.9 is one: deny, by the layer boundary; not blocked");
  expect(explain("api", "ledger", "dns").status).toBe(2);
  expect(explain("api", "ledger", "ssh", "--at", "noon")).toMatchObject({ status: 2, stderr: expect.stringContaining("is no time") as string });
  expect(explain("api", "ledger", "ssh", "--facts", "[1]")).toMatchObject({ status: 2, stderr: expect.stringContaining("no JSON object") as string });
});

test("a rule is shown with its place, reason and owner, and with nothing that a terminal obeys", () => {
  const { stdout } = explain("env=dev", "app=billing,env=prod", "ssh");
  expect(stdout).toContain(`forbid/no-dev  ${dir}/a.yaml:2`);
  expect(stdout).toContain("owner: security");
  expect(stdout).not.toContain("\u001b");
  expect(stdout.split("\n")[0]).toBe("deny, by the layer forbid: env=dev may not open tcp/22 of app=billing,env=prod");
});

test("labels that no workload has are explained all the same, and what was probably meant is said", () => {
  const { status, stdout, stderr } = explain("app=biling,env=prod", "app=billing,env=prod", "ssh");
  expect([status, stdout]).toEqual([1, expect.stringContaining("app=biling,env=prod may not open tcp/22")]);
  expect(stderr).toBe("bulkhead: --from: no workload has `app=biling`\n  next: did you mean `app=billing`?\n");
  expect(explain("app=billing,env=prod", "ledger", "ssh").stderr).toBe("");
});

test("labels that workloads have only among others are explained as they stand, and the whole ones are named", () => {
  const { status, stderr } = explain("env=prod", "ledger", "ssh");
  expect([status, stderr]).toEqual([
    1,
    "bulkhead: --from: `env=prod` is a workload with no other label; 2 of the inventory have more\n  next: ask about one of them: app=billing,env=prod,role=api or app=billing,env=prod\n",
  ]);
  // Somebody has exactly these.
  expect(explain("app=billing,env=prod", "ledger", "ssh").stderr).toBe("");
});

test("machines get the explanation as one JSON object", () => {
  const explained = JSON.parse(explain("10.1.0.1", "ledger", "tcp/5432", "--json").stdout) as Record<string, unknown>;
  expect(explained["answer"]).toEqual({ verdict: "allow", layer: "segment", by: ["billing/api"], effect: "pass" });
  expect(explained["client"]).toMatchObject({ id: "api", askedAs: "10.1.0.1" });
});

test("without an inventory file the data directory is asked, and an empty one knows nobody", () => {
  expect(bulkhead("explain", dir, "--from", "api", "--to", "ledger", "--over", "ssh")).toMatchObject({
    status: 2,
    stdout: expect.stringContaining("no workload is called api") as string,
  });
});

test("check runs the tests of a policy, and with an inventory names the real workload that disagrees", () => {
  expect(bulkhead("check", dir).status).toBe(0);
  const failed = bulkhead("check", dir, "--inventory", join(dir, "inventory.json.txt"));
  expect(failed).toMatchObject({ status: 1, stdout: expect.stringContaining("error[test-failed]") as string });
  expect(failed.stdout).toContain("from api, to api");
});

test("labels that the schema forbids, facts that nobody demands and services that are none are asked back", () => {
  const policyDir = mkdtempSync(join(tmpdir(), "bulkhead-explain-schema-"));
  writeFileSync(join(policyDir, "a.yaml"), "labels:\n  app: {}\n  env: { values: [prod, dev] }\n");
  const asked = (from: string, over: string, ...more: readonly string[]) =>
    bulkhead("explain", policyDir, "--from", from, "--to", "10.1.0.1", "--over", over, "--inventory", join(dir, "inventory.json.txt"), ...more);
  const refusals = [asked("app=web,env=prd", "ssh"), asked("ap=web", "ssh"), asked("app=web", "htps"), asked("app=web", "ssh", "--facts", '{"encryptd":true}')];
  rmSync(policyDir, { recursive: true });
  const meant = ["`prod`", "`app`", "`https`", "`encrypted`"];
  for (const [at, { status, stderr }] of refusals.entries()) expect([status, stderr]).toEqual([2, expect.stringContaining(`did you mean ${meant[at]}?`)]);
});

test("labels, facts and services that would answer another question are refused with what to write", () => {
  const refused = (from: string, over: string, ...more: readonly string[]): string => {
    const { status, stdout, stderr } = explain(from, "ledger", over, ...more);
    expect([status, stdout]).toEqual([2, ""]);
    return stderr;
  };
  expect(refused("app=shop,prod", "ssh")).toContain("--from has `prod` among its labels, which is no KEY=VALUE");
  expect(refused("env=prod,env=dev", "ssh")).toContain("--from gives the label `env` twice");
  expect(refused("api", "5432")).toContain("did you mean `tcp/5432`?");
  expect(refused("api", "TCP/5432")).toContain("did you mean `tcp/5432`?");
  expect(refused("api", "tcp/99999")).toContain("write for example `tcp/443`");
  // What is proposed is one of them.
  expect(refused("api", "tcp/1-9")).toContain("stands for several services\n  next: ask about one of them, such as tcp/1\n");
  expect(refused("api", "dns")).toContain("such as udp/53");
  expect(refused("api", "icmp/echo")).toContain("such as icmp4/8");
  expect(refused("api", "any")).toContain("such as tcp/443");
  expect(refused("api", "ssh", "--facts", '{"encrypted":"yes"}')).toContain("`encrypted`, which is true or false");
  expect(refused("api", "ssh", "--facts", '{"user":7}')).toContain("`user`, which is a text");
  // The control: what is right is asked, and the same labels at both ends are one workload.
  expect(explain("app=billing,role=api", "app=billing,role=api", "tcp/5432", "--facts", '{"encrypted":true,"user":"root"}').status).toBe(0);
});

test("every layer says what it says, and a silent one why; near misses speak as people do", () => {
  const { stdout } = explain("ledger", "ledger", "tcp/5432");
  expect(stdout).toContain("forbid    silent: no forbid matches, and no end is in quarantine");
  expect(stdout).toContain("boundary  silent: both ends are in zone production, so it is not crossed");
  expect(stdout).toContain("segment   denies: ledger is guarded by billing: only its rules let in, and none of them does");
  expect(stdout).toContain(`billing/api  ${dir}/a.yaml:7: would match if ledger had role=api (it has no role)`);
});

test("the last recorded connection is found, and judged then and now", () => {
  const data = mkdtempSync(join(tmpdir(), "bulkhead-explain-recorded-"));
  const policyDir = mkdtempSync(join(tmpdir(), "bulkhead-explain-policy-"));
  writeFileSync(
    join(policyDir, "a.yaml"),
    "policy: db\nowner: team\nscope: { app: db }\nallow:\n  - { name: web, from: { app: web }, to: { app: db }, over: tcp/5432, until: 2026-03-01, because: a test }\n",
  );
  const lease = (address: string, from: string, until: string | null) => ({ address, from, ...(until === null ? {} : { until }) });
  const people = [
    { id: "web-1", labels: { app: "web" }, addresses: [lease("10.0.0.1", "2026-01-01T00:00:00Z", "2026-03-15T00:00:00Z")] },
    { id: "dev-1", labels: { app: "dev" }, addresses: [lease("10.0.0.1", "2026-03-15T00:00:00Z", null)] },
    { id: "db-1", labels: { app: "db" }, addresses: ["10.0.0.2"] },
  ];
  writeFileSync(join(data, "people.json"), JSON.stringify({ workloads: people }));
  const when = Date.parse("2026-02-01T10:00:00Z") / 1000;
  const conn = (second: number) =>
    JSON.stringify({
      ts: when + second,
      uid: `C${second}`,
      "id.orig_h": "10.0.0.1",
      "id.orig_p": 4000 + second,
      "id.resp_h": "10.0.0.2",
      "id.resp_p": 5432,
      proto: "tcp",
      conn_state: "SF",
    });
  writeFileSync(join(data, "conn.log"), `${[0, 60, 30].map(conn).join("\n")}\n`);
  const words = ["--data", join(data, "state")];
  expect(bulkhead("inventory", "import", join(data, "people.json"), ...words).status).toBe(0);
  expect(bulkhead("ingest", join(data, "conn.log"), ...words).status).toBe(0);
  const ends = (from: string) => ["explain", policyDir, "--from", from, "--to", "db-1", "--over", "tcp/5432", ...words];
  const last = bulkhead(...ends("10.0.0.1"), "--at", "last");
  expect([last.status, last.stdout.split("\n")[0]]).toEqual([0, "allow, by the layer segment: web-1 may open tcp/5432 of db-1"]);
  expect(last.stdout).toContain("at   2026-02-01T10:01:00Z, when the last of 3 recorded connections began");
  expect(last.stdout).toMatch(/now \(.*\): deny, by the layer segment/);
  expect(last.stdout).toContain("in between, 10.0.0.1 was web-1 (zone unplaced), and is dev-1 (zone unplaced)");
  expect(last.stdout).toContain("in between, db/web (a.yaml:5) ended at 2026-03-02T00:00:00Z");
  const now = JSON.parse(bulkhead(...ends("web-1"), "--json").stdout) as Record<string, unknown>;
  expect(now).toMatchObject({ answer: { verdict: "deny" }, recorded: { records: 3 }, otherTimes: [{ which: "recorded", answer: { verdict: "allow" } }] });
  // The control: of whom nothing is recorded, nothing is said.
  expect(JSON.parse(bulkhead(...ends("dev-1"), "--json").stdout)).toMatchObject({ recorded: null, otherTimes: [] });
  expect(bulkhead(...ends("dev-1"), "--at", "last")).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("no connection between these ends") as string,
  });
  for (const made of [data, policyDir]) rmSync(made, { recursive: true, force: true });
});

test("on a host the safety floor and what is in force there are told", () => {
  const agent = mkdtempSync(join(tmpdir(), "bulkhead-explain-agent-"));
  const policyDir = join(agent, "policy");
  mkdirSync(policyDir);
  writeFileSync(join(agent, "people.txt"), JSON.stringify({ workloads: workloads.map((one) => ({ ...one, point: true })) }));
  writeFileSync(join(policyDir, "stages.yaml"), "stages: { segments: { billing: { in: enforce } } }\n");
  writeFileSync(join(policyDir, "a.yaml"), policy);
  const compiled = bulkhead("compile", policyDir, "--inventory", join(agent, "people.txt"), "--point", "ledger", "--json");
  const kept = sealed(JSON.parse(compiled.stdout) as Parameters<typeof sealed>[0]);
  keep(agent, kept);
  const floor = { management: [{ protocol: "tcp" as const, port: 22 }] };
  const back = { digest: kept.digest, text: "", takenAt: 0, since: "", grace: { begun: 0, until: 0, packets: 0 }, listing: {} };
  const ssh = (): string =>
    bulkhead("explain", policyDir, "--from", "api", "--to", "ledger", "--over", "ssh", "--inventory", join(agent, "people.txt"), "--data", agent).stdout;
  keepReadBack(agent, { ...back, floor });
  const floored = ssh();
  expect(floored).toContain(
    "passes all the same, by the safety floor: tcp/22 is the management path of ledger, declared when it was installed: open for anyone",
  );
  expect(floored).toContain(`in force on ledger: rule set ${kept.digest.slice(0, 12)} blocks it`);
  // The control: without a declared path nothing passes, and an older agent that wrote none down is not taken for one without.
  keepReadBack(agent, { ...back, floor: { management: [] } });
  expect(ssh()).toContain("is blocked at ledger, where a point enforces: segment, at the server");
  expect(ssh()).toContain("no management path was declared here");
  keepReadBack(agent, back);
  expect(ssh()).toContain("is not written down");
  const discovery = bulkhead("explain", policyDir, "--from", "api", "--to", "ledger", "--over", "icmp6/135", "--inventory", join(agent, "people.txt"));
  expect(discovery.stdout).toContain("on the wire\n  passes: neighbour discovery always does\n");
  expect(floored).not.toContain("that is not what this policy");
  writeFileSync(join(policyDir, "stages.yaml"), "stages: { segments: { billing: { in: warn } } }\n");
  expect(ssh()).toContain("blocks it; that is not what this policy, inventory and instant would put there");
  writeFileSync(join(policyDir, "stages.yaml"), "stages: { segments: { billing: { in: enforce } } }\n");
  const contested = bulkhead("explain", policyDir, "--from", "10.1.0.9", "--to", "ledger", "--over", "ssh", "--inventory", join(agent, "people.txt"));
  expect(contested.stdout).toContain("the point at ledger passes what passes under every reading: it does not pass this");
  expect(bulkhead("explain", policyDir, "--from", "api", "--to", "ledger", "--over", "ssh", "--data", agent)).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("is the data directory of an agent, which holds no inventory") as string,
  });
  rmSync(agent, { recursive: true, force: true });
});

test("of an address that dozens hold each answer is shown once, and what the point does is of all of them, or is not told", () => {
  const own = mkdtempSync(join(tmpdir(), "bulkhead-explain-held-"));
  const rules = [
    "zones: [{ name: a, members: { z: a }, because: x }, { name: b, members: { z: b }, because: x }]",
    "conduits: [{ name: c, from: a, to: b, over: ssh, owner: o, because: x }]",
    "forbid: [{ name: last, from: { app: last }, to: { z: b }, because: x }]",
    "stages: { zones: { a: { boundary: enforce }, b: { boundary: enforce } } }",
  ];
  writeFileSync(join(own, "a.yaml"), `${rules.join("\n")}\n`);
  const heldBy = (count: number, last: string): string => {
    const holders = Array.from({ length: count }, (_, index) => ({
      id: `w${index}`,
      labels: { z: "a", app: index === count - 1 ? last : "other" },
      addresses: ["10.2.0.1"],
    }));
    writeFileSync(join(own, "people.txt"), JSON.stringify({ workloads: [...holders, { id: "host", labels: { z: "b" }, point: true }] }));
    return bulkhead("explain", own, "--from", "10.2.0.1", "--to", "host", "--over", "ssh", "--inventory", join(own, "people.txt")).stdout;
  };
  const forbidden = heldBy(40, "last");
  expect(forbidden).toContain("under every reading: it does not pass this");
  expect(forbidden).toContain("if 10.2.0.1 is w39: deny, by the layer forbid (forbid/last); blocked\n");
  expect(forbidden.match(/^ {2}if /gm)).toHaveLength(16);
  expect(forbidden).toContain("  and 24 more (--json lists them)\n");
  expect(heldBy(40, "other")).toContain("under every reading: it passes this");
  const many = heldBy(1001, "last");
  expect(many).toContain("under every reading: whether it passes this is not told: there are more than 1000 readings");
  expect(many).toContain("  and 984 more (--json lists them)\n  not looked at: 1 more\n");
  rmSync(own, { recursive: true, force: true });
});

test("a workload that nobody knows is asked about, and where to look is said", () => {
  const { status, stdout, stderr } = explain("legder", "api", "ssh");
  expect([status, stdout]).toEqual([2, expect.stringContaining("no workload is called legder, and it is no address\n")]);
  expect(stderr).toBe(`next: did you mean \`ledger\`? ${join(dir, "inventory.json.txt")} says who is known\n`);
  expect(explain("ledger", "api", "ssh").stderr).toBe("");
});
