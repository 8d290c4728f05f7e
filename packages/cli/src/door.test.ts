import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const builder = fileURLToPath(new URL("../../../tools/build-agent.mjs", import.meta.url));
const isRoot = process.getuid?.() === 0 && spawnSync("unshare", ["-n", "nft", "list", "tables"]).status === 0;

test("the agent in one file runs with Node alone", () => {
  const folder = mkdtempSync(join(tmpdir(), "bulkhead-one-file-"));
  const file = join(folder, "bulkhead-agent.mjs");
  const run = (...words: readonly string[]) => spawnSync(process.execPath, [file, ...words], { cwd: folder, encoding: "utf8" });
  try {
    expect(spawnSync(process.execPath, [builder, file], { encoding: "utf8" })).toMatchObject({ status: 0, stderr: "" });
    const asked = [...readFileSync(file, "utf8").matchAll(/^import .* from "([^"]+)";$/gm)].map(([, name]) => name!);
    expect(asked.filter((name) => !name.startsWith("node:"))).toEqual([]);
    expect(run("agent", "--help")).toMatchObject({ status: 0 });
    // As root it asks the kernel of a network of its own, as anyone else it says who may.
    const status = isRoot
      ? spawnSync("unshare", ["-n", process.execPath, file, "agent", "status", "--data", folder], { encoding: "utf8" })
      : run("agent", "status", "--data", folder);
    expect(`${status.stdout}${status.stderr}`).toMatch(isRoot ? /^nothing is enforced here/ : /only root|no `nft`|no namespaces|bulkhead:/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
