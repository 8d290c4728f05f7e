import { believe } from "@bulkhead/core/inventory/believe";
import { believedCsv } from "@bulkhead/core/inventory/believed-text";
import { expect, test } from "vitest";
import { parseInventoryCsv } from "./parse.ts";

const workloadsOf = (text: string) => believe([{ source: "s", at: 1, sightings: parseInventoryCsv(text).sightings }]).workloads;

test("what is printed as CSV is no formula for a spreadsheet, and is read again as it was", () => {
  const workloads = workloadsOf(`id,app,role,owner,address\nweb-1,=HYPERLINK(1),-2,"'x, ""y""",10.0.0.1\nweb-2,+1,@SUM,plain,\n`);
  const csv = believedCsv(workloads);
  expect(csv).not.toMatch(/(^|,|")[=+@-]/m);
  expect(workloadsOf(csv).map(({ id, labels, owner }) => ({ id, labels, owner }))).toEqual(workloads.map(({ id, labels, owner }) => ({ id, labels, owner })));
});

test("bad rows are told with their line, and the good ones are kept", () => {
  const { sightings, problems } = parseInventoryCsv(
    "id,app,address,from,until\nweb-1,shop,10.0.0.1,2026-02-01,2026-01-01\n10.0.0.9,shop,,,\nweb-2,shop,10.0.0.300,,\nweb-3,shop,10.0.0.3,,\n",
  );
  expect(sightings.map(({ id }) => id)).toEqual(["web-1", "web-2", "web-3"]);
  expect(problems).toEqual([
    "line 2: the lease of 10.0.0.1 ends before it begins",
    "line 3 is called `10.0.0.9`, which reads as an address; give it a name",
    "line 4: `10.0.0.300` is no address",
  ]);
});
