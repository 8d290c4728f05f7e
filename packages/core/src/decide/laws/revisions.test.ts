import fc from "fast-check";
import { expect, test } from "vitest";
import { readInventoryFile } from "../../inventory/inventory-file.ts";
import { readPolicySet } from "../../language/read.ts";
import { couldOverlap } from "../../language/selector.ts";
import type { Policy, PolicySet, Rule } from "../../model/policy-set.ts";
import { type AskEnds, blockingEnds, brokenDecide } from "../testing/broken-decide.ts";
import { added, arbitraryForbidding, arbitraryOpening } from "../testing/changed-set.ts";
import { expectNothingLetIn, law, lawOf } from "../testing/law.ts";
import { arbitraryNewPolicy, arbitraryPolicySet, arbitraryWorld, grounded } from "../testing/random-world.ts";
import { somewhere } from "../testing/small-pools.ts";
import { stagesAt } from "../testing/stages-at.ts";
import { anyOf } from "../judgement.ts";

/** The same zones, networks and scopes with the rules of another set. */
function withRulesOf(set: PolicySet, other: PolicySet): PolicySet {
  const taken = (rules: readonly Rule[]) => rules.map((rule) => grounded(set, rule));
  return {
    ...set,
    conduits: taken(other.conduits),
    forbids: taken(other.forbids),
    commons: taken(other.commons),
    exceptions: taken(other.exceptions),
    policies: set.policies.map((policy, index) => {
      const { egressClosed = false, allow = [], exceptions = [] } = other.policies[index] ?? {};
      return { ...policy, egressClosed, allow: taken(allow), exceptions: taken(exceptions) };
    }),
  };
}

/** Only what the owners say: where the architects say much, the segments seldom decide. */
const segmentsOnly = (set: PolicySet): PolicySet => ({ ...set, zones: [], conduits: [], forbids: [], commons: [], exceptions: [] });

/** Fails when a host at one revision and a host at the other make of a question what both revisions do not. */
function expectMixKeeps(one: ReturnType<AskEnds>, other: ReturnType<AskEnds>, question: Parameters<ReturnType<AskEnds>>[0]): void {
  const [before, after] = [one(question), other(question)];
  if (before === null || after === null || before.length > 0 !== after.length > 0) return;
  for (const [client, server] of [
    [before, after],
    [after, before],
  ]) {
    const isBlocked = client!.includes("client") || server!.includes("server");
    if (isBlocked !== before.length > 0) expect({ client, server, isBlocked }).toEqual("what both revisions make of it");
  }
}

lawOf(blockingEnds({}), {
  sentence: "law 20: in a mix of hosts at revision n and n+1 with equal stages, what both let pass passes, and what both block does not",
  property: (ends: AskEnds) =>
    fc.property(arbitraryWorld, arbitraryPolicySet, fc.boolean(), ({ set, inventory, questions }, other, isSegmentsOnly) => {
      const revisions = [set, withRulesOf(set, other)];
      const chosen = isSegmentsOnly ? revisions.map(segmentsOnly) : revisions;
      const [now, next] = chosen.map((one) => ends({ ...one, stages: stagesAt(one, "enforce") }, inventory));
      for (const question of questions) expectMixKeeps(now!, next!, question);
    }),
  broken: {
    "boundaries are left to the client's host, forbids to the server's": blockingEnds({
      denials: (denials) => denials.filter(({ layer, end }) => (layer !== "boundary" || end === "client") && (layer !== "forbid" || end === "server")),
    }),
    "forbids and boundaries are left to the server's host": blockingEnds({
      denials: (denials) => denials.filter(({ layer, end }) => end === "server" || (layer !== "forbid" && layer !== "boundary")),
    }),
  },
});

const oneWay = fc.oneof(fc.array(arbitraryOpening, { minLength: 1, maxLength: 3 }), fc.array(arbitraryForbidding, { minLength: 1, maxLength: 2 }));

lawOf(blockingEnds({}), {
  sentence: "law 20: whatever the stages, a revision that only opens or only closes keeps in every mix what both revisions agree on",
  property: (ends: AskEnds) =>
    fc.property(arbitraryWorld, oneWay, ({ set, inventory, questions }, additions) => {
      const [now, next] = [ends(set, inventory), ends(additions.reduce(added, set), inventory)];
      for (const question of questions) expectMixKeeps(now, next, question);
    }),
  broken: {
    "what is forbidden is blocked by its forbid alone": blockingEnds({
      denials: (denials, { judgement }) =>
        judgement.forbids.length > 0 ? denials.filter(({ layer, end }) => layer === "forbid" && end === "server") : denials,
    }),
    "what a conduit lets across is blocked at the other end": blockingEnds({
      denials: (denials, { judgement }) =>
        judgement.conduits.length > 0 && judgement.zonesDiffer ? denials.filter(({ end }) => end === "client") : denials.filter(({ end }) => end === "server"),
    }),
  },
});

test("positive control: where the stages differ from end to end, a mix lets through what both revisions block", () => {
  const zones = `
zones:
  - { name: red, members: { env: prod }, because: one }
  - { name: green, members: { env: dev }, because: other }
conduits: [{ name: across, from: red, to: green, over: any, owner: a, because: across }]
stages: { zones: { green: { boundary: enforce } }, segments: { p: { out: enforce } } }
`;
  const policy = (rules: string) => `policy: p\nowner: team\nscope: { env: prod }\nallow: [${rules}]\n`;
  const forbid = `forbid: [{ name: no, from: { env: prod }, to: { env: dev }, because: apart }]\n`;
  const need = `{ name: need, from: { env: prod }, to: { env: dev }, over: any, because: needed }`;
  const inventory = readInventoryFile(
    JSON.stringify({
      workloads: ["prod", "dev"].map((env) => ({ id: env, labels: { env }, addresses: [], point: true })),
    }),
  ).inventory;
  const [now, next] = [zones + forbid + policy(need), zones + policy("")].map((text) => {
    const { set, diagnostics } = readPolicySet([{ path: "p.yaml", bytes: new TextEncoder().encode(text) }]);
    expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    return blockingEnds({})(set, inventory);
  });
  const question = { from: "prod", to: "dev", over: { protocol: 6, port: 443 }, at: 0, facts: {} };
  expect([now!(question), next!(question)]).toEqual([["server"], ["client"]]);
  expect(() => expectMixKeeps(now!, next!, question)).toThrow();
});

/** The set with a policy more, observed, and without those whose scope could overlap its own. */
function withNew(set: PolicySet, drawn: Policy): PolicySet {
  const policy = { ...drawn, allow: drawn.allow.map((rule) => grounded(set, rule)), exceptions: drawn.exceptions.map((rule) => grounded(set, rule)) };
  const segments = [...set.stages.segments, { name: policy.name, in: "observe" as const, out: null, at: somewhere }];
  return { ...set, policies: [...set.policies, policy], stages: { ...set.stages, segments } };
}

/** A policy with one of its rules only. */
const alone = (policy: Policy): readonly Policy[] => [
  ...policy.allow.map((rule) => ({ ...policy, allow: [rule], exceptions: [] })),
  ...policy.exceptions.map((rule) => ({ ...policy, allow: [], exceptions: [rule] })),
];

law({
  sentence: "law 26: a new policy in `observe`, whose scope overlaps no other, blocks nothing that passed, and lets in only what its own rules allow",
  property: (ask) =>
    fc.property(arbitraryWorld, arbitraryNewPolicy, ({ set: drawn, inventory, questions }, policy) => {
      const set = { ...drawn, policies: drawn.policies.filter(({ scope }) => !couldOverlap(scope, policy.scope)) };
      const [before, after] = [ask(set, inventory), ask(withNew(set, policy), inventory)];
      const silent = ask(withNew(set, { ...policy, allow: [], exceptions: [] }), inventory);
      const byOneRule = alone(policy).map((one) => ask(withNew(set, one), inventory));
      for (const question of questions) {
        const [was, is] = [before(question), after(question)];
        if (was.effect === "pass" && is.effect !== "pass") expect(is, "a new policy blocks").toEqual(was);
        expectNothingLetIn(was, silent(question));
        const answers = byOneRule.map((one) => one(question));
        if (was.verdict !== "allow" && is.verdict === "allow") expect(answers.map(({ verdict }) => verdict)).toContain("allow");
        if (was.effect !== "pass" && is.effect === "pass") expect(answers.map(({ effect }) => effect)).toContain("pass");
      }
    }),
  broken: {
    "the stage of a segment replaces that of its closed zone": brokenDecide({
      denials: (denials, { world, matter: { server } }) =>
        denials.map((one) =>
          one.layer === "segment-server" && server.policy !== null ? { ...one, stage: world.segmentStages.get(server.policy.name)?.in ?? "observe" } : one,
        ),
    }),
    "needs stop counting as soon as the server is guarded, whatever its stage": brokenDecide({
      denials: (denials, { world, matter: { client, server }, judgement }) => {
        if (!client.isGuarded || !server.isGuarded || anyOf(judgement.server) || judgement.commons.length + judgement.exceptions.length > 0) return denials;
        const stage = world.segmentStages.get(client.policy?.name ?? "")?.out ?? "observe";
        return [...denials, { layer: "segment-client", end: "client", stage, hasPoint: client.workload?.point === true }];
      },
    }),
    "a segment enforces from its first day": brokenDecide({
      denials: (denials) => denials.map((one) => (one.layer === "segment-server" ? { ...one, stage: "enforce" } : one)),
    }),
    "a policy that says nothing is open": brokenDecide({
      judgement: (judgement, { server }) =>
        server.policy !== null && server.policy.allow.length === 0 ? { ...judgement, server: { allows: ["all"], exceptions: [] } } : judgement,
    }),
    "a member of a segment has left its zone": brokenDecide({
      end: (end) => (end.kind === "known" && end.policy?.name === "new" ? { ...end, zone: "unplaced" } : end),
    }),
  },
});
