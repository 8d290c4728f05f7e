import { expect, test } from "vitest";
import { instantOf } from "../base/instant.ts";
import { readInventoryFile } from "../inventory/inventory-file.ts";
import { readPolicySet } from "../language/read.ts";
import { servicePointOf } from "../language/service.ts";
import { explain } from "./explain.ts";

const zones = `
networks: { auditors: [10.20.9.0/24], farm: { prefixes: [10.50.0.0/16], expects: workloads } }
zones:
  - { name: production, members: { env: prod }, because: customers }
  - { name: offices, networks: [auditors], because: staff }
conduits:
  - { name: staff, from: offices, to: production, over: https, where: { encrypted: true }, owner: architects, because: back office }
forbid:
  - { name: no-dev, from: { env: dev }, to: { env: prod }, owner: security, because: apart }
exceptions:
  - { name: audit, from: { network: auditors }, to: { app: billing }, over: [tcp/5432], owner: cfo, approved-by: a, ticket: T-1, because: yearly, from-date: 2026-11-01, until: 2026-12-15 }
stages: { segments: { billing: { in: enforce } } }
`;
const billing = `policy: billing
owner: team-billing
scope: { app: billing, env: prod }
allow:
  - { name: api, from: { app: billing, role: api }, to: { app: billing, env: prod }, over: tcp/5432, because: balances }
  - { name: staff, from: { zone: offices }, to: { app: billing, env: prod }, over: https, because: back office }
`;
const workloads = [
  { id: "ledger", labels: { app: "billing", env: "prod", role: "ledger" }, addresses: ["10.1.0.1"], point: true },
  { id: "web", labels: { app: "shop", env: "prod", role: "web" }, addresses: ["10.1.0.2"] },
  { id: "api", labels: { app: "billing", env: "prod", role: "api" } },
  { id: "laptop", labels: { app: "shop", env: "dev" } },
  { id: "one", labels: {}, addresses: ["10.1.0.9"] },
  { id: "two", labels: {}, addresses: ["10.1.0.9"] },
];
const encoder = new TextEncoder();
const { set, diagnostics } = readPolicySet([
  { path: "billing.yaml", bytes: encoder.encode(billing) },
  { path: "zones.yaml", bytes: encoder.encode(zones) },
]);
const { inventory } = readInventoryFile(JSON.stringify({ workloads, quarantined: [] }));

function explained(from: string, to: string, over: string, { at = "2026-11-25T12:00:00Z", facts = {} } = {}) {
  return explain(set, inventory, { from, to, over: servicePointOf(over, set.services), at: instantOf(at) ?? null, facts });
}

test("the policy of these tests has no errors", () => {
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
});

test("an allowed question names its rule with place, reason and owner, and how it would be closed", () => {
  const { answer, rules, changes, client } = explained("api", "ledger", "tcp/5432");
  expect(answer).toMatchObject({ verdict: "allow", layer: "segment", by: ["billing/api"] });
  expect(rules).toEqual([expect.objectContaining({ name: "billing/api", at: { file: "billing.yaml", line: 5 }, because: "balances", owner: "team-billing" })]);
  expect(client).toMatchObject({ kind: "workload", zone: "production", segment: { policy: "billing", owner: "team-billing" } });
  expect(changes.map(({ kind, steps, answer: then }) => [kind, steps[0]!.what.slice(0, 30), then.verdict])).toEqual([
    ["date", "let billing/api (billing.yaml:", "deny"],
    ["label", "its inventory corrects the lab", "deny"],
    ["rule", "take away billing/api", "deny"],
    ["forbid", "the architects forbid it, what", "deny"],
    ["quarantine", "in an incident: quarantine api", "deny"],
  ]);
});

test("a port is taken out of a rule only where no range or name that stays covers it", () => {
  const taken = (over: string): readonly string[] => {
    const rule = `common:\n  - { name: c, from: { app: shop }, to: { app: billing }, over: ${over}, owner: o, because: b }\n`;
    const texts = { "billing.yaml": billing, "common.yaml": rule };
    const read = readPolicySet(Object.entries(texts).map(([path, text]) => ({ path, bytes: encoder.encode(text) })));
    const asked = { from: "web", to: "ledger", over: { protocol: 6, port: 443 }, at: 0, facts: {} };
    return explain(read.set, inventory, asked).changes.flatMap(({ kind, steps }) => (kind === "port" ? steps[0]!.write : []));
  };
  expect(taken("[tcp/443, tcp/400-442, udp/53]")).toEqual(["over: [tcp/400-442, udp/53]"]);
  for (const over of ["[tcp/443, tcp/400-500, udp/53]", "[https, tcp/443]", "[tcp/443, any]", "[tcp/443, udp/53, tcp/443]"]) expect(taken(over)).toEqual([]);
});

test("when a rule turns an answer is told of those who are the ends now, whoever held their addresses then", () => {
  const text = `zones:
  - { name: production, members: { env: prod }, because: customers }
policy: shop
owner: team
scope: { app: shop }
allow:
  - { name: a, from: { app: web }, to: { app: shop }, over: ssh, because: b, from-date: 2026-11-01, until: 2026-12-14 }
`;
  const own = readPolicySet([{ path: "a.yaml", bytes: encoder.encode(text) }]).set;
  const lease = { address: "10.9.0.1", from: "2026-11-15T00:00:00Z", until: "2026-12-20T00:00:00Z" };
  const web = { id: "w", labels: { app: "web", env: "prod" }, addresses: [lease] };
  const { inventory: known } = readInventoryFile(JSON.stringify({ workloads: [web, { id: "s", labels: { app: "shop", env: "prod" } }] }));
  const turns = (from: string) =>
    explain(own, known, { from, to: "s", over: { protocol: 6, port: 22 }, at: instantOf("2026-11-25T00:00:00Z")!, facts: {} }).turns;
  // Without the rule the segment denies web; a bare address would be stopped by the boundary.
  expect(turns("10.9.0.1").map(({ at: when, answer }) => [when, answer.layer])).toEqual([
    ["2026-11-01T00:00:00Z", "segment"],
    ["2026-12-15T00:00:00Z", "segment"],
  ]);
  expect(turns("10.9.0.1")).toEqual(turns("w"));
});

test("what is written for a workload names none of its labels that policy text cannot say", () => {
  const text = `labels: { app: {}, env: { values: [prod, dev] } }
zones:
  - { name: production, members: { env: prod }, inside: closed, because: customers }
common:
  - { name: c, from: { app: shop, env: prod }, to: workloads, over: ssh, owner: o, because: b, review: 2027-05-01 }
`;
  const read = (more: string) => readPolicySet([text, more].map((one, index) => ({ path: `${index}.yaml`, bytes: encoder.encode(one) })));
  const labels = { env: "qa", app: "shop", zone: "eu", team: "a", "": "b" };
  const own = readInventoryFile(
    JSON.stringify({
      workloads: [
        { id: "a", labels },
        { id: "b", labels: { app: "x", env: "prod", team: "" } },
        { id: "c", labels: { team: "a" } },
      ],
    }),
  ).inventory;
  const changes = (from: string, to: string) => explain(read("").set, own, { from, to, over: { protocol: 6, port: 22 }, at: 0, facts: {} }).changes;
  const isSaid = (write: readonly string[]): boolean =>
    read(
      write.join("\n").replaceAll("from-date: …", "from-date: 2026-01-01").replaceAll("until: …", "until: 2027-01-01").replaceAll("…", "some"),
    ).diagnostics.every(({ severity }) => severity !== "error");
  const written = changes("a", "b").flatMap(({ steps }) => steps.map(({ write }) => write));
  expect(written.filter((write) => write.length > 1).map(isSaid)).toEqual([true, true, true]);
  expect(written.flat()).toEqual(expect.arrayContaining(["    from: { app: shop }", "scope: { app: x, env: prod }"]));
  // One value more in a rule would be refused likewise.
  expect(written.flat().some((line) => line.includes("qa"))).toBe(false);
  // The control: with the labels as the inventory has them it is refused.
  expect(isSaid(written.find((write) => write.length > 1)!.map((line) => line.replace("{ app: shop }", "{ app: shop, env: qa }")))).toBe(false);
  expect(changes("c", "b").map(({ steps }) => steps[0]!.what)).toEqual([expect.stringContaining("find out what c is")]);
});

test("a denied segment says who has to agree, which rule nearly lets it in, and where it is blocked", () => {
  const { answer, changes, nearest, denials } = explained("web", "ledger", "tcp/5432");
  expect(answer).toEqual({ verdict: "deny", layer: "segment", by: [], effect: "block" });
  expect(denials).toEqual([{ layer: "segment-server", end: "server", stage: "enforce", hasPoint: true }]);
  expect(changes.find(({ kind }) => kind === "rule")?.steps).toEqual([
    {
      what: "team-billing lets it in: a rule in policy billing (billing.yaml)",
      write: [
        "allow:",
        "  - name: …",
        "    from: { app: shop, env: prod, role: web }",
        "    to: { app: billing, env: prod, role: ledger }",
        "    over: [tcp/5432]",
        "    because: …",
      ],
    },
  ]);
  expect(changes.every((change) => change.answer.verdict === "allow")).toBe(true);
  expect(nearest.map(({ rule, answer: then }) => [rule, then.verdict])).toContainEqual(["billing/api", "allow"]);
});

test("a rule that fails in one label says which", () => {
  const { nearest } = explained("ledger", "ledger", "tcp/5432");
  expect(nearest).toContainEqual(expect.objectContaining({ rule: "billing/api", would: "if role of ledger were api (it is ledger)" }));
});

test("a fact that nobody told is named, and telling it opens", () => {
  const { answer, nearest, told } = explained("10.20.9.8", "ledger", "https");
  expect(answer).toMatchObject({ verdict: "deny", layer: "boundary" });
  expect(nearest).toContainEqual(
    expect.objectContaining({ rule: "conduit/staff", would: `if it were known that there is encryption: ask with --facts '{"encrypted":true}'` }),
  );
  expect(told).toMatchObject([{ conditions: [{ encrypted: "true" }], answer: { verdict: "allow", by: ["billing/staff", "conduit/staff"] } }]);
  expect(explained("10.20.9.8", "ledger", "https", { facts: { encrypted: true } }).answer).toMatchObject({ verdict: "allow", layer: "segment" });
});

test("what to ask with is one word to a shell, whatever a policy calls a process", () => {
  const rule = `common:\n  - { name: c, from: anyone, to: workloads, over: ssh, where: { process: "a'; touch x; '" }, owner: o, because: b }\n`;
  const { set: hostile } = readPolicySet([{ path: "c.yaml", bytes: encoder.encode(`${billing}${rule}`) }]);
  const { nearest } = explain(hostile, inventory, { from: "web", to: "ledger", over: { protocol: 6, port: 22 }, at: 0, facts: {} });
  expect(nearest.map(({ would }) => would.split("ask with ")[1])).toEqual([`--facts '{"process":"a'\\''; touch x; '\\''"}'`]);
});

test("a closed boundary and a closed segment need both owners, in one change", () => {
  const { changes } = explained("10.20.9.8", "ledger", "ssh");
  expect(changes.at(-1)?.steps.map(({ what }) => what)).toEqual([
    "the architects open a conduit from zone offices to zone production",
    "team-billing lets it in: a rule in policy billing (billing.yaml)",
  ]);
});

test("an inside address that is nobody's is found out before anything is opened for it", () => {
  const [first, second] = explained("192.168.7.7", "ledger", "tcp/5432").changes;
  expect(first?.steps[0]?.what).toMatch(/^find out who 192\.168\.7\.7 is: put it in the inventory, or name its network/);
  expect(second?.steps[0]?.what).toContain("the internet too");
  expect(
    explained("8.8.8.8", "ledger", "tcp/5432")
      .changes.flatMap(({ steps }) => steps.map(({ what }) => what))
      .join(),
  ).not.toContain("find out");
  expect(
    explained("10.20.9.9", "web", "tcp/5432")
      .changes.flatMap(({ steps }) => steps.map(({ what }) => what))
      .join(),
  ).not.toContain("find out");
});

test("an exception says when it begins and ends, to the instant", () => {
  const { answer, turns, rules } = explained("10.20.9.8", "ledger", "tcp/5432");
  expect(answer).toMatchObject({ verdict: "allow", layer: "exception" });
  expect(rules[0]).toMatchObject({ approvedBy: "a", ticket: "T-1", from: "2026-11-01T00:00:00Z", until: "2026-12-16T00:00:00Z" });
  expect(turns.map(({ at, isPast, answer: then }) => [at, isPast, then.verdict])).toEqual([
    ["2026-11-01T00:00:00Z", true, "deny"],
    ["2026-12-16T00:00:00Z", false, "deny"],
  ]);
  const after = explained("10.20.9.8", "ledger", "tcp/5432", { at: "2027-01-01T00:00:00Z" });
  expect(after.nearest).toContainEqual(expect.objectContaining({ rule: "exception/audit", would: "if it had not ended at 2026-12-16T00:00:00Z" }));
});

test("a forbid is ended before anything else, and an exception is no way around it", () => {
  const { changes } = explained("laptop", "ledger", "tcp/5432");
  expect(changes.map(({ steps }) => steps.map(({ what }) => what))).toEqual([
    [
      "end forbid/no-dev, or narrow what it names",
      "the architects open a conduit from zone unplaced to zone production",
      "team-billing lets it in: a rule in policy billing (billing.yaml)",
    ],
  ]);
});

test("contested and unresolved ends are told with their reason", () => {
  expect(explained("10.1.0.9", "ledger", "ssh").client).toMatchObject({ kind: "contested", names: ["one", "two"] });
  expect(explained("10.50.1.1", "ledger", "ssh").client).toMatchObject({ kind: "unresolved", why: expect.stringContaining("network farm") as string });
  expect(explained("nobody", "ledger", "ssh").client).toMatchObject({ kind: "unresolved", why: expect.stringContaining("no workload is called") as string });
  expect(explained("nobody", "ledger", "ssh").changes).toEqual([]);
});

test("where nothing guards, guarding is what would close it", () => {
  const { answer, changes } = explained("api", "web", "https");
  expect(answer.layer).toBe("segment");
  const open = explained("one", "two", "https");
  expect(open.answer.layer).toBe("open");
  // Without labels there is nothing by which to guard or forbid it; the state is left.
  expect(open.changes.map(({ kind }) => kind)).toEqual(["quarantine"]);
  expect(
    explained("web", "web", "https")
      .changes.find(({ kind }) => kind === "guard")
      ?.steps[0]?.write.at(-1),
  ).toBe("scope: { app: shop, env: prod, role: web }");
  expect(changes.find(({ kind }) => kind === "rule")?.steps[0]?.what).toBe(
    "team-billing, for its members as clients, says that they need it: a rule in policy billing (billing.yaml)",
  );
});

test("the safety floor of a host is told where it passes, and nowhere else", () => {
  const floorOf = (from: string, to: string, over: string) => explained(from, to, over).floor.map(({ end, why }) => `${end}: ${why.slice(0, 21)}`);
  expect(floorOf("ledger", "ledger", "ssh")).toEqual(["client: a host speaks with it", "server: a host speaks with it"]);
  expect(floorOf("ledger", "10.20.9.8", "udp/67")).toEqual(["client: a host may ask for an"]);
  expect(floorOf("10.20.9.8", "ledger", "udp/68")).toEqual(["server: a host may be given a"]);
  expect([...floorOf("10.20.9.8", "ledger", "udp/67"), ...floorOf("web", "ledger", "tcp/67"), ...floorOf("web", "10.20.9.8", "udp/67")]).toEqual([]);
  const asked = (host: string, port: number) =>
    explain(
      set,
      inventory,
      { from: "web", to: "ledger", over: servicePointOf("ssh", []), at: instantOf("2026-11-25T12:00:00Z")!, facts: {} },
      { host, management: [{ protocol: "tcp", port }] },
    ).floor;
  expect(asked("ledger", 22)).toMatchObject([{ end: "server" }]);
  // The control: another host's path, and another port.
  expect([...asked("web", 22), ...asked("ledger", 2222)]).toEqual([]);
});
