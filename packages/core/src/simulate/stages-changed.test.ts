import { expect, test } from "vitest";
import { readPolicySet } from "../language/read.ts";
import { stagesChanged } from "./stages-changed.ts";

const setOf = (stages: string) =>
  readPolicySet([
    {
      path: "a.yaml",
      bytes: new TextEncoder().encode(`policy: shop\nowner: t\nscope: { app: shop }\nzones: [{ name: prod, members: { env: prod }, because: b }]\n${stages}`),
    },
  ]).set;

test("a stage that is raised, lowered or no longer named is a change, and one that observes as before is none", () => {
  const before = setOf("stages: { segments: { shop: { in: warn } }, zones: { prod: { boundary: enforce } } }\n");
  const after = setOf("stages: { segments: { shop: { in: enforce, out: observe } } }\n");
  expect(stagesChanged(before, after)).toEqual([
    { name: "policy/shop", part: "in", before: "warn", after: "enforce" },
    { name: "zone/prod", part: "boundary", before: "enforce", after: "observe" },
  ]);
  expect(stagesChanged(after, after)).toEqual([]);
});
