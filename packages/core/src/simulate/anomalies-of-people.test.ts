import { expect, test } from "vitest";
import { instantOf } from "../base/instant.ts";
import { readInventoryFile } from "../inventory/inventory-file.ts";
import { readPolicySet } from "../language/read.ts";
import { anomaliesOf } from "./anomalies.ts";
import type { AnomaliesAsked, Anomaly, RuleUse } from "./anomaly.ts";

const at = instantOf("2026-11-28T00:00:00Z")!;
const zones = (second: string): string => `zones:
  - { name: production, members: { env: prod }, owner: o, because: customers }
  - { name: development, members: { env: ${second} }, owner: o, because: trials }
`;
const text = (second = "dev"): string => `${zones(second)}policy: shop
owner: team
scope: { app: shop, env: prod }
allow:
  - { name: web, from: { app: web, env: prod }, to: { app: shop, env: prod }, over: https, because: orders }
`;
const { inventory } = readInventoryFile(
  JSON.stringify({
    workloads: [
      { id: "shop-1", labels: { app: "shop", env: "prod" } },
      { id: "web-1", labels: { app: "web", env: "prod" } },
      { id: "try-1", labels: { app: "try", env: "dev" } },
    ],
  }),
);
const unused: RuleUse = { days: 90, daysRecorded: 12, unseenEvents: [], services: new Map(), by: [], groups: new Map(), blind: new Set() };

function odd(policy: string, asked: Partial<AnomaliesAsked> = {}): readonly Anomaly[] {
  const { set } = readPolicySet([{ path: "a.yaml", bytes: new TextEncoder().encode(policy) }]);
  const judging = anomaliesOf({ set, at, inventory, use: null, ...asked });
  for (let step = judging.next(); ; step = judging.next()) if (step.done === true) return step.value;
}
const codes = (some: readonly Anomaly[]): readonly string[] => some.map(({ code, name }) => `${code} ${name}`);

test("a zone whose members were mistyped is said once, and makes no rule look dead", () => {
  const [first, ...others] = odd(text("prod"), { use: unused });
  expect([first?.code, first?.name, first?.others]).toEqual(["contested", "zone/development", ["zone/production"]]);
  expect(first?.message).toContain("2 workloads are claimed by `zone/production` and `zone/development` at once: shop-1, web-1;");
  expect(codes(others)).toEqual([]);
  // The control: where nobody is contested, what is unused is said, and who is guarded by nobody.
  expect(codes(odd(text(), { use: unused }))).toEqual(["unguarded zone/production", "never-used shop/web"]);
});

test("without an inventory, rules whose workloads would all be contested are said to be untold once", () => {
  const found = odd(text("prod"), { inventory: null });
  expect(codes(found)).toEqual(["contested shop/web"]);
  expect(found[0]?.message).toContain("everybody would be claimed by `zone/production` and `zone/development` at once");
  expect(odd(text(), { inventory: null })).toEqual([]);
});

test("workloads of a zone that nobody guards are said where others of it are guarded", () => {
  const [found] = odd(text());
  expect([found?.code, found?.message]).toEqual([
    "unguarded",
    "1 of 2 workloads of the zone `production` is guarded by nobody, the others by segments: app=web,env=prod",
  ]);
  // A zone that is closed guards its members itself; one without a segment has not been begun.
  expect(odd(text().replace("env: prod }, owner", "env: prod }, inside: closed, owner"))).toEqual([]);
  expect(codes(odd(zones("dev")))).toEqual([]);
});
