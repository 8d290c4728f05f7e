// New TCP connections and throughput between two namespaces with our rule set on the server's host (10,000 and 100,000 pairs of address and
// service), beside no firewall, one conntrack rule, and 1,000 linear rules by nft and by iptables-nft. Root; the namespaces are its own.
import { spawn, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { textsOf } from "@bulkhead/adapters/targets/nftables/render";
import { ipOf } from "@bulkhead/core/base/ip";
import { compileFor } from "@bulkhead/core/compile/compile";
import { worldOf } from "@bulkhead/core/decide/world";
import { loadAverage, median } from "./measure.mjs";
import { setOf } from "./worlds.mjs";

const load = fileURLToPath(new URL("./enforce-load.mjs", import.meta.url));
const [serverNet, clientNet] = ["server", "client"].map((side) => `bulkhead-bench-${process.pid}-${side}`);
const serverAddress = "10.77.0.1";
// Sources of the load: the last of the addresses that the rule sets know, so that a linear search would meet them late.
const sources = 64;
const peers = 10_000;
const port = 8443;
const at = Date.parse("2026-11-25T12:00:00Z") * 1000;

export async function run({ say, large }) {
  if (process.getuid?.() !== 0 || spawnSync("nft", ["--version"]).status !== 0)
    return say("  not measured: namespaces and nft rules need root and nftables (`apt-get install nftables`)");
  const [rounds, seconds] = large ? [9, 3] : [5, 1.5];
  try {
    build();
    const manners = mannersOf();
    say(
      `${rounds} rounds in turns, ${seconds} s of connections and ${seconds} s of one stream each, client and server in Node on one core each, ${sources} source addresses; ${loadAverage()}`,
    );
    const rows = Object.fromEntries(manners.map(({ name }) => [name, []]));
    for (let round = 0; round < rounds; round += 1)
      for (const manner of manners) {
        install(manner);
        rows[manner.name].push(await measured(seconds));
      }
    tell(say, rows);
  } finally {
    for (const net of [serverNet, clientNet]) spawnSync("ip", ["netns", "del", net]);
  }
}

function install({ nft, iptables }) {
  inNet(serverNet, "nft", ["flush", "ruleset"]);
  if (nft !== undefined) inNet(serverNet, "nft", ["-f", "-"], nft);
  if (iptables !== undefined) inNet(serverNet, "iptables-nft-restore", [], iptables);
}

function tell(say, rows) {
  const of = (name, key) => median(rows[name].map((one) => one[key]));
  const beside = (name, key, peer) => (of(name, key) / of(peer, key)).toFixed(2);
  for (const name of Object.keys(rows))
    say(
      `  ${name.padEnd(28)} ${(of(name, "connections") / 1000).toFixed(1).padStart(6)} k connections/s  ${of(name, "systemMicros").toFixed(0).padStart(4)} µs of kernel time each  ${(of(name, "bytes") / 1e9).toFixed(2).padStart(6)} GB/s   ${beside(name, "connections", "none")} of none, ${beside(name, "connections", "one conntrack rule")} of one rule; throughput ${beside(name, "bytes", "none")} of none`,
    );
  say(`  goals at 100,000 pairs: connections ≥ 0.95 of one rule and ≥ 0.85 of none, throughput ≥ 0.98 of none; ${loadAverage()}`);
}

function mannersOf() {
  const linear = Array.from({ length: 999 }, (_, rule) => ({ source: `10.200.${rule >> 8}.${rule & 255}`, port: 1000 + rule }));
  return [
    { name: "none" },
    {
      name: "one conntrack rule",
      nft: `table inet one { chain in { type filter hook input priority 0; policy drop; ct state established accept; iif lo accept; tcp dport ${port} accept; }; }`,
    },
    { name: "bulkhead, 10,000 pairs", nft: ours(1) },
    { name: "bulkhead, 100,000 pairs", nft: ours(10) },
    {
      name: "1,000 linear rules, nft",
      nft: `table inet linear { chain in { type filter hook input priority 0; policy drop; ct state established accept; ${linear.map((one) => `ip saddr ${one.source} tcp dport ${one.port} accept;`).join(" ")} tcp dport ${port} accept; }; }`,
    },
    {
      name: "1,000 linear rules, iptables",
      iptables: `*filter\n:INPUT DROP [0:0]\n-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT\n${linear.map((one) => `-A INPUT -s ${one.source}/32 -p tcp -m tcp --dport ${one.port} -j ACCEPT\n`).join("")}-A INPUT -p tcp -m tcp --dport ${port} -j ACCEPT\nCOMMIT\n`,
    },
  ];
}

/** The rule set of a server that 10,000 workloads of 100 roles may ask, each role over as many services. */
function ours(services) {
  const roles = 100;
  const ports = Array.from({ length: services }, (_, one) => `tcp/${port + one}`);
  const policy = {
    policy: "ledger",
    owner: "bench",
    scope: { app: "ledger" },
    allow: Array.from({ length: roles }, (_, role) => ({
      name: `role-${role}`,
      from: { role: `role-${role}` },
      to: { app: "ledger" },
      over: [...ports, `tcp/${20_000 + role}`],
      because: "the benchmark asks",
    })),
  };
  const stages = { stages: { segments: { ledger: { in: "enforce" } } } };
  const set = setOf([policy, stages]);
  const lease = (address) => ({ ip: ipOf(address), from: null, until: null });
  const clients = Array.from({ length: peers }, (_, peer) => ({
    id: `client-${peer}`,
    labels: { role: `role-${peer % roles}` },
    leases: [lease(sourceOf(peer))],
    identity: null,
    point: false,
  }));
  const server = { id: "ledger-1", labels: { app: "ledger" }, leases: [lease(serverAddress)], identity: null, point: true };
  const world = worldOf(set, { workloads: [server, ...clients], points: [], quarantined: [] });
  const { ruleset } = compileFor(world, "ledger-1", at);
  return textsOf({ ruleset, prefix: "a_", now: at }, { floor: { management: [] }, trialMs: 1000, graceSeconds: 0 }).whole;
}

// Two halves of a /16: addresses from 10.77.1.0 on.
function sourceOf(peer) {
  return `10.77.${1 + (peer >> 8)}.${peer & 255}`;
}

function build() {
  const ip = (...words) => must("ip", words);
  for (const net of [serverNet, clientNet]) ip("netns", "add", net);
  ip("-n", serverNet, "link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns", clientNet);
  ip("-n", serverNet, "addr", "add", `${serverAddress}/16`, "dev", "eth0");
  const addresses = Array.from({ length: sources }, (_, one) => `addr add ${sourceOf(peers - 1 - one)}/16 dev eth0`);
  must("ip", ["-n", clientNet, "-batch", "-"], `${addresses.join("\n")}\n`);
  for (const net of [serverNet, clientNet]) {
    for (const link of ["lo", "eth0"]) ip("-n", net, "link", "set", link, "up");
    // Closed conversations would fill conntrack within a round.
    inNet(net, "sysctl", [
      "-qe",
      "-w",
      "net.netfilter.nf_conntrack_tcp_timeout_time_wait=1",
      "net.netfilter.nf_conntrack_tcp_timeout_close=1",
      "net.ipv4.ip_local_port_range=10000 65000",
      "net.ipv4.tcp_tw_reuse=1",
      "net.core.somaxconn=4096",
    ]);
  }
}

const inNet = (net, program, words, input) => must("nsenter", [`--net=/run/netns/${net}`, program, ...words], input);

function must(program, words, input = "") {
  const { status, stderr } = spawnSync(program, words, { input, encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ${words.slice(0, 6).join(" ")}: ${stderr.slice(0, 300)}`);
}

/** One server and one client for each measurement; both tell how much kernel time they used. */
async function measured(seconds) {
  const start = (net, ...words) =>
    spawn("nsenter", [`--net=/run/netns/${net}`, process.execPath, load, ...words.map(String)], { stdio: ["pipe", "pipe", "inherit"] });
  const server = start(serverNet, "serve", serverAddress, port);
  await firstLine(server);
  const list = Array.from({ length: sources }, (_, one) => sourceOf(peers - 1 - one)).join(",");
  const client = start(clientNet, "ask", serverAddress, port, seconds, list);
  const told = JSON.parse(await firstLine(client));
  server.stdin.end();
  const served = JSON.parse(await firstLine(server));
  const systemMicros = (told.systemMicros + served.systemMicros) / told.made;
  return { connections: told.connections, bytes: told.bytes, systemMicros };
}

const firstLine = (child) =>
  new Promise((resolve, reject) => {
    let text = "";
    const take = (bytes) => {
      text += bytes;
      if (!text.includes("\n")) return;
      child.stdout.off("data", take);
      resolve(text);
    };
    child.stdout.on("data", take);
    child.once("error", reject);
    child.once("exit", () => reject(new Error("the load ended without an answer")));
  });
