import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Ran, ran } from "../testing/ran.ts";

const bin = fileURLToPath(new URL("../../bin/bulkhead.js", import.meta.url));
const recording = fileURLToPath(new URL("../../../../examples/shop/recording", import.meta.url));
const inventory = fileURLToPath(new URL("../../../../examples/shop/inventory.csv", import.meta.url));
let dir = "";

/** Runs what people run, away from every data directory but the one it names. */
const bulkhead = (...words: readonly string[]): Ran => ran(words, { cwd: dir, env: { PATH: process.env["PATH"] } });

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "bulkhead-simulate-"));
  bulkhead("inventory", "import", inventory, "--data", "my shop");
  bulkhead("ingest", recording, "--data", "my shop");
  bulkhead("init", "policy", "--data", "my shop");
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

interface Statement {
  readonly connections: number;
  readonly records: string;
}

test("the command below a denial lists its connections as it stands", () => {
  const { status, stdout } = bulkhead("simulate", "policy", "--data", "my shop");
  expect(status).toBe(1);
  const command = /→ internet tcp\/4444: 4, .*\n +(bulkhead flows .*)\n/.exec(stdout)?.[1];
  const words = (line: string) => spawnSync("sh", ["-c", line.replace(/^bulkhead/, `"$0" "$1"`), process.execPath, bin], { cwd: dir, encoding: "utf8" });
  expect(words(`${command} --json`).stdout.trimEnd().split("\n")).toHaveLength(4);
  // The control: without its --data the same line finds nothing here.
  expect(words(command!.replace(/ --data .*/, "")).status).toBe(2);
  const { pairs } = JSON.parse(bulkhead("simulate", "policy", "--data", "my shop", "--json").stdout) as { readonly pairs: readonly Statement[] };
  expect(pairs.every(({ records }) => records.endsWith(" --data 'my shop'"))).toBe(true);
});

test("a sentence that says what to type next says it with the data directory of this line", () => {
  expect(bulkhead("simulate", "policy", "--data", "nowhere").stderr).toContain("`bulkhead ingest PATH… --data nowhere`");
  expect(bulkhead("map", "--data", "nowhere").stderr).toContain("`bulkhead inventory import FILE --data nowhere`");
  expect(bulkhead("map").stderr).toContain("`bulkhead inventory import FILE`");
  // In a result, too; what machines read stays as it is.
  expect(bulkhead("completeness", "--data", "my shop").stdout).toContain("`bulkhead map --data 'my shop'` names them");
  expect(bulkhead("completeness", "--data", "my shop", "--json").stdout).not.toContain("--data");
});

test("two beginnings of one time are refused", () => {
  const simulate = (...words: readonly string[]) => bulkhead("simulate", "policy", "--data", "my shop", "--json", ...words);
  const both = simulate("--train", "50%", "--since", "2026-11-25");
  expect([both.status, both.stdout, both.stderr]).toEqual([2, "", expect.stringContaining("--train and --since both say where the time begins\n")]);
  expect(simulate("--train", "50%").stdout).toContain('"since":"2026-11-25T');
});

test("how something was seen is told where it was seen otherwise than the rest, and of nothing nothing is told", () => {
  const { stdout } = bulkhead("simulate", "policy", "--data", "my shop");
  // One observer saw all of the shop: said once, above.
  expect(stdout.match(/seen by pcap: /g)).toHaveLength(1);
  expect(stdout).toMatch(/→ internet tcp\/4444: 4, .*; boundary; 2026-11-25T08:00:15Z – 08:00:27Z; of a scanner\n/);
  const nothing = bulkhead("simulate", "policy", "--data", "my shop", "--since", "2027-01-01");
  expect([nothing.status, nothing.stdout.trimEnd().split("\n")]).toEqual([2, expect.objectContaining({ length: 6 }) as string[]]);
  // The control: another observer of a part makes the parts differ.
  writeFileSync(join(dir, "map.yaml"), "columns: { client: c, server: s, serverPort: p, first: t }\nprotocol: tcp\n");
  writeFileSync(join(dir, "more.csv"), "c,s,p,t\n10.20.1.12,203.0.113.66,4444,2026-11-25T10:00:00Z\n");
  bulkhead("ingest", "more.csv", "--mapping", "map.yaml", "--source", "firewall", "--data", "my shop");
  const again = bulkhead("simulate", "policy", "--data", "my shop").stdout;
  expect(again).toContain("seen by firewall, pcap: ");
  expect(again.match(/^ {6}seen by pcap: /gm)!.length).toBeGreaterThan(5);
});

interface Judged {
  readonly pairs: readonly (Statement & {
    readonly from: string;
    readonly to: string;
    readonly outcome: string;
    readonly ofScanners?: number;
    readonly ofUnknowns?: number;
  })[];
  readonly suspects: Readonly<Record<"scanners" | "unknowns", { readonly answered: number; readonly names: readonly string[] }>>;
  readonly ending: readonly { readonly rule: string; readonly end: string; readonly connections: number }[];
}

/** The proposal for the shop, changed, under a name of its own. */
function changed(name: string, edit: (text: string) => string): string {
  cpSync(join(dir, "policy"), join(dir, name), { recursive: true });
  const path = join(dir, name, "shop-prod.yaml");
  writeFileSync(path, edit(readFileSync(path, "utf8")));
  return name;
}

test("whom the map calls a scanner, and ends that no inventory knows, are told apart from what a policy breaks", () => {
  const data = ["--data", "suspects"];
  bulkhead("inventory", "import", inventory, ...data);
  bulkhead("ingest", recording, ...data);
  const good = bulkhead("simulate", "policy", ...data);
  const suspects = "9 are of web-2, which the map calls a scanner, and 6 of ends that no inventory knows: 10.20.2.99, 10.30.1.177\n";
  expect([good.status, good.stdout]).toEqual([1, expect.stringContaining(`\nOf the 15 answered denials ${suspects}`)]);
  const { suspects: named, pairs } = JSON.parse(bulkhead("simulate", "policy", ...data, "--json").stdout) as Judged;
  expect(named).toMatchObject({ scanners: { answered: 9, names: ["web-2"] }, unknowns: { answered: 6 } });
  expect(
    pairs.filter(({ outcome }) => outcome === "denied").every(({ connections, ofScanners, ofUnknowns }) => ofScanners! + ofUnknowns! === connections),
  ).toBe(true);
  // The control: a rule is missing, and what it breaks stands before all of them, though web-2 is among those who need it.
  const broken = changed("broken", (text) => text.replace(/ {2}- name: web-to-api\n(?: {4}.*\n)+/, ""));
  const { stdout } = bulkhead("simulate", broken, ...data);
  expect(stdout).toMatch(
    /\nOf the 48 answered denials [^\n]*\n\nWould be denied; [^\n]*\n {2}app=shop,env=prod,role=web → app=shop,env=prod,role=api tcp\/8443: 33, [^\n]*; \d+ of a scanner\n/,
  );
  // Who writes a network down knows who is in it.
  const known = changed("known", (text) => text);
  writeFileSync(join(dir, known, "networks.yaml"), "networks: { guests: 10.30.0.0/16 }\n");
  expect(bulkhead("simulate", known, ...data).stdout).toContain("4 of ends that no inventory knows: 10.20.2.99\n");
  // A part of the time is judged by its own connections.
  expect(bulkhead("simulate", "policy", ...data, "--since", "2026-11-25T08:00:28Z").stdout).toMatch(/Of the (\d) answered denials /);
});

test("a rule that allowed something and is soon over is named, with what it allowed", () => {
  const until = (day: string) => changed(`until-${day}`, (text) => text.replace("  - name: lb-to-web\n", `$&    until: ${day}\n`));
  const ending = (day: string) => (JSON.parse(bulkhead("simulate", until(day), "--data", "my shop", "--json").stdout) as Judged).ending;
  expect(ending("2026-11-29")).toEqual([{ rule: "shop-prod/lb-to-web", end: "2026-11-30T00:00:00Z", connections: 33 }]);
  expect(bulkhead("simulate", "until-2026-11-29", "--data", "my shop").stdout).toContain(
    "  shop-prod/lb-to-web: ends at 2026-11-30T00:00:00Z; 33 allowed by it\n",
  );
  // The control: later than 30 days is not soon.
  expect(ending("2027-01-29")).toEqual([]);
});

test("where all that was recorded are attempts that would be denied, it is not said that nobody is known", () => {
  const data = ["--data", "attempts"];
  writeFileSync(join(dir, "attempts.log"), "2 123456789010 eni-1 10.20.9.9 10.20.1.11 40123 22 6 1 40 1795600800 1795600860 REJECT OK\n");
  bulkhead("inventory", "import", inventory, ...data);
  bulkhead("ingest", "attempts.log", ...data);
  const { status, stdout, stderr } = bulkhead("simulate", "policy", ...data);
  expect([status, stdout, stderr]).toEqual([2, expect.stringContaining("would be denied          1 / 1"), ""]);
});

test("what breaks is listed before attempts that nobody answered, however many these are", () => {
  const data = ["--data", "many"];
  const at = "2026-11-25T10:00:00Z";
  const attempts = Array.from({ length: 60 }, (_, each) => `${at},10.20.9.9,${5000 + each},10.20.1.11,${1000 + (each % 30)},tcp,1,0`);
  writeFileSync(join(dir, "many.csv"), ["t,c,cp,s,p,proto,there,back", ...attempts, `${at},10.20.9.9,4000,10.20.1.11,514,udp,1,0`, ""].join("\n"));
  writeFileSync(
    join(dir, "many.yaml"),
    "columns: { first: t, client: c, clientPort: cp, server: s, serverPort: p, protocol: proto, packetsToServer: there, packetsToClient: back }\n",
  );
  bulkhead("inventory", "import", inventory, ...data);
  bulkhead("ingest", "many.csv", "--mapping", "many.yaml", ...data);
  expect(bulkhead("simulate", "policy", ...data).stdout).toMatch(/Would be denied; [^\n]*\n[^\n]* udp\/514: 1, 0 answered, 1 never answered/);
});
