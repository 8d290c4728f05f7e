// A month of records of two observers, made in the engine with a stated seed, merged into the roll-up and attributed: what map and simulate start from.
import { Session } from "chdb";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { flowsIn } from "@bulkhead/adapters/stores/flow-rows";
import { attributeStatements, flowsQuery } from "@bulkhead/adapters/stores/flows-query";
import { packedRecords, rollUpStatements, slicesFor } from "@bulkhead/adapters/stores/roll-up";
import { loadAverage, timed } from "./measure.mjs";

export const seed = 7;
const [workloads, groups] = [5000, 400];

/** 5,000 workloads in 400 roles of 50 applications, half of them in production. */
export const labelled = Array.from({ length: workloads }, (_, at) => ({
  id: `workload-${at}`,
  labels: { app: `app-${at % 50}`, env: at % 2 ? "prod" : "dev", role: `role-${at % groups}` },
}));

/** Makes the attributed roll-up, hands it over, and removes it: `flows()` reads it as the archive does, `groupBy()` is the engine's single aggregation alone, `times` are those of the way there, in seconds. */
export async function withAttributed({ records, say }, use) {
  const directory = mkdtempSync(join(tmpdir(), "bulkhead-bench-attributed-"));
  const session = new Session(join(directory, "engine"));
  const ask = (query) => session.query(query, "JSONEachRow");
  try {
    ask("CREATE DATABASE w");
    ask("SET max_threads = 2");
    say(
      `${records.toLocaleString("en")} records, two observers, seed ${seed}, ${workloads.toLocaleString("en")} workloads in ${groups} groups; ${loadAverage()}`,
    );
    ask(`CREATE TABLE w.records (${columns}) ENGINE = MergeTree ORDER BY (server, client)`);
    const insert = timed(() => ask(`INSERT INTO w.records ${generated(records)}`));
    ask("CREATE TABLE w.segments (address String, from Int64, until Int64, holders Array(String)) ENGINE = MergeTree ORDER BY (address, from)");
    ask(
      `INSERT INTO w.segments SELECT ${addressOf("number % 5000")}, ${start} + intDiv(number, 5000) * 86400000000 * 15, ${start} + (intDiv(number, 5000) + 1) * 86400000000 * 15, [concat('workload-', toString((number * 7) % 5000))] FROM numbers(10000)`,
    );
    const merge = timed(() => rollUpStatements({ records: packedRecords("w.records"), prefix: "w.", slices: slicesFor(records) }).forEach(ask));
    const attribution = timed(() => attributeStatements({ prefix: "w.", segments: "w.segments" }).forEach(ask));
    const query = flowsQuery({ prefix: "w.", since: null, until: null });
    const bytes = async (of, format) => Buffer.from((await session.queryAsync(of, { format })).bytes());
    await use({
      times: { insert, merge, attribution },
      conversations: JSON.parse(ask("SELECT toUInt32(count()) AS n FROM w.conversations")).n,
      flows: async () => {
        query.make.forEach(ask);
        const flows = flowsIn({
          flows: await bytes(query.flows, "RowBinary"),
          ends: await bytes(query.ends, "RowBinary"),
          words: await bytes(query.words, "JSONEachRow"),
        });
        query.drop.forEach(ask);
        return flows;
      },
      groupBy: () => ask(groupByOf("w.attributed")),
    });
  } finally {
    session.cleanup();
    rmSync(directory, { recursive: true, force: true });
  }
}

export const start = 1_767_225_600_000_000;
const columns = `source LowCardinality(String), observer LowCardinality(Nullable(String)), first Nullable(Int64), last Nullable(Int64), client IPv6, clientRealm LowCardinality(String), clientPort Nullable(UInt16),
  server IPv6, serverRealm LowCardinality(String), serverPort Nullable(UInt16), protocol LowCardinality(String), icmpType Nullable(UInt8), packetsToServer Nullable(UInt64), bytesToServer Nullable(UInt64),
  packetsToClient Nullable(UInt64), bytesToClient Nullable(UInt64), direction LowCardinality(String), answered Nullable(Bool), verdict LowCardinality(Nullable(String)), note Nullable(String), sampling Nullable(UInt64)`;
/** The engine's single aggregation of an attributed roll-up. */
export const groupByOf = (table) =>
  `SELECT ends, service, sum(connections), sum(bytesToServer), sum(bytesToClient), min(first), max(last) FROM ${table} GROUP BY ends, service`;
/** The address of a machine by its number, in SQL. */
export const addressOf = (number) =>
  `concat('10.', toString(intDiv(${number}, 2500)), '.', toString(intDiv(${number}, 250) % 10), '.', toString(${number} % 250 + 1))`;

// Four records a conversation: a Zeek sensor's whole one and, of half of them, two halves of a flow log; dependencies are 20,000 pairs.
export function generated(records) {
  return `
  SELECT if(kind < 2, 'zeek-conn', 'aws-vpc') AS source, if(kind < 2, 'core', 'cloud') AS observer,
    ${start} + (hash % 2592000) * 1000000 AS first, first + 2000000 AS last,
    toIPv6(if(kind = 3, serverText, clientText)) AS client, '' AS clientRealm, if(kind = 3, port, ephemeral) AS clientPort, toIPv6(if(kind = 3, clientText, serverText)) AS server, '' AS serverRealm, if(kind = 3, ephemeral, port) AS serverPort,
    'tcp', NULL, 5, 500, if(kind < 2, 4, NULL), if(kind < 2, 4000, NULL), if(kind < 2, 'handshake', 'unknown'), if(kind < 2, true, NULL), NULL, NULL, NULL
  FROM (
    SELECT number % 4 AS kind, if(kind = 0, number, number - kind + 1) AS conversation, cityHash64(conversation, ${seed}) AS hash, hash % 20000 AS pair, cityHash64(pair, ${seed}) AS pairHash,
      ${addressOf("(pairHash % 5000)")} AS clientText, ${addressOf("(intDiv(pairHash, 5000) % 300)")} AS serverText,
      [443, 5432, 8443, 53, 6379, 9092][pairHash % 6 + 1] AS port, toUInt16(32768 + intDiv(hash, 20000) % 28000) AS ephemeral
    FROM numbers(${records})
  )`;
}
