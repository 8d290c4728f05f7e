import fc from "fast-check";
import { expect, test } from "vitest";
import { instantOf } from "../base/instant.ts";
import { decide } from "../decide/decide.ts";
import { everyRule } from "../decide/every-rule.ts";
import { arbitraryWorld, type RandomWorld } from "../decide/testing/random-world.ts";
import { borders } from "../decide/testing/small-pools.ts";
import { worldOf } from "../decide/world.ts";
import { readInventoryFile } from "../inventory/inventory-file.ts";
import { readPolicySet } from "../language/read.ts";
import type { Rule } from "../model/policy-set.ts";
import { anomaliesOf } from "./anomalies.ts";
import { anomaliesOfEffect } from "./anomalies-of-effect.ts";
import type { AnomaliesAsked, Anomaly } from "./anomaly.ts";
import { withRule } from "./related-rules.ts";

const at = instantOf("2026-11-28T00:00:00Z")!;
const runs = 25;
const zones = `labels: { app: { required: true }, env: { required: true, values: [prod, dev] }, role: {} }
zones:
  - { name: production, members: { env: prod }, owner: o, because: customers }
  - { name: development, members: { env: dev }, owner: o, because: trials }
`;
const head = "policy: shop\nowner: team\nscope: { app: shop, env: prod }\nallow:\n";
const web = "{ name: web, from: { app: web, env: prod }, to: { app: shop, env: prod }, over: https, because: orders }";

function allOf(generator: Generator<undefined, readonly Anomaly[]>): readonly Anomaly[] {
  let step = generator.next();
  while (step.done !== true) step = generator.next();
  return step.value;
}

/** What is odd about a policy, as `code name others`. */
function odd(text: string, asked: Partial<AnomaliesAsked> = {}): readonly string[] {
  const { set, diagnostics } = readPolicySet([{ path: "a.yaml", bytes: new TextEncoder().encode(text) }]);
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return allOf(anomaliesOf({ set, at, inventory: null, use: null, ...asked })).map(({ code, name, others }) => [code, name, ...others].join(" "));
}

const policy = (...rules: readonly string[]): string => zones + head + rules.map((one) => `  - ${one}\n`).join("");

test("a policy in which every rule does something is not odd", () => {
  expect(odd(policy(web))).toEqual([]);
});

test("two rules that say the same, and one that another says already, are told by what they mean", () => {
  const same = "{ name: again, from: [{ env: prod, app: web }], to: { app: shop, env: [prod] }, over: tcp/443, because: twice }";
  expect(odd(policy(web, same))).toEqual(["duplicate shop/web shop/again"]);
  const wider = "{ name: all, from: { env: prod }, to: { app: shop, env: prod }, over: tcp/400-500, because: wide }";
  expect(odd(policy(web, wider))).toEqual(["redundant shop/web shop/all"]);
  // By the label schema, every workload is one of these.
  const everywhere = "{ name: every, from: { app: web, env: [dev, prod] }, to: { app: shop, env: prod }, over: tcp/443, because: all }";
  const anywhere = everywhere.replace("name: every", "name: any").replace(", env: [dev, prod]", "");
  expect(odd(policy(everywhere, anywhere))).toEqual(["duplicate shop/every shop/any"]);
  const halves = [
    "{ name: a, from: { app: web, env: prod }, to: { app: shop, env: prod }, over: [https, ssh], because: a }",
    "{ name: b, from: { app: web, env: prod }, to: { app: shop, env: prod }, over: [http, https, dns], because: b }",
    "{ name: c, from: { app: web, env: prod }, to: { app: shop, env: prod }, over: [ssh, http], because: c }",
  ];
  expect(odd(policy(...halves))).toContain("redundant shop/a");
  const common = "common: [{ name: mon, from: { env: prod }, to: workloads, over: [https, ssh], owner: o, because: w, review: 2027-01-01 }]\n";
  expect(odd(common + policy(web))).toContain("redundant shop/web common/mon");
});

test("a rule that forbids shadow, or that no conduit lets across, opens nothing", () => {
  const forbid = "forbid: [{ name: f, from: { app: web }, to: { env: prod }, owner: o, because: x }]\n";
  expect(odd(forbid + policy(web))).toEqual(["shadowed shop/web forbid/f"]);
  // The control: a forbid of another service shadows nothing.
  expect(odd(forbid.replace("because", "over: ssh, because") + policy(web))).toEqual([]);
  const across = web.replace("{ app: web, env: prod }", "{ app: web, env: dev }");
  expect(odd(policy(across))).toEqual(["no-way shop/web"]);
  // Where both stand in its way, no other rule says it.
  expect(odd(forbid + policy(across))).toEqual(["shadowed shop/web forbid/f"]);
  const conduit = "conduits: [{ name: c, from: development, to: production, over: https, owner: o, because: x }]\n";
  expect(odd(conduit + policy(across))).toEqual([]);
  const closed = (conduit + zones)
    .replace("env: prod }, owner", "env: prod }, inside: closed, owner")
    .replace("env: dev }, owner", "env: dev }, inside: closed, owner");
  expect(odd(closed)).toEqual(["no-way conduit/c"]);
});

test("a need that stopped counting, and a peer that adds nothing, are told", () => {
  const need = "{ name: need, from: { app: shop, env: prod }, to: { app: [db, mail], env: prod }, over: tcp/25, because: x }";
  const others = (names: readonly string[]): string => names.map((name) => `{ "policy": "${name}", "owner": "o", "scope": { "app": "${name}" } }`).join("");
  const withOthers = (names: readonly string[]): readonly string[] => {
    const files = [policy(need), ...names.map((name) => others([name]))].map((text, index) => ({
      path: `${index}.yaml`,
      bytes: new TextEncoder().encode(text),
    }));
    return allOf(anomaliesOf({ set: readPolicySet(files).set, at, inventory: null, use: null })).map(({ code, name }) => `${code} ${name}`);
  };
  expect(withOthers(["db"])).toEqual([]);
  expect(withOthers(["db", "mail"])).toEqual(["never-counts shop/need"]);
  const twice = web.replace("from: { app: web, env: prod }", "from: [{ app: web, env: prod }, { app: web, env: prod, role: x }]");
  expect(odd(policy(twice))).toEqual(["idle-peer shop/web"]);
});

test("beside a wide peer, it is the wide one that is named", () => {
  const said = (from: string, ...more: readonly string[]): readonly (readonly [string, string | null])[] => {
    const text = policy(web.replace("from: { app: web, env: prod }", `from: [${from}]`), ...more);
    const { set } = readPolicySet([{ path: "a.yaml", bytes: new TextEncoder().encode(text) }]);
    const found = allOf(anomaliesOf({ set, at, inventory: null, use: null }));
    return found.filter(({ code }) => code === "idle-peer").map(({ message, help }) => [message, help]);
  };
  const where = (peer: string): string => `\`${peer}\` in the from of \`shop/web\` adds nothing: `;
  expect(said("{ app: web, env: prod }, { app: mail, env: prod }, { env: prod }")).toEqual(
    ["{ app: web, env: prod }", "{ app: mail, env: prod }"].map((peer) => [
      `${where(peer)}\`{ env: prod }\` already says it`,
      "take it out; if `{ env: prod }` was not meant, take that out",
    ]),
  );
  // The control: what another rule says already, no peer beside it does.
  const mails = "{ name: mails, from: { app: mail, env: prod }, to: { app: shop, env: prod }, over: tcp/400-500, because: mails }";
  expect(said("{ app: web, env: prod }, { app: mail, env: prod }", mails)).toEqual([
    [`${where("{ app: mail, env: prod }")}who it names is let in or kept out already`, "take it out, or name whom it is meant for"],
  ]);
});

test("rules that are over, near their end, due, unowned, wide, contradicting, or one too many are told", () => {
  const exception =
    "{ name: e, from: { app: x, env: prod }, to: { app: shop, env: prod }, over: ssh, owner: o, approved-by: a, ticket: t, because: b, from-date: 2026-11-01, until: ";
  const kinds = (until: string): readonly string[] => odd(`exceptions: [${exception}${until} }]\n${policy(web)}`);
  expect(kinds("2026-11-20")).toEqual(["ended shop/e"]);
  expect(kinds("2026-12-10")).toEqual(["ending shop/e"]);
  expect(kinds("2027-12-10")).toEqual([]);
  expect(odd(`forbid: [{ name: f, from: { app: x }, to: { app: y }, because: z }]\n${policy(web)}`)).toEqual(["no-owner forbid/f"]);
  expect(odd(policy(web.replace(/because: [^ }]+/, "because: TBD")))).toEqual(["no-reason shop/web"]);
  // The control: a reason in any writing is one.
  expect(odd(policy(web.replace(/because: [^ }]+/, 'because: "заказы"')))).toEqual([]);
  expect(odd(policy(web).replace(/owner: [^ \n,}]+\nscope/, "owner: tbd\nscope"))).toEqual(["no-owner policy/shop"]);
  expect(odd(policy(web.replace("https", "tcp/any")))).toEqual(["too-broad shop/web"]);
  expect(odd(policy(web, web.replace("name: web", "name: ssh").replace("https", "ssh")))).toEqual(["could-be-one shop/web shop/ssh"]);
  // Whoever approved one did not approve the other.
  expect(odd(policy(web, web.replace("name: web", "name: ssh, approved-by: a, ticket: T-1").replace("https", "ssh")))).toEqual([]);
  const failing = "tests: [{ from: { app: web, env: prod }, to: { app: shop, env: prod }, over: https, expect: deny }]\n";
  expect(odd(policy(web) + failing)).toEqual(["contradicts-test shop/web"]);
  expect(odd(policy(web) + failing.replace("deny", "allow"))).toEqual([]);
  expect(odd(`services: { a: tcp/1 }\nnetworks: { n: 10.0.0.0/8 }\n${policy(web)}`)).toEqual(["unused-name a", "unused-name n"]);
});

test("an inventory says whom nothing names, and traffic which rule nobody uses", () => {
  const { inventory } = readInventoryFile(
    JSON.stringify({
      workloads: [
        { id: "s", labels: { app: "shop", env: "prod" } },
        { id: "d", labels: { app: "x", env: "dev" } },
      ],
    }),
  );
  expect(odd(policy(web), { inventory })).toEqual(["nobody shop/web"]);
  const use = {
    days: 90,
    daysRecorded: 12,
    unseenEvents: [],
    services: new Map([["shop/web", ["tcp/443"]]]),
    by: [],
    groups: new Map(),
    blind: new Set<string>(),
  };
  expect(odd(policy(web), { use })).toEqual([]);
  expect(odd(policy(web), { use: { ...use, services: new Map() } })).toEqual(["never-used shop/web"]);
  // A quarter end that has not come yet may be what it is for.
  expect(odd(policy(web), { use: { ...use, services: new Map(), unseenEvents: ["quarter end"] } })).toEqual(["untold shop/web"]);
  // Where nothing is recorded, nothing is said.
  expect(odd(policy(web), { use: { ...use, services: new Map(), daysRecorded: 0 } })).toEqual([]);
});

test("more kinds of questions than can be gone through are said to be, and nothing is claimed of them", () => {
  const many = (count: number): string =>
    zones +
    head +
    Array.from(
      { length: count },
      (_, n) => `  - ${web.replace("web,", `web${n},`).replace("because", `where: { name: n${n}, user: u${n}, process: p${n} }, because`)}\n`,
    ).join("");
  expect(new Set(odd(many(17)).map((one) => one.split(" ")[0]))).toEqual(new Set(["untold"]));
  expect(odd(many(2))).toEqual([]);
});

const needless = new Set(["duplicate", "redundant", "shadowed", "never-counts", "no-way"]);

/** Rules that were called needless, and whose absence gives a question of the world another verdict. */
function wronglyNeedless({ set, inventory, questions }: RandomWorld, claimed: (asked: AnomaliesAsked) => readonly Rule[]): readonly string[] {
  const before = worldOf(set, inventory);
  const from = borders[0]!;
  const own = questions.filter((question) => question.at === null || question.at >= from);
  return claimed({ set, at: from, inventory: null, use: null }).flatMap((rule) => {
    const without = withRule(set, rule, null);
    const after = worldOf(without, inventory);
    return own.some((question) => decide(before, question).verdict !== decide(after, question).verdict) ? [rule.name] : [];
  });
}

test("without a rule that is called needless, every question gets the verdict that it got", () => {
  const claimed = (asked: AnomaliesAsked): readonly Rule[] => {
    const names = new Set([...anomaliesOfEffect(asked)].flatMap((one) => (one !== null && needless.has(one.code) ? [one.name] : [])));
    return everyRule(asked.set).filter(({ name }) => names.has(name));
  };
  fc.assert(
    fc.property(arbitraryWorld, (world) => {
      expect(wronglyNeedless(world, claimed)).toEqual([]);
    }),
    { numRuns: runs },
  );
  // The control: calling every rule needless would be noticed.
  expect(() => fc.assert(fc.property(arbitraryWorld, (world) => wronglyNeedless(world, ({ set }) => everyRule(set)).length === 0))).toThrow();
});
