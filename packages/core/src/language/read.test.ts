import fc from "fast-check";
import { expect, test } from "vitest";
import { instantOf } from "../base/instant.ts";
import { readPolicySet } from "./read.ts";
import { fileOf, sampleFiles, samplePolicy, sampleZones } from "./testing/sample-policy.ts";

const codesOf = (...texts: readonly string[]): readonly string[] =>
  readPolicySet(texts.map((text, index) => fileOf(`${index}.yaml`, text))).diagnostics.map(({ code, at }) => `${at.file}:${at.line} ${code}`);

test("a whole policy is read without a word", () => {
  const { set, diagnostics } = readPolicySet(sampleFiles);
  expect(diagnostics).toEqual([]);
  expect(set.policies.map(({ name, egressClosed, scope }) => [name, egressClosed, scope.terms.map(({ key }) => key)])).toEqual([
    ["billing", true, ["app", "env"]],
  ]);
  expect(set.policies[0]?.allow.map(({ name }) => name)).toEqual(["billing/api-reads-ledger", "billing/needs-mail"]);
  expect(set.zones.map(({ name, inside, networks }) => [name, inside, networks])).toEqual([
    ["production", "closed", []],
    ["offices", "open", ["corporate"]],
    ["unplaced", "closed", []],
  ]);
  expect(set.conduits[0]).toMatchObject({
    name: "conduit/mail-out",
    from: [{ kind: "zone", names: ["production", "offices"] }],
    where: [{ kind: "encrypted", value: true }],
  });
  expect(set.forbids[0]).toMatchObject({ over: [], services: [{ protocol: null }] });
  expect(set.tests.map((one) => [one.to, one.policy])).toEqual([
    [{ kind: "address", text: "10.0.0.7" }, "billing"],
    [{ kind: "labels", labels: { app: "billing", env: "prod" } }, "billing"],
  ]);
});

test("a date as until includes its day, and a time keeps its zone", () => {
  const { set } = readPolicySet(sampleFiles);
  expect([set.exceptions[0]?.start, set.exceptions[0]?.end]).toEqual([instantOf("2026-11-01T00:00:00Z"), instantOf("2026-12-16T00:00:00Z")]);
  expect(set.conduits[0]?.end).toBe(instantOf("2027-01-01T07:00:00Z"));
});

test("the order of files, sections and rules never changes what is read", () => {
  const names = (files: typeof sampleFiles): unknown => {
    const { set, diagnostics } = readPolicySet(files);
    return [diagnostics, set.policies.flatMap(({ allow }) => allow.map((rule) => [rule.name, rule.services])), set.zones.map(({ name }) => name)];
  };
  const renamed = [fileOf("a.yaml", sampleZones), fileOf("z.yaml", samplePolicy)];
  expect(names(renamed)).toEqual(names(sampleFiles));
  expect(names(renamed.toReversed())).toEqual(names(sampleFiles));
});

test("a misspelt key is one mistake, and read as the key that was meant", () => {
  for (const [right, wrong] of [
    ["because: separation", "becuase: separation"],
    ["policy: billing", "polcy: billing"],
    ["scope: {", "scop: {"],
    ["name: no-dev", "nme: no-dev"],
    ["because: invoices,", "reason: invoices,"],
  ] as const) {
    const files = [sampleZones, samplePolicy].map((text) => text.replace(right, wrong));
    expect(
      codesOf(...files).map((code) => code.split(" ")[1]),
      wrong,
    ).toEqual(["unknown-key"]);
  }
});

test("an unreadable declaration does not make every reference to it a second mistake", () => {
  const name = sampleZones.replace("name: production", "name: Production");
  expect(codesOf(name, samplePolicy)).toEqual(["0.yaml:12 bad-name"]);
  const syntax = sampleZones.replace("zones:", "zones: [");
  expect(codesOf(syntax, samplePolicy).map((code) => code.split(" ")[1])).toEqual(["syntax"]);
});

test("what was read in spite of mistakes is given back", () => {
  const { set, diagnostics } = readPolicySet([fileOf("zones.yaml", sampleZones.replace("tcp/9100", "tcp/91000")), fileOf("billing.yaml", samplePolicy)]);
  expect(diagnostics.map(({ code }) => code)).toEqual(["bad-service"]);
  expect(set.commons.map(({ services }) => services.length)).toEqual([2]);
  expect(set.policies.length).toBe(1);
});

test("a rule whose peer, demand or time cannot be read is left out, never widened", () => {
  const base = "forbid: []\ncommon:\n  - { name: a, from: { app: x }, to: workloads, over: ssh, owner: o, because: b, review: 2027-01-01, MORE }\n";
  for (const more of ["where: { encrypted: 1 }", "until: tomorrow", "where: {}"])
    expect(readPolicySet([fileOf("a.yaml", base.replace("MORE", more))]).set.commons).toEqual([]);
  expect(readPolicySet([fileOf("a.yaml", base.replace("app: x", "app: x, role: []").replace(", MORE", ""))]).set.commons).toEqual([]);
});

test("labels called like the innards of JavaScript are labels, and change nothing else", () => {
  const { set, diagnostics } = readPolicySet([fileOf("a.yaml", "policy: a\nowner: b\nscope: { toString: x, hasOwnProperty: y }\n")]);
  expect(diagnostics).toEqual([]);
  expect(set.policies[0]?.scope.terms.map(({ key }) => key)).toEqual(["hasOwnProperty", "toString"]);
});

test("whatever stands in a message is short and harmless for a terminal", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (word) => {
      const { diagnostics } = readPolicySet([fileOf("a.yaml", `policy: ${JSON.stringify(word)}\n${JSON.stringify(word)}: 1\n`)]);
      for (const { message, help } of diagnostics) {
        expect(`${message}${help ?? ""}`).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
        expect(message.length).toBeLessThan(600);
      }
    }),
    { numRuns: 200 },
  );
});
