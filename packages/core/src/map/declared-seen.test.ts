import { expect, test } from "vitest";
import type { DeclaredDependency, DeclaredEnd } from "../inventory/declared.ts";
import { declaredSeen } from "./declared-seen.ts";
import { bare, flow, held } from "./testing/estate.ts";

const workloads = [
  { id: "web-1", labels: { app: "shop", role: "web" } },
  { id: "web-2", labels: { app: "shop", role: "web" } },
  { id: "db-1", labels: { app: "ledger", role: "db" } },
  { id: "mail-1", labels: { app: "mail" } },
];
const app = (name: string): DeclaredEnd => ({ name, ids: [], labels: { app: name } });
const declared = (from: DeclaredEnd, to: DeclaredEnd, ...services: readonly string[]): DeclaredDependency => ({
  from,
  to,
  services,
  where: "line 2",
  by: null,
  at: null,
});
const report = (dependencies: readonly DeclaredDependency[], flows: readonly ReturnType<typeof flow>[]) =>
  declaredSeen({ exports: [{ source: "owners", at: 0, dependencies }], workloads, flows, by: ["app"] });

test("what was declared and seen, only declared, and only seen are told apart", () => {
  const {
    declared: all,
    observedOnly,
    observedDeclared,
    observed,
  } = report(
    [declared(app("shop"), app("ledger"), "tcp/5432"), declared(app("shop"), app("mail"), "tcp/25"), declared(app("shop"), app("nobody"), "any")],
    [
      flow(held("web-1"), held("db-1"), "tcp/5432", { first: 5, last: 9 }),
      flow(held("web-2"), held("db-1"), "tcp/5432", { first: 2, last: 7 }),
      flow(held("web-1"), held("db-1"), "tcp/22"),
    ],
  );
  expect(all.map(({ connections, first, last, servers }) => [connections, first, last, servers.length])).toEqual([
    [20, 2, 9, 1],
    [0, null, null, 1],
    // Nobody has this label: nothing could be seen of it.
    [0, null, null, 0],
  ]);
  expect(observedOnly).toMatchObject([{ from: "app=shop", to: "app=ledger", service: "tcp/22", connections: 10 }]);
  expect([observedDeclared, observed]).toEqual([1, 2]);
});

test("a workload that the declaration names by its id comes before labels; ranges and any service are met", () => {
  const named: DeclaredEnd = { name: "shop/web", ids: ["web-1"], labels: { app: "shop" } };
  const flows = [flow(held("web-2"), held("db-1"), "tcp/5432"), flow(held("web-1"), held("db-1"), "tcp/5433")];
  expect(report([declared(named, app("ledger"), "tcp/5430-5440")], flows).declared[0]?.connections).toBe(10);
  expect(report([declared(named, app("ledger"), "tcp/5440-5450")], flows).declared[0]?.connections).toBe(0);
  expect(report([declared(app("shop"), app("ledger"), "any")], flows).declared[0]?.connections).toBe(20);
});

test("attempts without an answer and strangers are no dependency that anybody should have declared", () => {
  const flows = [flow(held("web-1"), held("db-1"), "tcp/5432", { answered: 0, unanswered: 10 }), flow(bare("10.0.0.9"), held("db-1"), "tcp/5432")];
  expect(report([], flows)).toMatchObject({ observed: 0, observedOnly: [] });
  // The control: answered, it is one.
  expect(report([], [flow(held("web-1"), held("db-1"), "tcp/5432")])).toMatchObject({ observed: 1 });
});

test("of what came after a declaration it is told how much had been declared before", () => {
  const at = (dependency: DeclaredDependency, said: number): DeclaredDependency => ({ ...dependency, at: said });
  const dependencies = [at(declared(app("shop"), app("ledger"), "tcp/5432"), 100), at(declared(app("shop"), app("mail"), "tcp/25"), 300)];
  const flows = [
    // Before anything was declared; declared in time; declared when it was there already; never.
    flow(held("web-1"), held("db-1"), "tcp/22", { first: 50, last: 60 }),
    flow(held("web-1"), held("db-1"), "tcp/5432", { first: 150, last: 160 }),
    flow(held("web-1"), held("mail-1"), "tcp/25", { first: 200, last: 210 }),
    flow(held("web-1"), held("mail-1"), "tcp/443", { first: 250, last: 260 }),
  ];
  expect(report(dependencies, flows)).toMatchObject({ observed: 4, observedDeclared: 2, later: 3, laterDeclared: 1 });
});
