import { expect, test } from "vitest";
import { readPolicySet } from "@bulkhead/core/language/read";
import { diagnosticsJson, diagnosticsText } from "./diagnostics-text.ts";

const shown = (text: string, colours = false): string => {
  const { diagnostics } = readPolicySet([{ path: "a.yaml", bytes: new TextEncoder().encode(text) }]);
  return diagnosticsText(diagnostics, { textOf: () => text, directory: "policy", colours });
};

test("a mistake is shown with its line, the stretch underlined, and what to type", () => {
  expect(shown("networks:\n  offices: 10.20.0.9/16\n")).toBe(
    [
      "error[host-bits]: the prefix `10.20.0.9/16` has host bits",
      " ─→ policy/a.yaml:2:12",
      "  │",
      "2 │   offices: 10.20.0.9/16",
      "  │            ^^^^^^^^^^^^",
      "  = help: write `10.20.0.0/16`, or `10.20.0.9/32` for the one address",
      "",
      "1 error, 0 warnings",
      "",
    ].join("\n"),
  );
});

test("colours are for terminals only", () => {
  expect(shown("networks: { a: 1/2 }\n")).not.toContain("\u001b");
  expect(shown("networks: { a: 1/2 }\n", true)).toContain("\u001b[1;31m");
});

test("a line as long as the file is shown around the mistake", () => {
  const text = `{"services": {${Array.from({ length: 500 }, (_, n) => `"s${n}": "tcp/${n}"`).join(", ")}, "bad": "tcp/99999", "x": "tcp/1"}}`;
  const lines = shown(text).split("\n");
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(200);
  expect(lines[3]?.slice(lines[4]?.indexOf("^"), (lines[4]?.lastIndexOf("^") ?? 0) + 1)).toBe('"tcp/99999"');
});

test("what a file holds never reaches the terminal as a command", () => {
  const text = 'policy: "\\u001b[2Jx\u202e"\nowner: a\u009b31m\nscope: { a: b }\n';
  expect(shown(text)).not.toMatch(/[\u001b\u009b\u202e]/);
});

test("machines get the fields of the contract and nothing else", () => {
  const { diagnostics } = readPolicySet([{ path: "a.yaml", bytes: new TextEncoder().encode("zoens: []\n") }]);
  expect(JSON.parse(diagnosticsJson(diagnostics))).toEqual({
    diagnostics: [
      {
        code: "unknown-key",
        severity: "error",
        file: "a.yaml",
        line: 1,
        column: 1,
        message: "a policy file has no key `zoens`",
        help: "did you mean `zones`?",
      },
    ],
  });
});
