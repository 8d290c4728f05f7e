import { expect, test } from "vitest";
import { instantOf } from "../base/instant.ts";
import { type Believed, believe } from "../inventory/believe.ts";
import { recordedShop } from "../recommend/testing/shop.ts";
import { architectureReport } from "./architecture/architecture.ts";
import type { ArchitectureInputs } from "./architecture/facts.ts";
import { tablesOf } from "./document.ts";
import { tableCsv } from "./document-csv.ts";
import { documentHtml } from "./document-html.ts";
import { documentJson } from "./document-json.ts";
import { documentTypst } from "./document-typst.ts";
import { inBrowser, noBrowser, violationsOf } from "./testing/axe.ts";

const { flows, workloads } = recordedShop();
const believed: Believed = {
  ...believe([]),
  workloads: workloads.map((one) => ({ ...one, leases: [], identity: null, point: false, attributes: {}, owner: null, believed: {} })),
};
const inputs: ArchitectureInputs = {
  version: "0.0.0",
  generatedAt: instantOf("2026-11-25T12:00:00Z")!,
  since: null,
  until: null,
  front: { agency: "Agency of Ships" },
  flows,
  believed,
  sources: [],
  cannotTell: {},
  confirmations: [],
  completeness: null,
};
const report = architectureReport(inputs);
const html = documentHtml(report);

test("the report has the eighteen sections of its deliverable, in order, and none of them is empty", () => {
  expect(report.sections.map(({ number }) => number)).toEqual(Array.from({ length: 18 }, (_, at) => at + 1));
  for (const { title, blocks } of report.sections) expect(blocks.length, title).toBeGreaterThan(0);
});

test("every picture has its table, and every name of a place is unique", () => {
  const ids = new Set(tablesOf(report).map(({ id }) => id));
  const pictures = report.sections.flatMap(({ blocks }) => blocks.filter((block) => block.kind === "figure"));
  expect(pictures.length).toBeGreaterThan(3);
  for (const { table } of pictures) expect(ids).toContain(table);
  const places = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(places).size).toBe(places.length);
});

test("what is on the map is in the report, and leads to its records", () => {
  const dependencies = tablesOf(report).find(({ id }) => id === "dependencies")!;
  const row = dependencies.rows.find(([client, server]) => client === "shop · prod · lb" && server === "shop · prod · web")!;
  expect(row[2]).toBe("tcp/8080");
  expect(row.at(-1)).toMatch(/^bulkhead flows --service tcp\/8080 --since 2026\S+ --until 2026\S+$/);
  expect(dependencies.rows.every((cells) => cells.length === dependencies.columns.length)).toBe(true);
});

test("the same inputs give the same bytes, and another asset gives others", () => {
  expect(documentHtml(architectureReport(inputs))).toBe(html);
  expect(documentJson(architectureReport(inputs))).toBe(documentJson(report));
  const fewer = { ...inputs, believed: { ...believed, workloads: believed.workloads.slice(1) } };
  expect(documentJson(architectureReport(fewer))).not.toBe(documentJson(report));
});

test("what was not computed says why and what to do, and an empty world still gives a report", () => {
  expect(html).toContain("not here.</b>");
  const nothing = architectureReport({ ...inputs, flows: [], believed: { ...believed, workloads: [] } });
  expect(documentHtml(nothing)).toContain("bulkhead ingest PATH…");
});

test("a list of names stands whole on the page, and how many gaps are left out is said", () => {
  const names = Array.from({ length: 20 }, (_, at) => `directory-shared-controller-${at}`).join(", ");
  const page = documentHtml({
    title: "A",
    front: [["limitations", names]],
    sections: [{ number: 1, id: "a", title: "A", blocks: [{ kind: "table", id: "t", title: "T", columns: ["who"], rows: [[names]], empty: "" }] }],
  });
  expect(page.split(names)).toHaveLength(3);
  const first = (one: ArchitectureInputs) => architectureReport(one).sections[0]!.blocks;
  expect(JSON.stringify(first(inputs))).not.toMatch(/and \d+ more/);
  const strangers = Array.from({ length: 7 }, (_, at) => ({ ...flows[0]!, client: { kind: "bare", address: `10.99.0.${at + 1}` } as const }));
  const blocks = first({ ...inputs, flows: [...flows, ...strangers] });
  expect(blocks.at(-1)).toMatchObject({ text: expect.stringMatching(/^and \d+ more$/) as string });
});

test("gaps begin where environments have least to do with each other, pilots with what has dependencies of its own", () => {
  const gaps = tablesOf(report)
    .find(({ id }) => id === "gaps")!
    .rows.map(([gap]) => String(gap))
    .filter((gap) => gap.includes(" opens "));
  expect(gaps[0]).toBe("shop · dev · web opens tcp/5432 of billing · prod · ledger");
  expect(gaps.slice(1).every((gap) => gap.startsWith("office · office"))).toBe(true);
  const inside = tablesOf(report)
    .find(({ id }) => id === "segments")!
    .rows.map(([app, , , count]) => [app, Number(count) > 0] as const);
  // Alone for themselves, and opened by nobody: they once stood first.
  expect(inside.findIndex(([app]) => app === "backup")).toBeGreaterThan(inside.findLastIndex(([, some]) => some));
});

test("the head names those who saw most first, and says how many more there are", () => {
  const limits = (count: number) => {
    const sources = Array.from({ length: count }, (_, at) => ({
      source: "aws-vpc",
      observer: `eni-${at}`,
      file: "flows.log",
      records: at,
      first: null,
      last: null,
    }));
    return new Map(architectureReport({ ...inputs, sources }).front).get("limitations");
  };
  expect(limits(20)).toContain("seen by eni-19, eni-18, eni-17, eni-16, eni-15, eni-14 and 14 more;");
  expect(limits(2)).toContain("seen by eni-1, eni-0;");
});

test("names from outside are text: no markup in the page, no formula in the tables", () => {
  const evil = `=1+1<img src=x onerror="document.title='owned'">\u202e`;
  const labels = { app: evil, env: evil, role: evil };
  const hostile = { ...inputs, believed: { ...believed, workloads: believed.workloads.map((one) => ({ ...one, labels, owner: evil })) } };
  const document = architectureReport(hostile);
  expect(documentHtml(document)).not.toMatch(/<img|\u202e/);
  const owners = tableCsv(tablesOf(document).find(({ id }) => id === "table-c")!);
  expect(owners).not.toMatch(/(^|,)"?=/m);
  // The control: the evil is there, guarded.
  expect(owners).toContain("'=1+1<img");
  expect(documentHtml(document)).toContain("&lt;img");
});

test("on paper a text from outside cannot become a command of the typesetter", () => {
  const evil = String.raw`"); #read("/etc/passwd") \" #sys.inputs $x$ = heading`;
  const labels = { app: evil, env: evil, role: evil };
  const document = architectureReport({
    ...inputs,
    front: { agency: evil },
    believed: { ...believed, workloads: believed.workloads.map((one) => ({ ...one, labels })) },
  });
  const source = documentTypst(document);
  // What is left when all strings are taken out is ours alone.
  const outside = source.replace(/"(?:[^"\\]|\\u\{[0-9a-f]+\})*"/g, "");
  expect(outside).not.toMatch(/read|passwd|sys/);
  // The control: unescaped, the same check finds it.
  expect(source.replaceAll("\\u{22}", '"').replace(/"(?:[^"\\]|\\u\{[0-9a-f]+\})*"/g, "")).toMatch(/read/);
});

test(
  `axe finds nothing to say about the report, in light and in dark; broken on purpose it does${noBrowser}`,
  { timeout: 120_000, skip: noBrowser !== "" },
  async () => {
    await inBrowser(async (browser) => {
      expect(await violationsOf(browser, html, "light")).toEqual([]);
      expect(await violationsOf(browser, html, "dark")).toEqual([]);
      expect(await violationsOf(browser, html.replace("color:var(--soft);min-width", "color:#eee;min-width").replace('lang="en"', ""), "light")).not.toEqual(
        [],
      );
    });
  },
);
