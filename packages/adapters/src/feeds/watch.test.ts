import type { Connection } from "@bulkhead/core/model/connection";
import type { FlowArchive, FlowFormat } from "@bulkhead/core/outside";
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { samples } from "../sources/testing/samples.ts";
import { memoryArchive } from "../stores/memory/archive.ts";
import { Inbox } from "./inbox.ts";
import { Spool } from "./spool.ts";
import { takeIn } from "./take-in.ts";
import { Watcher } from "./watch.ts";

let dir = "";
let archive: FlowArchive;
let said: string[] = [];
// The clock stands until a test moves it.
let now = 0;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "bulkhead-watch-"));
  mkdirSync(join(dir, "logs"));
  archive = memoryArchive();
  said = [];
  now = Date.now() * 1000;
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const logs = (name: string): string => join(dir, "logs", name);
const header = "#separator \\x09\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\torig_pkts\tresp_pkts\torig_ip_bytes\tresp_ip_bytes\n";
const line = (port: number): string => `${1540889767 + port}.5\tC${port}\t10.0.0.7\t${port}\t10.0.0.9\t443\ttcp\t12\t10\t1840\t4000\n`;
const lines = (from: number, until: number): string => Array.from({ length: until - from }, (_, at) => line(from + at)).join("");

/** One run of the feed: polls as often as asked, and ends as a killed process ends, or in order. */
async function run(polls: (poll: () => Promise<void>) => Promise<void>, format: FlowFormat | null = null): Promise<void> {
  const spool = Spool.open(join(dir, "data"), { feed: "watch", name: "watch-1", now });
  const inbox = new Inbox(spool);
  const watcher = new Watcher(
    {
      directories: [join(dir, "logs")],
      format,
      dated: {},
      settleMs: 30_000,
      inbox,
      say: (text) => void said.push(text),
      now: () => now,
      signal: new AbortController().signal,
    },
    spool.fed.values(),
  );
  await polls(async () => {
    await watcher.poll();
    await inbox.flush();
  });
  await spool.close();
  await takeIn(join(dir, "data"), archive);
}

const rest = (): void => void (now += 31_000_000);

async function portsKept(): Promise<readonly (number | null)[]> {
  const ports: (number | null)[] = [];
  for await (const portion of archive.connections({})) ports.push(...portion.map(({ clientPort }) => clientPort));
  return ports.sort((a, b) => (a ?? 0) - (b ?? 0));
}
const upTo = (until: number): readonly number[] => Array.from({ length: until - 1 }, (_, at) => at + 1);

test("a log that grows is read on, also in the middle of a line, and after a new start", async () => {
  writeFileSync(logs("conn.log"), header + lines(1, 4) + line(4).slice(0, 20));
  await run(async (poll) => {
    await poll();
    expect(await portsKept()).toEqual([]);
    appendFileSync(logs("conn.log"), line(4).slice(20) + lines(5, 8));
    await poll();
    await poll();
  });
  expect(await portsKept()).toEqual(upTo(8));
  appendFileSync(logs("conn.log"), lines(8, 10));
  await run((poll) => poll());
  await run((poll) => poll());
  expect(await portsKept()).toEqual(upTo(10));
});

test("without positions a new start would tell everything twice: the test above sees it", async () => {
  writeFileSync(logs("conn.log"), header + lines(1, 3));
  await run((poll) => poll());
  rmSync(join(dir, "data", "spool"), { recursive: true });
  await run((poll) => poll());
  expect(await portsKept()).toEqual([1, 1, 2, 2]);
});

test("a log that is renamed is the same, and what begins under its old name is another", async () => {
  writeFileSync(logs("conn.log"), header + lines(1, 4));
  await run(async (poll) => {
    await poll();
    appendFileSync(logs("conn.log"), lines(4, 5));
    renameSync(logs("conn.log"), logs("conn.1.log"));
    writeFileSync(logs("conn.log"), header + lines(5, 7));
    await poll();
  });
  await run((poll) => poll());
  expect(await portsKept()).toEqual(upTo(7));
});

test("a log that is copied and cut short is told once, and its copy not again; so is one that is packed", async () => {
  writeFileSync(logs("conn.log"), header + lines(1, 100));
  await run(async (poll) => {
    await poll();
    copyFileSync(logs("conn.log"), logs("conn.log.1"));
    truncateSync(logs("conn.log"));
    writeFileSync(logs("conn.log"), header + lines(100, 110));
    await poll();
  });
  expect(await portsKept()).toEqual(upTo(110));
  writeFileSync(logs("conn.log.1.gz"), gzipSync(header + lines(1, 100)));
  unlinkSync(logs("conn.log.1"));
  await run(async (poll) => {
    await poll();
    rest();
    await poll();
  });
  expect(await portsKept()).toEqual(upTo(110));
});

test("what was written between the last look and the packing is told from the packed file", async () => {
  writeFileSync(logs("conn.log"), header + lines(1, 60));
  await run(async (poll) => {
    await poll();
    writeFileSync(logs("conn.log.gz"), gzipSync(header + lines(1, 70)));
    unlinkSync(logs("conn.log"));
    rest();
    await poll();
  });
  expect(await portsKept()).toEqual(upTo(70));
});

test("a file that appears in one step is read, in directories below, too; links and hidden files are not", async () => {
  mkdirSync(logs("day"));
  writeFileSync(logs(".conn.log.tmp"), header + lines(1, 3));
  symlinkSync(logs(".conn.log.tmp"), logs("link.log"));
  await run((poll) => poll());
  expect(await portsKept()).toEqual([]);
  renameSync(logs(".conn.log.tmp"), logs("day/conn.log"));
  await run((poll) => poll());
  expect(await portsKept()).toEqual([1, 2]);
});

test("a last line without an end is taken when the file rests, and what goes on behind it is told once", async () => {
  writeFileSync(logs("conn.log"), header + lines(1, 3) + line(3).trimEnd());
  await run(async (poll) => {
    await poll();
    rest();
    await poll();
  });
  expect(await portsKept()).toEqual(upTo(4));
  appendFileSync(logs("conn.log"), `\n${lines(4, 6)}`);
  utimesSync(logs("conn.log"), now / 1e6, now / 1e6);
  await run((poll) => poll());
  expect(await portsKept()).toEqual(upTo(6));
});

test("a capture is read when it rests, once", async () => {
  writeFileSync(logs("a.pcap"), samples["pcap"]![0]!);
  await run((poll) => poll());
  expect((await portsKept()).length).toBe(0);
  rest();
  await run((poll) => poll());
  const once = (await portsKept()).length;
  expect(once).toBeGreaterThan(5);
  await run((poll) => poll());
  expect((await portsKept()).length).toBe(once);
});

test("what is of no known format is said once, and harms nobody", async () => {
  writeFileSync(logs("notes.txt"), "nothing to see here\n");
  writeFileSync(logs("conn.log"), header + lines(1, 3));
  await run(async (poll) => {
    await poll();
    rest();
    await poll();
    await poll();
  });
  expect(said).toEqual([`${logs("notes.txt")} is of no format that is recognised by content; it is left out\n`]);
  expect(await portsKept()).toEqual([1, 2]);
});

test("of many files of no known format the first few are named, the rest is counted, once", async () => {
  for (let at = 0; at < 12; at += 1) writeFileSync(logs(`notes-${at}.txt`), "nothing to see here\n");
  rest();
  await run(async (poll) => {
    await poll();
    await poll();
  });
  expect(said).toHaveLength(4);
  expect(said.at(-1)).toBe("9 files more are of no format that is recognised by content, and left out\n");
});

const built = (id: number, at: string): string =>
  `${at} fw %ASA-6-302013: Built inbound TCP connection ${id} for outside:10.0.0.7/${id} (10.0.0.7/${id}) to inside:10.0.0.9/443 (10.0.0.9/443)\n`;
const torn = (id: number, at: string): string =>
  `${at} fw %ASA-6-302014: Teardown TCP connection ${id} for outside:10.0.0.7/${id} to inside:10.0.0.9/443 duration 0:05:00 bytes 900 TCP FINs\n`;
const [early, late] = ["2026-11-25T12:00:00Z", "2026-11-25T12:05:00Z"];

async function kept(): Promise<readonly Connection[]> {
  const all: Connection[] = [];
  for await (const portion of archive.connections({})) all.push(...portion);
  return all.sort((a, b) => (a.clientPort ?? 0) - (b.clientPort ?? 0) || (a.last ?? 0) - (b.last ?? 0));
}

test("what is open in a log that rests is kept as open, once, and its end later is no connection more", async () => {
  writeFileSync(logs("asa.log"), built(1, early) + built(2, early) + torn(1, late));
  await run(async (poll) => {
    await poll();
    await poll();
  });
  expect((await kept()).map(({ clientPort }) => clientPort)).toEqual([1]);
  rest();
  await run(async (poll) => {
    await poll();
    await poll();
  });
  expect((await kept()).map(({ clientPort, note }) => [clientPort, note])).toEqual([
    [1, expect.stringMatching(/^ended by .* 900 bytes/)],
    [2, null],
  ]);
  appendFileSync(logs("asa.log"), built(3, late) + torn(2, late) + torn(3, late));
  utimesSync(logs("asa.log"), now / 1e6, now / 1e6);
  await run((poll) => poll());
  expect(await portsKept()).toEqual([1, 2, 2, 3]);
  expect((await kept())[2]).toMatchObject({ clientPort: 2, first: (await kept())[1]!.first, note: expect.stringMatching(/; ends$/) });
  const flows = await archive.conversations({ since: null, until: null, segments: [] });
  expect(flows.map(({ connections }) => connections)).toEqual([3]);
});

test("a log that rested and is packed tells nothing that is open twice", async () => {
  writeFileSync(logs("asa.log"), built(1, early) + built(2, early) + torn(1, late));
  await run((poll) => poll());
  rest();
  await run((poll) => poll());
  expect(await portsKept()).toEqual([1, 2]);
  // It goes on, and rests again with nothing new that is open.
  appendFileSync(logs("asa.log"), built(3, late) + torn(3, late));
  utimesSync(logs("asa.log"), now / 1e6, now / 1e6);
  await run((poll) => poll());
  rest();
  await run((poll) => poll());
  writeFileSync(logs("asa.log.1.gz"), gzipSync(built(1, early) + built(2, early) + torn(1, late) + built(3, late) + torn(3, late)));
  unlinkSync(logs("asa.log"));
  await run((poll) => poll());
  rest();
  await run((poll) => poll());
  expect(await portsKept()).toEqual([1, 2, 3]);
});
