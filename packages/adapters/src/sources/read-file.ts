import { Failure } from "@bulkhead/core/base/failure";
import { byCodePoint } from "@bulkhead/core/base/order";
import type { Decoded, Decoder, FileFormat } from "@bulkhead/core/outside";
import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { type Dated, datedDecoder } from "./dated.ts";
import { fromCapture } from "./exported-capture.ts";
import { inflated } from "./inflate.ts";
import { likelyNext } from "./likely.ts";
import { recognise } from "./open.ts";

export interface ReadOptions {
  /** Read every file as this format, whatever it looks like. */
  readonly format: FileFormat | null;
  /** What is looked for, where it is not flows. */
  readonly sought?: Sought;
  /** What is stated of times that name no year, or no zone. */
  readonly dated?: Dated;
  readonly stdin: Readable;
  readonly signal: AbortSignal;
}

/** Formats of which each file may be one, the surest first, and what they are together: `captures and ICSNPP logs`. */
export interface Sought {
  readonly formats: readonly FileFormat[];
  readonly words: string;
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
// What is read and decoded at a time stays in the caches of a core: with 1 MiB a line costs a third more (2026-11).
const portionBytes = 1 << 19;

/** Reads files, directories (sorted, recursively), `-`, and gzip of any of them, with bounded memory. */
export async function* readPaths(paths: readonly string[], options: ReadOptions): AsyncGenerator<Read> {
  const together = {};
  for (const path of paths) {
    if (options.signal.aborted) return;
    if (path === "-") yield* readOne("-", { ...options, together });
    else for await (const file of filesUnder(path)) yield* typeof file === "string" ? readOne(file, { ...options, together }) : [file];
  }
}

type Unread = Extract<Read, { kind: "unread" }>;

const unread = (file: string, why: string): Unread => ({ kind: "unread", file, why });

async function* filesUnder(path: string): AsyncGenerator<string | Unread> {
  const waiting = [path];
  let count = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const inside = await lookedInto(next);
    if ("deeper" in inside) {
      yield* inside.skipped;
      waiting.push(...inside.deeper);
    } else yield inside.found;
    count += 1;
    if (count > filesMax) throw new Failure(`there are more than ${filesMax} files under ${path}`, "name a smaller directory");
  }
}

type Looked = { readonly found: string | Unread } | { readonly deeper: readonly string[]; readonly skipped: readonly Unread[] };

async function lookedInto(path: string): Promise<Looked> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) return await entriesOf(path);
    return { found: found.isFile() || found.isFIFO() ? path : unread(path, "it is a device or a socket") };
  } catch (error) {
    const code = String((error as NodeJS.ErrnoException).code ?? error);
    return { found: unread(path, code === "ENOENT" ? "there is no such file" : `it cannot be opened (${code})`) };
  }
}

// Hidden files are editors' and file managers' own; nobody who names a directory means them.
async function entriesOf(directory: string): Promise<Looked> {
  const entries = (await readdir(directory, { withFileTypes: true })).filter(({ name }) => !name.startsWith("."));
  const inside = (of: typeof entries): string[] => of.map(({ name }) => join(directory, name)).sort(byCodePoint);
  const strange = inside(entries.filter((entry) => !entry.isFile() && !entry.isDirectory()));
  return {
    // The last is taken first.
    deeper: inside(entries.filter((entry) => entry.isFile() || entry.isDirectory())).reverse(),
    skipped: strange.map((path) => unread(path, "it is no plain file; links inside a directory are not followed, they could lead in circles")),
  };
}

interface Together {
  /** Stands for all files of this run: templates of NetFlow hold from one to the next. */
  readonly together: object;
}

async function* readOne(file: string, { format: asked, sought, dated = {}, stdin, signal, together }: ReadOptions & Together): AsyncGenerator<Read> {
  if (signal.aborted) return;
  const raw = file === "-" ? stdin : createReadStream(file, { highWaterMark: portionBytes });
  const stop = () => void raw.destroy();
  signal.addEventListener("abort", stop);
  try {
    for await (const read of decodeStream(file, inflated(raw), { asked, sought, dated, together })) {
      if (signal.aborted) return;
      yield read;
    }
  } catch (error) {
    if (signal.aborted) return;
    if (error instanceof Failure) yield unread(file, `${error.message}; ${error.next}`);
    else if (error instanceof Error && "code" in error) yield unread(file, `it cannot be read (${String(error.code)})`);
    else throw error;
  } finally {
    signal.removeEventListener("abort", stop);
    raw.destroy();
  }
}

interface Wanted extends Together {
  readonly asked: FileFormat | null;
  readonly sought: Sought | undefined;
  readonly dated: Dated;
}

async function* decodeStream(file: string, chunks: AsyncIterable<Uint8Array>, wanted: Wanted): AsyncGenerator<Read> {
  const reading = readingOf(file, wanted);
  try {
    for await (const chunk of chunks) yield* reading.push(chunk);
  } catch (error) {
    // What was still open when the file broke off was seen all the same.
    if (reading.isKnown()) yield* reading.end();
    throw error;
  }
  yield* reading.end();
  yield { kind: "end", file };
}

interface Reading {
  push(chunk: Uint8Array): Generator<Read>;
  end(): Generator<Read>;
  /** Whether the format is known, or can be told from what came so far. */
  isKnown(): boolean;
}

/** Collects the head of a file until its format can be told, then decodes. */
function readingOf(file: string, { asked, sought, together, dated }: Wanted): Reading {
  let head: Uint8Array = new Uint8Array(0);
  let decoder: Decoder | null = null;
  let bytes = 0;
  function* begun(): Generator<Read, Decoder> {
    const format = asked === null ? formatOfHead(head, file, sought) : (fromCapture(asked, head, file) ?? asked);
    const begun = (decoder = datedDecoder(format.decoder({ file, together, ...(dated.year === undefined ? {} : { year: dated.year }) }), dated));
    yield { kind: "file", file, format: format.name };
    yield* portions(file, begun.push(head), bytes);
    return begun;
  }
  return {
    *push(chunk) {
      bytes += chunk.length;
      if (decoder !== null) return yield* portions(file, decoder.push(chunk), bytes);
      head = head.length === 0 ? chunk : joined(head, chunk);
      if (head.length >= headBytes) yield* begun();
    },
    *end() {
      const all = decoder ?? (yield* begun());
      yield* portions(file, all.end(), bytes);
    },
    isKnown: () => decoder !== null || (head.length > 0 && (asked ?? foundIn(head, file, sought)) !== null),
  };
}

function foundIn(head: Uint8Array, file: string, sought: Sought | undefined): FileFormat | null {
  if (sought === undefined) return recognise(head, file);
  return sought.formats.find((format) => format.recognises(head, file)) ?? null;
}

function formatOfHead(head: Uint8Array, file: string, sought: Sought | undefined): FileFormat {
  const format = foundIn(head, file, sought);
  if (format !== null) return format;
  if (new TextDecoder("latin1").decode(head.subarray(0, 4)) === "PAR1")
    throw new Failure("it is Parquet, which is not read", "let the flow log be written as text, or convert it to CSV and say --mapping FILE");
  if (head.length === 0) throw new Failure("it is empty", "look where it came from");
  if (sought !== undefined) throw new Failure(`it is none of what is read here (${sought.words})`, "name other files");
  throw new Failure("it is none of the formats that are recognised by their content", likelyNext(head, file));
}

const portionMax = 8192;

/** What a decoder gives, a bounded portion at a time. */
function* portions(file: string, decoded: Iterable<Decoded>, bytes: number): Generator<Read> {
  if (Array.isArray(decoded) && decoded.length <= portionMax) {
    if (decoded.length > 0) yield { kind: "decoded", file, decoded, bytes };
    return;
  }
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
