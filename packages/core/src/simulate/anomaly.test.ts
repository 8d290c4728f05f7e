import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { anomalyTitles } from "./anomaly.ts";

const reference = readFileSync(new URL("../../../../docs/reference/lint.md", import.meta.url), "utf8");
/** The codes that a row of the table begins with: several may share one. */
const explained = [...reference.matchAll(/^\| ((?:`[a-z-]+`(?:, )?)+) \|/gm)].flatMap(([, cell = ""]) => cell.replaceAll("`", "").split(", "));

test("what lint can find is explained in its reference, code by code, and nothing else is", () => {
  expect(explained.toSorted()).toEqual(Object.keys(anomalyTitles).toSorted());
});
