import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Ran, ran } from "../testing/ran.ts";

let dir = "";
const bulkhead = (...words: readonly string[]): Ran => ran(words, { cwd: dir, env: { PATH: process.env["PATH"], BULKHEAD_DATA: join(dir, "data") } });
const inventory = (...words: readonly string[]): Ran => bulkhead("inventory", ...words);

const apps = ["billing", "ledger", "portal"];
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "bulkhead-labels-"));
  const rows = apps.flatMap((app, index) =>
    ["web", "api", "database"].flatMap((role, place) =>
      [1, 2].map((number) => [`${app}-${role}-${number}`, app, "prod", role, `10.${index + 1}.0.${place * 10 + number}`]),
    ),
  );
  const wrong = rows.map(([id = "", app, env, role, address]) => [id, id === "billing-api-1" ? "" : app, id === "ledger-api-1" ? "prdo" : env, role, address]);
  writeFileSync(join(dir, "cmdb.csv"), ["id,app,env,role,address", ...wrong.map((row) => row.join(",")), "LEDGER-WEB-1.example.gov,,,,10.2.0.1"].join("\n"));
  const connections = apps.flatMap((_, index) =>
    [1, 2].flatMap((a) =>
      [1, 2].flatMap((b) => [`10.${index + 1}.0.${a},10.${index + 1}.0.${10 + b},8443`, `10.${index + 1}.0.${10 + a},10.${index + 1}.0.${20 + b},5432`]),
    ),
  );
  writeFileSync(
    join(dir, "flows.csv"),
    ["src,dst,port,time,back", ...[...connections, "10.9.9.9,10.1.0.1,443"].map((line) => `${line},2026-11-20T12:00:00Z,5`)].join("\n"),
  );
  writeFileSync(join(dir, "mapping.yaml"), "columns: { client: src, server: dst, serverPort: port, first: time, packetsToClient: back }\nprotocol: tcp\n");
  expect(inventory("import", "cmdb.csv", "--source", "cmdb").status).toBe(0);
  expect(bulkhead("ingest", "flows.csv", "--mapping", "mapping.yaml").status).toBe(0);
}, 60_000);
afterAll(() => rmSync(dir, { recursive: true, force: true }));

test("an address that nobody knows is listed, named in the CSV, and known when that is imported", { timeout: 60_000 }, () => {
  const { status, stdout, stderr } = inventory("unknown");
  expect([status, stdout]).toEqual([1, expect.stringContaining("10.9.9.9: probably an endpoint")]);
  expect(stderr).toContain("inventory unknown --csv > unknown.csv");
  const json = JSON.parse(inventory("unknown", "--json").stdout) as { readonly unknown: readonly unknown[] };
  expect(json.unknown).toContainEqual(expect.objectContaining({ address: "10.9.9.9", asClient: 1, first: "2026-11-20T12:00:00Z" }));
  writeFileSync(join(dir, "unknown.csv"), inventory("unknown", "--csv").stdout.replace("unnamed-10.9.9.9", "kiosk-1"));
  expect(inventory("import", "unknown.csv").status).toBe(0);
  expect(inventory("unknown").stdout).not.toContain("10.9.9.9");
});

test("suggested labels come with reasons, and change nothing until a person imports them", { timeout: 60_000 }, () => {
  const before = inventory("--json").stdout;
  const { status, stdout } = inventory("suggest");
  expect(status).toBe(1);
  expect(stdout).toContain("billing-api-1  app=billing (");
  expect(stdout).toContain("env=prdo, probably prod: two letters are swapped");
  expect(stdout).toContain("LEDGER-WEB-1.example.gov and ledger-web-1: their names differ in case or domain only; both hold 10.2.0.1 at once");
  expect(inventory("--json").stdout).toBe(before);
  const csv = inventory("suggest", "--csv").stdout;
  writeFileSync(join(dir, "labels.csv"), csv);
  expect(inventory("import", "labels.csv", "--source", "labels", "--first").status).toBe(0);
  const { workloads } = JSON.parse(inventory("--json").stdout) as {
    readonly workloads: readonly { readonly id: string; readonly labels: Readonly<Record<string, string>> }[];
  };
  const labels = Object.fromEntries(workloads.map((one) => [one.id, one.labels]));
  expect([labels["billing-api-1"]?.["app"], labels["ledger-api-1"]?.["env"], labels["LEDGER-WEB-1.example.gov"]]).toEqual(["billing", "prod", undefined]);
  expect(Object.keys(labels["billing-api-1"] ?? {}).sort()).toEqual(["app", "env", "role"]);
  // The correction is believed, and the source that is wrong stays a listed conflict until it is mended.
  expect(inventory("conflicts").stdout).toContain("ledger-api-1  label env: prod (labels, believed), prdo (cmdb)");
});

test("where nothing is suggested it says what was looked at, and why there is nothing", { timeout: 60_000 }, () => {
  const suggested = (name: string, rows: readonly string[]): Ran => {
    writeFileSync(join(dir, `${name}.csv`), ["id,app,env,role,address", ...rows].join("\n"));
    expect(inventory("import", `${name}.csv`, "--data", name).status).toBe(0);
    return inventory("suggest", "--data", name);
  };
  const whole = suggested("whole", ["web-1,shop,prod,web,10.0.0.1", "db-1,shop,prod,db,10.0.0.2"]);
  expect([whole.status, whole.stdout]).toEqual([0, "2 workloads looked at by app, env, role\n"]);
  expect(whole.stderr).toBe(
    "nothing to suggest: every workload has app, env, role, and nothing speaks strongly against one of them (looked at names and networks alone, because no connection was ingested)\n",
  );
  expect(suggested("bare", ["a,,,,10.0.0.1", "b,,,,10.0.0.2"]).stderr).toMatch(
    /^nothing to suggest: no workload has a label of app, env, role, .* label some and import them\n$/,
  );
  expect(suggested("odd", ["x,shop,prod,web,10.0.0.1", "q,,,,10.200.0.2"]).stderr).toMatch(
    /^nothing to suggest: no value is more likely than not for the 3 missing labels /,
  );
});

test("who confirmed what and when is kept, and a change since then is told", { timeout: 60_000 }, () => {
  expect(inventory("confirmations").stdout).toContain("portal  never confirmed");
  expect(inventory("confirm", "portal", "--by", "Ann", "--comment", "as designed").stdout).toMatch(
    /Ann confirmed app=portal: 6 workloads, 2 dependencies; sha256 [0-9a-f]{64}\n$/,
  );
  expect(inventory("confirmations").stdout).toMatch(/portal {2}confirmed by Ann at \S+Z: as designed\n/);
  writeFileSync(join(dir, "more.csv"), "src,dst,port,time,back\n10.1.0.1,10.3.0.11,8443,2026-11-21T12:00:00Z,5\n");
  bulkhead("ingest", "more.csv", "--mapping", "mapping.yaml");
  const { status, stdout } = inventory("confirmations");
  expect([status, stdout]).toEqual([1, expect.stringContaining("since then 1 change")]);
  expect(stdout).toContain("new: app=billing,env=prod,role=web -> app=portal,env=prod,role=api tcp/8443");
  expect(inventory("confirm", "portel", "--by", "Ann")).toMatchObject({ status: 2, stderr: expect.stringContaining("did you mean portal?") as string });
});

test("what crosses the boundaries of systems is held against the agreements about it", { timeout: 60_000 }, () => {
  expect(inventory("agreements")).toMatchObject({ status: 2, stderr: expect.stringContaining("no system with its boundary is known here") as string });
  writeFileSync(join(dir, "systems.csv"), "system,boundary,level,hva,owner\nBILL-1,10.1.0.0/16,high,yes,Ann\nPORT-2,app=portal,low,no,\n");
  writeFileSync(join(dir, "agreements.csv"), "from system,to system,service,agreement,until\nPORT-2,BILL-1,tcp/443,ISA-7,2099-01-01\n");
  expect(inventory("import", "systems.csv", "agreements.csv", "--source", "register").stdout).toBe(
    "0 workloads with 0 addresses and 2 systems and 1 agreement from register\n",
  );
  const { status, stdout } = inventory("agreements");
  expect(status).toBe(1);
  expect(stdout).toContain("Seen without an agreement (1)\n  BILL-1 (high, HVA) -> PORT-2 (low) tcp/8443  1 connection, 2026-11-21 – 2026-11-21");
  expect(stdout).toContain("Agreed, never seen (1)\n  ISA-7  PORT-2 -> BILL-1 tcp/443, until 2099-01-01");
  writeFileSync(join(dir, "agreements.csv"), "from system,to system,service,agreement,until\nBILL-1,PORT-2,8443,ISA-8,2099-01-01\n");
  inventory("import", "systems.csv", "agreements.csv", "--source", "register");
  expect(inventory("agreements").stdout).toContain("1 interconnection seen: 1 agreed, 0 expired, 0 without an agreement");
  expect(inventory("agreements").status).toBe(0);
  const json = JSON.parse(inventory("agreements", "--json").stdout) as { readonly interconnections: readonly unknown[]; readonly systems: readonly unknown[] };
  expect(json.interconnections).toMatchObject([{ from: "BILL-1", to: "PORT-2", agreements: ["ISA-8"], expired: [] }]);
  expect(json.systems).toMatchObject([
    { id: "BILL-1", level: "high", workloads: 6 },
    { id: "PORT-2", workloads: 6 },
  ]);
});

test("hostile names command no terminal and no spreadsheet in any of these lists", { timeout: 60_000 }, () => {
  const hostile = "\u001b[31m\u202e=HYPERLINK(1)";
  const data = ["--data", join(dir, "hostile")];
  const run = (...words: readonly string[]) => bulkhead(...words, ...data);
  writeFileSync(
    join(dir, "h.json"),
    JSON.stringify({
      workloads: [1, 2, 3, 4, 5, 6].map((n) => ({
        id: `${hostile}-${n}`,
        labels: { app: hostile, env: n === 6 ? `${hostile}X` : hostile },
        addresses: [`10.7.0.${n}`],
      })),
    }),
  );
  writeFileSync(join(dir, "h.csv"), `system,boundary,level\n"${hostile}",10.7.0.1,\nB,10.7.0.2,\n`);
  writeFileSync(join(dir, "f.csv"), "src,dst,port,time,back\n10.7.0.1,10.7.0.2,80,2026-11-21T12:00:00Z,5\n10.7.0.9,10.7.0.2,80,2026-11-21T12:00:00Z,5\n");
  writeFileSync(join(dir, "d.csv"), `client,server,service\n"${hostile}",ledger,80\n`);
  run("inventory", "import", "h.json");
  run("inventory", "import", "h.csv", "--source", hostile);
  run("ingest", "f.csv", "--mapping", "mapping.yaml");
  run("declared", "import", "d.csv", "--source", hostile);
  const runs = [
    ...["unknown", "suggest", "agreements", "confirmations"].flatMap((verb) => [run("inventory", verb), run("inventory", verb, "--json")]),
    ...["unknown", "suggest"].map((verb) => run("inventory", verb, "--csv")),
    run("inventory", "confirm", hostile, "--by", hostile),
    run("declared", "list"),
    run("declared", "list", "--json"),
  ];
  for (const { stdout, stderr, status } of runs) {
    expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect([0, 1], stderr).toContain(status);
  }
  for (const { stdout } of runs.slice(8, 10)) expect(stdout).not.toMatch(/(^|,|")[=+@-]/m);
});

test("without a data directory each of these says what to do, and makes none", { timeout: 60_000 }, () => {
  const lists = ["inventory unknown", "inventory suggest", "inventory agreements", "inventory confirmations", "inventory confirm x --by y", "declared list"];
  for (const line of lists)
    expect(bulkhead(...line.split(" "), "--data", "typo")).toMatchObject({
      status: 2,
      stdout: "",
      stderr: expect.stringContaining("the data directory typo does not exist") as string,
    });
});
