import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Diagnostic } from "../base/diagnostic.ts";
import { instantOf } from "../base/instant.ts";
import { runPolicyTests } from "../decide/policy-tests.ts";
import { readPolicySet } from "./read.ts";
import { fileOf } from "./testing/sample-policy.ts";

const zones = `labels:
  app: { required: true }
  env: { required: true, values: [prod, dev] }
  role:
networks:
  auditors: 10.20.9.0/24
zones:
  - { name: production, members: { env: prod }, because: customers depend on it }
  - { name: development, members: { env: dev }, because: people try things here }
`;

interface Case {
  readonly sentence: string;
  readonly text: string;
  readonly said: string;
  readonly help: string;
  readonly edits: readonly (readonly [written: string, meant: string])[];
}

const unescaped = (text: string): string => text.replaceAll("\\n", "\n").replaceAll("\\x20", " ");

function caseOf(block: string): Case {
  const [sentence = "", ...lines] = block.split("\n");
  const marked = (mark: string): readonly string[] => lines.filter((line) => line.startsWith(`${mark} `)).map((line) => line.slice(2));
  const text = lines.filter((line) => line.startsWith("  ")).map((line) => `${line.slice(2)}\n`);
  const edits = marked("~").map((line) => /^(.*?) =>(?: (.*))?$/.exec(line)!);
  return {
    sentence,
    text: text.join(""),
    said: marked("!").join("\n"),
    help: marked(">").join("\n"),
    edits: edits.map(([, written = "", meant = ""]) => [unescaped(written), unescaped(meant)]),
  };
}

const [, ...blocks] = readFileSync(new URL("testing/tired.case", import.meta.url), "utf8").split(/^== /m);
const cases = blocks.map(caseOf);

function diagnosticsOf(text: string): readonly Diagnostic[] {
  const { set, diagnostics } = readPolicySet([fileOf("billing.yaml", text), fileOf("zones.yaml", zones)]);
  const isBroken = diagnostics.some(({ severity }) => severity === "error");
  return isBroken ? diagnostics : [...diagnostics, ...runPolicyTests(set, { at: instantOf("2026-11-28T00:00:00Z")!, inventory: null })];
}

const saidOf = (text: string): readonly string[] => diagnosticsOf(text).map(({ at, code, message }) => `${at.line}:${at.column} ${code} ${message}`);

function followed(text: string, edits: Case["edits"]): string {
  return edits.reduce((edited, [written, meant]) => {
    expect(edited).toContain(written);
    return edited.replace(written, () => meant);
  }, text);
}

test.each(cases.map((one) => [one.sentence, one] as const))("%s gets one sentence, and who follows its help is done", (_, { text, said, help, edits }) => {
  expect(saidOf(text)).toEqual([said]);
  expect(diagnosticsOf(text).map((one) => one.help)).toEqual([help]);
  expect(saidOf(followed(text, edits))).toEqual([]);
});

test("a help that leads nowhere would be noticed", () => {
  const [port] = cases.filter(({ sentence }) => sentence === "a port that is a number");
  expect(saidOf(followed(port!.text, [["8443", "tpc/8443"]]))).not.toEqual([]);
  expect(cases.length).toBeGreaterThanOrEqual(20);
});
