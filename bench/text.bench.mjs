// Text logs → connections, beside the embedded engine's own reader over the same columns. Both read the same file from disk, on one thread, in turns.
import { query } from "chdb";
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { costOf, loadAverage, median, peakMemory, readConnections } from "./measure.mjs";
import { randomFrom } from "./random.mjs";

const rounds = 5;

/** Reads generated Zeek and AWS logs with our decoders and with the engine, and prints both medians and their ratio. */
export async function run({ say, large }) {
  const lines = large ? 10_000_000 : 500_000;
  const folder = mkdtempSync(join(tmpdir(), "bulkhead-bench-text-"));
  try {
    for (const shape of shapes) await compare(shape, { path: join(folder, shape.name), lines, say });
  } finally {
    rmSync(folder, { recursive: true });
  }
  say(`peak memory of both together ${peakMemory()}`);
}

async function compare(shape, { path, lines, say }) {
  write(path, shape, lines);
  say(`${shape.name}: ${lines} lines, ${(statSync(path).size / lines).toFixed(0)} bytes each, seed 1`);
  const [ours, peers] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    ours.push((await costOf(() => readConnections(path, shape.format, lines))).wall);
    peers.push((await costOf(() => readByEngine(path, shape))).wall);
  }
  const [our, peer] = [median(ours), median(peers)];
  const rate = (seconds) => `${(lines / seconds / 1e6).toFixed(2)} M lines/s`;
  say(`  bulkhead ${rate(our)}, engine ${rate(peer)}: ${(peer / our).toFixed(2)} × (median of ${rounds}, in turns; ${loadAverage()})`);
}

// FORMAT Null reads every column that is named and prints nothing; the settings are the fastest that read the file rightly.
function readByEngine(path, { engineFormat, columns, settings }) {
  query(
    `SELECT ${columns.map(([name]) => `\`${name}\``).join(", ")} FROM file('${path}', ${engineFormat}, '${columns.map(([name, type]) => `\`${name}\` ${type}`).join(", ")}')
     SETTINGS max_threads = 1, max_parsing_threads = 1, input_format_parallel_parsing = 0, ${settings} FORMAT Null`,
  );
}

const zeekColumns = [
  ["ts", "Decimal64(6)"],
  ["uid", "String"],
  ["id.orig_h", "IPv4"],
  ["id.orig_p", "UInt16"],
  ["id.resp_h", "IPv4"],
  ["id.resp_p", "UInt16"],
  ["proto", "LowCardinality(String)"],
  ["service", "LowCardinality(String)"],
  ["duration", "Nullable(Decimal64(6))"],
  ["orig_bytes", "Nullable(UInt64)"],
  ["resp_bytes", "Nullable(UInt64)"],
  ["conn_state", "LowCardinality(String)"],
  ["local_orig", "LowCardinality(String)"],
  ["local_resp", "LowCardinality(String)"],
  ["missed_bytes", "UInt64"],
  ["history", "LowCardinality(String)"],
  ["orig_pkts", "UInt64"],
  ["orig_ip_bytes", "UInt64"],
  ["resp_pkts", "UInt64"],
  ["resp_ip_bytes", "UInt64"],
];
// What a connection is made of: the engine need not keep the rest, as we do not.
const used = zeekColumns.filter(([name]) => !/^(uid|service|orig_bytes|resp_bytes|local_|missed)/.test(name));
const awsColumns = [
  ["version", "UInt8"],
  ["account", "LowCardinality(String)"],
  ["interface", "LowCardinality(String)"],
  ["srcaddr", "IPv4"],
  ["dstaddr", "IPv4"],
  ["srcport", "UInt16"],
  ["dstport", "UInt16"],
  ["protocol", "UInt8"],
  ["packets", "UInt64"],
  ["bytes", "UInt64"],
  ["start", "UInt32"],
  ["end", "UInt32"],
  ["action", "LowCardinality(String)"],
  ["status", "LowCardinality(String)"],
];

const shapes = [
  {
    name: "conn.log",
    format: "zeek-conn",
    head: `#separator \\x09\n#fields\t${zeekColumns.map(([name]) => name).join("\t")}\n`,
    line: (facts) => `${zeekValues(facts).join("\t")}\n`,
    engineFormat: "TSV",
    columns: zeekColumns,
    settings: "input_format_tsv_skip_first_lines = 2, format_tsv_null_representation = '-'",
  },
  {
    name: "conn.json",
    format: "zeek-conn",
    head: "",
    line: (facts) =>
      `{${zeekValues(facts)
        .map((value, at) => `"${zeekColumns[at][0]}":${/^[\d.]+$/.test(value) && !value.includes(".", value.indexOf(".") + 1) ? value : `"${value}"`}`)
        .join(",")}}\n`,
    engineFormat: "JSONEachRow",
    columns: used,
    settings: "input_format_skip_unknown_fields = 1",
  },
  {
    name: "vpc-flow.log",
    format: "aws-vpc",
    head: "",
    line: ({ at, pick, client, server, port, packets }) =>
      `2 123456789010 eni-${1000 + pick(64)} ${client} ${server} ${port} 443 6 ${packets} ${packets * 84} ${1540889767 + Math.floor(at / 100)} ${1540889827 + Math.floor(at / 100)} ACCEPT OK\n`,
    engineFormat: "CustomSeparated",
    columns: awsColumns,
    settings: "format_custom_field_delimiter = ' ', format_custom_escaping_rule = 'CSV', format_csv_delimiter = ' '",
  },
];

function zeekValues({ at, pick, client, server, port, packets }) {
  const micros = () => String(pick(1_000_000)).padStart(6, "0");
  const start = `${1540889767 + Math.floor(at / 100)}.${micros()}`;
  const ends = [client, String(port), server, "443", "tcp", "ssl"];
  const counts = ["SF", "T", "T", "0", "ShADadFf", String(packets), String(packets * 84), String(packets + 2), String(packets * 700)];
  return [start, `C${(at * 2654435761).toString(36)}`, ...ends, `${pick(100)}.${micros()}`, String(pick(5000)), String(pick(90_000)), ...counts];
}

function write(path, { head, line }, lines) {
  const pick = randomFrom(1);
  const file = openSync(path, "w");
  writeSync(file, head);
  for (let at = 0; at < lines;) {
    let text = "";
    // 3,000 clients and 200 servers, as a data centre of some size has them.
    for (const end = Math.min(lines, at + 10_000); at < end; at += 1) {
      const [client, server] = [`10.${pick(3)}.${pick(4)}.${pick(250)}`, `10.9.0.${pick(200)}`];
      text += line({ at, pick, client, server, port: 1024 + pick(60_000), packets: 1 + pick(200) });
    }
    writeSync(file, text);
  }
  closeSync(file);
}
