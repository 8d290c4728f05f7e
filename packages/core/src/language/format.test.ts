import fc from "fast-check";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { formatPolicy } from "./format.ts";
import { readPolicySet } from "./read.ts";
import { fileOf, mutated, samplePolicy, sampleZones } from "./testing/sample-policy.ts";

/** What a file says, without where it says it. */
const saying = (path: string, text: string): string => {
  const { set, diagnostics } = readPolicySet([fileOf(path, text)]);
  const plain = JSON.stringify(set, (key, value: unknown) => (key === "at" ? undefined : typeof value === "bigint" ? String(value) : value));
  // Messages quote the text as written: `01` becomes `1`.
  const codes = diagnostics.map(({ code }) => code).toSorted();
  return `${plain} ${codes.join("; ")}`;
};

const word = fc.oneof(
  fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,8}$/),
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.constantFrom("true", "12", "null", "~", "a: b", "# c", " x ", "x\ny\n", "2026-12-15"),
);
const words = fc.oneof(word, fc.array(word, { maxLength: 6 }));
const selector = fc.dictionary(word, words, { maxKeys: 3 });
const peer = fc.oneof(fc.constantFrom("workloads", "anyone"), selector, fc.record({ zone: words }));
const rule = fc.record(
  {
    because: word,
    over: words,
    from: fc.oneof(peer, fc.array(peer, { maxLength: 3 })),
    name: word,
    to: peer,
    where: fc.record({ encrypted: fc.boolean() }),
    until: word,
    owner: word,
  },
  { requiredKeys: ["name"] },
);
const policies = fc.record(
  {
    policy: word,
    owner: word,
    scope: selector,
    allow: fc.array(rule, { maxLength: 4 }),
    services: fc.dictionary(word, words, { maxKeys: 3 }),
    zones: fc.array(fc.record({ name: word, members: selector, because: word, networks: words }, { requiredKeys: ["name"] }), { maxLength: 3 }),
  },
  { requiredKeys: [] },
);
const styles = fc.record({
  collectionStyle: fc.constantFrom("any", "block", "flow"),
  lineWidth: fc.constantFrom(0, 40, 80),
  indent: fc.constantFrom(2, 4),
  defaultStringType: fc.constantFrom("PLAIN", "QUOTE_DOUBLE", "QUOTE_SINGLE"),
} as const);
const texts = fc.oneof(
  fc.tuple(policies, styles).map(([policy, style]) => stringify(policy, style)),
  policies.map((policy) => JSON.stringify(policy)),
  mutated(sampleZones).map((bytes) => new TextDecoder().decode(bytes)),
  mutated(samplePolicy).map((bytes) => new TextDecoder().decode(bytes)),
);

/** Why a formatter is not one for this text, or null. */
function fault(text: string, format: (text: string) => string | null): string | null {
  const once = format(text);
  if (once === null) return null;
  if (saying("a.yaml", once) !== saying("a.yaml", text)) return `says something else: ${once}`;
  return format(once) === once ? null : "does not settle";
}

const format = (text: string): string | null => formatPolicy(fileOf("a.yaml", text)).text;

test("law 9: parse after format is identity, and formatting twice changes nothing", () => {
  fc.assert(
    fc.property(texts, (text) => {
      expect(fault(text, format)).toBeNull();
    }),
    { numRuns: 400 },
  );
});

test("a formatter that writes a quoted number without its quotes would be noticed", () => {
  expect(fault('policy: a\nowner: b\nscope: { app: "12" }\n', (text) => text.replaceAll('"', ""))).not.toBeNull();
});

test("comments stay", () => {
  const text = format(sampleZones) ?? "";
  for (const comment of ["# zones.yaml: the architects'", "# two clusters", "# Staff computers only."]) expect(text).toContain(comment);
});

test("the canonical text has one look, however it was written", () => {
  const look =
    "policy: billing\nowner: team-billing\nscope: { app: billing, env: prod }\nallow:\n  - name: a\n    from: workloads\n    to: { app: billing, env: prod }\n    over: [ssh, https]\n    because: b\n";
  const dresses = [
    'policy:   "billing"\nowner: team-billing\nscope:\n    app: billing\n    env: prod\nallow:\n- because: b\n  name: \'a\'\n  from: workloads\n  over:\n  - ssh\n  - https\n  to: {app: billing, env: "prod"}\n',
    look,
  ];
  expect(dresses.map(format)).toEqual([look, look]);
});

const keyed = fc.record({
  section: fc.constantFrom("allow", "common", "conduits", "zones", "tests"),
  style: styles,
  keys: fc.shuffledSubarray(["name", "from", "to", "over", "where", "until", "owner", "because", "ticket", "expect", "level"], { minLength: 2 }),
});
const written = ({ section, style }: { readonly section: string; readonly style: object }, keys: readonly string[]): string =>
  stringify({ [section]: [Object.fromEntries(keys.map((key) => [key, key === "over" ? ["ssh", "https"] : `a ${key}`]))] }, style);

test("the keys of a rule, a zone or a test have one order, in whatever order they were written", () => {
  fc.assert(
    fc.property(keyed, (one) => {
      expect(format(written(one, one.keys))).toBe(format(written(one, one.keys.toSorted())));
    }),
    { numRuns: 100 },
  );
  // The control: the order of items, and of keys elsewhere, is the author's.
  expect(format("scope: { env: a, app: b }\n")).not.toBe(format("scope: { app: b, env: a }\n"));
});

test("a JSON file stays JSON", () => {
  expect(formatPolicy(fileOf("a.json", '{"services":{"a":"tcp/1"}}')).text).toBe('{\n  "services": {\n    "a": "tcp/1"\n  }\n}\n');
});

test("what cannot be read is not formatted, and the reason is told", () => {
  const { text, diagnostics } = formatPolicy(fileOf("a.yaml", "a: [b\n"));
  expect([text, diagnostics.map(({ code }) => code)]).toEqual([null, ["syntax"]]);
});

test("an item written over several lines stays so, and one in brackets stays in brackets", () => {
  const lines = "common:\n  - name: all\n    from: anyone\n    to: workloads\n    over: any\n    because: x\n";
  const brackets = "labels:\n  env: { required: true }\ncommon:\n  - { name: all, from: anyone, to: workloads, over: any, because: x }\n";
  expect([format(lines), format(brackets)]).toEqual([lines, brackets]);
  expect(format("labels:\n    env:\n        required: true\n")).toBe("labels:\n  env:\n    required: true\n");
  // What is smaller than an item stands in brackets all the same.
  expect(format("allow:\n- name: a\n  over:\n  - https\n  - ssh\n")).toBe("allow:\n  - name: a\n    over: [https, ssh]\n");
});
