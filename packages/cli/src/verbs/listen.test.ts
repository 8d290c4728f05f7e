import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "node:tls";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { segmentOf } from "@bulkhead/adapters/feeds/segment";

const bin = fileURLToPath(new URL("../../bin/bulkhead.js", import.meta.url));
let dir = "";
let child: ChildProcess | null = null;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "bulkhead-listen-"));
});
afterEach(async () => {
  child?.kill("SIGKILL");
  // The store process lets go of the directory a moment after its last client.
  while (existsSync(join(dir, "data", "archive", "lock"))) await sleep(50);
  rmSync(dir, { recursive: true, force: true });
});

interface Listening {
  /** The port that it has got, by transport. */
  readonly ports: Readonly<Record<string, number>>;
  /** Ends it and waits; its exit code. */
  readonly end: (signal: NodeJS.Signals) => Promise<number | null>;
  /** What it has printed so far. */
  readonly said: () => string;
}

/** Starts what people start; resolves when it listens. */
async function listening(...words: readonly string[]): Promise<Listening> {
  const started = spawn(process.execPath, [bin, "listen", ...words, "--data", join(dir, "data")], { stdio: ["ignore", "pipe", "ignore"] });
  child = started;
  let said = "";
  started.stdout.on("data", (text: Buffer) => (said += text.toString("utf8")));
  const endpoints = words.filter((word) => word.startsWith("--syslog")).length === 0 || words.includes("--tls-cert") ? 1 : 2;
  const heard = () => [...said.matchAll(/:(\d+) (udp|tcp|tls)\n/g)].map(([, port, transport = ""]) => [transport, Number(port)] as const);
  while (heard().length < endpoints) {
    if (started.exitCode !== null) throw new Error(`it ended with ${started.exitCode}`);
    await sleep(20);
  }
  const ended = new Promise<number | null>((resolve) => started.once("close", resolve));
  return {
    ports: Object.fromEntries(heard()),
    end: (signal) => {
      started.kill(signal);
      return ended;
    },
    said: () => said,
  };
}

async function send(port: number, ...payloads: readonly (Uint8Array | string)[]): Promise<void> {
  const socket = createSocket("udp4");
  for (const payload of payloads) await new Promise((resolve) => socket.send(payload, port, "127.0.0.1", resolve));
  await new Promise<void>((resolve) => socket.close(() => resolve()));
}

/** Client ports of all connections that the archive holds. */
function portsKept(): readonly number[] {
  const { stdout } = spawnSync(process.execPath, [bin, "flows", "--json", "--data", join(dir, "data")], { encoding: "utf8" });
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => (JSON.parse(line) as { readonly clientPort: number }).clientPort)
    .sort((a, b) => a - b);
}

/** How many records stand synced in segments: what was acknowledged. */
function acknowledged(): number {
  const spool = join(dir, "data", "spool");
  const files = readdirSync(spool).flatMap((feed) => readdirSync(join(spool, feed)).map((name) => join(spool, feed, name)));
  return files
    .filter((path) => /\.(?:open|segment)$/.test(path))
    .reduce((sum, path) => sum + segmentOf(readFileSync(path)).frames.reduce((n, { connections }) => n + connections.length, 0), 0);
}

/** A message of NetFlow 5 with one SYN from this port. */
function flow(clientPort: number): Uint8Array {
  const message = Buffer.alloc(72);
  message.writeUInt16BE(5, 0);
  message.writeUInt16BE(1, 2);
  message.writeUInt32BE(3_600_000, 4);
  message.writeUInt32BE(1_795_608_000, 8);
  message.writeUInt32BE(clientPort, 16);
  message.writeUInt32BE(0x0a000007, 24);
  message.writeUInt32BE(0x0a000009, 28);
  [1, 60, 3_599_000, 3_600_000].forEach((value, at) => message.writeUInt32BE(value, 40 + at * 4));
  message.writeUInt16BE(clientPort, 56);
  message.writeUInt16BE(443, 58);
  message[61] = 2;
  message[62] = 6;
  return message;
}

test("kill -9 and a new start lose nothing that was acknowledged and double nothing", { timeout: 240_000 }, async () => {
  const first = await listening("--netflow", "127.0.0.1:0");
  await send(first.ports["udp"]!, ...[1, 2, 3].map(flow));
  while (acknowledged() < 3) await sleep(50);
  await first.end("SIGKILL");
  expect(portsKept()).toEqual([1, 2, 3]);
  const second = await listening("--netflow", "127.0.0.1:0");
  await send(second.ports["udp"]!, ...[4, 5].map(flow));
  // While it listens, others may look; what it has acknowledged they see.
  while (acknowledged() < 2) await sleep(50);
  while (portsKept().length < 5) await sleep(50);
  expect(portsKept()).toEqual([1, 2, 3, 4, 5]);
  expect(await second.end("SIGTERM")).toBe(0);
  expect(portsKept()).toEqual([1, 2, 3, 4, 5]);
});

test("a spool that is lost is missed: the test above would see it", { timeout: 120_000 }, async () => {
  const first = await listening("--netflow", "127.0.0.1:0");
  await send(first.ports["udp"]!, flow(1));
  while (acknowledged() < 1) await sleep(50);
  await first.end("SIGKILL");
  rmSync(join(dir, "data", "spool"), { recursive: true });
  expect(portsKept()).toEqual([]);
});

const told = (port: number): string =>
  `<134>1 2026-11-28T12:00:00Z sensor suricata 1 - - {"timestamp":"2018-10-30T09:56:07.459844+0100","flow_id":${port},"event_type":"flow","src_ip":"10.0.0.7","src_port":${port},"dest_ip":"10.0.0.9","dest_port":443,"proto":"TCP","flow":{"pkts_toserver":1,"pkts_toclient":2,"bytes_toserver":99,"bytes_toclient":9,"start":"2018-10-30T09:56:07.459844+0100","end":"2018-10-30T09:56:07.459844+0100"}}`;

test("lines of syslog come over UDP and TCP, counted or not, and are known by their host and program", { timeout: 120_000 }, async () => {
  const { ports, end } = await listening("--syslog", "127.0.0.1:0");
  await send(ports["udp"]!, told(1));
  const socket = createConnection(ports["tcp"]!, "127.0.0.1");
  socket.end(`${told(2).length} ${told(2)}${told(3)}\n`);
  await new Promise((resolve) => socket.once("close", resolve));
  while (acknowledged() < 3) await sleep(50);
  expect(await end("SIGINT")).toBe(0);
  expect(portsKept()).toEqual([1, 2, 3]);
  const { stdout } = spawnSync(process.execPath, [bin, "sources", "--json", "--data", join(dir, "data")], { encoding: "utf8" });
  const [feed] = (JSON.parse(stdout) as { readonly feeds: readonly { readonly sources: readonly object[] }[] }).feeds;
  expect(feed?.sources).toMatchObject([{ name: "syslog 127.0.0.1 sensor suricata", format: "suricata-eve", records: 3, rejects: 0 }]);
});

const built = "%ASA-6-302013: Built inbound TCP connection 9 for outside:203.0.113.9/9 (203.0.113.9/9) to dmz:10.0.0.9/443 (10.0.0.9/443)";

for (const signal of ["SIGINT", "SIGTERM"] as const)
  test(`${signal}, even twice, ends it with 0 when all is kept, also connections that are still open, and says how much`, { timeout: 120_000 }, async () => {
    const { ports, end, said } = await listening("--syslog", "127.0.0.1:0");
    await send(ports["udp"]!, built, told(8));
    while (acknowledged() < 1) await sleep(50);
    const ended = end(signal);
    // A shell and npx may each hand on the same Ctrl-C.
    child?.kill(signal);
    expect(await ended).toBe(0);
    expect(said()).toContain("2 records heard and kept\n");
    expect(portsKept()).toEqual([8, 9]);
  });

test.skipIf(process.platform === "win32")("what npx started ends with the shell in which it did, and keeps what came", { timeout: 120_000 }, async () => {
  const words = `"${process.execPath}" "${bin}" listen --netflow 127.0.0.1:0 --data "${join(dir, "data")}"; true`;
  const shell = spawn("sh", ["-c", words], { stdio: ["ignore", "pipe", "ignore"], env: { ...process.env, npm_command: "exec" } });
  child = shell;
  let said = "";
  shell.stdout.on("data", (text: Buffer) => (said += text.toString("utf8")));
  const closed = new Promise((resolve) => shell.stdout.once("close", resolve));
  while (!said.includes("listening")) await sleep(20);
  // The shell dies of it and hands nothing on.
  shell.kill("SIGTERM");
  await closed;
  expect(said).toContain("0 records heard and kept\n");
});

const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;
if (!hasOpenssl) process.stderr.write("syslog over TLS is not tried here: openssl makes the certificate, `apt-get install openssl`\n");

test.skipIf(!hasOpenssl)("over TLS the same lines come, and a client without TLS harms nobody", { timeout: 120_000 }, async () => {
  const [cert, key] = [join(dir, "cert.pem"), join(dir, "key.pem")];
  spawnSync("openssl", [
    "req",
    "-x509",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:prime256v1",
    "-nodes",
    "-keyout",
    key,
    "-out",
    cert,
    "-days",
    "1",
    "-subj",
    "/CN=bulkhead.example",
  ]);
  const { ports, end } = await listening("--syslog", "127.0.0.1:0", "--tls-cert", cert, "--tls-key", key);
  const plain = createConnection(ports["tls"]!, "127.0.0.1", () => plain.write("no TLS at all\n"));
  plain.on("error", () => plain.destroy());
  const socket = connect({ port: ports["tls"]!, host: "127.0.0.1", ca: readFileSync(cert), checkServerIdentity: () => undefined });
  socket.end(`${told(7).length} ${told(7)}`);
  while (acknowledged() < 1) await sleep(50);
  socket.destroy();
  plain.destroy();
  // Who has connected and not yet said a word of TLS holds nothing up.
  const mute = createConnection(ports["tls"]!, "127.0.0.1");
  mute.on("error", () => undefined);
  await new Promise((resolve) => mute.once("connect", resolve));
  expect(await end("SIGTERM")).toBe(0);
  mute.destroy();
  expect(portsKept()).toEqual([7]);
});

test("what cannot be listened at is refused in words", async () => {
  const refusal = (...words: readonly string[]): string => {
    const { status, stderr } = spawnSync(process.execPath, [bin, "listen", ...words, "--data", join(dir, "data")], { encoding: "utf8" });
    expect(status).toBe(2);
    return stderr;
  };
  expect(refusal()).toContain("there is nothing to listen to");
  expect(refusal("--netflow", "router:2055")).toContain("`router:2055` is no address with a port");
  expect(refusal("--netflow", "203.0.113.1:2055")).toContain("is it an address of this machine?");
  expect(refusal("--syslog", "127.0.0.1:0", "--tls-cert", "x")).toContain("TLS needs a certificate and its key");
  // One of two that cannot be had: neither is kept, and the command ends.
  const other = createSocket("udp4");
  await new Promise<void>((resolve) => other.bind(0, "127.0.0.1", resolve));
  const taken = `127.0.0.1:${other.address().port}`;
  expect(refusal("--netflow", "127.0.0.1:0", "--ipfix", taken)).toContain(`ipfix ${taken} is taken by another program`);
  other.close();
  const noPem = join(dir, "no.pem");
  writeFileSync(noPem, "no certificate");
  expect(refusal("--syslog", "127.0.0.1:0", "--tls-cert", noPem, "--tls-key", noPem)).toContain("the certificate or its key cannot be used");
});
