import { expect, test } from "vitest";
import { readInventoryFile } from "../inventory/inventory-file.ts";
import { readPolicySet } from "../language/read.ts";
import { anomaliesOfPeers } from "./anomalies-of-peers.ts";
import { anomaliesOfUse } from "./anomalies-of-use.ts";
import type { RuleUse } from "./anomaly.ts";

const roles = ["lb", "web", "api", "cache", "worker"];
const { inventory } = readInventoryFile(
  JSON.stringify({
    workloads: [...roles.map((role) => ({ id: role, labels: { app: "shop", role } })), { id: "desk", labels: { app: "desk" } }],
  }),
);
const setOf = (text: string) => readPolicySet([{ path: "a.yaml", bytes: new TextEncoder().encode(text) }]).set;
const policy = (to: string, from = "{ network: internet }", over = "https"): string =>
  `policy: shop\nowner: team\nscope: { app: shop }\nallow:\n  - { name: in, from: ${from}, to: ${to}, over: ${over}, because: orders }\n`;
const use = (from: readonly string[], to: readonly string[], services = ["tcp/443"]): RuleUse => ({
  days: 90,
  daysRecorded: 30,
  unseenEvents: [],
  services: new Map([["shop/in", services]]),
  by: ["app", "role"],
  groups: new Map([["shop/in", { from: new Set(from), to: new Set(to) }]]),
  blind: new Set(),
});
const wide = (text: string, used: RuleUse): readonly string[] =>
  anomaliesOfPeers({ set: setOf(text), at: 0, inventory, use: used }).map(({ message }) => message);
const everywhere = ["lb", "web", "api"].map((role) => `app=shop,role=${role}`);

test("most of whom a rule names never used it, and that is said with those who did", () => {
  expect(wide(policy("{ app: shop }", undefined, "[https, ssh]"), use(["internet"], ["app=shop,role=lb"]))).toEqual([
    "`shop/in` opens 5 groups of servers; what was recorded on 30 of 90 days went to 1 of them: app=shop,role=lb, and nothing used tcp/22",
  ]);
  expect(wide(policy("{ app: shop, role: lb }", "{ app: shop }"), use(["app=shop,role=web"], ["app=shop,role=lb"]))).toEqual([
    "`shop/in` lets in 5 groups of clients; what was recorded on 30 of 90 days came from 1 of them: app=shop,role=web",
  ]);
});

test("nothing is said where most of them used a rule, where two are named, where everybody is, and while something declared is still to come", () => {
  expect(wide(policy("{ app: shop }"), use(["internet"], everywhere))).toEqual([]);
  expect(wide(policy("{ app: shop, role: [lb, web] }"), use(["internet"], ["app=shop,role=lb"]))).toEqual([]);
  expect(wide(policy("{ app: shop, role: lb }", "workloads"), use(["app=desk"], ["app=shop,role=lb"]))).toEqual([]);
  expect(wide(policy("{ app: shop }"), { ...use(["internet"], ["app=shop,role=lb"]), unseenEvents: ["quarter end"] })).toEqual([]);
  // What nobody used at all is told as that.
  expect(wide(policy("{ app: shop }"), { ...use([], []), services: new Map(), groups: new Map() })).toEqual([]);
});

test("whoever opens administration to anyone or to the internet is told, with or without recorded flows", () => {
  const told = (text: string, used: RuleUse | null = null): readonly string[] =>
    anomaliesOfUse({ set: setOf(text), at: 0, inventory: null, use: used }).map(({ code, message }) => `${code} ${message}`);
  const over = "over ssh and rdp, by which machines are administered";
  expect(told(policy("{ app: shop }", "anyone", "[ssh, tcp/3380-3390]"))).toEqual([`too-broad \`shop/in\` lets anyone in ${over}`]);
  expect(told(policy("{ app: shop }", undefined, "[ssh, rdp]"))).toEqual([`too-broad \`shop/in\` lets the internet in ${over}`]);
  expect(told(policy("{ app: shop }", "anyone", "ssh"), use(["app=desk"], ["app=shop,role=lb"], ["tcp/22"]))).toEqual([
    "too-broad `shop/in` lets anyone in over ssh, by which machines are administered; what was recorded came from app=desk",
  ]);
  // Those who are named, other services, and who must show more than an address.
  expect(told(policy("{ app: shop }", "{ app: desk }", "ssh"))).toEqual([]);
  expect(told(policy("{ app: shop }", "anyone", "https"))).toEqual([]);
  expect(told(policy("{ app: shop }", "anyone", "ssh, where: { tier: 2 }"))).toEqual([]);
});

test("attempts that nobody answered are no use of a rule", () => {
  const text = policy("{ app: shop }");
  const told = (used: RuleUse): readonly string[] =>
    anomaliesOfUse({ set: setOf(text), at: 0, inventory: null, use: used }).map(({ code, message }) => `${code} ${message}`);
  expect(told({ ...use([], [], []), groups: new Map() })[0]).toContain("never-used `shop/in` let in only what nobody answered in the 30 of 90 days");
  expect(told(use(["internet"], ["app=shop,role=lb"]))).toEqual([]);
});
