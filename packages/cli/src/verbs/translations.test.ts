import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const bin = fileURLToPath(new URL("../../bin/bulkhead.js", import.meta.url));
let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "bulkhead-translations-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const run = (...words: readonly string[]) =>
  spawnSync(process.execPath, [bin, ...words], { cwd: dir, encoding: "utf8", env: { PATH: process.env["PATH"], BULKHEAD_DATA: join(dir, "data") } });

const conn = (ts: number, client: string, port: number, server: string): string =>
  `{"ts":${ts},"uid":"C${port}","id.orig_h":"${client}","id.orig_p":${port},"id.resp_h":"${server}","id.resp_p":443,"proto":"tcp","conn_state":"SF","history":"ShADad","orig_pkts":3,"orig_ip_bytes":777,"resp_pkts":3,"resp_ip_bytes":8888}`;

test("who asked a balancer and whom it asked are one line, and without a translator the next step is said", () => {
  writeFileSync(join(dir, "conn.log"), [conn(1000, "10.0.0.1", 40_001, "10.0.9.1"), conn(1000.5, "10.0.9.1", 50_001, "10.0.1.5")].join("\n"));
  writeFileSync(join(dir, "a.csv"), "id,class,address\nweb,server,10.0.0.1\nlb,server,10.0.9.1\ndb,server,10.0.1.5\n");
  expect(run("inventory", "import", "a.csv").status).toBe(0);
  expect(run("ingest", "conn.log").status).toBe(0);
  expect(run("translations")).toMatchObject({ status: 2, stderr: expect.stringContaining("class load-balancer") as string });
  writeFileSync(join(dir, "a.csv"), "id,class,address\nweb,server,10.0.0.1\nlb,load-balancer,10.0.9.1\ndb,server,10.0.1.5\n");
  run("inventory", "import", "a.csv");
  expect(run("translations")).toMatchObject({
    status: 0,
    stdout: "web → db tcp/443 through lb, which hides the server: 1 conversation, confidence 1\n",
    stderr: "1 conversation joined at 1 address that translate; 0 fit several others and are left apart\n",
  });
  expect(JSON.parse(run("translations", "--json").stdout)).toMatchObject({ joined: 1, ambiguous: 0, pairs: [{ client: "web", server: "db", through: "lb" }] });
});
