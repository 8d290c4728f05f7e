import { expect, test } from "vitest";
import { appView, viewChanges, viewText } from "./app-view.ts";
import { mapOf } from "./map.ts";
import { estate, flow, held } from "./testing/estate.ts";

const { workloads, flows } = estate();
const viewOf = (more: typeof flows = []) => appView(mapOf([...flows, ...more], workloads), "billing")!;

test("what an owner sees of an application is its workloads and what it depends on and who on it, without counts and times", () => {
  const view = viewOf();
  expect(view.workloads).toHaveLength(24);
  expect(view.dependencies).toContain("app=billing,env=prod,role=api -> app=billing,env=prod,role=database tcp/5432");
  expect(view.dependencies).toContain("internet -> app=billing,env=prod,role=web tcp/443");
  expect(viewText(viewOf([{ ...flows[0]!, connections: 5, answered: 5, last: 2000 }]))).toBe(viewText(view));
  expect(appView(mapOf(flows, workloads), "nobody")).toBeNull();
});

test("a dependency that is new or gone is named", () => {
  const more = viewOf([flow(held("portal-prod-web-1"), held("billing-prod-api-1"), "tcp/8443")]);
  const line = "app=portal,env=prod,role=web -> app=billing,env=prod,role=api tcp/8443";
  expect(viewChanges(viewOf(), more)).toEqual([`new: ${line}`]);
  expect(viewChanges(more, viewOf())).toEqual([`gone: ${line}`]);
  expect(viewChanges(more, more)).toEqual([]);
});
