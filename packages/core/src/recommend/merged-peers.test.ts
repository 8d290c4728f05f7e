import { expect, test } from "vitest";
import type { SidePeer } from "./dependency.ts";
import { mergedPeers } from "./merged-peers.ts";

const side = (labels: Readonly<Record<string, string>>): SidePeer => ({ kind: "labels", labels });

test("a side that another holds already is not written beside it", () => {
  const sides = [
    side({ app: "ledger", env: "prod", role: "batch" }),
    side({ app: "ledger", env: "prod", role: "queue" }),
    side({ app: "ledger", env: "prod" }),
  ];
  expect(mergedPeers(sides)).toEqual([{ kind: "labels", labels: { app: ["ledger"], env: ["prod"] } }]);
  // The control: what another does not hold stays.
  expect(mergedPeers([...sides, side({ app: "permits", env: "prod", role: "batch" })])).toHaveLength(2);
});
