/** records/ keeps what decision records were computed from, under the digest of its content, so that any of them can be computed again. */
import { Failure } from "@bulkhead/core/base/failure";
import { createHash, randomBytes } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { access, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { makePath } from "../make-path.ts";

/** Inputs as lines of JSON: the digest is that of the lines, so that another packing is the same content. */
export interface Pinned {
  /** SHA-256 in hexadecimal digits. */
  readonly digest: string;
  readonly bytes: number;
}

const folderOf = (dataDirectory: string): string => join(dataDirectory, "records");
const pathOf = (dataDirectory: string, digest: string): string => join(folderOf(dataDirectory), `${digest}.jsonl.gz`);

/** Keeps inputs; the same inputs are kept once. Resolves when they would survive a power cut. */
export async function pin(dataDirectory: string, lines: Iterable<unknown>): Promise<Pinned> {
  const folder = folderOf(dataDirectory);
  makePath(folder);
  const beside = join(folder, `.${randomBytes(8).toString("hex")}`);
  const hash = createHash("sha256");
  let bytes = 0;
  function* texts(): Generator<string> {
    for (const line of lines) {
      const text = `${JSON.stringify(line, exact)}\n`;
      hash.update(text);
      bytes += Buffer.byteLength(text);
      yield text;
    }
  }
  try {
    await pipeline(Readable.from(texts(), { objectMode: true }), createGzip({ level: 6 }), createWriteStream(beside, { flags: "wx", mode: 0o600 }));
    const file = await open(beside, "r+");
    await file.sync().finally(() => file.close());
    const digest = hash.digest("hex");
    await rename(beside, pathOf(dataDirectory, digest));
    return { digest, bytes };
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

/** The lines of pinned inputs, in order. Throws when they are gone, or are not what their digest says. */
export async function* pinned(dataDirectory: string, { digest, bytes }: Pinned): AsyncGenerator<unknown> {
  const path = pathOf(dataDirectory, digest);
  const gone = "a record whose inputs are gone can be read, but not computed again; look for the data directory that it was made in";
  if (!/^[0-9a-f]{64}$/.test(digest)) throw new Failure("the record names no digest of its inputs", "use the record.json as it was written");
  await access(path).catch(() => {
    throw new Failure(`the inputs of this record are not in ${folderOf(dataDirectory)}: ${digest}.jsonl.gz is missing`, gone);
  });
  const damaged = (why: string): Failure => new Failure(`the inputs of this record are damaged: ${why}`, gone);
  const hash = createHash("sha256");
  const text = new TextDecoder();
  let [read, rest] = [0, ""];
  try {
    for await (const chunk of createReadStream(path).pipe(createGunzip()) as AsyncIterable<Uint8Array>) {
      hash.update(chunk);
      read += chunk.length;
      if (read > bytes) throw damaged("there is more of them than the record says");
      // Not by readline, which also splits at U+2028.
      const whole = (rest + text.decode(chunk, { stream: true })).split("\n");
      rest = whole.pop() ?? "";
      for (const line of whole) yield parsed(line, damaged);
    }
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw damaged(error instanceof Error ? error.message : String(error));
  }
  if (hash.digest("hex") !== digest) throw damaged("they are not what their digest says");
}

function parsed(line: string, damaged: (why: string) => Failure): unknown {
  try {
    return JSON.parse(line, inexact);
  } catch (error) {
    throw damaged(error instanceof Error ? error.message : String(error));
  }
}

// Addresses are whole numbers of 128 bits, which JSON has not.
const exact = (_: string, value: unknown): unknown => (typeof value === "bigint" ? { "whole number": String(value) } : value);
const inexact = (_: string, value: unknown): unknown =>
  typeof value === "object" && value !== null && typeof (value as { "whole number"?: unknown })["whole number"] === "string"
    ? BigInt((value as { "whole number": string })["whole number"])
    : value;
