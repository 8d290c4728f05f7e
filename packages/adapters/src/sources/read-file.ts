import { Failure } from "@bulkhead/core/base/failure";
import type { Decoded, FlowFormat } from "@bulkhead/core/outside";
import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { inflated } from "./inflate.ts";
import { formatNames, recognise } from "./open.ts";

export interface ReadOptions {
  /** Read every file as this format, whatever it looks like. */
  readonly format: FlowFormat | null;
  readonly stdin: Readable;
  readonly signal: AbortSignal;
}

/** What reading a list of paths gives, in order: the start and end of each file, and what stood in it, a chunk at a time. */
export type Read =
  | { readonly kind: "file"; readonly file: string; readonly format: string }
  | { readonly kind: "decoded"; readonly file: string; readonly decoded: readonly Decoded[]; readonly bytes: number }
  | { readonly kind: "end"; readonly file: string }
  /** A file that could not be read at all, and why. */
  | { readonly kind: "unread"; readonly file: string; readonly why: string };

const headBytes = 65_536;
const filesMax = 100_000;

/** Reads files, directories (sorted, recursively), `-`, and gzip of any of them, with bounded memory. */
export async function* readPaths(paths: readonly string[], options: ReadOptions): AsyncGenerator<Read> {
  for (const path of paths) {
    if (path === "-") yield* readOne("-", options);
    else for await (const file of filesUnder(path)) yield* typeof file === "string" ? readOne(file, options) : [file];
  }
}

async function* filesUnder(path: string): AsyncGenerator<string | Extract<Read, { kind: "unread" }>> {
  const waiting = [path];
  let count = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const found = await stat(next).catch((error: NodeJS.ErrnoException) => error);
    if (found instanceof Error)
      yield { kind: "unread", file: next, why: found.code === "ENOENT" ? "there is no such file" : `it cannot be opened (${found.code})` };
    else if (found.isDirectory()) {
      // Links inside a directory are not followed: they could lead in circles.
      const inside = await readdir(next, { withFileTypes: true });
      const names = inside.filter((entry) => (entry.isFile() || entry.isDirectory()) && !entry.name.startsWith(".")).map(({ name }) => join(next!, name));
      waiting.push(...names.sort().reverse());
    } else if (!found.isFile() && !found.isFIFO()) yield { kind: "unread", file: next, why: "it is a device or a socket" };
    else yield next;
    count += 1;
    if (count > filesMax) throw new Failure(`there are more than ${filesMax} files under ${path}`, "name a smaller directory");
  }
}

async function* readOne(file: string, { format: asked, stdin, signal }: ReadOptions): AsyncGenerator<Read> {
  const raw = file === "-" ? stdin : createReadStream(file, { highWaterMark: 1 << 20 });
  try {
    yield* decodeStream(file, inflated(raw), { asked, signal });
  } catch (error) {
    if (error instanceof Failure) yield { kind: "unread", file, why: error.message };
    else if (error instanceof Error && "code" in error) yield { kind: "unread", file, why: `it cannot be read (${String(error.code)})` };
    else throw error;
  } finally {
    raw.destroy();
  }
}

async function* decodeStream(
  file: string,
  chunks: AsyncIterable<Uint8Array>,
  { asked, signal }: { readonly asked: FlowFormat | null; readonly signal: AbortSignal },
): AsyncGenerator<Read> {
  let head: Uint8Array = new Uint8Array(0);
  let decoder: ReturnType<FlowFormat["decoder"]> | null = null;
  const begin = (): Read => {
    const format = asked ?? recognise(head, file);
    if (format === null)
      throw new Failure(
        head.length === 0 ? "it is empty" : `it is none of the formats that are recognised (${formatNames.join(", ")})`,
        "say --format NAME, or --mapping FILE for a table",
      );
    decoder = format.decoder({ file });
    return { kind: "file", file, format: format.name };
  };
  let bytes = 0;
  for await (const chunk of chunks) {
    if (signal.aborted) return;
    bytes += chunk.length;
    if (decoder !== null) {
      yield* portions(file, (decoder as ReturnType<FlowFormat["decoder"]>).push(chunk), bytes);
      continue;
    }
    head = head.length === 0 ? chunk : joined(head, chunk);
    if (head.length < headBytes) continue;
    yield begin();
    yield* portions(file, decoder!.push(head), bytes);
  }
  if (decoder === null) {
    yield begin();
    yield* portions(file, decoder!.push(head), bytes);
  }
  yield* portions(file, decoder!.end(), bytes);
  yield { kind: "end", file };
}

const portionMax = 4096;

/** What a decoder gives, a bounded portion at a time. */
function* portions(file: string, decoded: Iterable<Decoded>, bytes: number): Generator<Read> {
  let portion: Decoded[] = [];
  for (const one of decoded) {
    portion.push(one);
    if (portion.length < portionMax) continue;
    yield { kind: "decoded", file, decoded: portion, bytes };
    portion = [];
  }
  if (portion.length > 0) yield { kind: "decoded", file, decoded: portion, bytes };
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
