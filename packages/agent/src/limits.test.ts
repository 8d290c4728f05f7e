import type { PeerTable } from "@bulkhead/core/compile/ruleset";
import { expect, test } from "vitest";
import { beyondLimits } from "./limits.ts";

const table = (hosts: number, classes: number): PeerTable => ({
  classes: Array.from({ length: classes }, () => []),
  hosts: Array.from({ length: hosts }, (_, index) => ({ address: `10.0.0.${index}`, class: 0 })),
  ranges: [],
  otherwise: 0,
});
const ruleset = (hosts: number, classes = 1) => ({ version: 1, point: "web-1", inbound: table(hosts, classes), outbound: table(0, 0) }) as const;

test("a rule set at its limit is taken, one more is refused in words", () => {
  const limits = { elementsMax: 10, classesMax: 3 };
  expect(beyondLimits(ruleset(10), limits)).toBeNull();
  expect(beyondLimits(ruleset(11), limits)).toBe("the rule set has 11 elements, and a host takes 10: select fewer peers, or use networks");
  expect(beyondLimits(ruleset(1, 3), limits)).toBeNull();
  expect(beyondLimits(ruleset(1, 4), limits)).toMatch(/4 classes of peers/);
});
