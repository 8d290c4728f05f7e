import fc from "fast-check";
import { expect, test } from "vitest";
import type { Diagnostic } from "../base/diagnostic.ts";
import { formatPolicy } from "./format.ts";
import { type PolicyFile, readPolicySet } from "./read.ts";
import { fileOf, mutated, samplePolicy, sampleZones } from "./testing/sample-policy.ts";

/** What is wrong with the place of a diagnostic, or null. */
function strayPlace({ at }: Diagnostic, files: readonly PolicyFile[]): string | null {
  const file = files.find(({ path }) => path === at.file);
  if (file === undefined) return "names no file";
  const lines = new TextDecoder("utf-8").decode(file.bytes).split("\n");
  const line = lines[at.line - 1];
  if (line === undefined) return `line ${at.line} of ${lines.length}`;
  const width = Math.max(1, line.length);
  return at.column < 1 || at.length < 1 || at.column + at.length - 1 > width ? `column ${at.column}+${at.length} of ${width}` : null;
}

const strayIn = (files: readonly PolicyFile[], mend = (diagnostic: Diagnostic): Diagnostic => diagnostic): readonly string[] =>
  readPolicySet(files).diagnostics.flatMap((diagnostic) => strayPlace(mend(diagnostic), files) ?? []);

const mutants = fc.oneof(
  mutated(sampleZones).map((bytes) => [{ path: "zones.yaml", bytes }, fileOf("billing.yaml", samplePolicy)]),
  mutated(samplePolicy).map((bytes) => [fileOf("zones.yaml", sampleZones), { path: "billing.yaml", bytes }]),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => [{ path: "noise.yaml", bytes }]),
);

test("law 18: no diagnostic lacks a position inside its file, and nothing throws", () => {
  fc.assert(
    fc.property(mutants, (files) => {
      expect(strayIn(files)).toEqual([]);
      for (const file of files) formatPolicy(file);
    }),
    { numRuns: 400 },
  );
});

test("a diagnostic one line off would be noticed", () => {
  const shifted = (one: Diagnostic): Diagnostic => ({ ...one, at: { ...one.at, line: one.at.line + 1 } });
  expect(() =>
    fc.assert(
      fc.property(mutants, (files) => strayIn(files, shifted).length === 0),
      { numRuns: 400 },
    ),
  ).toThrow();
});

test("a syntax error is one diagnostic, whatever comes behind it", () => {
  const texts = ["zones: [ { name: a }\nconduits: {\n", "policy: 'a\nscope: {", "a: b: c\n- d\n}", "zones:\n\t- name: a\n\t- name: b\n"];
  for (const text of texts) expect(readPolicySet([fileOf("a.yaml", text)]).diagnostics.map(({ code }) => code)).toEqual(["syntax"]);
});

test("an open bracket is shown where it opens, not at the end of the file", () => {
  const { diagnostics } = readPolicySet([fileOf("a.yaml", "services:\n  a: [tcp/1\n  b: tcp/2\nnetworks:\n  c: 10.0.0.0/8\n")]);
  expect(diagnostics.map(({ at }) => [at.line, at.column])).toEqual([[2, 6]]);
});

test("a hundred thousand open brackets are told as too deep, and cost neither stack nor minutes", () => {
  for (const mark of ["[", "{", "- ", "? ", "{a: "]) {
    const { diagnostics } = readPolicySet([fileOf("a.yaml", `services: ${mark.repeat(mark.length > 2 ? 20_000 : 50_000)}`)]);
    expect(diagnostics.length, mark).toBe(1);
  }
});

test("a file over the limit, bytes that are not UTF-8 and control characters are refused in words", () => {
  const codes = (bytes: Uint8Array): readonly string[] =>
    readPolicySet([{ path: "a.yaml", bytes }]).diagnostics.map(({ code, at }) => `${code} ${at.line}:${at.column}`);
  expect(codes(new Uint8Array(1024 * 1024 + 1).fill(32))).toEqual(["file-too-large 1:1"]);
  expect(codes(Uint8Array.from([35, 10, 35, 32, 0xc3, 0x28]))).toEqual(["not-utf8 2:3"]);
  expect(codes(Uint8Array.from([0xed, 0xa0, 0x80]))).toEqual(["not-utf8 1:1"]);
  expect(codes(Uint8Array.from([35, 27, 91]))).toEqual(["control-character 1:2"]);
});

test("a mistake at the end of a line is shown at its last character", () => {
  for (const text of ["? \nb: 1\n", "policy: a: \nb\n", "- a\n-b\nc\n", "policy\nowner: b\n", "a: |x\n  b\n", 'a: "b" c\n\nd'])
    for (const { at } of readPolicySet([fileOf("a.yaml", text)]).diagnostics)
      expect(at.column, text).toBeLessThanOrEqual(Math.max(1, text.split("\n")[at.line - 1]?.length ?? 0));
});

test("a line that the parser does not count is counted", () => {
  for (const text of ["a:\n[]prod, dev] }\n  role:\nb: 1\n", "labels:\n[]prod, dev] }\n  role:\nservices:\n x: 1\n"])
    expect(strayIn([fileOf("a.yaml", text)]), text).toEqual([]);
});
