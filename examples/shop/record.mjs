// Records the shop: one network namespace for each host, a router between them, real sockets, tcpdump at the router. Needs root, iproute2 and tcpdump on Linux.
//   sudo node examples/shop/record.mjs            writes recording/core-router.pcap and inventory.csv beside this file, in under a minute
// It touches only namespaces called bulkhead-shop-<process id>-…, and they vanish with it, also when it is killed.
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { inside, outside } from "./world.mjs";

const seconds = 19;
const longest = 58;
const prefix = `bulkhead-shop-${process.pid}-`;
const router = `${prefix}router`;
const hosts = [...inside, outside];
const names = [router, ...hosts.map(({ id }) => prefix + id)];
const here = import.meta.dirname;

function ip(arguments_, lines) {
  execFileSync("ip", [...arguments_, "-batch", "-"], { input: `${lines.join("\n")}\n` });
}

// A shell that waits for our end of its pipe to close, however we end, and then removes exactly our namespaces.
function sweeper() {
  const remove = names.map((name) => `kill $(ip netns pids ${name}); ip netns del ${name}`).join("; ");
  return spawn("sh", ["-c", `cat >/dev/null; sleep 0.3; { ${remove}; } 2>/dev/null`], { stdio: ["pipe", "ignore", "ignore"], detached: true });
}

function buildNetwork() {
  ip(
    [],
    names.map((name) => `netns add ${name}`),
  );
  ip(["-n", router], ["link set lo up", ...hosts.map(({ id }, n) => `link add p${n} type veth peer name eth0 netns ${prefix + id}`)]);
  // Every host hangs on the router by a line of its own, as in a cloud: nothing is switched past the recorder.
  ip(
    ["-n", router],
    hosts.flatMap(({ addresses }, n) => [
      `link set p${n} up`,
      `addr add 169.254.1.1/32 dev p${n}`,
      ...addresses.map((address) => `route add ${address}/32 dev p${n}`),
    ]),
  );
  // Addresses where nobody lives answer nothing, not even an error.
  ip(["-n", router], ["route add blackhole 10.0.0.0/8"]);
  execFileSync("nsenter", [`--net=/run/netns/${router}`, "sysctl", "-qw", "net.ipv4.ip_forward=1"]);
  for (const { id, addresses } of hosts)
    ip(
      ["-n", prefix + id],
      [
        "link set lo up",
        "link set eth0 addrgenmode none",
        "link set eth0 up",
        ...addresses.map((address) => `addr add ${address}/32 dev eth0`),
        "route add 169.254.1.1 dev eth0 scope link",
        `route add default via 169.254.1.1 src ${addresses[0]}`,
      ],
    );
}

const inNamespace = (name, command, stdio) => spawn("nsenter", [`--net=/run/netns/${name}`, ...command], { stdio });

const said = (child, stream, text) =>
  new Promise((done, failed) => {
    child[stream].on("data", (bytes) => bytes.toString().includes(text) && done());
    child.on("exit", (code) => failed(new Error(`${child.spawnargs.join(" ")} ended with ${code} before it was ready`)));
  });

function inventoryText() {
  const columns = ["id", "class", "app", "env", "role", "owner", "os", "criticality", "hva", "address", "from", "until"];
  const rows = inside
    .filter(({ unlisted }) => unlisted !== true)
    .map((one) => columns.map((column) => (column === "address" ? one.addresses[0] : (one[column] ?? ""))).join(","));
  return `${[columns.join(","), ...rows].join("\n")}\n`;
}

/** The same for `bulkhead decide`, which is asked without a data directory. */
function inventoryJson() {
  const listed = inside.filter(({ unlisted }) => unlisted !== true);
  const lines = listed.map(
    ({ id, app, env, role, addresses }) =>
      `    { "id": "${id}", "labels": { "app": "${app}", "env": "${env}", "role": "${role}" }, "addresses": ${JSON.stringify(addresses)} }`,
  );
  return `{\n  "workloads": [\n${lines.join(",\n")}\n  ]\n}\n`;
}

async function record() {
  buildNetwork();
  mkdirSync(`${here}/recording`, { recursive: true });
  const capture = `${here}/recording/core-router.pcap`;
  // Inbound only: each packet once, on the line where it enters the router. 96 bytes hold every header and no secret.
  const recorder = inNamespace(
    router,
    ["tcpdump", "-i", "any", "-Q", "in", "-n", "-U", "-s", "96", "-Z", "root", "-w", capture, "ip"],
    ["pipe", "ignore", "pipe"],
  );
  const stopped = new Promise((done) => recorder.on("exit", done));
  await said(recorder, "stderr", "listening on");
  const begin = Date.now() + 4000 + hosts.length * 250;
  const running = hosts.map(({ id }) => inNamespace(prefix + id, [process.execPath, `${here}/host.mjs`, id, String(begin)], ["pipe", "pipe", "inherit"]));
  await Promise.all(running.map((child) => said(child, "stdout", "ready")));
  if (Date.now() > begin) throw new Error("this machine was too busy to start all hosts in time; try again");
  console.log(`${hosts.length} namespaces are up; recording for ${seconds} seconds`);
  await pause(begin - Date.now() + seconds * 1000);
  for (const child of running) child.removeAllListeners("exit").stdin.end();
  recorder.removeAllListeners("error").kill("SIGINT");
  await stopped;
  writeFileSync(`${here}/inventory.csv`, inventoryText());
  writeFileSync(`${here}/inventory.json`, inventoryJson());
  console.log(`wrote recording/core-router.pcap, inventory.csv and inventory.json in ${here}`);
}

const sweep = sweeper();
setTimeout(() => (console.error(`record: not finished after ${longest} seconds; giving up`), process.exit(2)), longest * 1000).unref();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => process.exit(2));
try {
  await record();
} catch (error) {
  console.error(
    `record: ${error.message}\n  next: run it as root on Linux with iproute2, util-linux and tcpdump (apt-get install iproute2 util-linux tcpdump)`,
  );
  process.exitCode = 2;
}
sweep.stdin.end();
sweep.unref();
