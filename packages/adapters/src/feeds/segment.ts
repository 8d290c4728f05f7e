import type { Connection } from "@bulkhead/core/model/connection";
import { crc32 } from "node:zlib";
import type { Fed } from "./fed.ts";

/** What is written together and counts together: connections, and what their sources are known by after them. */
export interface Frame {
  readonly connections: readonly Connection[];
  readonly fed: readonly Fed[];
}

const fields = [
  "source",
  "file",
  "record",
  "observer",
  "first",
  "last",
  "client",
  "clientPort",
  "server",
  "serverPort",
  "protocol",
  "icmpType",
  "packetsToServer",
  "bytesToServer",
  "packetsToClient",
  "bytesToClient",
  "direction",
  "answered",
  "verdict",
  "rule",
  "reason",
  "sampling",
  "clientLabels",
  "serverLabels",
  "note",
] as const satisfies readonly (keyof Connection)[];
// A field that a connection has and the list lacks is an error of types.
type Forgotten = Exclude<keyof Connection, (typeof fields)[number]>;
const complete: Forgotten extends never ? true : never = true;

/** Length and checksum (4 bytes each), then JSON: what a crash cut off is known by them. */
export function frameBytes({ connections, fed }: Frame): Buffer {
  const rows = connections.map((connection) => fields.map((field) => connection[field]));
  const body = Buffer.from(JSON.stringify({ fed, rows }));
  const head = Buffer.alloc(8);
  head.writeUInt32LE(body.length, 0);
  head.writeUInt32LE(crc32(body), 4);
  return Buffer.concat([head, body]);
}

export interface Segment {
  readonly frames: readonly Frame[];
  /** Bytes of its whole frames. */
  readonly whole: number;
  /** Whether anything stands behind them: what was being written when the writer died, or damage. */
  readonly isCut: boolean;
}

/** The whole frames of a segment; the first that is cut or damaged ends it. */
export function segmentOf(bytes: Buffer): Segment {
  const frames: Frame[] = [];
  let at = 0;
  while (at + 8 <= bytes.length) {
    const end = at + 8 + bytes.readUInt32LE(at);
    if (end > bytes.length) break;
    const body = bytes.subarray(at + 8, end);
    if (crc32(body) !== bytes.readUInt32LE(at + 4)) break;
    frames.push(frameOf(body));
    at = end;
  }
  return { frames, whole: at, isCut: complete && at < bytes.length };
}

function frameOf(body: Buffer): Frame {
  const { fed, rows } = JSON.parse(body.toString("utf8")) as { readonly fed: readonly Fed[]; readonly rows: readonly (readonly unknown[])[] };
  return { fed, connections: rows.map((row) => Object.fromEntries(fields.map((field, at) => [field, row[at]])) as unknown as Connection) };
}
