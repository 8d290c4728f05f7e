import { assert } from "@bulkhead/core/base/assert";
import { ipOf, ipText } from "@bulkhead/core/base/ip";
import type { Connection } from "@bulkhead/core/model/connection";
import { RowReader } from "./row-reader.ts";
import { RowWriter } from "./row-writer.ts";

/** How one field of a connection stands in a row. */
interface Codec<T> {
  /** Names and types of its columns. */
  columns(name: string): readonly (readonly [name: string, type: string])[];
  write(to: RowWriter, value: T): void;
  read(from: RowReader): T;
}

type Field = Exclude<keyof Connection, "file">;

/** The fields of a connection in the order of a row; the file comes as a number, into a list beside the rows. */
const codecs: { readonly [F in Field]: Codec<Connection[F]> } = {
  source: text<string>(),
  record: whole("UInt64"),
  observer: nullable(text<string>()),
  first: nullable(whole("Int64")),
  last: nullable(whole("Int64")),
  client: address(),
  clientPort: nullable(port()),
  server: address(),
  serverPort: nullable(port()),
  protocol: text<string>(),
  icmpType: nullable(octet()),
  packetsToServer: nullable(whole("UInt64")),
  bytesToServer: nullable(whole("UInt64")),
  packetsToClient: nullable(whole("UInt64")),
  bytesToClient: nullable(whole("UInt64")),
  direction: text<Connection["direction"]>(),
  answered: nullable(truth()),
  verdict: nullable(text<"allowed" | "denied">()),
  rule: nullable(text<string>()),
  reason: nullable(text<string>()),
  sampling: nullable(whole("UInt64")),
  clientLabels: labels(),
  serverLabels: labels(),
  note: nullable(text<string>()),
};

const fields = Object.keys(codecs) as readonly Field[];

/** The columns of a connection without its file, in the order of a row. */
export const rowColumns: readonly (readonly [name: string, type: string])[] = fields.flatMap((field) => codecs[field].columns(field));

/** Connections as RowBinary, each row led by the number of its file. */
export function encodeRows(connections: readonly Connection[]): { readonly files: readonly string[]; readonly rows: Buffer } {
  const to = new RowWriter();
  const files = new Map<string, number>();
  for (const connection of connections) {
    const known = files.get(connection.file) ?? files.size;
    files.set(connection.file, known);
    to.uint32(known);
    encodeRow(to, connection);
  }
  return { files: [...files.keys()], rows: to.taken() };
}

// Written out in the order of `codecs`: a loop over names takes twice the time.
function encodeRow(to: RowWriter, connection: Connection): void {
  codecs.source.write(to, connection.source);
  codecs.record.write(to, connection.record);
  codecs.observer.write(to, connection.observer);
  codecs.first.write(to, connection.first);
  codecs.last.write(to, connection.last);
  codecs.client.write(to, connection.client);
  codecs.clientPort.write(to, connection.clientPort);
  codecs.server.write(to, connection.server);
  codecs.serverPort.write(to, connection.serverPort);
  codecs.protocol.write(to, connection.protocol);
  codecs.icmpType.write(to, connection.icmpType);
  codecs.packetsToServer.write(to, connection.packetsToServer);
  codecs.bytesToServer.write(to, connection.bytesToServer);
  codecs.packetsToClient.write(to, connection.packetsToClient);
  codecs.bytesToClient.write(to, connection.bytesToClient);
  codecs.direction.write(to, connection.direction);
  codecs.answered.write(to, connection.answered);
  codecs.verdict.write(to, connection.verdict);
  codecs.rule.write(to, connection.rule);
  codecs.reason.write(to, connection.reason);
  codecs.sampling.write(to, connection.sampling);
  codecs.clientLabels.write(to, connection.clientLabels);
  codecs.serverLabels.write(to, connection.serverLabels);
  codecs.note.write(to, connection.note);
}

/** The whole rows of a buffer (file first, as text), and the bytes of the row that is cut. */
export function decodeRows(buffer: Buffer): { readonly connections: readonly Connection[]; readonly rest: Buffer } {
  const from = new RowReader(buffer);
  const connections: Connection[] = [];
  let whole = 0;
  try {
    while (!from.isAtEnd) {
      connections.push(decodeRow(from));
      whole = from.at;
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return { connections, rest: buffer.subarray(whole) };
}

/** The whole rows of a buffer, without their leading file; `end` is where each ends in the buffer. */
export function* rowsIn(buffer: Buffer, file: "number" | "name"): Generator<{ readonly row: Buffer; readonly end: number }, undefined> {
  const from = new RowReader(buffer);
  try {
    while (!from.isAtEnd) {
      if (file === "number") from.uint32();
      else from.text();
      const start = from.at;
      for (const field of fields) codecs[field].read(from);
      yield { row: buffer.subarray(start, from.at), end: from.at };
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
}

// Written out in the order of `codecs`, so that every connection has one shape.
function decodeRow(from: RowReader): Connection {
  return {
    file: from.text(),
    source: codecs.source.read(from),
    record: codecs.record.read(from),
    observer: codecs.observer.read(from),
    first: codecs.first.read(from),
    last: codecs.last.read(from),
    client: codecs.client.read(from),
    clientPort: codecs.clientPort.read(from),
    server: codecs.server.read(from),
    serverPort: codecs.serverPort.read(from),
    protocol: codecs.protocol.read(from),
    icmpType: codecs.icmpType.read(from),
    packetsToServer: codecs.packetsToServer.read(from),
    bytesToServer: codecs.bytesToServer.read(from),
    packetsToClient: codecs.packetsToClient.read(from),
    bytesToClient: codecs.bytesToClient.read(from),
    direction: codecs.direction.read(from),
    answered: codecs.answered.read(from),
    verdict: codecs.verdict.read(from),
    rule: codecs.rule.read(from),
    reason: codecs.reason.read(from),
    sampling: codecs.sampling.read(from),
    clientLabels: codecs.clientLabels.read(from),
    serverLabels: codecs.serverLabels.read(from),
    note: codecs.note.read(from),
  };
}

function text<T extends string>(): Codec<T> {
  return { columns: (name) => [[name, "LowCardinality(String)"]], write: (to, value) => to.text(value), read: (from) => from.text() as T };
}

function whole(type: "Int64" | "UInt64"): Codec<number> {
  return {
    columns: (name) => [[name, type]],
    write(to, value) {
      if (!Number.isSafeInteger(value) || (type === "UInt64" && value < 0)) assert(false, `a count or a time is a whole number, not ${value}`);
      to.int64(value);
    },
    read: (from) => from.int64(),
  };
}

function port(): Codec<number> {
  return { columns: (name) => [[name, "UInt16"]], write: (to, value) => to.uint16(value), read: (from) => from.uint16() };
}

function octet(): Codec<number> {
  return { columns: (name) => [[name, "UInt8"]], write: (to, value) => to.byte(value), read: (from) => from.byte() };
}

function truth(): Codec<boolean> {
  return { columns: (name) => [[name, "Bool"]], write: (to, value) => to.byte(value ? 1 : 0), read: (from) => from.byte() === 1 };
}

function nullable<T>(inner: Codec<T>): Codec<T | null> {
  return {
    columns: (name) =>
      inner.columns(name).map(([own, type]) => [own, type.startsWith("LowCardinality") ? "LowCardinality(Nullable(String))" : `Nullable(${type})`]),
    write(to, value) {
      to.byte(value === null ? 1 : 0);
      if (value !== null) inner.write(to, value);
    },
    read: (from) => (from.byte() === 1 ? null : inner.read(from)),
  };
}

const noLabels: Readonly<Record<string, string>> = Object.freeze({});

function isEmpty(value: Readonly<Record<string, string>>): boolean {
  for (const key in value) if (Object.hasOwn(value, key)) return false;
  return true;
}

function labels(): Codec<Readonly<Record<string, string>>> {
  return {
    columns: (name) => [[name, "LowCardinality(String)"]],
    write(to, value) {
      to.text(isEmpty(value) ? "" : JSON.stringify(value));
    },
    read(from) {
      const json = from.text();
      return json === "" ? noLabels : (JSON.parse(json) as Record<string, string>);
    },
  };
}

const cachedMax = 200_000;

/** An address as 16 bytes (IPv4 as mapped) and its realm. */
function address(): Codec<string> {
  const written = new Map<string, { readonly bytes: Buffer; readonly realm: string }>();
  const read = new Map<string, string>();
  return {
    columns: (name) => [
      [name, "IPv6"],
      [`${name}Realm`, "LowCardinality(String)"],
    ],
    write(to, value) {
      let known = written.get(value);
      if (known === undefined) {
        known = addressBytes(value);
        if (written.size < cachedMax) written.set(value, known);
      }
      to.bytes(known.bytes);
      to.text(known.realm);
    },
    read(from) {
      const bytes = from.bytes(16);
      const realm = from.text();
      const key = bytes.toString("latin1") + realm;
      const known = read.get(key) ?? addressText(bytes, realm);
      if (read.size < cachedMax) read.set(key, known);
      return known;
    },
  };
}

const mappedHead = "00000000000000000000ffff";

/** An address text as the 16 bytes of a row, and its realm. */
export function addressBytes(text: string): { readonly bytes: Buffer; readonly realm: string } {
  const ip = ipOf(text);
  assert(ip !== undefined, `a connection's end is an address, not ${text}`);
  const hex = ip.family === 4 ? mappedHead + ip.value.toString(16).padStart(8, "0") : ip.value.toString(16).padStart(32, "0");
  return { bytes: Buffer.from(hex, "hex"), realm: ip.realm };
}

function addressText(bytes: Buffer, realm: string): string {
  const hex = bytes.toString("hex");
  if (hex.startsWith(mappedHead)) return ipText({ family: 4, value: BigInt(bytes.readUInt32BE(12)), realm });
  return ipText({ family: 6, value: BigInt(`0x${hex}`), realm });
}
