import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const bin = fileURLToPath(new URL("../../bin/bulkhead.js", import.meta.url));
let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "bulkhead-inventory-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const write = (name: string, text: string): string => {
  writeFileSync(join(dir, name), text);
  return name;
};

/** Runs what people run, in a data directory of its own. */
const inventory = (...words: readonly string[]): SpawnSyncReturns<string> =>
  spawnSync(process.execPath, [bin, "inventory", ...words], {
    cwd: dir,
    encoding: "utf8",
    env: { PATH: process.env["PATH"], BULKHEAD_DATA: join(dir, "data") },
  });

test("what was imported is listed, and a source that is imported again replaces what it said", () => {
  write("a.csv", "\uFEFFid,app,owner,address\r\nweb-1,shop,team,10.0.0.1\r\nweb-2,shop,,\r\n");
  expect(inventory("import", "a.csv", "--source", "cmdb")).toMatchObject({ status: 0, stdout: "2 workloads with 1 address from cmdb\n", stderr: "" });
  expect(inventory("--where", "app=shop").stdout).toContain("2 workloads, 0 without labels, 0 conflicts");
  write("a.csv", "id,app\nweb-1,store\n");
  inventory("import", "a.csv", "--source", "cmdb");
  expect(inventory("list").stdout).toBe("web-1  app=store  (no owner)  0 leases\n1 workload, 0 without labels, 0 conflicts\n");
});

test("two sources that disagree are a conflict until one is mended", () => {
  inventory("import", write("a.csv", "id,app\nweb-1,shop\n"));
  inventory("import", write("b.csv", "id,app\nweb-1,store\n"));
  expect(inventory("conflicts")).toMatchObject({ status: 1, stdout: "web-1  label app: shop (a.csv, believed), store (b.csv)\n1 conflict\n" });
  inventory("import", write("b.csv", "id,app\nweb-1,shop\n"));
  expect(inventory("conflicts", "--json")).toMatchObject({ status: 0, stdout: '{"conflicts":[],"contested":[]}\n' });
});

test("a label that nobody has is said so, beside how many workloads there are", () => {
  inventory("import", write("a.csv", "id,app,address\nweb-1,shop,10.0.0.1\nweb-2,shop,\n"));
  expect(inventory("list", "--where", "app=zzz")).toMatchObject({ status: 1, stderr: "none of 2 workloads has the label `app=zzz`\nnext: app is shop\n" });
  expect(inventory("list").stdout).toContain("1 lease\n");
});

test("a column of addresses that is misspelt is asked about, and nobody is said to hold one", () => {
  const { status, stdout, stderr } = inventory("import", write("a.csv", "id,app,adress\nweb-1,shop,10.0.0.1\n"));
  expect([status, stdout]).toEqual([0, "1 workload with 0 addresses from a.csv, 1 problem\n"]);
  expect(stderr).toContain("no column is called `address`; did you mean `adress`?");
  expect(inventory("import", write("b.csv", "id,app,ip\nweb-1,shop,10.0.0.1\n")).stderr).toContain("did you mean `ip`?");
  // The control: a list that names nobody's address is no mistake.
  expect(inventory("import", write("c.csv", "id,app,role\nweb-1,shop,web\n")).stderr).toBe("");
});

test("a file that contradicts itself is told at the import, and stays a conflict", () => {
  write("a.csv", "id,app,address\nweb-1,shop,10.0.0.1\nweb-1,store,10.0.0.2\nweb-2,shop,10.0.0.2\nweb-3,shop,10.0.0.3\n");
  const { stderr } = inventory("import", "a.csv");
  expect(stderr).toContain("line 3: `web-1` has app `store`, and above `shop`, which counts");
  expect(stderr).toContain("10.0.0.2  held by web-1 and web-2 at once, always");
  expect(inventory("conflicts")).toMatchObject({
    status: 1,
    stdout: "web-1  label app: shop (a.csv, believed), store (a.csv)\n10.0.0.2  held by web-1 and web-2 at once, always\n2 conflicts\n",
  });
  expect(inventory("list").stdout).toContain("3 workloads, 0 without labels, 2 conflicts");
  // The control: one after the other is no contradiction.
  write("a.csv", "id,address,from,until\nweb-1,10.0.0.2,,2026-01-01\nweb-2,10.0.0.2,2026-01-01,\n");
  expect(inventory("import", "a.csv").stderr).toBe("");
  expect(inventory("conflicts").status).toBe(0);
});

test("a directory of files is one source, and what is missing is said in words", () => {
  mkdirSync(join(dir, "lists", "old"), { recursive: true });
  write("lists/a.csv", "id\nweb-1\n");
  write("lists/old/b.json", '{"workloads":[{"id":"web-2"}]}');
  write("lists/notes.txt", "nothing");
  expect(inventory("import", "lists").stdout).toBe("2 workloads with 0 addresses from lists\n");
  expect(inventory("import", "nowhere.csv")).toMatchObject({ status: 2, stderr: expect.stringContaining("there is no file nowhere.csv") as string });
});

test("a data directory that is not there is not made by asking", () => {
  for (const words of [["list"], ["conflicts"], ["list", "--data", "typo"]]) {
    expect(inventory(...words)).toMatchObject({
      status: 2,
      stdout: "",
      stderr: expect.stringMatching(/the data directory (data|typo) does not exist/) as string,
    });
  }
  expect(readdirSync(dir)).toEqual([]);
});

test("problems are counted by reason with the first three, and all of them are listed on request", () => {
  write("a.csv", `id,address\nweb-1,10.0.0.1\n${"web-2,nowhere\n".repeat(5)},\n`);
  const few = inventory("import", "a.csv", "--json");
  expect(JSON.parse(few.stdout)).toEqual({
    source: "a.csv",
    workloads: 2,
    addresses: 1,
    networks: 0,
    credentials: 0,
    systems: 0,
    agreements: 0,
    problems: 6,
    reasons: { "bad-address": 5, "no-id": 1 },
  });
  expect(few.stderr.match(/a\.csv: line \d/g)).toHaveLength(4);
  expect(inventory("import", "a.csv", "--rejects").stderr.match(/a\.csv: line \d/g)).toHaveLength(6);
});

const hostile = "\u001b[31m\u009b2J\u202e=HYPERLINK(1)<script>";

test("hostile names command no terminal and no spreadsheet, and come back as they were", () => {
  const labels = Object.fromEntries([
    ["constructor", "x"],
    ["toString", hostile],
    [hostile, "=1+1"],
  ]);
  write("a.json", JSON.stringify({ workloads: [{ id: hostile, labels, owner: "+1", addresses: ["10.0.0.1"] }] }));
  write("b.json", JSON.stringify({ workloads: [{ id: hostile, labels: { toString: "y\u001b]0;evil\u0007" } }] }));
  const runs = [
    inventory("import", "a.json", "--source", hostile),
    inventory("import", "b.json", "--json"),
    ...[[], ["--json"], ["--csv"], ["conflicts"], ["conflicts", "--json"], ["--where", `${hostile}=1`]].map((words) => inventory(...words)),
  ];
  for (const { stdout, stderr } of runs) expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  expect(inventory("--csv").stdout).not.toMatch(/(^|,|")[=+@-]/m);
  const { workloads } = JSON.parse(inventory("--json").stdout) as { readonly workloads: readonly { readonly id: string; readonly labels: unknown }[] };
  expect(workloads[0]).toMatchObject({ id: hostile, labels });
});

test("its JSON can be imported again with points and quarantine, and its CSV with values of several lines", () => {
  const points = [{ id: "firewall-1", networks: ["corporate"], live: false }];
  const addresses = [{ address: "10.0.0.7%site-b", from: "2026-01-01T00:00:00Z", until: null }];
  const one = { id: "web-1", labels: { note: "two\nlines" }, addresses, identity: { name: "spiffe://a", tier: 3 }, point: true, owner: "team" };
  write("a.json", JSON.stringify({ workloads: [one], points, quarantined: ["web-1"] }));
  inventory("import", "a.json");
  const first = inventory("--json").stdout;
  expect(JSON.parse(first)).toMatchObject({ workloads: [one], points, quarantined: ["web-1"] });
  const csv = inventory("--csv").stdout;
  rmSync(join(dir, "data"), { recursive: true });
  inventory("import", write("a.json", first));
  const sourceless = (text: string): unknown => JSON.parse(text.replace(/"at":"[^"]*"/g, '"at":null'));
  expect(sourceless(inventory("--json").stdout)).toEqual(sourceless(first));
  rmSync(join(dir, "data"), { recursive: true });
  inventory("import", write("a.csv", csv));
  expect(JSON.parse(inventory("--json").stdout)).toMatchObject({ workloads: [one] });
});

test("what is kept carries its version, and another version is refused in words", () => {
  inventory("import", write("a.csv", "id\nweb-1\n"));
  const name = readdirSync(join(dir, "data", "inventory"))[0]!;
  const path = join(dir, "data", "inventory", name);
  const kept = readFileSync(path, "utf8");
  writeFileSync(path, kept.replace('"version":2', '"version":3'));
  expect(inventory("list")).toMatchObject({
    status: 2,
    stdout: "",
    stderr: expect.stringContaining("has the version 3, and this bulkhead reads versions up to 2") as string,
  });
  // The first version had none, nor points.
  writeFileSync(path, kept.replace('"version":2,', ""));
  expect(inventory("list").status).toBe(0);
});

test("what `ip neigh` sees in turn becomes a history of leases", () => {
  write("n.txt", "10.0.0.7 dev eth0 lladdr 52:54:00:00:00:01 REACHABLE\n");
  expect(inventory("import", "n.txt", "--source", "neighbours", "--at", "2026-11-25T08:00:00Z").status).toBe(0);
  write("n.txt", "10.0.0.7 dev eth0 lladdr 52:54:00:00:00:02 REACHABLE\n");
  inventory("import", "n.txt", "--source", "neighbours", "--at", "2026-11-25T09:00:00Z");
  const { workloads } = JSON.parse(inventory("--json").stdout) as { readonly workloads: readonly { readonly id: string; readonly addresses: unknown }[] };
  expect(workloads.map(({ id, addresses }) => [id, addresses])).toEqual([
    ["mac-52:54:00:00:00:01", [{ address: "10.0.0.7", from: "2026-11-25T08:00:00Z", until: "2026-11-25T09:00:00Z" }]],
    ["mac-52:54:00:00:00:02", [{ address: "10.0.0.7", from: "2026-11-25T09:00:00Z", until: null }]],
  ]);
});

test("any CSV is read by a mapping, UTF-16 of PowerShell included, and a wrong mapping is said", () => {
  write("m.yaml", "columns:\n  id: Asset\n  address: IPs\n  label.app: System\n");
  writeFileSync(join(dir, "a.csv"), Buffer.from("\uFEFFAsset;IPs;System\r\nweb-1;10.0.0.1 10.0.0.2;shop\r\n", "utf16le"));
  expect(inventory("import", "a.csv", "--mapping", "m.yaml")).toMatchObject({ status: 0, stdout: "1 workload with 2 addresses from a.csv\n" });
  write("m.yaml", "columns: { id: Asset, adress: IPs }\n");
  expect(inventory("import", "a.csv", "--mapping", "m.yaml")).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("did you mean `address`?") as string,
  });
});

test("a workbook is refused with what to export instead", () => {
  writeFileSync(join(dir, "RVTools.xlsx"), Buffer.from([0x50, 0x4b, 3, 4, 20, 0, 6, 0]));
  expect(inventory("import", "RVTools.xlsx")).toMatchObject({ status: 2, stderr: expect.stringContaining("save each sheet as CSV") as string });
});

test("networks that sources name are listed with where they lead, and none is an answer, too", () => {
  expect(inventory("import", write("a.csv", "id,app,address\nweb-1,shop,10.0.0.1\n"))).toMatchObject({ status: 0 });
  expect(inventory("networks")).toMatchObject({ status: 1, stdout: "0 networks\n" });
  const estate = {
    Subnets: [{ SubnetId: "subnet-1", VpcId: "vpc-1", CidrBlock: "10.0.0.0/24", Tags: [{ Key: "Name", Value: "public\u001b[2J" }] }],
    RouteTables: [{ RouteTableId: "rtb-1", VpcId: "vpc-1", Routes: [{ DestinationCidrBlock: "0.0.0.0/0", GatewayId: "igw-1" }] }],
  };
  expect(inventory("import", write("aws.json", JSON.stringify(estate)), "--source", "aws").stdout).toBe(
    "0 workloads with 0 addresses and 2 networks from aws\n",
  );
  const { status, stdout } = inventory("networks");
  expect(status).toBe(0);
  expect(stdout).toBe(
    "subnet  10.0.0.0/24  public\\u001b[2J  aws  id=subnet-1 vpc=vpc-1\nroute   -            rtb-1            aws  id=rtb-1 vpc=vpc-1 destination=0.0.0.0/0 via=igw-1\n2 networks\n",
  );
  const { networks } = JSON.parse(inventory("networks", "--json").stdout) as { readonly networks: readonly object[] };
  expect(networks).toMatchObject([
    { kind: "subnet", prefix: "10.0.0.0/24", source: "aws" },
    { kind: "route", prefix: null },
  ]);
});
