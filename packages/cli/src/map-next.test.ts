import { attributionOf, flowsOf } from "@bulkhead/core/telemetry/attribute";
import { conversationsOf } from "@bulkhead/core/telemetry/conversations";
import { told } from "@bulkhead/core/telemetry/testing/told";
import { mapOf, type MapOptions } from "@bulkhead/core/map/map";
import { expect, test } from "vitest";
import { mapNext } from "./map-next.ts";

const flows = flowsOf(conversationsOf([told({})]), attributionOf([]));
const web = { id: "web-1", labels: { app: "shop", stage: "prod" } };
const next = (options: MapOptions, workloads = [web], records = 1, seen = flows) =>
  mapNext(mapOf(seen, workloads, options), { keys: workloads.flatMap(({ labels }) => Object.keys(labels)), records });

test("a map that says little says what would be next, and one that says what was asked says nothing more", () => {
  expect(next({}, [web], 0, [])).toContain("nothing was ingested yet; `bulkhead ingest PATH…`");
  expect(next({ since: 5 }, [web], 2, [])).toBe("--since left nothing of 2 records; `bulkhead flows` lists them with their times");
  expect(next({}, [])).toContain("`bulkhead inventory import FILE` says who is who");
  expect(next({})).toBeNull();
  expect(next({ by: ["stage"] })).toBeNull();
});

test("a label that no workload has is asked about, unless nobody typed it", () => {
  expect(next({ by: ["stag"] })).toBe("no workload has the label `stag`; did you mean `--by stage`?");
  const odd = [{ id: "a", labels: { "st'; x": "y" } } as never];
  expect(next({ by: ["st';x"] }, odd)).toContain("did you mean `--by 'st'\\''; x'`?");
  expect(next({ by: ["app", "nope"] })).toBe("no workload has the label `nope`; there is app, stage");
  expect(next({}, [{ id: "a", labels: { owner: "x" } } as never])).toBe("no workload has the label `app` or `env` or `role`; there is owner");
});
