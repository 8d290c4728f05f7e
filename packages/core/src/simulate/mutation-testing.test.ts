import { expect, test } from "vitest";
import { instantOf } from "../base/instant.ts";
import { pointText } from "../decide/policy-words.ts";
import { runPolicyTests } from "../decide/policy-tests.ts";
import { worldOf } from "../decide/world.ts";
import { readInventoryFile } from "../inventory/inventory-file.ts";
import { readPolicySet } from "../language/read.ts";
import type { Flow, FlowEnd } from "../model/flow.ts";
import type { PolicySet } from "../model/policy-set.ts";
import { flowNotice } from "./flow-notice.ts";
import { type JudgedMutant, type MutationAsked, mutationTesting } from "./mutation-testing.ts";

const at = instantOf("2026-11-28T00:00:00Z")!;
const text = `labels: { app: { required: true }, env: { required: true, values: [prod, dev] }, role: {} }
networks: { auditors: 10.20.9.0/24 }
zones:
  - { name: production, members: { env: prod }, because: customers }
conduits:
  - { name: customers, from: outside, to: production, over: [https, tcp/5432], owner: a, because: public }
forbid:
  - { name: no-dev, from: { env: dev }, to: { env: prod }, because: apart }
exceptions:
  - { name: audit, from: { network: auditors }, to: { app: billing, env: prod }, over: tcp/5432, owner: c, approved-by: a, ticket: T, because: yearly, from-date: 2026-11-01, until: 2026-12-15 }
policy: billing
owner: team
scope: { app: billing, env: prod }
allow:
  - { name: api, from: { app: billing, env: prod, role: api }, to: { app: billing, env: prod }, over: tcp/5432, because: balances }
  - { name: mail, from: { app: billing, env: prod }, to: { app: mail, env: prod }, over: tcp/25, where: { encrypted: true }, because: invoices }
`;

function setWith(tests: readonly string[], more = ""): PolicySet {
  const whole = `${text}${more}tests:\n${tests.map((one) => `  - { ${one} }\n`).join("")}`;
  const { set, diagnostics } = readPolicySet([{ path: "a.yaml", bytes: new TextEncoder().encode(whole) }]);
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  expect(runPolicyTests(set, { at, inventory: null })).toEqual([]);
  return set;
}

/** The same policy with stages in another file. */
function setWithStages(stages: string): PolicySet {
  const files = [text, stages].map((one, index) => ({ path: `${index}.yaml`, bytes: new TextEncoder().encode(one) }));
  return readPolicySet(files).set;
}

const judged = (set: PolicySet, asked: Partial<MutationAsked> = {}): readonly JudgedMutant[] => [
  ...mutationTesting({ set, at, inventory: null, flows: null, ...asked }),
];
const fates = (mutants: readonly JudgedMutant[], name: string): readonly string[] =>
  mutants.filter((one) => one.name === name).map(({ what, fate }) => `${what}: ${fate}`);

const api = "from: { app: billing, env: prod, role: api }, to: { app: billing, env: prod }, over: tcp/5432, expect: allow";

test("what no test holds in place is found, and what one holds is not", () => {
  expect(fates(judged(setWith([api])), "billing/api")).toEqual([
    "taken away: tests",
    "with its from widened to { env: prod, role: api }: live",
    "with its from widened to { app: billing, role: api }: equivalent",
    "with its from widened to { app: billing, env: prod }: live",
    "with its to widened to { env: prod }: live",
    // Of what lies outside the scope nothing opens; the line above opens a way to servers that nobody guards.
    "with its to widened to { app: billing }: equivalent",
    "with its over widened to tcp/any: live",
  ]);
  expect(fates(judged(setWith([])), "billing/api")[0]).toBe("taken away: live");
});

test("with the tests that are proposed, written down, nothing goes unnoticed", () => {
  let tests: readonly string[] = [];
  // A test for one change may hold others in place, too; so each round is asked again.
  for (let round = 0; round < 3; round += 1)
    tests = [
      ...tests,
      ...judged(setWith(tests)).flatMap(({ fate, witness }) =>
        fate === "live"
          ? [`from: ${witness!.from.inTest}, to: ${witness!.to.inTest}, over: ${pointText(witness!.over)}, expect: ${witness!.before.verdict}`]
          : [],
      ),
    ];
  const mutants = judged(setWith(tests));
  expect(mutants.filter(({ fate }) => fate === "live")).toEqual([]);
  expect(mutants.filter(({ fate }) => fate === "tests").length).toBeGreaterThan(10);
  // The control: the same changes, without the tests.
  expect(judged(setWith([])).filter(({ fate }) => fate === "live").length).toBe(
    mutants.filter(({ fate, what }) => fate === "tests" && what !== "without its end").length,
  );
});

test("with an inventory, a proposed test holds for everybody real whom it means, too", () => {
  const identity = { name: "spiffe://x/a", tier: 2 };
  const { inventory } = readInventoryFile(
    JSON.stringify({
      workloads: [
        { id: "api-1", labels: { app: "billing", env: "prod", role: "api", host: "h1" }, identity },
        { id: "api-2", labels: { app: "billing", env: "prod", role: "api" }, identity },
        { id: "ledger-1", labels: { app: "billing", env: "prod", role: "ledger" }, addresses: ["10.20.9.0"] },
        { id: "mail-1", labels: { app: "mail", env: "prod" } },
        { id: "mail-2", labels: { app: "mail", env: "qa", role: "relay" } },
      ],
      quarantined: ["mail-2"],
    }),
  );
  const failing = (tests: readonly string[]): number => runPolicyTests(setWith(tests), { at, inventory }).length;
  let tests: readonly string[] = [];
  for (let round = 0; round < 3; round += 1)
    tests = [
      ...tests,
      ...judged(setWith(tests), { inventory }).flatMap(({ fate, witness }) =>
        fate === "live"
          ? [`from: ${witness!.from.inTest}, to: ${witness!.to.inTest}, over: ${pointText(witness!.over)}, expect: ${witness!.before.verdict}`]
          : [],
      ),
    ];
  expect(failing(tests)).toBe(0);
  const mutants = judged(setWith(tests), { inventory });
  expect(mutants.filter(({ fate }) => fate === "live")).toEqual([]);
  // Identities that no rule asks for keep nobody from being named.
  expect(tests.some((one) => one.includes("role: api"))).toBe(true);
  expect(tests.length).toBeGreaterThan(5);
  // The control: labels that others have, too, hold without the inventory, and not with it.
  expect(failing(["from: { app: billing, env: prod }, to: { app: billing, env: prod }, over: tcp/5432, expect: deny"])).toBe(1);
});

test("a proposed test that names an address of IPv6 can be written down", () => {
  const six = `networks: { staff: "2001:db8:20::/48" }
zones:
  - { name: prod, members: { env: prod }, because: customers }
  - { name: offices, networks: staff, because: people }
conduits:
  - { name: work, from: offices, to: prod, over: https, owner: a, because: staff work in it }
`;
  const read = (tests: readonly string[]) => readPolicySet([{ path: "a.yaml", bytes: new TextEncoder().encode(`${six}tests:\n${tests.join("")}`) }]);
  const proposed = judged(read([]).set).flatMap(({ fate, witness }) =>
    fate === "live" ? [`  - { from: ${witness!.from.inTest}, to: ${witness!.to.inTest}, over: tcp/443, expect: ${witness!.before.verdict} }\n`] : [],
  );
  expect(proposed.some((one) => one.includes('from: "2001:db8:20::"'))).toBe(true);
  expect(read(proposed).diagnostics).toEqual([]);
  // The control: without quotes it is no YAML.
  expect(read(proposed.map((one) => one.replaceAll('"', ""))).diagnostics.some(({ severity }) => severity === "error")).toBe(true);
});

test("each of several values, peers and services is held in place by a test of its own", () => {
  const many =
    "  - { name: many, from: [{ app: billing, env: prod, role: [web, lb] }, { app: mail, env: prod }], to: { app: billing, env: prod, role: api }, over: [https, ssh], because: several }\n";
  const test = (from: string, over: string): string => `from: { ${from}, env: prod }, to: { app: billing, env: prod, role: api }, over: ${over}, expect: allow`;
  const narrowed = (tests: readonly string[]): readonly string[] =>
    fates(judged(setWith(tests, many)), "billing/many").filter((one) => one.startsWith("without"));
  expect(narrowed([test("app: billing, role: web", "https")])).toEqual([
    "without { app: billing, env: prod, role: [web, lb] } in its from: tests",
    "without { app: mail, env: prod } in its from: live",
    "without role: web in its from: tests",
    "without role: lb in its from: live",
    "without tcp/443 in its over: tests",
    "without tcp/22 in its over: live",
  ]);
  const whole = [test("app: billing, role: web", "[https, ssh]"), test("app: billing, role: lb", "https"), test("app: mail", "https")];
  expect(narrowed(whole).filter((one) => !one.endsWith(": tests"))).toEqual([]);
});

test("a rule that another one says already can go, and nobody is asked to test it", () => {
  const again =
    "  - { name: again, from: { app: billing, env: prod, role: [api, web] }, to: { app: billing, env: prod }, over: tcp/5432-5433, because: twice }\n";
  const mutants = judged(setWith([], again));
  expect([fates(mutants, "billing/api")[0], fates(mutants, "billing/again")[0]]).toEqual(["taken away: equivalent", "taken away: live"]);
});

test("the end of an exception is held in place by a test that fails once it is over", () => {
  const audit = "from: { network: auditors }, to: { app: billing, env: prod }, over: tcp/5432, expect: allow";
  expect(fates(judged(setWith([audit])), "billing/audit")).toContain("without its end: tests");
  expect(fates(judged(setWith([])), "billing/audit")).toContain("without its end: beyond");
});

test("what only a fact tells is no test's fault", () => {
  const mutants = judged(setWith([]));
  expect(fates(mutants, "billing/mail")[0]).toBe("taken away: beyond");
  expect(fates(mutants, "billing/mail").at(-1)).toBe("without its demand of encrypted: true: live");
});

test("a recorded flow notices what it would lose, and nothing else", () => {
  const workload = (id: string, role: string) => ({ id, labels: { app: "billing", env: "prod", role } });
  const { inventory } = readInventoryFile(JSON.stringify({ workloads: [workload("api-1", "api"), workload("ledger-1", "ledger"), workload("web-1", "web")] }));
  const set = setWith([]);
  const notice = (client: FlowEnd, serverPort: number) => flowNotice(worldOf(set, inventory), [flow({ client, serverPort })]);
  const api1: FlowEnd = { kind: "held", holder: "api-1" };
  const fatesWith = (client: FlowEnd, port: number): readonly string[] => fates(judged(set, { flows: notice(client, port) }), "billing/api");
  expect(fatesWith(api1, 5432)[0]).toBe("taken away: flows");
  expect(fatesWith(api1, 5433).filter((one) => one.endsWith("flows"))).toEqual(["with its over widened to tcp/any: flows"]);
  expect(fatesWith({ kind: "held", holder: "web-1" }, 5432).filter((one) => one.endsWith("flows"))).toEqual([
    "with its from widened to { app: billing, env: prod }: flows",
  ]);
  expect(fatesWith({ kind: "bare", address: "192.0.2.1" }, 22).some((one) => one.endsWith("flows"))).toBe(false);
});

test("a stage is no matter of tests: a recorded flow that would be blocked notices it, and what blocks nobody is equivalent", () => {
  const stages = (inside: string): string => `stages:\n  segments: { billing: { in: ${inside} } }\n`;
  const set = setWithStages(stages("enforce"));
  const staged = (asked: Partial<MutationAsked> = {}): readonly string[] => fates(judged(set, asked), "policy/billing");
  expect(staged()).toEqual(["with its in observing: beyond"]);
  const { inventory } = readInventoryFile(
    JSON.stringify({ workloads: ["web", "ledger"].map((role) => ({ id: `${role}-1`, labels: { app: "billing", env: "prod", role }, point: true })) }),
  );
  const notice = (serverPort: number) => flowNotice(worldOf(set, inventory), [flow({ client: { kind: "held", holder: "web-1" }, serverPort })]);
  expect(staged({ flows: notice(22) })).toEqual(["with its in observing: flows"]);
  expect(fates(judged(setWithStages(stages("observe"))), "policy/billing")).toEqual([]);
  const nobody = setWithStages("stages:\n  zones: { production: { inside: enforce } }\n");
  expect(fates(judged(nobody), "zone/production")).toEqual(["with its inside observing: equivalent"]);
});

const flow = ({ client, serverPort }: Pick<Flow, "client" | "serverPort">): Flow => ({
  client,
  server: { kind: "held", holder: "ledger-1" },
  protocol: "tcp",
  serverPort,
  icmpType: null,
  connections: 1,
  answered: 1,
  unanswered: 0,
  untold: 0,
  denied: 0,
  bytesToServer: null,
  bytesToClient: null,
  first: at,
  last: at,
  observers: [],
  sampling: null,
  oneSided: 0,
  reasons: {},
});
