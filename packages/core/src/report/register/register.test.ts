import { expect, test } from "vitest";
import { instantOf } from "../../base/instant.ts";
import { worldOf } from "../../decide/world.ts";
import { readPolicySet } from "../../language/read.ts";
import { recordedShop } from "../../recommend/testing/shop.ts";
import { simulating } from "../../simulate/simulate.ts";
import { tablesOf } from "../document.ts";
import { tableCsv } from "../document-csv.ts";
import { documentHtml } from "../document-html.ts";
import { documentJson } from "../document-json.ts";
import { documentTypst } from "../document-typst.ts";
import { inBrowser, noBrowser, violationsOf } from "../testing/axe.ts";
import type { RegisterInputs, Revision } from "./facts.ts";
import { registerReport } from "./register.ts";

const { flows, inventory: shop } = recordedShop();
const proven = { name: "spiffe://shop/web", tier: 2 } as const;
const inventory = { ...shop, workloads: shop.workloads.map((one) => (one.id === "web-1" ? { ...one, identity: proven } : one)) };

const policy = (because: string): string => `
networks:
  corporate: { prefixes: [10.30.0.0/16], own: true }
zones:
  - { name: prod, members: { env: prod }, because: ${because}, owner: team-shop, level: moderate }
  - { name: dev, members: { env: dev }, because: experiments }
  - { name: office, members: { env: office }, networks: [corporate], because: people work here, owner: it }
conduits:
  - { name: customers, from: outside, to: prod, over: https, owner: architects, because: ${because}, approved-by: ciso, ticket: CHG-1, review: 2026-01-01 }
  - { name: staff, from: office, to: prod, over: [ssh, https, dns], owner: architects, because: staff work in it, data-class: internal }
  - { name: printing, from: dev, to: office, over: any, owner: it, because: developers print }
  - { name: telnet, from: dev, to: prod, over: tcp/23, owner: it, because: an old machine }
  - { name: encrypted, from: prod, to: office, over: https, where: { encrypted: true, identity: 2 }, owner: it, because: it pushes }
  - { name: shut, from: dev, to: prod, over: postgres, where: { identity: 3 }, owner: it, because: nobody can show who it is }
forbid:
  - { name: no-dev, from: { zone: dev }, to: { app: billing }, because: separation (AC-4) }
exceptions:
  - { name: audit, from: { zone: office }, to: { app: billing, env: prod }, over: postgres, owner: cfo, approved-by: a, ticket: CHG-2, because: audit, from-date: 2026-11-01, until: 2026-12-01 }
`;
const billing = `
policy: billing
owner: team-billing
scope: { app: billing, env: prod }
allow:
  - { name: jump, from: { role: jump }, to: { app: billing, env: prod, role: ledger }, over: ssh, because: operators repair it }
`;

function revision(...texts: readonly string[]): Revision {
  const files = texts.map((text, at) => ({ path: `${at}.yaml`, bytes: Buffer.from(text) }));
  const { set, diagnostics } = readPolicySet(files);
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return { set, files: files.map(({ path }) => ({ path, digest: "0".repeat(64) })), version: "1".repeat(64) };
}

const inputs: RegisterInputs = {
  version: "0.0.0",
  generatedAt: instantOf("2026-11-26T12:00:00Z")!,
  since: null,
  until: null,
  front: { agency: "Agency of Ships" },
  policy: revision(policy("customers depend on it"), billing),
  before: null,
  inventory,
  isReal: true,
  flows,
  sources: [],
  cannotTell: {},
  gaps: [],
};
const { document, disagreements } = registerReport(inputs);
const html = documentHtml(document);
const table = (id: string, of = document) => tablesOf(of).find((one) => one.id === id)!;
const cellsOf = (id: string, first: string, of = document): Readonly<Record<string, unknown>> => {
  const { columns, rows } = table(id, of);
  return Object.fromEntries(rows.find(([name]) => name === first)!.map((cell, at) => [columns[at]!, cell]));
};

test("the register has the sixteen sections of its deliverable, in order, none empty, and every picture has its table", () => {
  expect(document.sections.map(({ number }) => number)).toEqual(Array.from({ length: 16 }, (_, at) => at + 1));
  for (const { title, blocks } of document.sections) expect(blocks.length, title).toBeGreaterThan(0);
  const ids = tablesOf(document).map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const figure of document.sections.flatMap(({ blocks }) => blocks.filter((block) => block.kind === "figure"))) expect(ids).toContain(figure.table);
  const places = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(places).size).toBe(places.length);
  for (const { columns, rows } of tablesOf(document)) for (const row of rows) expect(row.length).toBe(columns.length);
});

test("a permitted flow says who answers for it, where it is written, and how often it was used", () => {
  expect(cellsOf("table-r", "outside → prod, tcp/443")).toMatchObject({
    "from zone": "outside",
    purpose: "customers depend on it",
    owner: "architects",
    "approved by": "ciso",
    ticket: "CHG-1",
    status: "approved",
    connections: 25,
    "last seen": expect.stringMatching(/^2026-11-25T/) as string,
    "unused days until the last record": 0,
    "written in": "0.yaml:9",
  });
  expect(cellsOf("table-r", "office → prod, tcp/22, billing/jump")).toMatchObject({
    conduit: "conduit/staff",
    rule: "billing/jump",
    owner: "architects; team-billing",
    status: "simulated",
    connections: 1,
  });
  // Of what demands facts no record can say that it was used.
  expect(cellsOf("table-r", "prod → office, tcp/443")).toMatchObject({
    encryption: "required",
    "identity of the client": "tier 2 at least",
    connections: null,
  });
});

test("days without use end with the last record, however late the report is made", () => {
  const of = (one: RegisterInputs): unknown => cellsOf("table-r", "outside → prod, tcp/443", registerReport(one).document)["unused days until the last record"];
  const late = { ...inputs, generatedAt: instantOf("2027-05-26T12:00:00Z")! };
  expect(of(late)).toBe(0);
  expect(new Map(registerReport(late).document.front).get("last record")).toMatch(/^2026-11-25T/);
  // The control: days that were recorded count.
  const later = flows.map((one, at) => (at === 0 ? { ...one, last: instantOf("2026-11-29T12:00:00Z")! } : one));
  expect(of({ ...late, flows: [...flows, { ...later[0]!, server: later[0]!.client, client: later[0]!.server }] })).toBeGreaterThan(2);
});

test("the matrix tells denied, named and unrestricted apart", () => {
  expect(cellsOf("zone-matrix", "dev")).toMatchObject({ dev: "open inside", office: "unrestricted", prod: "1 named flow", outside: "denied" });
  expect(cellsOf("zone-matrix", "outside")).toMatchObject({ prod: "1 named flow", dev: "denied" });
});

test("an invariant is proven by every question, and recorded traffic against it is told apart", () => {
  expect(cellsOf("invariants", "forbid/no-dev")).toMatchObject({
    proof: "holds",
    allowed: 0,
    "recorded against it": 3,
    "rules that reach into it": "conduit/shut, conduit/telnet",
  });
  expect(cellsOf("invariants", "forbid/no-dev")["questions"]).toBe(cellsOf("invariants", "forbid/no-dev")["asked"]);
  expect(disagreements).toBe(0);
});

test("a rule that starts within a flow may have met any part of it: how often is not told, and never counted as good", () => {
  const [first, change, last] = ["2026-11-02", "2026-11-10", "2026-11-20"].map((day) => instantOf(`${day}T00:00:00Z`)!) as [number, number, number];
  const dated = (text: string): string =>
    text.replace("staff work in it,", "staff work in it, from-date: 2026-11-10,").replace("separation (AC-4)", "separation, from-date: 2026-11-10");
  const of = (from: number): RegisterInputs => ({
    ...inputs,
    policy: revision(dated(policy("x")), billing),
    flows: flows.map((one) => ({ ...one, first: from, last })),
  });
  const across = registerReport(of(first)).document;
  const jump = "office → prod, tcp/22, billing/jump";
  expect(cellsOf("table-r", jump, across)).toMatchObject({ connections: null, "last seen": null });
  expect(table("unused", across).rows.map(([flow]) => flow)).not.toContain(jump);
  expect(cellsOf("invariants", "forbid/no-dev", across)["recorded against it"]).toBeNull();
  expect(cellsOf("metrics", "invariants (INV), by traffic", across)).toMatchObject({ of: 0, all: 1, unknown: 1 });
  expect(cellsOf("metrics", "unused permission (D4)", across)["unknown"]).toBeGreaterThan(1);
  // The control: where all of a flow began under one set of rules, it is told.
  const after = registerReport(of(change)).document;
  expect(cellsOf("table-r", jump, after)["connections"]).toBe(1);
  expect(cellsOf("invariants", "forbid/no-dev", after)["recorded against it"]).toBe(3);
  expect(cellsOf("metrics", "invariants (INV), by traffic", after)).toMatchObject({ of: 0, all: 1, unknown: 0 });
});

test("what was recorded and is denied leads to its records; what crossed without a conduit, was never used, is broad, ends or is overdue is listed", () => {
  const { rows } = table("violations");
  expect(rows.length).toBeGreaterThan(3);
  for (const row of rows) expect(row.at(-1)).toMatch(/^bulkhead flows /);
  expect(table("unregistered").rows.map((row) => row.slice(0, 3))).toContainEqual(["prod", "outside", "tcp/4444"]);
  expect(table("unused").rows.map(([flow]) => flow)).toContain("dev → office, any");
  expect(table("idle-conduits").rows.map(([name]) => name)).toEqual(["conduit/shut"]);
  expect(cellsOf("broad", "dev → office, any")).toMatchObject({ "why it is broad": "every service" });
  expect(cellsOf("exceptions", "exception/audit")).toMatchObject({ state: "ending", until: "2026-12-01" });
  expect(cellsOf("reviews", "conduit/customers")).toMatchObject({ due: "2026-01-01", "days overdue": 329 });
});

test("what has its conduit and runs into a forbid, or of which nobody can tell, is not said to have crossed without one", () => {
  const known = flows.find(({ server, serverPort }) => server.kind === "bare" && serverPort === 4444)!;
  const [jump, ledger] = ["jump-1", "ledger-1"].map((holder) => ({ kind: "held", holder }) as const);
  const ssh = { ...known, client: jump!, server: ledger!, serverPort: 22 };
  const forbidding = policy("x").replace(
    "exceptions:",
    "  - { name: no-ssh, from: { role: jump }, to: workloads, over: [ssh, tcp/23], because: a test }\nexceptions:",
  );
  const made = registerReport({
    ...inputs,
    policy: revision(forbidding, billing),
    flows: [ssh, { ...ssh, serverPort: 23 }, { ...ssh, serverPort: null }],
  });
  expect(table("violations", made.document).rows.map((row) => row[4])).toEqual(["tcp/22", "tcp/23"]);
  // The control: without a conduit it is listed, forbidden or not.
  expect(table("unregistered", made.document).rows.map((row) => row[2])).toEqual(["tcp/23"]);
});

test("every figure is a part of a whole with what nobody can tell, and the connections add up", () => {
  const { rows } = table("metrics");
  for (const [, , of, all, unknown] of rows as readonly (readonly number[])[]) expect(of! + unknown!).toBeLessThanOrEqual(all!);
  const connections = rows.filter(([figure]) => figure === "traffic compliance (TC_conn)") as unknown as readonly (readonly [
    string,
    string,
    number,
    number,
    number,
  ])[];
  expect(connections.reduce((sum, [, , of]) => sum + of, 0) + connections[0]![4]).toBe(flows.reduce((sum, one) => sum + one.connections, 0));
});

test("the register counts what `simulate` counts", () => {
  const simulation = simulating(worldOf(inputs.policy.set, inventory), inventory.workloads);
  for (const flow of flows) expect(simulation.add(flow)).toBe(true);
  const { allowed, open, denied, unknown } = simulation.result().totals;
  const counted = new Map(
    table("metrics")
      .rows.filter(([figure]) => figure === "traffic compliance (TC_conn)")
      .map(([, what, of]) => [what, of]),
  );
  expect([...counted.values()]).toEqual([allowed, open, denied].map((one) => one?.connections ?? 0));
  expect(unknown).toBeNull();
  expect(table("violations").rows.reduce((sum, row) => sum + Number(row[7]), 0)).toBe(denied!.connections);
});

test("the same inputs give the same bytes; another rule, another workload or another time give others", () => {
  expect(documentHtml(registerReport(inputs).document)).toBe(html);
  const json = documentJson(document);
  expect(documentJson(registerReport(inputs).document)).toBe(json);
  for (const other of [
    { policy: revision(policy("customers depend on it")) },
    { inventory: { ...inventory, workloads: inventory.workloads.slice(1) } },
    { generatedAt: instantOf("2026-12-02T12:00:00Z")! },
  ])
    expect(documentJson(registerReport({ ...inputs, ...other }).document)).not.toBe(json);
});

test("broadcast is no crossing that needs a conduit: it is set apart, and said", () => {
  const sent = (address: string) => {
    const unanswered = { answered: 0, untold: 0, unanswered: 359, connections: 359 };
    const server = { kind: "bare", address } as const;
    const flow = { ...flows[0]!, ...unanswered, client: { kind: "held", holder: "staff-1" } as const, server, protocol: "udp", serverPort: 137 };
    const { document: of } = registerReport({ ...inputs, flows: [...flows, flow] });
    const words = JSON.stringify(of.sections.find(({ id }) => id === "unregistered")!.blocks);
    const lists = (id: string, column: number): boolean => table(id, of).rows.some((row) => row[column] === "udp/137");
    return [lists("unregistered", 2), lists("violations", 4), words.includes("359 connections to broadcast and multicast addresses are set apart")];
  };
  expect(sent("10.31.0.255")).toEqual([false, true, true]);
  // The control: one machine is a crossing.
  expect(sent("10.31.0.9")).toEqual([true, true, false]);
});

test("the change log says what an earlier revision let through, and who approved the change", () => {
  const before = revision(policy("customers depend on it").replace(/ {2}- { name: staff.*\n/, ""), billing);
  const { document: later } = registerReport({ ...inputs, before });
  expect(table("changes", later).rows.map(([change]) => change)).toContain("gained");
  expect(table("rules-changed", later).rows).toEqual([["conduit/staff", "new", null]]);
  const same = registerReport({ ...inputs, before: inputs.policy }).document;
  expect([table("changes", same).rows, table("rules-changed", same).rows]).toEqual([[], []]);
});

test("without traffic, without zones and without anybody there is still a register, which says what it lacks", () => {
  expect(documentHtml(registerReport({ ...inputs, flows: [] }).document)).toContain("bulkhead ingest PATH…");
  expect(documentHtml(registerReport({ ...inputs, policy: revision(billing) }).document)).toContain("declares no zones");
  const nobody = registerReport({ ...inputs, flows: [], inventory: { workloads: [], points: [], quarantined: [] } }).document;
  expect(cellsOf("zone-matrix", "prod", nobody)["dev"]).toBe("nobody is known there");
});

const evil = `=1+1<img src=x onerror="document.title='owned'">\u202e`;
const hostile = registerReport({
  ...inputs,
  front: { agency: evil },
  policy: revision(policy(JSON.stringify(evil)), billing.replace("team-billing", JSON.stringify(evil))),
  inventory: { ...inventory, workloads: inventory.workloads.map((one, at) => (at === 0 ? { ...one, id: evil } : one)) },
}).document;

test("names and reasons from outside are text: no markup in the page, no formula in the tables", () => {
  expect(documentHtml(hostile)).not.toMatch(/<img|\u202e/);
  expect(documentHtml(hostile)).toContain("&lt;img");
  const csv = tableCsv(table("table-r", hostile));
  expect(csv).not.toMatch(/(^|,)"?=/m);
  // The control: the evil is there, guarded.
  expect(csv).toContain("'=1+1<img");
});

test("on paper a text from outside cannot become a command of the typesetter, in a card as in a table", () => {
  const text = String.raw`"); #read("/etc/passwd") \" #sys.inputs $x$ = heading`;
  const source = documentTypst(registerReport({ ...inputs, policy: revision(policy(JSON.stringify(text)), billing) }).document);
  const outside = (whole: string): string => whole.replace(/"(?:[^"\\]|\\u\{[0-9a-f]+\})*"/g, "");
  expect(outside(source)).not.toMatch(/read|passwd|sys/);
  // The control: unescaped, the same check finds it.
  expect(outside(source.replaceAll("\\u{22}", '"'))).toMatch(/read/);
});

test(
  `axe finds nothing to say about the register, in light and in dark; broken on purpose it does${noBrowser}`,
  { timeout: 120_000, skip: noBrowser !== "" },
  async () => {
    await inBrowser(async (browser) => {
      for (const scheme of ["light", "dark"] as const) expect(await violationsOf(browser, html, scheme)).toEqual([]);
      expect(await violationsOf(browser, documentHtml(hostile), "light")).toEqual([]);
      expect(await violationsOf(browser, html.replace(".cards dt{color:var(--soft)", ".cards dt{color:#eee"), "light")).not.toEqual([]);
    });
  },
);
