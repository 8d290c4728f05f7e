import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { digestOf } from "../digest.ts";
import { confirm, confirmationsIn } from "./confirmations.ts";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "bulkhead-confirm-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const confirmed = (app: string) => ({ app, by: "Ann", at: "2026-11-25T12:00:00Z", comment: null, digest: digestOf(app), workloads: [app], dependencies: [] });

test("what was confirmed is kept in order, and nothing before any", async () => {
  expect(await confirmationsIn(dir)).toEqual([]);
  await confirm(dir, confirmed("billing"));
  await confirm(dir, confirmed("portal"));
  expect((await confirmationsIn(dir)).map(({ app }) => app)).toEqual(["billing", "portal"]);
});

test("a line that is changed, taken out or cut off is told with its number", async () => {
  for (const app of ["billing", "portal", "ledger"]) await confirm(dir, confirmed(app));
  const path = join(dir, "confirmations.jsonl");
  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  const damaged = (kept: readonly string[]) => {
    writeFileSync(path, `${kept.join("\n")}\n`);
    return confirmationsIn(dir).then(
      () => "read",
      (error: Error) => error.message,
    );
  };
  expect(await damaged([lines[0]!.replace("Ann", "Bob"), ...lines.slice(1)])).toContain("line 2");
  expect(await damaged([lines[0]!, lines[2]!])).toContain("line 2");
  expect(await damaged([...lines.slice(0, 2), lines[2]!.slice(0, 40)])).toContain("line 3 of");
  // The control: as it was, it is read.
  expect(await damaged(lines)).toBe("read");
});
