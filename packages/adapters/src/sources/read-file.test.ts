import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { writeFile as writeFilePatiently } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { constants, createGzip, gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Read, type ReadOptions, readPaths } from "./read-file.ts";

const header = "#separator \\x09\n#fields\tts\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\n";
const row = "1540889767.459844\t10.0.0.7\t40123\t10.0.0.9\t443\ttcp\n";
const log = header + row;

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "bulkhead-read-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

const write = (name: string, content: string | Uint8Array): string => {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
};

async function readAll(paths: readonly string[], options: Partial<ReadOptions> = {}): Promise<readonly Read[]> {
  const reads: Read[] = [];
  for await (const read of readPaths(paths, { format: null, stdin: Readable.from([]), signal: new AbortController().signal, ...options })) reads.push(read);
  return reads;
}

const connectionsIn = (reads: readonly Read[]): number =>
  reads.reduce((sum, read) => sum + (read.kind === "decoded" ? read.decoded.filter(({ kind }) => kind === "connection").length : 0), 0);
const filesIn = (reads: readonly Read[]): readonly string[] => reads.flatMap((read) => (read.kind === "file" ? [read.file.slice(directory.length + 1)] : []));
const whyNot = (reads: readonly Read[]): readonly string[] => reads.flatMap((read) => (read.kind === "unread" ? [read.why] : []));

test("a directory is read file by file in sorted order, and what is no flow log is said", async () => {
  mkdirSync(join(directory, "b"));
  write("c.log", log);
  write("a.log", log);
  write("b/z.log", log);
  write("notes.txt", "hello");
  write(".hidden", log);
  const reads = await readAll([directory]);
  expect(filesIn(reads)).toEqual(["a.log", "b/z.log", "c.log"]);
  expect(connectionsIn(reads)).toBe(3);
  expect(whyNot(reads)).toEqual([
    "it is none of the formats that are recognised by their content; docs/reference/flow-sources.md lists what is read; --format NAME says which of them it is",
  ]);
});

test("what begins as no format and goes on as one is guessed, and so is a table; nothing else is", async () => {
  const next = async (content: string) => whyNot(await readAll([write("strange", content)])).map((why) => why.slice(why.indexOf("; ") + 2));
  expect(await next(`exported by ops\n\n${log}`)).toEqual(["from line 3 on it looks like zeek-conn: say --format zeek-conn"]);
  expect(await next("from,to,port\na,b,80\n")).toEqual(["it looks like a table: say --mapping FILE (docs/reference/csv-mapping.md shows one)"]);
  const nothing = ["docs/reference/flow-sources.md lists what is read; --format NAME says which of them it is"];
  for (const content of ["a, b, c\nhello\n", "hello", "\n\n\n", `${"x\n".repeat(30)}${log}`, `\0\n${log}`]) expect(await next(content)).toEqual(nothing);
});

test("gzip is told by its bytes, and several members are one file", async () => {
  const reads = await readAll([write("conn.log", Buffer.concat([gzipSync(log), gzipSync(row)]))]);
  expect(connectionsIn(reads)).toBe(2);
});

test("standard input is a file like any other", async () => {
  expect(connectionsIn(await readAll(["-"], { stdin: Readable.from([Buffer.from(log.slice(0, 90)), Buffer.from(log.slice(90))]) }))).toBe(1);
});

test("a gzip that breaks off gives what came before, and says so", async () => {
  const whole = gzipSync(header + row.repeat(50_000), { level: constants.Z_NO_COMPRESSION });
  for (const part of [whole.subarray(0, whole.length / 2), whole.subarray(0, 2000)]) {
    const reads = await readAll([write("conn.log.gz", part)]);
    expect(connectionsIn(reads)).toBeGreaterThan(20);
    expect(whyNot(reads)).toEqual([expect.stringMatching(/gzip is damaged after \d+ bytes; what came before is kept/)]);
  }
});

test("a gzip bomb is stopped, and what came before is kept", async () => {
  const bomb = await packed(log, 400);
  expect(bomb.length).toBeLessThan(1 << 20);
  const reads = await readAll([write("bomb.gz", bomb)]);
  expect(connectionsIn(reads)).toBe(1);
  expect(whyNot(reads)).toEqual([expect.stringContaining("a bomb")]);
});

/** A gzip of a start and so many MiB of the same byte. */
async function packed(start: string, mebibytes: number): Promise<Buffer> {
  const gzip = createGzip();
  const parts: Buffer[] = [];
  gzip.on("data", (part: Buffer) => parts.push(part));
  const zeros = Buffer.alloc(1 << 20, "x");
  gzip.write(start);
  for (let written = 0; written < mebibytes; written += 1) if (!gzip.write(zeros)) await new Promise((resolve) => gzip.once("drain", resolve));
  await new Promise<void>((resolve) => gzip.end(resolve));
  await new Promise((resolve) => setImmediate(resolve));
  return Buffer.concat(parts);
}

test("what cannot be read is said, and the rest is read", async () => {
  const [good, empty, binary] = [
    write("good.log", log),
    write("empty.log", ""),
    write(
      "binary.log",
      Uint8Array.from({ length: 5000 }, (_, at) => (at * 7919) % 256),
    ),
  ];
  const reads = await readAll([join(directory, "missing"), empty, binary, "/dev/null", good]);
  expect(connectionsIn(reads)).toBe(1);
  expect(whyNot(reads)).toEqual([
    "there is no such file",
    expect.stringContaining("it is empty"),
    expect.stringContaining("none of the formats"),
    "it is a device or a socket",
  ]);
});

test("Parquet is refused in words, with what to do instead", async () => {
  expect(whyNot(await readAll([write("flows.parquet", "PAR1\0\0PAR1")]))).toEqual([
    "it is Parquet, which is not read; let the flow log be written as text, or convert it to CSV and say --mapping FILE",
  ]);
});

test("links that lead in circles are not followed, and said", async () => {
  write("good.log", log);
  symlinkSync(directory, join(directory, "loop"));
  const reads = await readAll([directory]);
  expect(connectionsIn(reads)).toBe(1);
  expect(whyNot(reads)).toEqual([expect.stringContaining("links inside a directory are not followed")]);
  symlinkSync(join(directory, "self"), join(directory, "self"));
  expect(whyNot(await readAll([join(directory, "self")]))).toEqual(["it cannot be opened (ELOOP)"]);
});

test("a named pipe is read to its end", async () => {
  const pipe = join(directory, "pipe");
  execFileSync("mkfifo", [pipe]);
  const reading = readAll([pipe]);
  // Whoever opens a pipe waits for the other side, so the writer must not hold this thread.
  await writeFilePatiently(pipe, log);
  expect(connectionsIn(await reading)).toBe(1);
});

test("NUL bytes, CRLF and a byte order mark change nothing around them", async () => {
  const text = `\uFEFF${log}${row.replace("443", "4\u00003")}${row}`.replaceAll("\n", "\r\n");
  const decoded = (await readAll([write("windows.log", text)])).flatMap((read) => (read.kind === "decoded" ? read.decoded : []));
  expect(decoded.map((one) => (one.kind === "reject" ? `${one.reject.reason} in line ${one.reject.line}` : one.kind))).toEqual([
    "connection",
    "bad-port in line 4",
    "connection",
  ]);
});

test("reading stops when it is told to", async () => {
  const path = write("long.log", header + row.repeat(200_000));
  const stopping = new AbortController();
  let seen = 0;
  for await (const read of readPaths([path, path], { format: null, stdin: Readable.from([]), signal: stopping.signal })) {
    if (read.kind === "decoded") seen += read.decoded.length;
    if (seen > 0) stopping.abort();
  }
  expect(seen).toBeLessThan(150_000);
});

test("a standard input that says nothing can be stopped, too", async () => {
  const stopping = new AbortController();
  const reading = readAll(["-"], { stdin: new Readable({ read() {} }), signal: stopping.signal });
  stopping.abort();
  expect(await reading).toEqual([]);
});
