import { mkdirSync, mkdtempSync, rmSync, statSync, chmodSync, readFileSync, symlinkSync, writeFileSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { policyFilesIn } from "./directory.ts";
import { replaceFile } from "./replace-file.ts";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "bulkhead-policy-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const write = (path: string, text = "zones: []\n"): void => writeFileSync(join(dir, path), text);

test("policy files of a directory and its folders are read, sorted by path; what is hidden or something else is left out", async () => {
  mkdirSync(join(dir, "teams"));
  mkdirSync(join(dir, ".git"));
  for (const path of ["z.yaml", "a.yml", "b.json", "notes.md", ".hidden.yaml", ".git/x.yaml", "teams/billing.yaml"]) write(path);
  expect((await policyFilesIn(dir)).map(({ path }) => path)).toEqual(["a.yml", "b.json", "teams/billing.yaml", "z.yaml"]);
});

test("the directory may be a link that is replaced in one step", async () => {
  mkdirSync(join(dir, "one"));
  write("one/a.yaml");
  symlinkSync(join(dir, "one"), join(dir, "current"));
  expect((await policyFilesIn(join(dir, "current"))).map(({ path }) => path)).toEqual(["a.yaml"]);
});

test("a directory that does not exist, or is a file, is said in words", async () => {
  write("a.yaml");
  await expect(policyFilesIn(join(dir, "nowhere"))).rejects.toMatchObject({ name: "Failure", message: expect.stringContaining("does not exist") as string });
  await expect(policyFilesIn(join(dir, "a.yaml"))).rejects.toMatchObject({ name: "Failure", message: expect.stringContaining("is not a directory") as string });
});

test("of a file over the limit no more is read than shows that it is", async () => {
  write("big.yaml", "#".repeat(3_000_000));
  const [file] = await policyFilesIn(dir);
  expect(file?.bytes.length).toBe(1024 * 1024 + 1);
});

test("a link to a folder and a link to itself do not make the reading endless", async () => {
  symlinkSync(dir, join(dir, "loop"));
  symlinkSync(join(dir, "self.yaml"), join(dir, "self.yaml"));
  await expect(policyFilesIn(dir)).rejects.toMatchObject({ name: "Failure" });
  rmSync(join(dir, "self.yaml"));
  write("a.yaml");
  expect((await policyFilesIn(dir)).map(({ path }) => path)).toEqual(["a.yaml"]);
});

test("a file is replaced in one step, keeps its permissions, and a link to it stays a link", async () => {
  write("a.yaml");
  chmodSync(join(dir, "a.yaml"), 0o640);
  symlinkSync(join(dir, "a.yaml"), join(dir, "b.yaml"));
  await replaceFile(join(dir, "b.yaml"), "zones:\n");
  expect(readFileSync(join(dir, "a.yaml"), "utf8")).toBe("zones:\n");
  expect(statSync(join(dir, "a.yaml")).mode & 0o777).toBe(0o640);
  expect(readdirSync(dir).sort()).toEqual(["a.yaml", "b.yaml"]);
});
