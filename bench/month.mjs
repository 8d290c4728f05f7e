// A month in a data directory as `ingest` leaves it, made in the engine and kept between runs; the programs that people run read it.
import { Session } from "chdb";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createTable, tableSettings } from "@bulkhead/adapters/stores/chdb/sql";
import { generated, labelled, seed } from "./attributed.mjs";
import { timed } from "./measure.mjs";

const cli = fileURLToPath(new URL("../packages/cli/bin/bulkhead.js", import.meta.url));

/** Makes the month where it is not yet there. It lies in the system's temporary directory until somebody removes it. */
export function monthOf(records, say) {
  const place = join(tmpdir(), `bulkhead-bench-month-${records}-${seed}`);
  const data = join(place, "data");
  if (!existsSync(join(place, "made"))) {
    rmSync(place, { recursive: true, force: true });
    mkdirSync(join(data, "archive"), { recursive: true, mode: 0o700 });
    const session = new Session(join(data, "archive", "engine"), { connectionArgs: ["--max_server_memory_usage=2000000000", "--max_threads=2"] });
    session.query(tableSettings);
    session.query(createTable);
    const columns =
      "source, observer, first, lasted, client, clientRealm, clientPort, server, serverRealm, serverPort, protocol, icmpType, packetsToServer, bytesToServer, packetsToClient, bytesToClient, direction, answered, verdict, note, sampling";
    const made = timed(() =>
      session.query(
        `INSERT INTO records (batch, file, record, ${columns}) SELECT 0, 'month', rowNumberInAllBlocks(), * REPLACE (2000000 AS last) FROM (${generated(records)})`,
      ),
    );
    session.close();
    importInventory(place, data);
    writeFileSync(join(place, "made"), "");
    say(`${records.toLocaleString("en")} records made in ${made.toFixed(0)} s in ${place}, where they stay; remove it when it is not needed`);
  }
  return { place, data };
}

// The generator's addresses, each held by the workload that `withAttributed` gives it.
function importInventory(place, data) {
  const address = (at) => `10.${Math.floor(at / 2500)}.${Math.floor(at / 250) % 10}.${(at % 250) + 1}`;
  const rows = Array.from({ length: 5000 }, (_, at) => {
    const { id, labels } = labelled[(at * 7) % 5000];
    return `${id},${address(at)},${labels.app},${labels.env},${labels.role}`;
  });
  writeFileSync(join(place, "inventory.csv"), `id,address,app,env,role\n${rows.join("\n")}\n`);
  const { status, stderr } = spawnSync(process.execPath, [cli, "inventory", "import", join(place, "inventory.csv"), "--data", data], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
}

/** Runs a verb on a data directory: seconds by the clock, the peak memory of its own process and of the store's, in MiB. */
export async function ran(words, data) {
  const began = performance.now();
  const child = spawn(process.execPath, [cli, ...words, "--data", data], { stdio: ["ignore", "ignore", "pipe"] });
  let [said, isOver] = ["", false];
  child.stderr.on("data", (bytes) => (said = `${said}${bytes}`.slice(-2000)));
  const status = new Promise((resolve) => child.once("exit", resolve));
  void status.then(() => (isOver = true));
  let [own, store] = [0, 0];
  while (!isOver) {
    own = Math.max(own, peakOf(child.pid));
    store = Math.max(store, peakOf(storeOf(data)));
    await Promise.race([status, sleep(50)]);
  }
  return { status: await status, said, wall: (performance.now() - began) / 1000, own, store };
}

/** The engine's process ends a little after its last client; then others may open its files. */
export async function untilStoreEnds(data) {
  while (storeOf(data) !== null) await sleep(100);
}

function storeOf(data) {
  return readdirSync("/proc").find((name) => /^\d+$/.test(name) && linkOf(`/proc/${name}/cwd`) === join(data, "archive")) ?? null;
}

function linkOf(path) {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}

function peakOf(pid) {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
