import { expect, test } from "vitest";
import { labelsAsked } from "./asked.ts";
import { sidesAsked } from "./flow-sides.ts";
import { whomAsked } from "./whom-asked.ts";

const workloads = ["web", "api"].map((app) => ({ id: `${app}-1`, labels: { app, env: "prod" }, leases: [], identity: null, point: false }));
const set = { zones: [], networks: [] } as unknown as Parameters<typeof whomAsked>[2]["set"];
const known = { set, sets: [set], inventory: { workloads, points: [], quarantined: [] }, isReal: true };

/** Whether each verb takes web-1 and not api-1 for what is written. */
const meant = (text: string): readonly unknown[] => {
  const isMeant = whomAsked("--from", text, known);
  const isHeld = sidesAsked({ client: text }, workloads).isAsked;
  const ids = workloads.map(({ id }) => id);
  return [
    ids.filter((id) => isMeant({ workload: id, text: id, range: null, end: { kind: "unresolved" } })),
    ids.filter((id) => isHeld({ clientWorkloads: [id], serverWorkloads: [] } as unknown as Parameters<typeof isHeld>[0])),
    { ...labelsAsked("--from", text, workloads)!.labels },
  ];
};

test("labels are read alike by reach, flows and explain, with blanks or without", () => {
  const alike = [["web-1"], ["web-1"], { app: "web", env: "prod" }];
  expect(meant("app=web,env=prod")).toEqual(alike);
  expect(meant(" app = web , env =prod ")).toEqual(alike);
  expect(() => meant("app=web, =prod")).toThrow("--from has `=prod` among its labels, which is no KEY=VALUE");
});
