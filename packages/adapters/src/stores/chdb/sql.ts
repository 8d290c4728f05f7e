import { Failure } from "@bulkhead/core/base/failure";
import { ipText } from "@bulkhead/core/base/ip";
import type { ConnectionFilter } from "@bulkhead/core/outside";
import { prefixNamed } from "../named-prefix.ts";
import { rowColumns } from "./rows.ts";

const columnNames = rowColumns.map(([name]) => name).join(", ");

// Sorted by server and service because that is what compresses (equal neighbours) and what is asked most. Merged parts are
// synced too: a merge replaces acknowledged parts. Counts and times need few of their 64 bits, which T64 leaves out.
export const createTable = `create table if not exists flows (batch UInt32, file LowCardinality(String),
  ${rowColumns.map(([name, type]) => `${name} ${type}${type.includes("Int64") ? " codec(T64, ZSTD(1))" : ""}`).join(", ")},
  index time first type minmax granularity 1)
  engine = MergeTree order by (server, serverPort, client, first)
  settings allow_nullable_key = 1, fsync_after_insert = 1, fsync_part_directory = 1, min_compressed_bytes_to_fsync_after_merge = 1`;

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
      `select ${whole(batch)}, [${files.map(quoted).join(", ")}][fileAt + 1], ${columnNames} from file(${quoted(path)}, 'RowBinary', ${structure})`,
  );
  return `insert into flows (batch, file, ${columnNames}) ${selects.join(" union all ")} settings max_insert_threads = 1`;
}

export const removeBatches = (batches: readonly number[]): string =>
  `alter table flows delete where batch in (${batches.map(whole).join(", ")}) settings mutations_sync = 2`;

/** The rows of some batches, written to a file. */
export const batchesInto = (path: string, batches: readonly number[]): string =>
  intoFile(path, "RowBinary", `select file, ${columnNames} from flows where batch in (${batches.map(whole).join(", ")}) settings max_threads = 2`);

export const countBatches = (batches: readonly number[]): string => `select count() from flows where batch in (${batches.map(whole).join(", ")})`;

/** The connections that a filter finds, written to a file. */
export function selectInto(path: string, filter: ConnectionFilter): string {
  const order = filter.isOrdered === true || filter.limit !== undefined ? " order by first is null, first, file, record" : "";
  const limit = filter.limit === undefined ? "" : ` limit ${whole(filter.limit)}`;
  return intoFile(path, "RowBinary", `select file, ${columnNames} from flows where ${conditions(filter)}${order}${limit} settings max_threads = 2`);
}

export const intoFile = (path: string, format: "RowBinary" | "JSONEachRow", select: string): string =>
  `insert into function file(${quoted(path)}, '${format}') ${select}, engine_file_truncate_on_insert = 1`;

// Who held which address when: loaded for one question.
export const dropSegments = "drop table if exists segments";
export const createSegments = (path: string): string =>
  `create table segments engine = MergeTree order by (address, from) as select * from file(${quoted(path)}, 'JSONEachRow', 'address String, from Int64, until Int64, holders Array(String)')`;

export const sourcesQuery = "select source, file, observer, count(), min(first), max(ifNull(last, first)) from flows group by 1, 2, 3 order by 1, 2, 3";

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
