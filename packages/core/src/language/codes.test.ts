import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { runPolicyTests } from "../decide/policy-tests.ts";
import { catalogue } from "./codes.ts";
import { formatPolicy } from "./format.ts";
import { policySchema } from "./json-schema.ts";
import { type PolicyFile, readPolicySet } from "./read.ts";
import { registerKeys } from "./register.ts";
import { requiredIn } from "./rule.ts";
import { fileOf } from "./testing/sample-policy.ts";

const folder = new URL("../../../../docs/reference/diagnostics/", import.meta.url);
const pageOf = (code: string): string => readFileSync(new URL(`${code}.md`, folder), "utf8");
const codes = Object.keys(catalogue) as (keyof typeof catalogue)[];

/** The fenced blocks of a page that are its wrong, or its right example. */
function filesIn(page: string, which: "wrong" | "right"): readonly PolicyFile[] {
  const blocks = [...page.matchAll(/^```yaml (wrong|right)(?: file=(\S+))?(?: made=(\S+))?\n(.*?)^```$/gms)];
  return blocks.filter(([, kind]) => kind === which).map(([, , name = "policy.yaml", made = "", text = ""]) => madeFile(name, text, made));
}

/** What cannot be printed in a page is made from what is printed there. */
function madeFile(path: string, text: string, made: string): PolicyFile {
  if (made === "large") return fileOf(path, text + text.replace(/^[^#]*/, "").repeat(60_000));
  if (made === "latin1") return { path, bytes: Uint8Array.from(text, (char) => char.charCodeAt(0)) };
  if (made === "escapes")
    return fileOf(
      path,
      text.replace(/\\u([0-9a-f]{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    );
  return fileOf(path, text);
}

const codesIn = (page: string, which: "wrong" | "right"): readonly string[] => {
  const files = filesIn(page, which);
  expect(files.length).toBeGreaterThan(0);
  const { set, diagnostics } = readPolicySet(files);
  const failed = diagnostics.some(({ severity }) => severity === "error") ? [] : runPolicyTests(set, { at: 0, inventory: null });
  return [...diagnostics, ...failed].map(({ code }) => code);
};

test("every code has a page, and every page a code", () => {
  expect(readdirSync(folder).sort()).toEqual(codes.map((code) => `${code}.md`).sort());
});

test.each(codes)("the page of %s shows it once, and how it is right", (code) => {
  const page = pageOf(code);
  const { title, severity } = catalogue[code];
  expect(page).toContain(`# ${code}\n\n**${title}.** ${severity === "error" ? "An error" : "A warning"}.\n`);
  expect(codesIn(page, "wrong")).toEqual([code]);
  expect(codesIn(page, "right")).toEqual([]);
});

test("a page whose examples are swapped would be noticed", () => {
  const page = pageOf("host-bits").replaceAll("yaml wrong", "yaml x").replaceAll("yaml right", "yaml wrong").replaceAll("yaml x", "yaml right");
  expect(codesIn(page, "wrong")).not.toEqual(["host-bits"]);
});

test("the example of the reference has no mistake and is in the canonical form", () => {
  const page = readFileSync(new URL("../policy.md", folder), "utf8");
  const files = [...page.matchAll(/^```yaml policy file=(\S+)\n(.*?)^```$/gms)].map(([, name = "", text = ""]) => fileOf(name, text));
  expect(files.length).toBe(2);
  expect(readPolicySet(files).diagnostics).toEqual([]);
  for (const file of files) expect(formatPolicy(file).text).toBe(new TextDecoder().decode(file.bytes));
});

test("the reference names every key that is read", () => {
  const page = readFileSync(new URL("../policy.md", folder), "utf8");
  const keys = [
    ...Object.keys(policySchema["properties"] as object),
    ...registerKeys,
    ...requiredIn("exceptions"),
    "where",
    "members",
    "networks",
    "inside",
    "level",
    "trust",
    "prefixes",
    "own",
    "expects",
    "required",
    "values",
    "authority",
    "expect",
    "by",
  ];
  expect(keys.filter((key) => !page.includes(`\`${key}\``) && !page.includes(`\`${key}:`))).toEqual([]);
});
