import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";

const bin = fileURLToPath(new URL("../../bin/bulkhead.js", import.meta.url));
const hostileText = "\u001b[31m\u009b2J\u202e=cmd|'/C calc'!A0<script>alert(1)</script>";
let dir = "";

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "bulkhead-bad-"));
  const write = (name: string, content: string | Uint8Array): void => writeFileSync(join(dir, name), content);
  mkdirSync(join(dir, "policy"));
  mkdirSync(join(dir, "folder"));
  write("policy/a.yaml", "zones: []\n");
  write("inventory.json", '{"workloads":[{"id":"web-1","labels":{"app":"shop"},"addresses":["10.0.0.1"]}]}');
  write("questions.jsonl", '{"id":1,"from":"web-1","to":"10.0.0.9","over":"tcp/443","at":"2026-11-25T12:00:00Z"}\n');
  write("empty", "");
  write("text", "hello, this is a letter\n");
  write(
    "binary",
    Uint8Array.from({ length: 4096 }, (_, at) => (at * 37 + (at >> 3)) & 255),
  );
  write("truncated.pcap", Uint8Array.from([0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 1, 0, 0, 0, 1, 2, 3]));
  write("truncated.json", '{"workloads":[{"id":"web-1","lab');
  write("truncated.gz", gzipSync("x".repeat(100_000)).subarray(0, 60));
  write("bomb.gz", gzipSync(new Uint8Array(64 * 1024 * 1024)));
  write("deep.json", "[".repeat(200_000));
  write("latin1.csv", Uint8Array.from([0x69, 0x64, 0x0a, 0xff, 0xfe, 0xe9, 0x0a]));
  write("hostile", `${hostileText}\n${hostileText},${hostileText}\n`);
  write("lone-quote.csv", `id,app\n"${"x".repeat(100_000)}`);
  write("sparse", "");
  truncateSync(join(dir, "sparse"), 3_000_000_000);
  write("not-a-directory", "");
  symlinkSync("loop", join(dir, "loop"));
  write("deep.yaml", `workloads:\n  - id: a\n    labels: ${"[".repeat(200_000)}\n`);
  const state = (name: string, text: string): void => {
    mkdirSync(join(dir, name, "inventory"), { recursive: true });
    write(`${name}/inventory/000001.json`, text);
  };
  state("future", '{"version":99,"source":"x","at":1,"sightings":[]}');
  state("damaged", '{"version":2,"source":"x","at":1,"sight');
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

interface Ended {
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs what people run, in a memory that would not hold the large inputs. */
const bulkhead = (words: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const options = {
      cwd: dir,
      timeout: 120_000,
      maxBuffer: 1 << 26,
      env: { PATH: process.env["PATH"], BULKHEAD_DATA: join(dir, "nothing-here") },
    };
    const child = execFile(process.execPath, ["--max-old-space-size=300", bin, ...words], options, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : (error.code ?? error.signal ?? "unknown"), stdout, stderr }),
    );
    child.stdin?.end();
  });

/** What is wrong with how a run with bad input ended; `prints` says what may stand on standard output. */
function complaintsAbout({ code, stdout, stderr }: Ended, prints: RegExp): readonly string[] {
  const said: string[] = [];
  if (code !== 1 && code !== 2) said.push(`ended with ${code}`);
  if (/^\s+at .*[:(]|node:internal|bug of ours|heap out of memory|undefined/m.test(stderr)) said.push("shows our insides");
  if (/[\u001b\u009b\u202e]/.test(stdout + stderr)) said.push("commands the terminal");
  if (!/[a-z]{2,} [^\n]*[a-z]{2,}/.test(stderr)) said.push("says no sentence");
  if (stderr.length > 10_000) said.push(`says ${stderr.length} characters`);
  if (!prints.test(stdout)) said.push(`prints ${JSON.stringify(stdout.slice(0, 100))}`);
  return said;
}

/** Runs the command lines, two at a time, and gives what is wrong with each. */
async function problemsOf(lines: readonly string[], prints = /^$/): Promise<readonly string[]> {
  const problems: string[] = [];
  const waiting = [...lines];
  const run = async (): Promise<void> => {
    for (let line = waiting.shift(); line !== undefined; line = waiting.shift()) {
      const ended = await bulkhead(line.split(" ").map((word) => word.replace("HOSTILE", hostileText)));
      problems.push(...complaintsAbout(ended, prints).map((one) => `${line}: ${one} — ${ended.stderr.slice(0, 200)}`));
    }
  };
  await Promise.all([run(), run()]);
  return problems;
}

const minutes = 240_000;
const withEach = (line: string, inputs: string): readonly string[] => inputs.split(" ").map((input) => line.replace("INPUT", input));

test("files that are missing, cut, binary, huge, hostile or packed to explode are refused by decode", { timeout: minutes }, async () => {
  const inputs = "missing folder empty text binary truncated.pcap truncated.gz bomb.gz deep.json hostile sparse loop HOSTILE";
  expect(await problemsOf(withEach("decode INPUT --json", inputs))).toEqual([]);
});

test("ingest keeps nothing of them, and says so", { timeout: minutes }, async () => {
  expect(await problemsOf(withEach("ingest INPUT", "missing binary bomb.gz hostile"), /^0 records kept\n$/)).toEqual([]);
});

test("inventory import changes nothing for them", { timeout: minutes }, async () => {
  const inputs = "missing folder empty text binary truncated.json bomb.gz deep.json deep.yaml hostile lone-quote.csv sparse loop HOSTILE /dev/zero";
  expect(await problemsOf(withEach("inventory import INPUT", inputs))).toEqual([]);
});

test("a mapping, a declaration of sensors and an inventory that are none are refused", { timeout: minutes }, async () => {
  const inputs = "missing folder text binary deep.json sparse";
  const lines = ["decode text --mapping INPUT", "ingest text --sensors INPUT", "decide policy --inventory INPUT --questions questions.jsonl --json"];
  expect(await problemsOf(lines.flatMap((line) => withEach(line, inputs)))).toEqual([]);
});

test("a directory of policy that is none is refused by every verb that reads one", { timeout: minutes }, async () => {
  const question = "--inventory inventory.json --questions questions.jsonl";
  const lines = ["check INPUT", "fmt INPUT", `decide INPUT ${question}`, "explain INPUT --from a --to b --over https"];
  expect(await problemsOf(lines.flatMap((line) => withEach(line, "missing text loop HOSTILE")))).toEqual([]);
});

test("questions that nobody can read are refused as a file, and answered with unknown as lines", { timeout: minutes }, async () => {
  const line = "decide policy --inventory inventory.json --questions INPUT --json";
  expect(await problemsOf(withEach(line, "missing folder loop"))).toEqual([]);
  for (const input of ["text", "binary", "deep.json"]) {
    const { code, stdout, stderr } = await bulkhead(line.replace("INPUT", input).split(" "));
    expect([input, code, stderr.includes("cannot be read")]).toEqual([input, 2, true]);
    for (const answer of stdout.trimEnd().split("\n")) expect(JSON.parse(answer)).toMatchObject({ verdict: "unknown" });
  }
});

test("an answer for people says which question it is about, also where the question cannot be read", async () => {
  writeFileSync(join(dir, "three.jsonl"), '{"id":"a1","from":"web-1","to":"10.0.0.9","over":"tcp/443","at":"2026-11-25T12:00:00Z"}\n{"id":7}\nno\n');
  const { code, stdout } = await bulkhead("decide policy --inventory inventory.json --questions three.jsonl".split(" "));
  const [first, second, third] = stdout.split("\n");
  expect([code, first]).toEqual([2, expect.stringMatching(/^a1 .* web-1 → 10\.0\.0\.9 tcp\/443$/)]);
  expect([second, third]).toEqual([expect.stringMatching(/^7 .*\(question 2 cannot be read\)$/), expect.stringMatching(/^null .*\(question 3 cannot/)]);
  expect((await bulkhead("decide policy --inventory inventory.json --questions questions.jsonl".split(" "))).code).toBe(0);
  // However long the names are, the answers stand below each other.
  const asked = (id: string) => `{"id":"${id}","from":"web-1","to":"10.0.0.9","over":"tcp/443","at":"2026-11-25T12:00:00Z"}\n`;
  writeFileSync(join(dir, "names.jsonl"), asked("a") + asked("a customer opens the shop"));
  const lines = (await bulkhead("decide policy --inventory inventory.json --questions names.jsonl".split(" "))).stdout.trimEnd().split("\n");
  expect(new Set(lines.map((line) => line.indexOf("→"))).size).toBe(1);
});

test("a data directory that is a file, of another version or damaged is refused by every verb that reads it", { timeout: minutes }, async () => {
  const verbs = ["map --json", "init new", "inventory", "inventory conflicts", "inventory import inventory.json"];
  expect(await problemsOf(verbs.flatMap((verb) => withEach(`${verb} --data INPUT`, "text future damaged")))).toEqual([]);
  expect(await problemsOf(["flows --json --data text", "ingest text --data text"])).toEqual([]);
});

test("a data directory that does not exist is said so by every verb that reads one, and is not made", { timeout: minutes }, async () => {
  const verbs = ["map", "flows", "simulate policy", "recommend", "init new", "inventory", "inventory conflicts", "explain policy --from a --to b --over ssh"];
  for (const verb of verbs) {
    const { code, stderr } = await bulkhead(`${verb} --data typo`.split(" "));
    expect([verb, code, stderr]).toEqual([verb, 2, expect.stringContaining("the data directory typo does not exist")]);
  }
  expect(existsSync(join(dir, "typo"))).toBe(false);
  // The control: a verb that writes makes it.
  expect((await bulkhead("inventory import inventory.json --data made".split(" "))).code).toBe(0);
  expect(existsSync(join(dir, "made"))).toBe(true);
});

test("what people try first is understood: help, help VERB, --version", async () => {
  const helps = await Promise.all([[], ["help"], ["--help"], ["-h"]].map(bulkhead));
  for (const { code, stdout, stderr } of helps) expect([code, stdout, stderr]).toEqual([0, helps[0]?.stdout, ""]);
  const verbs = await Promise.all(
    [
      ["help", "explain"],
      ["explain", "--help"],
      ["explain", "-h"],
    ].map(bulkhead),
  );
  for (const { code, stdout } of verbs) expect([code, stdout]).toEqual([0, expect.stringContaining("--from")]);
  const versions = await Promise.all([["--version"], ["-v"], ["-V"], ["version"]].map(bulkhead));
  for (const version of versions) expect(version).toMatchObject({ code: 0, stdout: expect.stringMatching(/^bulkhead \d[\d.]*\n$/) as string });
});

test("help names every verb once, in the order in which one needs them", async () => {
  const { stdout } = await bulkhead(["--help"]);
  const verbs = [...stdout.matchAll(/^ {2}([a-z]+) {2,}\S/gm)].map(([, verb]) => verb);
  expect(new Set(verbs).size).toBe(verbs.length);
  for (const [before, after] of [
    ["inventory", "ingest"],
    ["ingest", "map"],
    ["map", "init"],
    ["init", "check"],
    ["check", "explain"],
    ["explain", "compile"],
    ["compile", "agent"],
  ])
    expect(verbs.indexOf(before!), `${before} before ${after}`).toBeLessThan(verbs.indexOf(after!));
  // What the journey does not name is not lost: it stands at the end.
  expect(verbs.at(-1)).toBe("version");
});

test("a word that is wrong is told in one sentence, with where to read what is right", async () => {
  const said = async (line: string): Promise<string> => {
    const { code, stdout, stderr } = await bulkhead(line.split(" "));
    expect([line, code, stdout]).toEqual([line, 2, ""]);
    return stderr;
  };
  expect(await said("explian")).toBe("bulkhead: there is no verb `explian`; did you mean `explain`?\n  next: `bulkhead --help` says what there is\n");
  expect(await said("inventory imprt --data x")).toBe("bulkhead: `imprt` is one word too many\n  next: `bulkhead inventory --help` says what it takes\n");
  expect(await said("simulate")).toBe("bulkhead: no directory is named\n  next: `bulkhead simulate --help` says what it takes\n");
  expect(await said("check policy --jsn")).toContain("bulkhead: there is no flag --jsn; did you mean `--json`?\n");
  expect(await said("explain policy --from --to b --over ssh")).toContain("bulkhead: --from has no value before --to\n");
  expect(await said("compile policy --point a --target iptables")).toContain("--target is `iptables`, and can only be nftables\n");
  expect(await said("map --since noon")).toContain("bulkhead: --since: `noon` is no time: write ");
  expect(await said("inventory import")).toContain("bulkhead: no file is named\n  next: `bulkhead inventory import --help`");
});

test("flags and values that mean nothing are named, and nothing is done", { timeout: minutes }, async () => {
  const verbs = ["check", "decide", "decode", "explain", "fmt", "ingest", "init", "inventory import", "inventory list", "inventory conflicts", "map", "flows"];
  const lines = [...verbs.map((verb) => `${verb} --no-such-flag`), "version --HOSTILE", "HOSTILE", "version HOSTILE", "flows --since HOSTILE"];
  const values = ["flows --limit -1", "flows --client nonsense", "map --by ,", "map --html /proc/x/y", "inventory --where nonsense"];
  expect(await problemsOf([...lines, ...values])).toEqual([]);
});

test("a verb that answers is told apart from one that refuses", async () => {
  // The control: what is right ends with 0, and the complaint is heard.
  const ended = await bulkhead(["version"]);
  expect(complaintsAbout(ended, /^$/)).toEqual(["ended with 0", "says no sentence", expect.stringContaining("prints")]);
  expect(complaintsAbout({ code: 2, stdout: "", stderr: "Error: no such thing\n    at main (file.js:1:2)\n\u001b[2J" }, /^$/)).toEqual([
    "shows our insides",
    "commands the terminal",
  ]);
});
