// The way into the archive, durable end to end (connections → rows → socket → engine → synced), beside the engine's bare RowBinary insert of the
// same rows from a file, not synced. Interleaved; rows are generated with a stated seed before the clock starts.
import { chdbArchive } from "@bulkhead/adapters/stores/chdb/archive";
import { encodeRows, rowColumns } from "@bulkhead/adapters/stores/chdb/rows";
import { createTable, insertRows, tableSettings } from "@bulkhead/adapters/stores/chdb/sql";
import { Session } from "chdb";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { costOf, loadAverage, median } from "./measure.mjs";

const seed = 11;
const batch = 25_000;
const perRound = 4;

export async function run({ say, large }) {
  const rounds = large ? 100 : 3;
  const directory = mkdtempSync(join(tmpdir(), "bulkhead-bench-store-"));
  const bare = new Session(join(directory, "bare"), { connectionArgs: ["--max_threads=2"] });
  const archive = await chdbArchive(join(directory, "ours"), { graceMs: 0 });
  try {
    say(
      `${(rounds * batch * perRound).toLocaleString("en")} records in ${rounds} rounds${large ? "" : " (--large: 10 M from JavaScript, and 100 M rows made in SQL for their size)"}, seed ${seed}; ${loadAverage()}`,
    );
    await bare.queryAsync(tableSettings);
    await bare.queryAsync(
      createTable
        .replaceAll(/fsync_[a-z_]+ = 1, |, min_compressed_bytes_to_fsync_after_merge = 1/g, "")
        .replace("fsync_part_directory = 1", "index_granularity = 8192"),
    );
    const next = generator(seed);
    const times = { ours: [], bare: [] };
    for (let round = 0; round < rounds; round += 1) {
      const batches = Array.from({ length: perRound }, (_, at) => connectionsOf(next, (round * perRound + at) * batch));
      const ours = async () => {
        const kept = await Promise.all(batches.map((connections) => archive.add({ token: null, connections })));
        if (kept.some((one) => one !== batch)) throw new Error("a record was not added");
      };
      const written = batches.map((connections, at) => {
        const { files, rows } = encodeRows(connections);
        const path = join(directory, `rows-${at}`);
        writeFileSync(path, rows);
        return { path, files, batch: round * perRound + at };
      });
      const peer = () => bare.queryAsync(insertRows(written));
      for (const [name, work] of round % 2 === 0
        ? [
            ["ours", ours],
            ["bare", peer],
          ]
        : [
            ["bare", peer],
            ["ours", ours],
          ]) {
        times[name].push((await costOf(work)).wall);
      }
    }
    const [ours, theirs] = [times.ours, times.bare].map((all) => (batch * perRound) / median(all));
    say(
      `ours, durable  ${thousands(ours)} k records/s   bare insert  ${thousands(theirs)} k rows/s   ratio ${(ours / theirs).toFixed(2)} (goal ≥ 0.5), median of ${rounds}, ${loadAverage()}`,
    );
    if (large) await bare.queryAsync(multiplied(100_000_000));
    await bare.queryAsync("optimize table records final");
    const [rows, bytes] = JSON.parse(
      (
        await bare.queryAsync("select sum(rows), sum(bytes_on_disk) from system.parts where active and table = 'records'", { format: "JSONCompactEachRow" })
      ).text(),
    ).map(Number);
    say(
      `${(bytes / rows).toFixed(1)} bytes a record after merges, ${rows.toLocaleString("en")} records (goal ≤ 16 at 100 M); memory of this process ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB`,
    );
  } finally {
    await archive.close();
    bare.close();
    // The store process still writes to its directory until it has ended.
    while (existsSync(join(directory, "ours", "archive", "lock"))) await sleep(20);
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The rows that are there, again and again as later batches at later times and with other client ports, until there are so many. */
function multiplied(rows) {
  const columns = ["batch", "file", ...rowColumns.map(([name]) => (name === "last" ? "lasted" : name))];
  const changed = {
    batch: "toUInt32(batch + n * 100000) as batch",
    first: "first + n * 3600000000 as first",
    clientPort: "toUInt16(32768 + (clientPort + n * 7919) % 28000) as clientPort",
  };
  return `insert into records (${columns.join(", ")}) select ${columns.map((name) => changed[name] ?? name).join(", ")} from records cross join (select number + 1 as n from numbers(10)) limit ${rows}`;
}

function connectionsOf(next, from) {
  return Array.from({ length: batch }, (_, at) => {
    const [client, server] = [next() % 5000, (next() % 400) * 7];
    const first = 1_790_000_000_000_000 + (from + at) * 20_000 + (next() % 20_000);
    return {
      source: "zeek-conn",
      file: `conn.${Math.floor(from / 1e6)}.log`,
      record: from + at + 1,
      observer: next() % 4 ? "core" : "edge",
      first,
      last: first + (next() % 5e6),
      client: address(client),
      clientPort: 32768 + (next() % 28e3),
      server: address(server),
      serverPort: [443, 5432, 53, 8080][server % 4],
      protocol: server % 4 === 2 ? "udp" : "tcp",
      icmpType: null,
      packetsToServer: 1 + (next() % 40),
      bytesToServer: 40 + (next() % 9e3),
      packetsToClient: 1 + (next() % 40),
      bytesToClient: 40 + (next() % 9e4),
      direction: "handshake",
      answered: true,
      verdict: null,
      rule: null,
      reason: null,
      sampling: null,
      clientLabels: {},
      serverLabels: {},
      note: null,
    };
  });
}

const address = (number) => `10.${20 + (number % 7)}.${Math.floor(number / 250)}.${1 + (number % 250)}`;

function generator(start) {
  let state = start;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 8;
  };
}

const thousands = (value) => Math.round(value / 1000).toLocaleString("en");
