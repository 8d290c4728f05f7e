import { expect, test } from "vitest";
import { readInventoryFile } from "./inventory-file.ts";

const problems = (written: unknown): readonly string[] => readInventoryFile(JSON.stringify(written)).problems.map(({ message }) => message);

test("one value where a list belongs is said, not passed over", () => {
  const web = { id: "web", addresses: "10.0.0.1" };
  expect(problems({ workloads: [web], quarantined: "web", points: {} })).toEqual([
    "workload 1 (`web`): `addresses` is no list; write [ … ]",
    "the inventory: `points` is no list; write [ … ]",
    "the inventory: `quarantined` is no list; write [ … ]",
  ]);
  expect(problems({ workloads: [], quarantined: [7] })).toEqual(["the inventory: `quarantined` names `7`, which is no id"]);
  // The control: lists are taken, and what is left out or null is nothing.
  expect(
    problems({
      workloads: [
        { ...web, addresses: ["10.0.0.1"] },
        { id: "b", addresses: null },
      ],
      quarantined: ["web"],
    }),
  ).toEqual([]);
});
