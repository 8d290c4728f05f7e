import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const bin = fileURLToPath(new URL("../../bin/bulkhead.js", import.meta.url));
let dir = "";
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "bulkhead-lint-inventory-"));
  mkdirSync(join(dir, "policy"));
  const rule = "{ name: web, from: { app: web }, to: { app: shp }, over: https, because: orders }";
  writeFileSync(join(dir, "policy/a.yaml"), `policy: shop\nowner: team\nscope: { app: shp }\nallow:\n  - ${rule}\n`);
  writeFileSync(join(dir, "list.csv"), "id,app,address\nweb-1,web,10.0.0.1\nshop-1,shop,10.0.0.2\n");
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const bulkhead = (data: string | undefined, ...words: readonly string[]) =>
  spawnSync(process.execPath, [bin, ...words], {
    encoding: "utf8",
    cwd: dir,
    env: { PATH: process.env["PATH"], ...(data === undefined ? {} : { BULKHEAD_DATA: data }) },
  });

test("lint looks at the inventory that is held, as every other verb does, and says so where there is none", () => {
  const nobody = "the scope of `shop` selects nobody of the inventory";
  const uncompared = "not compared with an inventory: name one with --data or --inventory\n";
  expect(bulkhead(undefined, "lint", "policy")).toMatchObject({ status: 0, stdout: "nothing is odd\n", stderr: uncompared });
  expect(bulkhead("elsewhere", "lint", "policy")).toMatchObject({ status: 0, stderr: uncompared });
  // A directory in which nobody is known would call everybody nobody.
  mkdirSync(join(dir, "empty"));
  expect(bulkhead("empty", "lint", "policy")).toMatchObject({ status: 0, stderr: uncompared });
  for (const data of ["data", ".bulkhead"]) {
    expect(bulkhead(undefined, "inventory", "import", "list.csv", "--source", "cmdb", "--data", data).status).toBe(0);
    const found = bulkhead(data === "data" ? data : undefined, "lint", "policy");
    expect([found.status, found.stdout, found.stderr]).toEqual([1, expect.stringContaining(nobody), ""]);
    expect(readdirSync(join(dir, data))).not.toContain("archive");
  }
});

test("check says that it compares nothing with an inventory, and what does; its JSON stands alone", () => {
  const { status, stdout, stderr } = bulkhead(undefined, "check", "policy");
  expect([status, stdout]).toEqual([0, "1 policy file: no mistake\n"]);
  expect(stderr).toBe("labels are not compared with an inventory here; `bulkhead lint policy` does it\n");
  expect(bulkhead(undefined, "check", "policy", "--json")).toMatchObject({ status: 0, stdout: '{"diagnostics":[]}\n', stderr: "" });
});
