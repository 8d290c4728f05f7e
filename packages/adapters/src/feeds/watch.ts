import { Failure } from "@bulkhead/core/base/failure";
import { type Instant, instantText } from "@bulkhead/core/base/instant";
import { type Connection, isContinuing } from "@bulkhead/core/model/connection";
import type { Decoded, Decoder, FlowFormat } from "@bulkhead/core/outside";
import { open, type FileHandle } from "node:fs/promises";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { type Dated, datedDecoder } from "../sources/dated.ts";
import { recognise } from "../sources/open.ts";
import { readPaths } from "../sources/read-file.ts";
import type { Fed, FilePosition } from "./fed.ts";
import { headDigest, headMax, headOf, isPacked, readAt } from "./head.ts";
import type { Inbox } from "./inbox.ts";
import { filesUnder, type Standing } from "./listing.ts";

export interface Watching {
  readonly directories: readonly string[];
  /** Read every file as this format; null tells it by content. */
  readonly format: FlowFormat | null;
  /** What is stated of times that name no year, or no zone. */
  readonly dated: Dated;
  /** How long a file must rest before it is read as a whole, its last line without an end is taken, and what is open in it is told. */
  readonly settleMs: number;
  readonly inbox: Inbox;
  readonly say: (text: string) => void;
  readonly now: () => Instant;
  readonly signal: AbortSignal;
}

/** A file that is followed: how far it has been read, and by what. What stands in it anew is another one. */
interface Followed {
  /** What its records name, one for each content that ever stood at a path. */
  readonly name: string;
  position: FilePosition;
  /** Null until it is opened in this run. */
  decoder: Decoder | null;
  format: FlowFormat | null;
  /** Records that the decoder will tell again, because they are kept already. */
  again: number;
  isHopeless: boolean;
  /** When its decoder was last needed. */
  used: number;
}

const portionBytes = 1 << 19;
// A directory of something else has thousands; three show what they are.
const unknownsNamed = 3;
// Each holds what a decoder needs; a file that is asked again is read again up to where it was.
const decodersMax = 512;

/** Reads on in the files under directories, each time it is asked; positions go where the records go. */
export class Watcher {
  private readonly followed = new Map<string, Followed>();
  private readonly heads = new Map<string, FilePosition>();
  private readonly names = new Set<string>();
  private readonly together = {};
  private uses = 0;
  private isTold = false;
  /** Files of no known format in this round. */
  private unknowns = 0;

  constructor(
    private readonly watching: Watching,
    fed: Iterable<Fed>,
  ) {
    for (const { name, position } of fed) if (position !== undefined) this.know(name, position);
  }

  /** Reads what is new, until the inbox is full. */
  async poll(): Promise<void> {
    const { directories, say } = this.watching;
    const { files, isCut } = await filesUnder(directories);
    if (isCut && !this.isTold) say("there are more than 100,000 files: the rest is not read; watch smaller directories\n");
    this.isTold ||= isCut;
    this.unknowns = 0;
    for (const file of files) {
      if (this.watching.signal.aborted) break;
      try {
        await this.visit(file);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOENT") this.complain(file, error);
      }
    }
    const more = this.unknowns - unknownsNamed;
    if (more > 0) say(`${more === 1 ? "1 file more is" : `${more} files more are`} of no format that is recognised by content, and left out\n`);
  }

  private complain({ path, inode }: Standing, error: unknown): void {
    const followed = this.followed.get(inode);
    if (followed?.isHopeless === true) return;
    if (followed !== undefined) followed.isHopeless = true;
    const code = String((error as NodeJS.ErrnoException).code ?? error);
    this.watching.say(`${path} cannot be read (${error instanceof Failure ? `${error.message}; ${error.next}` : code})\n`);
  }

  private async visit(file: Standing): Promise<void> {
    const known = this.followed.get(file.inode);
    if (known?.isHopeless === true) return;
    if (known !== undefined && file.size === known.position.bytes) return this.settle(file, known);
    const isKnown = known !== undefined && file.size > known.position.bytes && (await isSame(file.path, known.position));
    const followed = isKnown ? known : await this.meet(file);
    if (followed === null) return;
    if (!(await this.isWhole(file, followed))) await this.readOn(file, followed);
    else if (this.rests(file)) await this.readWhole(file, followed);
  }

  private rests({ changedMs }: Standing): boolean {
    return this.watching.now() / 1000 - changedMs >= this.watching.settleMs;
  }

  /** A content that is new to us: a copy of one that we know, whose records are kept already, or really new. */
  private async meet(file: Standing): Promise<Followed | null> {
    if (file.size === 0) return null;
    const counted = this.twinOf(await headOf(file.path))?.counted ?? 0;
    const name = this.names.has(file.path) ? `${file.path} (from ${instantText(this.watching.now())})` : file.path;
    return this.know(name, { inode: file.inode, bytes: 0, counted, head: "", headBytes: 0, isEnded: false });
  }

  /** The position in the content that this is a copy of: it begins with the same bytes, records among them. */
  private twinOf(head: Buffer): FilePosition | undefined {
    const twins = [...this.heads.values()].filter(
      (one) => one.counted > 0 && one.headBytes <= head.length && headDigest(head.subarray(0, one.headBytes)) === one.head,
    );
    return twins.sort((a, b) => b.headBytes - a.headBytes || b.counted - a.counted)[0];
  }

  private openTold(head: Buffer): number {
    const { bytes, rested } = this.twinOf(head) ?? {};
    return rested !== undefined && rested.bytes === bytes ? rested.told : 0;
  }

  private know(name: string, position: FilePosition): Followed {
    const followed: Followed = { name, position, decoder: null, format: null, again: 0, isHopeless: false, used: 0 };
    this.followed.set(position.inode, followed);
    this.names.add(name);
    if (position.headBytes > 0) this.heads.set(position.head, position);
    return followed;
  }

  /** Whether a file is read only when it rests: gzip, and captures, whose connections end with them. */
  private async isWhole(file: Standing, followed: Followed): Promise<boolean> {
    if (followed.format === null) {
      const handle = await open(file.path, "r");
      try {
        followed.format = this.watching.format ?? recognise(await readAt(handle, 0, 65_536), file.path);
      } finally {
        await handle.close();
      }
    }
    return followed.format?.name === "pcap" || (await isPacked(file.path));
  }

  /** A portion at a time: until its end the position says how many records are kept, and no bytes. */
  private async readWhole(file: Standing, followed: Followed): Promise<void> {
    const { format, dated, now, say, inbox, signal } = this.watching;
    let again = followed.position.counted;
    let named = "none";
    // What is open at the end of the same content was told when that rested.
    let open = this.openTold(await headOf(file.path));
    let held: readonly Decoded[] = [];
    for await (const read of readPaths([file.path], { format, dated, stdin: Readable.from([]), signal })) {
      if (read.kind === "file") named = read.format;
      if (read.kind === "unread") say(`${file.path} was not read to its end: ${read.why}\n`);
      if (read.kind !== "decoded") continue;
      const { fresh, left } = without(read.decoded, again);
      again = left;
      held = [...held, ...fresh.map((one) => asOf(one, followed.name))];
      if (open > 0 && countOf(held) <= open) continue;
      await this.give(followed, { decoded: held, format: named, at: now(), bytes: 0, isEnded: false, path: file.path });
      [held, open] = [[], 0];
      await roomIn(inbox, signal);
    }
    if (signal.aborted) return;
    const decoded = countOf(held) === open ? [] : held;
    await this.give(followed, { decoded, format: named, at: now(), bytes: file.size, isEnded: true, path: file.path });
  }

  private async readOn(file: Standing, followed: Followed): Promise<void> {
    const { format } = followed;
    if (format === null) return this.unknown(file, followed);
    const { inbox, now, signal } = this.watching;
    const handle = await open(file.path, "r");
    try {
      const decoder = followed.decoder ?? (await this.begin(handle, followed, format));
      followed.used = this.uses += 1;
      for (let at = followed.position.bytes; at < file.size && !signal.aborted; at = followed.position.bytes) {
        const bytes = await readAt(handle, at, Math.min(portionBytes, file.size - at));
        if (bytes.length === 0) return;
        const { fresh, left } = without([...decoder.push(bytes)], followed.again);
        followed.again = left;
        await this.give(followed, { decoded: fresh, format: format.name, at: now(), bytes: at + bytes.length, isEnded: false, path: file.path });
        await roomIn(inbox, signal);
      }
    } finally {
      await handle.close();
    }
  }

  /** Makes a decoder that stands where the file has been read to: what is kept already is told again and left out. */
  private async begin(handle: FileHandle, followed: Followed, format: FlowFormat): Promise<Decoder> {
    this.makeRoom();
    const { dated } = this.watching;
    const input = { file: followed.name, together: this.together, ...(dated.year === undefined ? {} : { year: dated.year }) };
    const decoder = datedDecoder(format.decoder(input), dated);
    followed.decoder = decoder;
    followed.again = followed.position.counted;
    // What was ended is read anew: its end may have told what now goes on.
    if (followed.position.isEnded) {
      const { rested: _, ...position } = followed.position;
      followed.position = { ...position, bytes: 0, isEnded: false };
    }
    const { bytes: until, rested } = followed.position;
    for (let at = 0; at < until;) {
      const bytes = await readAt(handle, at, Math.min(portionBytes, (rested !== undefined && at < rested.bytes ? rested.bytes : until) - at));
      if (bytes.length === 0) break;
      followed.again = without([...decoder.push(bytes)], followed.again).left;
      at += bytes.length;
      if (at === rested?.bytes) decoder.rest?.();
    }
    return decoder;
  }

  /** Gives up the decoder that was needed the longest ago when there are too many. */
  private makeRoom(): void {
    const held = [...this.followed.values()].filter(({ decoder }) => decoder !== null);
    if (held.length < decodersMax) return;
    const oldest = held.reduce((one, other) => (other.used < one.used ? other : one));
    oldest.decoder = null;
  }

  /** Nobody knows its format: it may be too short yet. When it rests, it is said, and it is left alone until it changes. */
  private unknown(file: Standing, followed: Followed): void {
    if (!this.rests(file)) {
      followed.format = null;
      return;
    }
    this.unknowns += 1;
    if (this.unknowns <= unknownsNamed) this.watching.say(`${file.path} is of no format that is recognised by content; it is left out\n`);
    followed.isHopeless = true;
  }

  /** A file that rests: what is open is told, and stays open; where it does not end in a line's end, its last line is taken as it is. */
  private async settle(file: Standing, followed: Followed): Promise<void> {
    const { isEnded, rested } = followed.position;
    if (isEnded || rested?.bytes === file.size || !this.rests(file)) return;
    const decoder = await this.reopened(file, followed);
    const whole = { format: followed.format?.name ?? "none", at: this.watching.now(), bytes: file.size, path: file.path };
    if (decoder === null || (await endsInLine(file))) {
      const decoded = decoder?.rest?.();
      // It said nothing now: it is heard when it last changed.
      if (decoded !== undefined)
        return this.give(followed, { ...whole, at: Math.floor(file.changedMs) * 1000, decoded: [...decoded], isEnded: false, isOpen: true });
      followed.position = { ...followed.position, rested: { bytes: file.size, told: 0 } };
      return;
    }
    const { fresh } = without([...decoder.end()], followed.again);
    followed.decoder = null;
    await this.give(followed, { ...whole, decoded: fresh, isEnded: true });
  }

  /** The decoder of a file; made anew where it was given up and something may be open in it. */
  private async reopened(file: Standing, followed: Followed): Promise<Decoder | null> {
    if (followed.decoder !== null || (await this.isWhole(file, followed))) return followed.decoder;
    const { format } = followed;
    if (format?.decoder({ file: followed.name }).rest === undefined) return null;
    const handle = await open(file.path, "r");
    try {
      return await this.begin(handle, followed, format);
    } finally {
      await handle.close();
    }
  }

  private async give(followed: Followed, { decoded, format, at, bytes, isEnded, path, isOpen = false }: Given): Promise<void> {
    const counted = followed.position.counted + (isOpen ? 0 : countOf(decoded));
    const told = Math.max(0, (followed.position.rested?.told ?? 0) + (isOpen ? countOf(decoded, isBeginning) : -countOf(decoded, isContinuing)));
    const isNamed = followed.position.headBytes === headMax || followed.position.headBytes === Math.min(bytes, headMax);
    const head = isNamed ? null : (await headOf(path)).subarray(0, isEnded || bytes === 0 ? headMax : Math.min(bytes, headMax));
    const known = this.heads.get(followed.position.head)?.counted ?? 0;
    this.heads.delete(followed.position.head);
    followed.position = {
      ...followed.position,
      ...(head === null ? {} : { head: headDigest(head), headBytes: head.length }),
      bytes,
      counted,
      isEnded,
      ...(isOpen ? { rested: { bytes, told } } : followed.position.rested === undefined ? {} : { rested: { ...followed.position.rested, told } }),
    };
    // A copy may have told more of the same content.
    if (followed.position.headBytes > 0) this.heads.set(followed.position.head, { ...followed.position, counted: Math.max(known, counted) });
    this.watching.inbox.take({ name: followed.name, format }, decoded, at, followed.position);
  }
}

interface Given {
  readonly decoded: readonly Decoded[];
  readonly format: string;
  readonly at: Instant;
  readonly bytes: number;
  readonly isEnded: boolean;
  readonly path: string;
  /** They are open, and go on being so in the decoder. */
  readonly isOpen?: boolean;
}

const isBeginning = (connection: Connection): boolean => !isContinuing(connection);

function countOf(decoded: readonly Decoded[], is: (connection: Connection) => boolean = () => true): number {
  return decoded.reduce((sum, one) => sum + (one.kind === "connection" && is(one.connection) ? 1 : 0), 0);
}

const newline = 10;

async function endsInLine({ path, size }: Standing): Promise<boolean> {
  const handle = await open(path, "r");
  try {
    return (await readAt(handle, size - 1, 1))[0] === newline;
  } finally {
    await handle.close();
  }
}

const waitMs = 1000;

/** Waits until the inbox has room: what is in it goes into the spool, and while that is full nothing more is read. */
async function roomIn(inbox: Inbox, signal: AbortSignal): Promise<void> {
  while (inbox.isFull && !signal.aborted) if (!(await inbox.flush())) await sleep(waitMs, undefined, { signal }).catch(() => undefined);
}

/** What was decoded, under the name that its content has here. */
function asOf(one: Decoded, file: string): Decoded {
  if (one.kind !== "connection" || one.connection.file === file) return one;
  return { kind: "connection", connection: { ...one.connection, file } };
}

/** What is left without the first so many connections, and whatever stands among them. */
function without(decoded: readonly Decoded[], count: number): { readonly fresh: readonly Decoded[]; readonly left: number } {
  let left = count;
  let at = 0;
  for (; at < decoded.length && left > 0; at += 1) if (decoded[at]?.kind === "connection") left -= 1;
  return { fresh: decoded.slice(at), left };
}

/** Whether a file still begins as it did when it was read. */
async function isSame(path: string, { head, headBytes, bytes }: FilePosition): Promise<boolean> {
  if (bytes === 0 || headBytes === 0) return true;
  return headDigest((await headOf(path)).subarray(0, headBytes)) === head;
}
