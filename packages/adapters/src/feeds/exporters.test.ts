import type { Connection } from "@bulkhead/core/model/connection";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { pcap } from "../sources/pcap/decode.ts";
import { type Bytes, classicCapture, ethernet, icmp, ip, type Stamped, tcp, udp } from "../sources/pcap/testing/packets.ts";
import { connectionsBy } from "../sources/testing/decoded-by.ts";
import { memoryArchive } from "../stores/memory/archive.ts";
import { Inbox } from "./inbox.ts";
import { type Ear, endpointOf, listenAt } from "./listen.ts";
import { Spool } from "./spool.ts";
import { takeIn } from "./take-in.ts";

const present = (command: string, words: readonly string[]): boolean => spawnSync(command, words).error === undefined;
const has = { softflowd: present("softflowd", ["-h"]), pmacctd: present("pmacctd", ["-V"]), rsyslogd: present("rsyslogd", ["-v"]) };
const packages = { softflowd: "softflowd", pmacctd: "pmacct", rsyslogd: "rsyslog" } as const;
for (const command of ["softflowd", "pmacctd", "rsyslogd"] as const)
  if (!has[command]) process.stderr.write(`${command} is not tried here: \`apt-get install ${packages[command]}\`\n`);

let dir = "";
let child: ChildProcess | null = null;
let ear: Ear | null = null;
let spool: Spool;
let inbox: Inbox;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "bulkhead-exporters-"));
  spool = Spool.open(dir, { feed: "listen", name: "listen-1", now: Date.now() * 1000 });
  inbox = new Inbox(spool);
});
afterEach(async () => {
  // pmacctd is several processes: all of the group that we began end with it.
  if (child?.pid !== undefined) endGroup(child.pid);
  child = null;
  await ear?.close();
  ear = null;
  await spool.close();
  rmSync(dir, { recursive: true, force: true });
});

/** Conversations over TCP and UDP in both families, and behind them so many packets alone. */
function capture(alone = 1): Uint8Array {
  const packets: Bytes[] = [];
  for (let number = 0; number < 20; number += 1) {
    const isSix = number % 4 === 3;
    const [from, to] = isSix ? [`2001:db8::${number + 1}`, "2001:db8::99"] : [`10.0.0.${number + 1}`, "10.0.9.9"];
    const there = { from, to };
    const back = { from: to, to: from };
    const port = 40_000 + number;
    const say = (ends: typeof there, protocol: number, payload: Bytes): void => void packets.push(ethernet(ip({ ...ends, protocol }, payload)));
    if (number % 5 === 4) {
      say(there, 17, udp([port, 53], 30));
      say(back, 17, udp([53, port], 90));
    } else {
      say(there, 6, tcp([port, 443], "S"));
      say(back, 6, tcp([443, port], "SA"));
      for (let turn = 0; turn < number; turn += 1) say(there, 6, tcp([port, 443], "PA"));
      say(back, 6, tcp([443, port], "FA"));
      say(there, 6, tcp([port, 443], "FA"));
    }
  }
  for (let host = 1; host <= alone; host += 1) packets.push(ethernet(ip({ from: `10.0.1.${host}`, to: "10.0.9.9", protocol: 1 }, icmp(8))));
  return classicCapture(packets.map((packet, at): Stamped => [Math.floor(at / 100), packet]));
}

/** Packets and bytes of each way of each conversation, whoever told them and in how many records. */
function sums(connections: readonly Connection[]): ReadonlyMap<string, string> {
  const totals = new Map<string, { packets: number; bytes: number }>();
  const add = (key: string, packets: number | null, bytes: number | null): void => {
    if (packets === null || packets === 0) return;
    const known = totals.get(key) ?? { packets: 0, bytes: 0 };
    totals.set(key, { packets: known.packets + packets, bytes: known.bytes + (bytes ?? 0) });
  };
  for (const one of connections) {
    add(`${one.client} ${one.clientPort} > ${one.server} ${one.serverPort} ${one.protocol}`, one.packetsToServer, one.bytesToServer);
    add(`${one.server} ${one.serverPort} > ${one.client} ${one.clientPort} ${one.protocol}`, one.packetsToClient, one.bytesToClient);
  }
  return new Map([...totals].map(([key, { packets, bytes }]) => [key, `${packets} packets, ${bytes} bytes`] as const).sort());
}

async function hear(kind: "netflow" | "ipfix" | "sflow" | "syslog", transport: "udp" | "tcp" = "udp"): Promise<number> {
  ear = await listenAt(endpointOf(kind, "127.0.0.1:0", transport), { inbox, secrets: null, dated: {}, say: () => undefined, now: () => Date.now() * 1000 });
  return Number(/:(\d+) /.exec(ear.name)?.[1]);
}

/** What the archive holds once it has so many records, or when no more come. */
async function heard(count: number): Promise<readonly Connection[]> {
  for (let round = 0; round < 300 && inbox.records < count; round += 1) await sleep(50);
  await inbox.flush();
  const archive = memoryArchive();
  await takeIn(dir, archive);
  const all: Connection[] = [];
  for await (const portion of archive.connections({})) all.push(...portion);
  return all;
}

function start(command: string, words: readonly string[]): void {
  child = spawn(command, words, { stdio: "ignore", detached: true });
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

const truth = (): ReadonlyMap<string, string> => sums(connectionsBy(pcap, capture()));

/** What softflowd sends of the capture. */
async function softflowd(...words: readonly string[]): Promise<void> {
  writeFileSync(join(dir, "capture.pcap"), capture());
  const port = words.includes("tcp") ? await hear("ipfix", "tcp") : await hear("netflow");
  // A control socket would keep it from reading.
  start("softflowd", ["-r", join(dir, "capture.pcap"), "-n", `127.0.0.1:${port}`, "-d", "-a", "-p", join(dir, "pid"), "-c", "none", ...words]);
}

for (const version of ["5", "9", "10"])
  test.skipIf(!has.softflowd)(`softflowd's version ${version} tells the packets and bytes of the capture that it read`, { timeout: 60_000 }, async () => {
    await softflowd("-v", version);
    // Version 5 has no IPv6.
    const expected = new Map([...truth()].filter(([key]) => version !== "5" || !key.includes(":")));
    expect(sums(await heard(expected.size))).toEqual(expected);
  });

test.skipIf(!has.softflowd)("softflowd's biflows count both ways in one record", { timeout: 60_000 }, async () => {
  await softflowd("-v", "10", "-b", "-A", "milli");
  const records = await heard(21);
  expect(sums(records)).toEqual(truth());
  expect(records).toHaveLength(21);
  expect(records.filter(({ protocol }) => protocol === "tcp").map(({ serverPort, answered }) => `${serverPort} ${answered}`)).toEqual(
    Array<string>(16).fill("443 true"),
  );
});

test.skipIf(!has.softflowd)("softflowd's IPFIX over TCP tells the same", { timeout: 60_000 }, async () => {
  await softflowd("-v", "10", "-P", "tcp");
  expect(sums(await heard(truth().size))).toEqual(truth());
});

test.skipIf(!has.softflowd)("softflowd's sampled packets are each a record", { timeout: 60_000 }, async () => {
  await softflowd("-v", "psamp");
  const packets = connectionsBy(pcap, capture()).reduce((sum, one) => sum + (one.packetsToServer ?? 0) + (one.packetsToClient ?? 0), 0);
  expect(sums(await heard(packets))).toEqual(truth());
});

// Its processes pass packets on in buffers: the last few may stay where they are.
const stuck = 40;

/** What pmacctd sends of the capture, once it has read it. */
function pmacctd(...settings: readonly string[]): void {
  writeFileSync(join(dir, "capture.pcap"), capture(stuck));
  const all = [
    "daemonize: false",
    `pcap_savefile: ${join(dir, "capture.pcap")}`,
    "pcap_savefile_wait: true",
    `pidfile: ${join(dir, "pid")}`,
    `logfile: ${join(dir, "log")}`,
    "plugin_buffer_size: 400",
    "plugin_pipe_size: 400000",
    ...settings,
  ];
  writeFileSync(join(dir, "conf"), `${all.join("\n")}\n`);
  start("pmacctd", ["-f", join(dir, "conf")]);
}

test.skipIf(!has.pmacctd)("pmacctd's sFlow shows the packets of the capture, when it samples every one", { timeout: 60_000 }, async () => {
  const port = await hear("sflow");
  pmacctd("plugins: sfprobe", `sfprobe_receiver: 127.0.0.1:${port}`, "sfprobe_agentip: 192.0.2.9", "sampling_rate: 1");
  const all = connectionsBy(pcap, capture(stuck));
  const packets = all.reduce((sum, one) => sum + (one.packetsToServer ?? 0) + (one.packetsToClient ?? 0), 0);
  const records = await heard(packets - stuck);
  const [expected, told] = [sums(all), sums(records)];
  expect([...told].filter(([way, counted]) => expected.get(way) !== counted)).toEqual([]);
  expect(told.size).toBeGreaterThanOrEqual(expected.size - stuck);
  expect(new Set(records.map(({ observer }) => observer))).toEqual(new Set(["192.0.2.9"]));
});

const eve = (port: number): string =>
  `{"timestamp":"2018-10-30T09:56:07.459844+0100","flow_id":${port},"event_type":"flow","src_ip":"10.0.0.7","src_port":${port},"dest_ip":"10.0.0.9","dest_port":443,"proto":"TCP","flow":{"pkts_toserver":1,"pkts_toclient":2,"bytes_toserver":99,"bytes_toclient":9,"start":"2018-10-30T09:56:07.459844+0100","end":"2018-10-30T09:56:07.459844+0100"}}`;

for (const [framing, transport] of [
  ["octet-counted", "tcp"],
  ["traditional", "tcp"],
  ["traditional", "udp"],
] as const)
  test.skipIf(!has.rsyslogd)(`rsyslog sends lines over ${transport} with ${framing} framing`, { timeout: 60_000 }, async () => {
    const port = await hear("syslog", transport);
    writeFileSync(join(dir, "eve.json"), Array.from({ length: 50 }, (_, at) => `${eve(at + 1)}\n`).join(""));
    const settings = [
      `global(workDirectory="${dir}")`,
      'module(load="imfile")',
      `input(type="imfile" File="${join(dir, "eve.json")}" Tag="suricata:" ruleset="on")`,
      `ruleset(name="on") { action(type="omfwd" target="127.0.0.1" port="${port}" protocol="${transport}"${transport === "tcp" ? ` TCP_Framing="${framing}"` : ""} template="RSYSLOG_SyslogProtocol23Format") }`,
    ];
    writeFileSync(join(dir, "rsyslog.conf"), `${settings.join("\n")}\n`);
    start("rsyslogd", ["-n", "-f", join(dir, "rsyslog.conf"), "-i", join(dir, "rsyslog.pid")]);
    const records = await heard(50);
    expect(records.map(({ clientPort }) => clientPort).sort((a, b) => a! - b!)).toEqual(Array.from({ length: 50 }, (_, at) => at + 1));
    expect(new Set(records.map(({ source }) => source))).toEqual(new Set(["suricata-eve"]));
  });
