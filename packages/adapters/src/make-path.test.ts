import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makePath } from "./make-path.ts";

test("a directory is made with what is missing above it, and where it cannot be the reason is thrown", () => {
  const dir = mkdtempSync(join(tmpdir(), "bulkhead-path-"));
  try {
    makePath(join(dir, "a", "b", "c"));
    makePath(join(dir, "a", "b", "c"));
    expect([statSync(join(dir, "a/b/c")).isDirectory(), statSync(join(dir, "a")).mode & 0o777]).toEqual([true, 0o700]);
    writeFileSync(join(dir, "file"), "");
    expect(() => makePath(join(dir, "file"))).toThrow(/EEXIST/);
    expect(() => makePath(join(dir, "file", "below"))).toThrow(/ENOTDIR/);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});

test.skipIf(process.platform !== "linux")("a file system that makes no directories is no endless wait", () => {
  expect(() => makePath("/proc/nowhere/at/all")).toThrow(/ENOENT/);
});
