import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { policySchema, policySchemaText } from "./json-schema.ts";
import { samplePolicy, sampleZones } from "./testing/sample-policy.ts";

test("the schema that stands beside the reference is the one that check --schema prints", () => {
  const file = readFileSync(new URL("../../../../docs/reference/policy.schema.json", import.meta.url), "utf8");
  expect(JSON.parse(file)).toEqual(JSON.parse(policySchemaText()));
});

test("an editor with the schema accepts what check accepts, and marks what is misspelt or missing", () => {
  // zod does not know this one keyword; editors do.
  const { dependentRequired: _, ...schema } = policySchema;
  const editor = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
  const isAccepted = (text: string): boolean => editor.safeParse(parse(text)).success;
  expect([sampleZones, samplePolicy, "", "zones:\n"].map(isAccepted)).toEqual([true, true, true, true]);
  const wrong = [
    "zoens: []\n",
    "zones:\n  - { name: a, members: { env: b } }\n",
    "zones:\n  - { name: A, members: { env: b }, because: c }\n",
    "conduits:\n  - { name: a, from: b, to: c, because: d, owner: e }\n",
    "stages: { zones: { a: { boundary: on } } }\n",
    "services: { a: [] }\n",
  ];
  for (const text of wrong) expect(isAccepted(text), text).toBe(false);
});
