import { Failure } from "@bulkhead/core/base/failure";
import { ipText } from "@bulkhead/core/base/ip";
import type { ConnectionFilter } from "@bulkhead/core/outside";
import { prefixNamed } from "../named-prefix.ts";
import { rowColumns } from "./rows.ts";

const columnNames = rowColumns.map(([name]) => name).join(", ");
// A connection's length has half the digits of its end.
const keptNames = rowColumns.map(([name]) => (name === "last" ? "lasted" : name)).join(", ");
const keptValues = rowColumns.map(([name]) => (name === "last" ? "last - ifNull(first, 0)" : name)).join(", ");

// In the order in which records came. A log is in the order of its time, and its records are numbered: there `first` costs two bytes, `record`
// and `batch` nothing, which by server and client cost ten. Counts and lengths need few of their 64 bits, which T64 leaves out.
const codecs = {
  record: "DoubleDelta, ZSTD(1)",
  first: "Delta, ZSTD(1)",
} as const;

/** What the session must allow for {@link createTable}. */
export const tableSettings = "set allow_suspicious_low_cardinality_types = 1";

// Merged parts are synced too: a merge replaces acknowledged parts.
export const createTable = `create table if not exists records (batch UInt32 codec(DoubleDelta, ZSTD(1)), file LowCardinality(String) codec(ZSTD(1)),
  ${rowColumns.map(([name, type]) => columnOf(name, type)).join(",\n  ")},
  index time first type minmax granularity 1)
  engine = MergeTree order by (batch, record)
  settings fsync_after_insert = 1, fsync_part_directory = 1, min_compressed_bytes_to_fsync_after_merge = 1`;

function columnOf(name: string, type: string): string {
  if (name === "last") return `lasted ${type} codec(T64, ZSTD(1)), last ${type} alias lasted + ifNull(first, 0)`;
  if (name === "record" || name === "first") return `${name} ${type} codec(${codecs[name]})`;
  if (type === "IPv6") return `${name} LowCardinality(IPv6) codec(ZSTD(1))`;
  return `${name} ${type} codec(${type.includes("Int64") ? "T64, ZSTD(1)" : "ZSTD(1)"})`;
}

// What an earlier version of bulkhead kept, in another order. Begun anew when it was interrupted: the old table goes last.
export const earlierTables = "select count() from system.tables where database = currentDatabase() and name = 'flows'";
export const takeOver: readonly string[] = [
  "drop table if exists records",
  createTable,
  `insert into records (batch, file, ${keptNames}) select batch, file, ${keptValues} from flows`,
  "drop table flows",
];

/** The rows of a batch in a RowBinary file, each led by the number of its file in `files`. */
export interface WrittenBatch {
  readonly path: string;
  readonly batch: number;
  readonly files: readonly string[];
}

/** All rows of some batches into the table, as one part where they fit. */
export function insertRows(batches: readonly WrittenBatch[]): string {
  const structure = quoted([["fileAt", "UInt32"], ...rowColumns].map(([name, type]) => `${name} ${type}`).join(", "));
  const selects = batches.map(
    ({ path, batch, files }) =>
      `select ${whole(batch)}, [${files.map(quoted).join(", ")}][fileAt + 1], ${keptValues} from file(${quoted(path)}, 'RowBinary', ${structure})`,
  );
  return `insert into records (batch, file, ${keptNames}) ${selects.join(" union all ")} settings max_insert_threads = 1`;
}

export const removeBatches = (batches: readonly number[]): string =>
  `alter table records delete where batch in (${batches.map(whole).join(", ")}) settings mutations_sync = 2`;

/** The rows of some batches, written to a file. */
export const batchesInto = (path: string, batches: readonly number[]): string =>
  intoFile(path, "RowBinary", `select file, ${columnNames} from records where batch in (${batches.map(whole).join(", ")}) settings max_threads = 2`);

export const countBatches = (batches: readonly number[]): string => `select count() from records where batch in (${batches.map(whole).join(", ")})`;

/** The connections that a filter finds, written to a file. */
export function selectInto(path: string, filter: ConnectionFilter): string {
  const order = filter.isOrdered === true || filter.limit !== undefined ? " order by first is null, first, file, record" : "";
  const limit = filter.limit === undefined ? "" : ` limit ${whole(filter.limit)}`;
  return intoFile(path, "RowBinary", `select file, ${columnNames} from records where ${conditions(filter)}${order}${limit} settings max_threads = 2`);
}

export const intoFile = (path: string, format: "RowBinary" | "JSONEachRow", select: string): string =>
  `insert into function file(${quoted(path)}, '${format}') ${select}, engine_file_truncate_on_insert = 1`;

// Who held which address when: loaded for one question.
export const dropSegments = "drop table if exists segments";
export const createSegments = (path: string): string =>
  `create table segments engine = MergeTree order by (address, from) as select * from file(${quoted(path)}, 'JSONEachRow', 'address String, from Int64, until Int64, holders Array(String)')`;

// Of a hundred million connections it takes ten seconds, and it is asked by every verb that looks at completeness.
export const sumSources: readonly string[] = [
  "drop table if exists summed_sources",
  `create table summed_sources engine = MergeTree order by tuple() as
   select source, file, observer, count() as told, min(first) as begins, max(ifNull(last, first)) as ends from records group by 1, 2, 3`,
];
export const sourcesQuery = "select source, file, observer, told, begins, ends from summed_sources order by 1, 2, 3";

function conditions(filter: ConnectionFilter): string {
  const all = ["1"];
  if (filter.client !== undefined) all.push(within("client", filter.client));
  if (filter.server !== undefined) all.push(within("server", filter.server));
  if (filter.protocol !== undefined) all.push(`protocol = ${quoted(filter.protocol)}`);
  if (filter.serverPort !== undefined) all.push(`serverPort = ${whole(filter.serverPort)}`);
  if (filter.since !== undefined) all.push(`first >= ${whole(filter.since)}`);
  if (filter.until !== undefined) all.push(`first < ${whole(filter.until)}`);
  if (filter.observer !== undefined) all.push(`observer = ${quoted(filter.observer)}`);
  if (filter.source !== undefined) all.push(`source = ${quoted(filter.source)}`);
  return all.join(" and ");
}

function within(column: "client" | "server", text: string): string {
  const { family, value, realm, length } = prefixNamed(text);
  const last = value | ((1n << BigInt((family === 4 ? 32 : 128) - length)) - 1n);
  const bound = (of: bigint): string => `toIPv6(${quoted((family === 4 ? "::ffff:" : "") + ipText({ family, value: of, realm: "" }))})`;
  // IPv4 stands in the column as mapped IPv6, and is in no prefix of IPv6.
  const not4 = family === 4 ? "" : ` and not ${column} between toIPv6('::ffff:0.0.0.0') and toIPv6('::ffff:255.255.255.255')`;
  return `${column} between ${bound(value)} and ${bound(last)} and ${column}Realm = ${quoted(realm)}${not4}`;
}

// As hexadecimal digits: nothing that stands in a text can end the literal.
const quoted = (text: string): string => `unhex('${Buffer.from(text, "utf8").toString("hex")}')`;

function whole(value: number): number {
  if (!Number.isSafeInteger(value)) throw new Failure(`${value} is no whole number`, "ask with whole numbers");
  return value;
}
