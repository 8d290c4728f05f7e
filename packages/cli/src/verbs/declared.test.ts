import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Ran, ran } from "../testing/ran.ts";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "bulkhead-declared-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));
const bulkhead = (...words: readonly string[]): Ran => ran(words, { cwd: dir, env: { PATH: process.env["PATH"], BULKHEAD_DATA: join(dir, "data") } });
const write = (name: string, text: string): string => {
  writeFileSync(join(dir, name), text);
  return name;
};

test("what is declared is held against what was seen, and importing a source again replaces what it declared", { timeout: 60_000 }, () => {
  bulkhead("inventory", "import", write("cmdb.csv", "id,app,address\nweb-1,shop,10.0.0.1\ndb-1,ledger,10.0.0.2\n"));
  write("mapping.yaml", "columns: { client: src, server: dst, serverPort: port, first: time, packetsToClient: back }\nprotocol: tcp\n");
  write("flows.csv", "src,dst,port,time,back\n10.0.0.1,10.0.0.2,5432,2026-11-20T12:00:00Z,5\n10.0.0.1,10.0.0.2,22,2026-11-20T12:00:00Z,5\n");
  expect(bulkhead("ingest", "flows.csv", "--mapping", "mapping.yaml").status).toBe(0);
  expect(bulkhead("declared", "list")).toMatchObject({ status: 2, stderr: expect.stringContaining("nothing was declared here") as string });
  write("list.csv", "client,server,service,by,when\nshop,ledger,postgres,Ann,2026-01-01\nshop,mail,smtp,Ann,\n");
  expect(bulkhead("declared", "import", "list.csv", "--source", "owners")).toMatchObject({ status: 0, stdout: "2 declared dependencies from owners\n" });
  const { status, stdout } = bulkhead("declared", "list");
  expect(status).toBe(1);
  for (const words of [
    "Declared and seen (1)\n  shop -> ledger tcp/5432  1 connection, last 2026-11-20",
    "Declared, never seen (1)\n  shop -> mail tcp/25  the inventory knows no workload of one end (owners, line 3)",
    "Seen, never declared (1)\n  app=shop -> app=ledger tcp/22",
    "1 of 2 dependencies between workloads that were seen are declared",
  ])
    expect(stdout).toContain(words);
  const json = JSON.parse(bulkhead("declared", "list", "--json").stdout) as { readonly declared: readonly unknown[] };
  expect(json.declared[0]).toMatchObject({ by: "Ann", at: "2026-01-01T00:00:00Z", connections: 1, clients: ["web-1"], source: "owners" });
  write("list.csv", "client,server,service\nshop,ledger,tcp/5432 tcp/22\n");
  bulkhead("declared", "import", "list.csv", "--source", "owners");
  expect(bulkhead("declared", "list").status).toBe(0);
});

test("a recommendation offers what was declared and never seen in rules of their own, where it is asked to", { timeout: 60_000 }, () => {
  const labelled = ["web-1,shop,prod,web,10.0.0.1", "db-1,shop,prod,db,10.0.0.2", "cache-1,shop,prod,cache,10.0.0.3"];
  bulkhead("inventory", "import", write("cmdb.csv", `id,app,env,role,address\n${labelled.join("\n")}\n`));
  write("mapping.yaml", "columns: { client: src, server: dst, serverPort: port, first: time, packetsToClient: back }\nprotocol: tcp\n");
  bulkhead("ingest", write("flows.csv", "src,dst,port,time,back\n10.0.0.1,10.0.0.2,5432,2026-11-20T12:00:00Z,5\n"), "--mapping", "mapping.yaml");
  expect(bulkhead("recommend", "--declared")).toMatchObject({ status: 2, stderr: expect.stringContaining("nothing was declared here") as string });
  bulkhead("declared", "import", write("list.csv", "client,server,service\nid:web-1,id:cache-1,redis\n"), "--source", "owners");
  expect(bulkhead("recommend").stdout).not.toContain("declared by");
  expect(bulkhead("recommend", "--declared").stdout).toContain("nobody saw this yet; declared by owners (line 2)");
});

test("what declares nothing changes nothing, and says so", { timeout: 60_000 }, () => {
  expect(bulkhead("declared", "import", write("a.yaml", "a: 1\n"))).toMatchObject({
    status: 2,
    stdout: "",
    stderr: expect.stringContaining("no dependency was read, so nothing was changed") as string,
  });
});
