import { believe } from "@bulkhead/core/inventory/believe";
import { believedCsv } from "@bulkhead/core/inventory/believed-text";
import { expect, test } from "vitest";
import { parseInventoryCsv } from "./parse.ts";

const readingOf = (text: string) => {
  const problems: string[] = [];
  const { sightings } = parseInventoryCsv(text, ({ message }) => void problems.push(message));
  return { sightings, problems };
};
const workloadsOf = (text: string) => believe([{ source: "s", at: 1, sightings: readingOf(text).sightings }]).workloads;

test("what is printed as CSV is no formula for a spreadsheet, and is read again as it was", () => {
  const workloads = workloadsOf(`id,app,role,owner,address\nweb-1,=HYPERLINK(1),-2,"'x, ""y""",10.0.0.1\nweb-2,+1,@SUM,plain,\n`);
  const csv = believedCsv(workloads);
  expect(csv).not.toMatch(/(^|,|")[=+@-]/m);
  expect(workloadsOf(csv).map(({ id, labels, owner }) => ({ id, labels, owner }))).toEqual(workloads.map(({ id, labels, owner }) => ({ id, labels, owner })));
});

test("bad rows are told with their line, and the good ones are kept", () => {
  const { sightings, problems } = readingOf(
    "id,app,address,from,until\nweb-1,shop,10.0.0.1,2026-02-01,2026-01-01\n10.0.0.9,shop,,,\nweb-2,shop,10.0.0.300,,\nweb-3,shop,10.0.0.3,,\n",
  );
  expect(sightings.map(({ id }) => id)).toEqual(["web-1", "web-2", "web-3"]);
  expect(problems).toEqual([
    "line 2: the lease of `10.0.0.1` ends before it begins",
    "line 3 is called `10.0.0.9`, which reads as an address; give it a name",
    "line 4: `10.0.0.300` is no address",
  ]);
});

test("a value with line breaks is one value, and problems after it name their line", () => {
  const { sightings, problems } = readingOf('\uFEFFid,note,address\r\nweb-1,"two\r\nlines",10.0.0.1\r\nweb-2,x\r\n');
  expect(sightings[0]?.labels["note"]).toBe("two\r\nlines");
  expect(problems).toEqual(["line 4: 2 columns, the header names 3"]);
});

test("labels may be called as they like, and the first of two columns with one name counts", () => {
  const { sightings, problems } = readingOf("id,__proto__,constructor,app,app\nweb-1,a,b,c,d\n");
  expect(Object.entries(sightings[0]?.labels ?? {})).toEqual([
    ["__proto__", "a"],
    ["constructor", "b"],
    ["app", "c"],
  ]);
  expect(problems).toEqual(["line 1: the header names `app` twice; the first one counts"]);
});

test("ten renewals of one lease are one lease", () => {
  const rows = Array.from({ length: 10 }, (_, day) => `web-1,10.0.0.1,2026-01-0${Math.min(day, 8) + 1},2026-01-10\n`);
  expect(readingOf(`id,address,from,until\n${rows.join("")}`).sightings[0]?.leases).toHaveLength(1);
});

test("a spreadsheet's semicolons and tabs are read as they are", () => {
  const csv = 'id,app,note,address\nweb-1,shop,"a; b",10.0.0.1\n';
  const { sightings } = readingOf(csv);
  expect(sightings).toHaveLength(1);
  expect(readingOf('id;app;note;address\nweb-1;shop;"a; b";10.0.0.1\n').sightings).toEqual(sightings);
  expect(readingOf("id\tapp\tnote\taddress\nweb-1\tshop\ta; b\t10.0.0.1\n").sightings).toEqual(sightings);
});
