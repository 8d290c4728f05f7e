import { expect, test } from "vitest";
import { sidesAsked } from "./flow-sides.ts";

const workload = (id: string, app: string) => ({ id, labels: { app }, leases: [], identity: null, point: false });
const workloads = [workload("web-1", "web"), workload("web-2", "web"), workload("10.0.0.9", "db")];
type Held = Parameters<ReturnType<typeof sidesAsked>["isAsked"]>[0];
const held = (client: string): Held => ({ clientWorkloads: [client], serverWorkloads: ["web-2"] }) as unknown as Held;

test("an end may be a workload, labels, an address or a prefix; only the last two are the archive's to find", () => {
  const asked = (client: string): readonly unknown[] => {
    const { filter, isAsked } = sidesAsked({ client, limit: 1 }, workloads);
    return [filter, isAsked(held("web-1")), isAsked(held("web-2"))];
  };
  expect(asked("web-1")).toEqual([{}, true, false]);
  expect(asked("app=web")).toEqual([{}, true, true]);
  expect(asked("10.0.0.0/24")).toEqual([{ client: "10.0.0.0/24", limit: 1 }, true, true]);
  // An address stays one, whoever is called so.
  expect(asked("10.0.0.9")).toEqual([{ client: "10.0.0.9", limit: 1 }, true, true]);
});
