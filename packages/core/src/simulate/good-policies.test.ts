import { expect, test } from "vitest";
import { instantOf } from "../base/instant.ts";
import { runPolicyTests } from "../decide/policy-tests.ts";
import { readPolicySet } from "../language/read.ts";
import { anomaliesOf } from "./anomalies.ts";

const at = instantOf("2026-11-28T00:00:00Z")!;
const zones = `labels: { app: { required: true }, env: { required: true, values: [prod, dev] }, role: {} }
zones:
  - { name: production, members: { env: prod }, owner: architects, because: customers depend on it }
  - { name: development, members: { env: dev }, owner: architects, because: people try things here }
`;
const head = "policy: shop\nowner: team-shop\nscope: { app: shop, env: prod }\n";
const web =
  "  - { name: web-calls-api, from: { app: shop, env: prod, role: web }, to: { app: shop, env: prod, role: api }, over: tcp/8443, because: pages are made there }\n";

/** What `check`, the tests and `lint` say of files, as codes and names. */
function said(...files: readonly string[]): readonly string[] {
  const { set, diagnostics } = readPolicySet([zones, ...files].map((text, index) => ({ path: `${index}.yaml`, bytes: new TextEncoder().encode(text) })));
  const errors = [...diagnostics, ...runPolicyTests(set, { at, inventory: null })].map(({ code, message }) => `${code} ${message}`);
  if (errors.length > 0) return errors;
  const judging = anomaliesOf({ set, at, inventory: null, use: null });
  for (let step = judging.next(); ; step = judging.next()) if (step.done === true) return step.value.map(({ code, name }) => `${code} ${name}`);
}

const good: readonly (readonly [sentence: string, ...files: readonly string[]])[] = [
  ["one rule", `${head}allow:\n${web}`],
  ["nobody comes in", head],
  [
    "two reasons for two services between the same ends",
    `${head}allow:\n${web}${web.replace("web-calls-api", "metrics").replace("tcp/8443", "tcp/9100").replace("pages are made there", "the web checks it")}`,
  ],
  [
    "tests of what is allowed and what is not",
    `${head}allow:\n${web}tests:
  - { from: { app: shop, env: prod, role: web }, to: { app: shop, env: prod, role: api }, over: tcp/8443, expect: allow }
  - { from: { app: shop, env: prod, role: lb }, to: { app: shop, env: prod, role: api }, over: tcp/8443, expect: deny }\n`,
  ],
  [
    "an exception that ends in two months",
    "networks: { auditors: 10.20.9.0/24 }\n",
    `conduits: [{ name: audit, from: outside, to: production, over: https, owner: architects, because: auditors sit outside }]
${head}exceptions:
  - { name: audit, from: { network: auditors }, to: { app: shop, env: prod }, over: https, owner: cfo, approved-by: architects, ticket: T-17, because: yearly, from-date: 2026-11-01, until: 2027-01-31 }\n`,
  ],
  [
    "monitoring for everybody, written once",
    "common: [{ name: metrics, from: { app: monitoring, env: prod }, to: { env: prod }, over: tcp/9100, owner: platform, because: it is watched, review: 2027-05-01 }]\n",
    `${head}allow:\n${web}`,
  ],
  [
    "a guard rail that nothing runs into",
    "forbid: [{ name: no-dev-in-prod, from: { env: dev }, to: { env: prod }, owner: architects, because: separation }]\n",
    `${head}allow:\n${web}`,
  ],
  [
    "a way across zones, with the rule that goes with it",
    "conduits: [{ name: deploys, from: development, to: production, over: ssh, owner: architects, because: releases }]\n",
    `${head}allow:\n  - { name: deploys, from: { app: builder, env: dev }, to: { app: shop, env: prod }, over: ssh, because: releases }\n`,
  ],
  [
    "closed egress, and the one need there is",
    "conduits: [{ name: mail, from: production, to: outside, over: submission, owner: architects, because: invoices }]\n",
    `${head}egress: closed\nallow:\n${web}  - { name: mail, from: { app: shop, env: prod, role: api }, to: { network: internet }, over: submission, because: invoices }\n`,
  ],
  [
    "a closed zone with stages on the way",
    `${head}allow:\n${web}`,
    "stages: { segments: { shop: { in: enforce } }, zones: { production: { boundary: warn } } }\n",
  ],
  [
    "two owners who need each other",
    `${head}allow:\n${web}  - { name: from-billing, from: { app: billing, env: prod }, to: { app: shop, env: prod, role: api }, over: tcp/8443, because: billing reads orders }\n`,
    "policy: billing\nowner: team-billing\nscope: { app: billing, env: prod }\nallow:\n  - { name: from-shop, from: { app: shop, env: prod, role: api }, to: { app: billing, env: prod }, over: https, because: the shop asks for balances }\n",
  ],
];

test.each(good)("nothing is said of %s", (_, ...files) => {
  expect(said(...files)).toEqual([]);
});

test("what is odd about the same policies would be said", () => {
  expect(said(`${head}allow:\n${web}${web.replace("web-calls-api", "again")}`)).toEqual(["duplicate shop/web-calls-api"]);
  expect(said(`${head}allow:\n${web}${web.replace("web-calls-api", "metrics").replace("tcp/8443", "tcp/9100")}`)).toEqual(["could-be-one shop/web-calls-api"]);
});
