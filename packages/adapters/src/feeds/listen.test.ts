import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createSocket } from "node:dgram";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { message10, message5, set, template10 } from "../sources/netflow/testing/messages.ts";
import { instantText } from "@bulkhead/core/base/instant";
import { memoryArchive } from "../stores/memory/archive.ts";
import { takeIn } from "./take-in.ts";
import { exportsInto } from "./exports.ts";
import { Inbox } from "./inbox.ts";
import { linesInto } from "./lines.ts";
import { endpointOf, listenAt } from "./listen.ts";
import { Spool } from "./spool.ts";

let dir = "";
let spool: Spool;
let inbox: Inbox;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "bulkhead-listen-"));
  spool = Spool.open(dir, { feed: "listen", name: "listen-1", now: 0 });
  inbox = new Inbox(spool);
});
afterEach(async () => {
  await spool.close();
  rmSync(dir, { recursive: true, force: true });
});

const flow = { from: "10.0.0.7", to: "10.0.0.9", ports: [40_123, 443] } as const;
const named = (name: string) => spool.fed.get(name);

test("what finds no room in the queue is counted at its sender, and is heard again when there is room", async () => {
  const take = exportsInto(inbox);
  const thirty = message5(Array.from({ length: 30 }, () => flow));
  for (let datagram = 0; datagram < 3400; datagram += 1) take(thirty, "192.0.2.1", datagram);
  expect(inbox.isFull).toBe(true);
  await inbox.flush();
  // 100,000 records are 3,334 datagrams; the rest found no room.
  expect(named("netflow 192.0.2.1")).toMatchObject({ records: 3334 * 30, dropped: 66 });
  expect(inbox.isFull).toBe(false);
  take(thirty, "192.0.2.1", 5000);
  await inbox.flush();
  expect(named("netflow 192.0.2.1")).toMatchObject({ records: 3335 * 30, dropped: 66 });
});

test("a template of one sender says nothing about another's records", async () => {
  const take = exportsInto(inbox);
  take(message10([template10(256, "8:4 12:4 4:1")]), "192.0.2.1", 0);
  const records = message10([set(256, [10, 0, 0, 7, 10, 0, 0, 9, 17])]);
  take(records, "192.0.2.1", 0);
  take(records, "192.0.2.2", 0);
  await inbox.flush();
  expect(named("ipfix 192.0.2.1")?.records).toBe(1);
  expect(named("ipfix 192.0.2.2")).toMatchObject({ records: 0, notices: { "a set came before its template and was kept back": 1 } });
});

test("whoever forges senders without end is counted together", async () => {
  const take = exportsInto(inbox);
  const one = message5([flow]);
  for (let sender = 0; sender < 10_200; sender += 1) take(one, `192.0.2.${sender}`, 0);
  await inbox.flush();
  expect(spool.fed.size).toBe(10_001);
  expect(named("netflow too many senders")?.dropped).toBe(200);
});

test("a program that says many things is heard from its first flow on, and what nobody reads is counted", async () => {
  const { take } = linesInto(inbox);
  take("<30>1 2026-11-28T12:00:00Z web-1 suricata 1 - - engine started", "192.0.2.1", 0);
  take(
    '<30>1 2026-11-28T12:00:00Z web-1 suricata 1 - - {"timestamp":"2018-10-30T09:56:07.459844+0100","flow_id":1,"event_type":"netflow","src_ip":"10.0.0.7","src_port":4,"dest_ip":"10.0.0.9","dest_port":5,"proto":"UDP","netflow":{"pkts":1,"bytes":99,"start":"2018-10-30T09:56:07.459844+0100","end":"2018-10-30T09:56:07.459844+0100"}}',
    "192.0.2.1",
    0,
  );
  await inbox.flush();
  expect(named("syslog 192.0.2.1 web-1 suricata")).toMatchObject({
    records: 1,
    format: "suricata-eve",
    notices: { "a line is of no format that is recognised": 1 },
  });
});

const denied = '%ASA-4-106023: Deny tcp src outside:192.0.2.7/4000 dst inside:10.0.0.9/22 by access-group "out"';

test("a line without a year is of this one; a line without any time has that of its arrival, and says so", async () => {
  const { take } = linesInto(inbox, { east: 3_600_000_000 });
  const at = Date.parse("2026-11-28T12:00:05Z") * 1000;
  take(`<164>Nov 28 13:00:00 fw-1 : ${denied}`, "192.0.2.1", at);
  take(denied, "192.0.2.2", at);
  await inbox.flush();
  const archive = memoryArchive();
  await takeIn(dir, archive);
  const times: string[] = [];
  for await (const portion of archive.connections({ isOrdered: true })) times.push(...portion.map(({ first, note }) => `${instantText(first!)} ${note}`));
  expect(times).toEqual(["2026-11-28T12:00:00Z null", "2026-11-28T12:00:05Z time of arrival"]);
});

const built = (number: number): string =>
  `%ASA-6-302013: Built inbound TCP connection ${number} for outside:203.0.113.9/${number} (203.0.113.9/${number}) to dmz:10.0.0.9/443 (10.0.0.9/443)`;

/** Times and notes of what the archive holds, by client port. */
async function kept(): Promise<readonly string[]> {
  await inbox.flush();
  const archive = memoryArchive();
  await takeIn(dir, archive);
  const told: string[] = [];
  for await (const portion of archive.connections({ isOrdered: true }))
    told.push(...portion.map(({ clientPort, first, note }) => `${clientPort} ${instantText(first!)} ${note}`));
  return told.sort();
}

test("a connection that began and has not ended when nothing more comes is kept, from when it began", async () => {
  const lines = linesInto(inbox, { east: 0 });
  const at = Date.parse("2026-11-28T12:00:05Z") * 1000;
  lines.take(`<166>Nov 28 2026 12:00:00 fw-1 : ${built(1)}`, "192.0.2.1", at);
  lines.take(built(2), "192.0.2.2", at);
  // The control: before the end, nothing of them is there.
  expect(inbox.records).toBe(0);
  await lines.end();
  expect(await kept()).toEqual(["1 2026-11-28T12:00:00Z null", "2 2026-11-28T12:00:05Z time of arrival"]);
  expect(named("syslog 192.0.2.2")).toMatchObject({ records: 1, heard: at });
});

test("what is held back when nothing more comes is kept, though it is more than the queue has room for", { timeout: 60_000 }, async () => {
  const lines = linesInto(inbox);
  for (let sender = 0; sender < 30; sender += 1) for (let number = 1; number <= 4000; number += 1) lines.take(built(number), `192.0.2.${sender}`, 0);
  expect(inbox.records).toBe(0);
  await lines.end();
  expect(inbox.records).toBe(120_000);
  await inbox.flush();
  expect([...spool.fed.values()].reduce((sum, { dropped }) => sum + dropped, 0)).toBe(0);
});

test("an ear that closes keeps what its senders left open, over UDP and TCP, and waits for nobody", { timeout: 60_000 }, async () => {
  for (const transport of ["udp", "tcp"] as const) {
    const ear = await listenAt(endpointOf("syslog", "127.0.0.1:0", transport), hearing());
    if (transport === "udp") {
      const socket = createSocket("udp4");
      await new Promise((resolve) => socket.send(built(1), portOf(ear.name), "127.0.0.1", resolve));
      while (named("syslog 127.0.0.1") === undefined) await flushed();
      socket.close();
    } else {
      const socket = createConnection(portOf(ear.name), "127.0.0.1").on("error", () => undefined);
      // What is denied is told at once: the line before it has come, too.
      socket.write(`${built(2)}\n${denied}\n`);
      while (inbox.records === 1) await flushed();
    }
    await ear.close();
  }
  expect((await kept()).map((told) => told.slice(0, 2))).toEqual(["1 ", "2 ", "40"]);
});

const flushed = async (): Promise<void> => {
  await sleep(20);
  await inbox.flush();
};

const hearing = () => ({ inbox, secrets: null, dated: {}, say: () => undefined, now: () => Date.now() * 1000 });
const portOf = (name: string): number => Number(/:(\d+) /.exec(name)?.[1]);

test.skipIf(process.platform !== "linux")("what the kernel drops before we can read it is counted", async () => {
  const ear = await listenAt(endpointOf("netflow", "127.0.0.1:0"), hearing());
  expect(ear.kernelDrops()).toBe(0);
  // While this process waits for the flood to end it reads nothing: 400 MB are more than any kernel keeps.
  const flood = `const s = require("node:dgram").createSocket("udp4"); let n = 0; const next = () => n++ < 50000 ? s.send(Buffer.alloc(8000), ${portOf(ear.name)}, "127.0.0.1", next) : s.close(); next();`;
  spawnSync(process.execPath, ["-e", flood]);
  expect(ear.kernelDrops()).toBeGreaterThan(0);
  await ear.close();
});

test("while the queue is full, who sends over TCP waits and loses nothing", { timeout: 60_000 }, async () => {
  const ear = await listenAt(endpointOf("ipfix", "127.0.0.1:0", "tcp"), hearing());
  const record = [10, 0, 0, 7, 10, 0, 0, 9, 17];
  const message = message10([template10(256, "8:4 12:4 4:1"), set(256, Array.from({ length: 1000 }, () => record).flat())]);
  const socket = createConnection(portOf(ear.name), "127.0.0.1");
  for (let count = 0; count < 150; count += 1) socket.write(message);
  socket.end();
  for (let round = 0; round < 200 && inbox.records < 150_000; round += 1) {
    await sleep(50);
    if (inbox.isFull) await inbox.flush();
  }
  await ear.close();
  await inbox.flush();
  expect(named("ipfix 127.0.0.1")).toMatchObject({ records: 150_000, dropped: 0 });
});

test("noise on every socket harms nobody", async () => {
  const take = exportsInto(inbox);
  const lines = linesInto(inbox);
  for (let seed = 0; seed < 2000; seed += 1) {
    const noise = Uint8Array.from({ length: seed % 97 }, (_, at) => (seed * 31 + at * at * 17) & (at < 4 && seed % 3 === 0 ? 15 : 255));
    take(noise, "192.0.2.1", seed);
    lines.take(new TextDecoder().decode(noise), "192.0.2.1", seed);
  }
  await inbox.flush();
  expect([...spool.fed.values()].reduce((sum, { rejects }) => sum + rejects, 0)).toBeGreaterThan(1000);
});
