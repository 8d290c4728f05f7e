import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { type Ask, asked, type Breakage, brokenDecide } from "./testing/broken-decide.ts";
import { answerText, casesIn, type ConformanceCase, rewritten } from "./testing/case-file.ts";

const folder = new URL("../../../../conformance/", import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith(".case"));
const textOf = (name: string): string => readFileSync(new URL(name, folder), "utf8");
const files = names.map((name) => ({ name, cases: casesIn(textOf(name), name) }));
const all = files.flatMap(({ cases }) => cases);

/** What a `decide` answers to the questions of a case, and what is expected of it. */
function shown(ask: Ask, { set, inventory, questions }: ConformanceCase) {
  const answerTo = ask(set, inventory);
  return questions.map(({ question, expected, line }) => ({ line: line + 1, expected, given: answerText(answerTo(question)) }));
}

// `BULKHEAD_REWRITE_CASES=1` writes what `decide` answers now; the diff is then read like any change of the meaning.
if (process.env["BULKHEAD_REWRITE_CASES"] === "1")
  for (const { name, cases } of files) {
    const answers = new Map(cases.flatMap((one) => shown(asked, one)).map(({ line, given }) => [line - 1, given]));
    writeFileSync(fileURLToPath(new URL(name, folder)), rewritten(textOf(name), answers));
  }

describe.each(files)("$name", ({ cases }) => {
  test.each(cases.map((one) => [one.sentence, one] as const))("%s", (_, one) => {
    const answers = shown(asked, one);
    expect(answers.length).toBeGreaterThan(0);
    expect(answers.map(({ line, given }) => `${line}: ${given}`)).toEqual(answers.map(({ line, expected }) => `${line}: ${expected}`));
  });
});

test("no sentence is said twice", () => {
  expect(all.map(({ sentence }) => sentence)).toEqual([...new Set(all.map(({ sentence }) => sentence))]);
});

const breakages: readonly (readonly [string, Breakage])[] = [
  ["an exception outweighs a forbid", { judgement: (one) => (one.exceptions.length > 0 ? { ...one, forbids: [] } : one) }],
  ["a common rule opens a boundary", { judgement: (one) => (one.commons.length > 0 ? { ...one, zonesDiffer: false } : one) }],
  ["conduits open both ways", { set: (set) => ({ ...set, conduits: set.conduits.flatMap((rule) => [rule, { ...rule, from: rule.to, to: rule.from }]) }) }],
  ["a need opens a guarded server", { judgement: (one) => ({ ...one, server: { ...one.server, allows: [...one.server.allows, ...one.client.allows] } }) }],
  ["egress is never closed", { set: (set) => ({ ...set, policies: set.policies.map((policy) => ({ ...policy, egressClosed: false })) }) }],
  ["rules never end", { set: (set) => ({ ...set, commons: set.commons.map((rule) => ({ ...rule, end: null })) }) }],
  [
    "what is demanded is not asked",
    { set: (set) => ({ ...set, policies: set.policies.map((one) => ({ ...one, allow: one.allow.map((rule) => ({ ...rule, where: [] })) })) }) },
  ],
  ["a quarantine waits for its stage", { denials: (list) => list.map((one) => (one.layer === "forbid" ? { ...one, stage: "observe" } : one)) }],
  ["only the server's end blocks", { denials: (list) => list.filter(({ end }) => end === "server") }],
  ["a layer that observes hides one that enforces", { denials: (list) => list.slice(0, 1) }],
  ["to warn is to block", { denials: (list) => list.map((one) => (one.stage === "warn" ? { ...one, stage: "enforce" } : one)) }],
  ["a point is needed nowhere", { denials: (list) => list.map((one) => ({ ...one, hasPoint: true })) }],
  [
    "an address in a network is its workload's network, too",
    { end: (end) => (end.kind === "known" && end.workload !== null ? { ...end, networks: new Set(["auditors"]) } : end) },
  ],
  ["open is called allowed by the segment", { given: (given) => (given.layer === "open" ? { ...given, layer: "segment" } : given) }],
];

test.each(breakages)("the cases notice when %s", (_, breakage) => {
  const failing = all.filter((one) => shown(brokenDecide(breakage), one).some(({ given, expected }) => given !== expected));
  expect(failing.length).toBeGreaterThan(0);
});

test("nothing broken is noticed nowhere", () => {
  expect(all.flatMap((one) => shown(brokenDecide({}), one)).filter(({ given, expected }) => given !== expected)).toEqual([]);
});
