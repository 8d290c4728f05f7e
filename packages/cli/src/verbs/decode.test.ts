import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const bin = fileURLToPath(new URL("../../bin/bulkhead.js", import.meta.url));
let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "bulkhead-decode-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

interface Said {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs what people run: the built command. */
const decode = (words: readonly string[], input = ""): Said =>
  spawnSync(process.execPath, [bin, "decode", ...words], { encoding: "utf8", input, maxBuffer: 1 << 28 });

const write = (name: string, content: string): string => {
  const path = join(dir, name);
  writeFileSync(path, content);
  return path;
};

const header =
  "#separator \\x09\n#fields\tts\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\torig_pkts\tresp_pkts\torig_ip_bytes\tresp_ip_bytes\thistory\n";
const row = "1540889767.459844\t10.0.0.7\t40123\t10.0.0.9\t443\ttcp\t12\t0\t1840\t0\tShADadFf\n";

test("a record is one JSON object a line, its fields in the order of the contract, null for what nobody told", () => {
  const path = write("conn.log", header + row);
  const { status, stdout } = decode([path, "--json"]);
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ first: "2018-10-30T08:56:07.459844Z", packetsToClient: 0, observer: null, verdict: null, sampling: null });
  expect(Object.keys(JSON.parse(stdout) as object).filter((key) => key !== "icmpType" && key !== "answered")).toEqual(
    "source file record observer first last client clientPort server serverPort protocol packetsToServer bytesToServer packetsToClient bytesToClient direction verdict rule reason sampling clientLabels serverLabels note".split(
      " ",
    ),
  );
});

test("rejects are counted by reason, the first of them shown, and all of them on request", () => {
  const path = write("conn.log", header + row + "cut\n".repeat(5) + row);
  const few = decode([path]);
  expect(few.status).toBe(0);
  expect(few.stdout.trim().split("\n")).toHaveLength(3);
  expect(few.stderr).toContain("2 records in 1 file (zeek-conn), 5 rejected");
  expect(few.stderr).toContain("columns: 5");
  expect(few.stderr.match(/conn\.log:\d+/g)).toHaveLength(3);
  expect(decode([path, "--rejects"]).stderr.match(/conn\.log:\d+/g)).toHaveLength(5);
});

test("nothing from outside reaches the terminal as it is", () => {
  const hostile = "\u001b[31m\u009b2J\u202eevil";
  const csv = write(`${hostile}.csv`, `a,b,r\n10.0.0.7,10.0.0.9,${hostile}\n${hostile},10.0.0.9,\n`);
  const mapping = write("mapping.yaml", "columns: { client: a, server: b, rule: r }\nprotocol: tcp\n");
  for (const words of [[csv, "--mapping", mapping], [csv, "--mapping", mapping, "--json"], [csv], [hostile], ["--format", hostile, csv]]) {
    const { stdout, stderr } = decode(words);
    expect(stdout + stderr).not.toMatch(/[\u001b\u009b\u202e]/);
  }
  expect((JSON.parse(decode([csv, "--mapping", mapping, "--json"]).stdout) as { rule: string }).rule).toBe(hostile);
});

test("where nothing was read nobody can tell, and one sentence says why", () => {
  for (const [words, why] of [
    [[join(dir, "missing")], "there is no such file"],
    [[write("empty", "")], "it is empty"],
    [[write("text", "hello\n")], "none of the formats"],
    [["--format", "csv", write("a.csv", "a\n")], "needs a mapping"],
    [["--format", "nonsense", write("b.csv", "a\n")], "no format is called nonsense"],
    [["--mapping", join(dir, "none.yaml"), write("c.csv", "a\n")], "cannot be read"],
    [["--mapping", write("bad.yaml", "columns: { who: a }"), write("d.csv", "a\n")], "maps `who`"],
  ] as const) {
    const { status, stderr } = decode(words);
    expect([why, status]).toEqual([why, 2]);
    expect(stderr).toContain(why);
    expect(stderr).not.toMatch(/^\s+at /m);
  }
});

test("standard input is read, whatever its format", () => {
  expect(decode(["-", "--json"], header + row).stdout).toContain('"file":"-"');
});

test("a long answer arrives whole", () => {
  const { stdout } = decode([write("conn.log", header + row.repeat(50_000)), "--json"]);
  const lines = stdout.trimEnd().split("\n");
  expect([lines.length, (JSON.parse(lines.at(-1)!) as { record: number }).record]).toEqual([50_000, 50_000]);
});

test("a reader who has seen enough may leave", () => {
  const path = write("conn.log", header + row.repeat(50_000));
  const { stdout, stderr } = spawnSync("sh", ["-c", '"$0" "$1" decode "$2" --json | head -n 2', process.execPath, bin, path], { encoding: "utf8" });
  expect(stdout.trimEnd().split("\n")).toHaveLength(2);
  expect(stderr).not.toMatch(/EPIPE|^\s+at /m);
});
