// Packet headers → connections, beside three programs that read the same capture in turns: one that makes flows, one that only copies, one that dissects.
import { spawnSync } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { costOf, loadAverage, median, peakMemory, readConnections } from "./measure.mjs";
import { randomFrom } from "./random.mjs";

const rounds = 3;
const seed = 1;

/** Generates a capture of whole TCP conversations, reads it with our decoder and with its peers, and prints medians and ratios. */
export async function run({ say, large }) {
  const connections = large ? 1_400_000 : 140_000;
  const folder = mkdtempSync(join(tmpdir(), "bulkhead-bench-pcap-"));
  try {
    const path = join(folder, "capture.pcap");
    const packets = write(path, connections);
    const bytes = statSync(path).size;
    say(
      `${connections} TCP conversations, ${packets} packets, ${(bytes / packets).toFixed(0)} bytes each, one in eight IPv6, up to ${openAtOnce} open at once, seed ${seed}`,
    );
    await compare({ path, folder, packets, connections, say });
  } finally {
    rmSync(folder, { recursive: true });
  }
  say(`peak memory of ours ${peakMemory()}`);
}

async function compare({ path, folder, packets, connections, say }) {
  const present = peers(path, join(folder, "flows")).filter(({ command, name }) => {
    const isHere = spawnSync("which", [command]).status === 0;
    if (!isHere) say(`  ${name} is not here`);
    return isHere;
  });
  const ours = [];
  const theirs = present.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    ours.push(await costOf(() => readConnections(path, "pcap", connections)));
    for (const [at, peer] of present.entries()) theirs[at].push(await costOf(() => readByPeer(peer)));
  }
  const our = medians(ours);
  const rate = ({ wall, cpu }) => `${(packets / wall / 1e6).toFixed(2)} Mpps (${(packets / cpu / 1e6).toFixed(2)} a second of processor time)`;
  say(`  bulkhead ${rate(our)}; first round, code still cold: ${rate(ours[0])}`);
  for (const [at, { name, goal }] of present.entries()) {
    const peer = medians(theirs[at]);
    say(`  ${name} ${rate(peer)}: ours is ${(peer.wall / our.wall).toFixed(2)} × of it (by processor time ${(peer.cpu / our.cpu).toFixed(2)}; goal ${goal})`);
  }
  say(`  medians of ${rounds} rounds, in turns; ${loadAverage()}`);
}

// A filter makes tshark dissect: with -q alone it only counts. Its statistics of conversations would add to it.
const peers = (path, flows) => [
  { name: "nfpcapd", command: "nfpcapd", words: ["-r", path, "-w", flows], goal: 3, folder: flows },
  { name: "tcpdump -w", command: "tcpdump", words: ["-r", path, "-w", "/dev/null"], goal: 0.2 },
  {
    name: "tshark (eth, ip, tcp, udp)",
    command: "tshark",
    words: [
      "-r",
      path,
      "-n",
      "-q",
      "-Y",
      "tcp",
      "--disable-protocol",
      "ALL",
      ...["frame", "eth", "ethertype", "ip", "ipv6", "tcp", "udp"].flatMap((one) => ["--enable-protocol", one]),
    ],
    goal: 2,
  },
];

function readByPeer({ name, command, words, folder }) {
  if (folder !== undefined) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
  }
  const { status, stderr, error } = spawnSync(command, words, { env: { ...process.env, TZ: "UTC" }, stdio: ["ignore", "ignore", "pipe"] });
  if (status !== 0) throw new Error(`${name} failed: ${error?.message ?? String(stderr).slice(0, 300)}`);
}

const openAtOnce = 4000;
const macs = Buffer.from("0200000000010200000000020800", "hex");

/** Writes the capture and returns how many packets it has. */
function write(path, connections) {
  const pick = randomFrom(seed);
  const file = openSync(path, "w");
  const out = { buffer: Buffer.alloc(8 << 20), at: 0, file };
  const head = Buffer.alloc(24);
  [0xa1b2c3d4, 0x00040002, 0, 0, 65_535, 1].forEach((word, at) => head.writeUInt32LE(word, at * 4));
  writeSync(file, head);
  const open = [];
  let [begun, packets, micros] = [0, 0, 0];
  while (begun < connections || open.length > 0) {
    if (begun < connections && (open.length < openAtOnce || pick(14) === 0)) open.push(conversation(begun++, pick));
    const chosen = pick(open.length);
    const isOver = next(open[chosen], pick, (segment) => {
      // A hundred thousand packets a second.
      micros += 5 + pick(11);
      packets += 1;
      put(out, micros, segment);
    });
    if (!isOver) continue;
    open[chosen] = open.at(-1);
    open.pop();
  }
  writeSync(file, out.buffer, 0, out.at);
  closeSync(file);
  return packets;
}

/** 3,000 clients and 200 servers; no pair of ends comes twice. */
function conversation(number, pick) {
  const isSix = pick(8) === 0;
  const client = isSix ? six(0xc0000000 + (number % 3000)) : four(0x0a000000 + (number % 3000));
  const server = isSix ? six(0x50000000 + pick(200)) : four(0x0a090000 + pick(200));
  return {
    isSix,
    client,
    server,
    clientPort: 1024 + Math.floor(number / 3000),
    serverPort: pick(4) === 0 ? 5432 : 443,
    turns: 1 + pick(7),
    step: 0,
    sent: pick(2 ** 31),
    answered: pick(2 ** 31),
  };
}

const four = (number) => Buffer.from([number >>> 24, (number >>> 16) & 255, (number >>> 8) & 255, number & 255]);
const six = (number) => Buffer.concat([Buffer.from("20010db80000000000000000", "hex"), four(number)]);

/** The next segment of a conversation: handshake, turns of question, answer and acknowledgement, both FINs. True when it was the last. */
function next(one, pick, give) {
  const { step, turns } = one;
  one.step += 1;
  const say = (isThere, flags, payload = 0) => {
    give({ one, isThere, flags, payload });
    const phantom = (flags & 3) !== 0 ? 1 : 0;
    if (isThere) one.sent = (one.sent + payload + phantom) >>> 0;
    else one.answered = (one.answered + payload + phantom) >>> 0;
  };
  if (step === 0) say(true, 2);
  else if (step === 1) say(false, 0x12);
  else if (step === 2) say(true, 0x10);
  else if (step < 3 + turns * 2) say(step % 2 === 1, 0x18, 10 + pick(90));
  else if (step === 3 + turns * 2) say(true, 0x11);
  else if (step === 4 + turns * 2) say(false, 0x11);
  else say(true, 0x10);
  return one.step > 5 + turns * 2;
}

function put(out, micros, { one, isThere, flags, payload }) {
  const ipBytes = one.isSix ? 40 : 20;
  const length = 14 + ipBytes + 20 + payload;
  if (out.at + 16 + length > out.buffer.length) {
    writeSync(out.file, out.buffer, 0, out.at);
    out.at = 0;
  }
  const { buffer, at } = out;
  buffer.fill(0, at, at + 16 + length);
  buffer.writeUInt32LE(1_767_225_600 + Math.floor(micros / 1e6), at);
  buffer.writeUInt32LE(micros % 1e6, at + 4);
  buffer.writeUInt32LE(length, at + 8);
  buffer.writeUInt32LE(length, at + 12);
  macs.copy(buffer, at + 16);
  const ip = at + 30;
  const [source, destination] = isThere ? [one.client, one.server] : [one.server, one.client];
  if (one.isSix) {
    buffer.writeUInt16BE(0x86dd, at + 28);
    buffer[ip] = 0x60;
    buffer.writeUInt16BE(20 + payload, ip + 4);
    buffer[ip + 6] = 6;
    buffer[ip + 7] = 64;
  } else {
    buffer[ip] = 0x45;
    buffer.writeUInt16BE(40 + payload, ip + 2);
    buffer[ip + 8] = 64;
    buffer[ip + 9] = 6;
  }
  source.copy(buffer, ip + ipBytes - 2 * source.length);
  destination.copy(buffer, ip + ipBytes - destination.length);
  if (!one.isSix) buffer.writeUInt16BE(checksum(buffer, ip), ip + 10);
  putTcp(buffer, ip + ipBytes, { one, isThere, flags });
  out.at = at + 16 + length;
}

function putTcp(buffer, at, { one, isThere, flags }) {
  buffer.writeUInt16BE(isThere ? one.clientPort : one.serverPort, at);
  buffer.writeUInt16BE(isThere ? one.serverPort : one.clientPort, at + 2);
  buffer.writeUInt32BE(isThere ? one.sent : one.answered, at + 4);
  buffer.writeUInt32BE((flags & 0x10) === 0 ? 0 : isThere ? one.answered : one.sent, at + 8);
  buffer[at + 12] = 0x50;
  buffer[at + 13] = flags;
  buffer.writeUInt16BE(65_535, at + 14);
}

function checksum(buffer, at) {
  let sum = 0;
  for (let word = at; word < at + 20; word += 2) sum += buffer.readUInt16BE(word);
  sum = (sum & 0xffff) + (sum >>> 16);
  return ~(sum + (sum >>> 16)) & 0xffff;
}

const medians = (costs) => ({ wall: median(costs.map(({ wall }) => wall)), cpu: median(costs.map(({ cpu }) => cpu)) });
