// NetFlow 9 and IPFIX → connections, beside nfdump's collector (over loopback, by its processor time) and pmacct's (from a capture of the same datagrams).
import { spawn, spawnSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { costOf, loadAverage, median, peakMemory, processorSeconds, readConnections } from "./measure.mjs";
import { randomFrom } from "./random.mjs";

const rounds = 3;
const seed = 1;
const recordsOfMessage = 24;
const exported = 1_767_225_600;

/** Generates messages, reads them with our decoder and with its peers, and prints medians and ratios. */
export async function run({ say, large }) {
  const records = large ? 6_000_000 : 480_000;
  const folder = mkdtempSync(join(tmpdir(), "bulkhead-bench-netflow-"));
  try {
    for (const shape of shapes) await compare({ shape, folder, records, say });
  } finally {
    rmSync(folder, { recursive: true });
  }
  say(`peak memory of ours ${peakMemory()}`);
}

async function compare({ shape, folder, records, say }) {
  const messages = messagesOf(shape, records);
  const [path, capture] = [join(folder, shape.name), join(folder, `${shape.name}.pcap`)];
  writeFileSync(path, Buffer.concat(messages));
  writeCapture(capture, messages);
  say(`${shape.name}: ${records} records of ${shape.recordBytes} bytes, ${recordsOfMessage} in a message, 3,000 clients, 200 servers, seed ${seed}`);
  const present = peers.filter(({ command }) => spawnSync("which", [command]).status === 0);
  for (const { command } of peers.filter((peer) => !present.includes(peer))) say(`  ${command} is not here`);
  const ours = [];
  const theirs = present.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    ours.push((await costOf(() => readConnections(path, shape.name, records))).cpu);
    for (const [at, peer] of present.entries()) theirs[at].push(await peer.read({ messages, capture, folder, records }));
  }
  const our = median(ours);
  const rate = (seconds) => `${(records / seconds / 1e6).toFixed(2)} M records a second of processor time`;
  say(`  bulkhead, to connections: ${rate(our)}; first round, code still cold: ${rate(ours[0])} (goal 1)`);
  for (const [at, { command, what }] of present.entries()) {
    const costs = theirs[at].filter((cost) => cost !== null);
    if (costs.length === 0) say(`  ${command} lost too much on the loopback to compare`);
    else say(`  ${command}, ${what}: ${rate(median(costs))}: ours is ${(median(costs) / our).toFixed(2)} × of it`);
  }
  say(`  medians of ${rounds} rounds, in turns; ${loadAverage()}`);
}

const peers = [
  { command: "nfcapd", what: "to its files", read: readByNfcapd },
  { command: "nfacctd", what: "summed by ends and ports", read: readByNfacctd },
];

/** nfcapd only listens: what counts is its processor time for the records that reached it. Null when more than a tenth did not. */
async function readByNfcapd({ messages, folder, records }) {
  const flows = join(folder, "nfcapd");
  rmSync(flows, { recursive: true, force: true });
  mkdirSync(flows);
  const port = await freePort();
  const child = spawn("nfcapd", ["-b", "127.0.0.1", "-p", String(port), "-w", flows, "-B", "50000000", "-t", "3600"], { stdio: "ignore" });
  try {
    await sleep(500);
    const begun = processorSeconds(child.pid);
    await sendAll(messages, port);
    await sleep(500);
    const used = processorSeconds(child.pid) - begun;
    child.kill("SIGTERM");
    await new Promise((resolve) => child.once("close", resolve));
    const { stdout } = spawnSync("nfdump", ["-R", flows, "-I"], { encoding: "utf8" });
    const stored = Number(/^Flows: (\d+)/m.exec(stdout)?.[1] ?? 0);
    return stored < records * 0.9 ? null : (used * records) / stored;
  } finally {
    child.kill("SIGKILL");
  }
}

async function sendAll(messages, port) {
  const socket = createSocket("udp4");
  for (const [at, message] of messages.entries()) {
    socket.send(message, port, "127.0.0.1");
    // Slow enough that nothing is lost: the sender's time does not count.
    if (at % 32 === 31) await sleep(1);
  }
  await new Promise((resolve) => socket.close(resolve));
}

async function freePort() {
  const socket = createSocket("udp4");
  await new Promise((resolve) => socket.bind(0, "127.0.0.1", resolve));
  const { port } = socket.address();
  await new Promise((resolve) => socket.close(resolve));
  return port;
}

async function readByNfacctd({ capture, folder }) {
  const settings = join(folder, "nfacctd.conf");
  writeFileSync(
    settings,
    `pcap_savefile: ${capture}\nplugins: print\naggregate: src_host, dst_host, src_port, dst_port, proto\nprint_output: csv\nprint_output_file: ${join(folder, "nfacctd.csv")}\nplugin_buffer_size: 1024000\nplugin_pipe_size: 102400000\nlogfile: ${join(folder, "nfacctd.log")}\n`,
  );
  const { cpu } = await costOf(() => {
    const { status, error } = spawnSync("nfacctd", ["-f", settings], { stdio: "ignore", timeout: 600_000 });
    if (status === null) throw new Error(`nfacctd did not end: ${error?.message ?? ""}`);
  });
  return cpu;
}

const fields9 = [8, 4, 12, 4, 7, 2, 11, 2, 4, 1, 6, 1, 1, 4, 2, 4, 22, 4, 21, 4];
const fields10 = [8, 4, 12, 4, 7, 2, 11, 2, 4, 1, 6, 1, 1, 8, 2, 8, 152, 8, 153, 8];
const sizeOf = (fields) => fields.filter((_, at) => at % 2 === 1).reduce((sum, bytes) => sum + bytes, 0);
const shapes = [
  { name: "netflow", version: 9, fields: fields9, recordBytes: sizeOf(fields9) },
  { name: "ipfix", version: 10, fields: fields10, recordBytes: sizeOf(fields10) },
];

function messagesOf({ version, fields, recordBytes }, records) {
  const pick = randomFrom(seed);
  const template = Buffer.alloc(8 + fields.length * 2);
  template.writeUInt16BE(version === 9 ? 0 : 2, 0);
  template.writeUInt16BE(template.length, 2);
  template.writeUInt16BE(256, 4);
  template.writeUInt16BE(fields.length / 2, 6);
  fields.forEach((word, at) => template.writeUInt16BE(word, 8 + at * 2));
  const messages = [];
  for (let done = 0; done < records; done += recordsOfMessage) {
    const count = Math.min(recordsOfMessage, records - done);
    // Routers send their templates again and again.
    const sets =
      done % (recordsOfMessage * 100) === 0 ? [template, dataSet(pick, { version, recordBytes, count })] : [dataSet(pick, { version, recordBytes, count })];
    messages.push(message(version, { sets, sequence: version === 9 ? messages.length : done, count: count + sets.length - 1 }));
  }
  return messages;
}

function dataSet(pick, { version, recordBytes, count }) {
  const body = Buffer.alloc(4 + recordBytes * count);
  body.writeUInt16BE(256, 0);
  body.writeUInt16BE(body.length, 2);
  for (let record = 0; record < count; record += 1) {
    const at = 4 + record * recordBytes;
    const isReply = pick(2) === 0;
    const [client, server] = [0x0a000000 + pick(3000), 0x0a090000 + pick(200)];
    const [clientPort, serverPort] = [1024 + pick(60_000), pick(4) === 0 ? 5432 : 443];
    body.writeUInt32BE(isReply ? server : client, at);
    body.writeUInt32BE(isReply ? client : server, at + 4);
    body.writeUInt16BE(isReply ? serverPort : clientPort, at + 8);
    body.writeUInt16BE(isReply ? clientPort : serverPort, at + 10);
    body[at + 12] = 6;
    body[at + 13] = 0x1b;
    writeCounts(body, at + 14, { version, packets: 1 + pick(50), lasting: pick(20_000) });
  }
  return body;
}

function writeCounts(body, at, { version, packets, lasting }) {
  if (version === 9) {
    [packets * 300, packets, 3_600_000 - lasting, 3_600_000].forEach((value, index) => body.writeUInt32BE(value, at + index * 4));
    return;
  }
  [packets * 300, packets, exported * 1000 - lasting, exported * 1000].forEach((value, index) => body.writeBigUInt64BE(BigInt(value), at + index * 8));
}

function message(version, { sets, sequence, count }) {
  const body = Buffer.concat(sets);
  const head = Buffer.alloc(version === 9 ? 20 : 16);
  head.writeUInt16BE(version, 0);
  if (version === 9) {
    head.writeUInt16BE(count, 2);
    [3_600_000, exported, sequence, 7].forEach((value, at) => head.writeUInt32BE(value, 4 + at * 4));
  } else {
    head.writeUInt16BE(16 + body.length, 2);
    [exported, sequence, 7].forEach((value, at) => head.writeUInt32BE(value, 4 + at * 4));
  }
  return Buffer.concat([head, body]);
}

/** The datagrams as a capture, for whoever reads nothing else. */
function writeCapture(path, messages) {
  const file = openSync(path, "w");
  const head = Buffer.alloc(24);
  [0xa1b2c3d4, 0x00040002, 0, 0, 65_535, 1].forEach((word, at) => head.writeUInt32LE(word, at * 4));
  writeSync(file, head);
  for (const payload of messages) {
    const packet = Buffer.alloc(16 + 42);
    packet.writeUInt32LE(exported, 0);
    packet.writeUInt32LE(42 + payload.length, 8);
    packet.writeUInt32LE(42 + payload.length, 12);
    packet.writeUInt16BE(0x0800, 28);
    packet[30] = 0x45;
    packet.writeUInt16BE(28 + payload.length, 32);
    packet[38] = 64;
    packet[39] = 17;
    packet.writeUInt32BE(0x7f000001, 42);
    packet.writeUInt32BE(0x7f000001, 46);
    packet.writeUInt16BE(40_000, 50);
    packet.writeUInt16BE(2100, 52);
    packet.writeUInt16BE(8 + payload.length, 54);
    writeSync(file, Buffer.concat([packet, payload]));
  }
  closeSync(file);
}
