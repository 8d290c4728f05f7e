import { expect, test } from "vitest";
import { triedForecast } from "../map/completeness/back-test.ts";
import type { Before } from "../map/completeness/before.ts";
import { figuresOf } from "../map/completeness/figures.ts";
import { lived, monday } from "../map/completeness/testing/lived.ts";
import { verdictOf } from "../map/completeness/verdict.ts";
import { completenessHtml } from "./completeness-html.ts";

const evil = `</text><img src=x onerror=1>\u202e`;
const watched = lived({ seed: 2, days: 35, ordinary: 400, cycles: [{ name: evil, kind: "monthly", app: null, dates: [29, 59] }] });
const { figures, saturation } = figuresOf({ flows: [], workloads: [], networks: null, confirmed: new Map(), watched, until: (monday + 35) * 86_400_000_000 });
const page = (horizon: number, before: Before | null = null): string =>
  completenessHtml({
    figures,
    saturation,
    verdict: verdictOf(figures, saturation, { isPilot: false }),
    watched,
    tried: triedForecast(watched, horizon),
    horizon,
    before,
  });

test("every number of the picture stands in a table beside it", () => {
  const html = page(7);
  const rows = [...html.matchAll(/<tr><td>(\d{4}-\d\d-\d\d)<\/td><td>(\d+)<\/td><td>(\d+)<\/td><\/tr>/g)];
  expect(rows.map(([, , came]) => Number(came))).toEqual(saturation.curve.map(({ came }) => came));
  expect(html.match(/<rect class="said"/g)?.length).toBe(html.match(/<td>(yes|no)<\/td>/g)?.length);
  expect(html).toMatch(/In the next 7 days about \d+ dependencies .* nine times in ten \d+ to \d+\./);
  expect(html).toContain(`<rect class="ahead"`);
});

test("days that were recorded and do not count are named", () => {
  const html = page(7, { records: 1, first: 0, last: 0 });
  expect(html).toContain("; only the last 400 days count; before them: 1 record of 1970-01-01.</p>");
  expect(page(7)).not.toContain("before them");
});

test("the page names nothing outside of itself, runs nothing, and what a calendar says is text", () => {
  const html = page(7);
  expect(html).not.toMatch(/(?:src|href|action)\s*=\s*["']|<script|@import|url\(|https?:/i);
  expect(html).not.toContain("<img");
  expect(html).not.toContain("\u202e");
  expect(html).toContain("&lt;img");
});

test("where there is no estimate the page says why, and draws none", () => {
  const html = page(40);
  expect(html).toContain("No estimate: the horizon of 40 days is longer than the 35 days");
  expect(html).not.toContain(`<rect class="ahead"`);
});

test("no coordinate of the picture is missing", () => {
  for (const horizon of [1, 7, 30]) expect(page(horizon)).not.toMatch(/NaN|Infinity|undefined/);
});
