import type { Instant } from "@bulkhead/core/base/instant";
import type { Connection } from "@bulkhead/core/model/connection";
import { Failure } from "@bulkhead/core/base/failure";
import { randomBytes } from "node:crypto";
import { closeSync, existsSync, fsyncSync, openSync, readdirSync, readFileSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { makePath } from "../make-path.ts";
import { holderOf, takeLock } from "../stores/lock.ts";
import type { Fed } from "./fed.ts";
import { frameBytes, segmentOf } from "./segment.ts";

/** What a feed is known by between its runs. */
export interface FeedState {
  /** What feeds, as a person says it: `listen netflow 127.0.0.1:2055`. */
  readonly feed: string;
  readonly started: Instant;
  /** When it was last known to run. */
  readonly beat: Instant;
  /** Datagrams that the kernel dropped before we could read them, by endpoint. */
  readonly kernelDrops: Readonly<Record<string, number>>;
  readonly fed: readonly Fed[];
}

export const spoolOf = (dataDirectory: string): string => join(dataDirectory, "spool");

// Small enough to be read whole by whoever takes it in, large enough to be few.
const segmentMax = 16 << 20;
// What nobody takes in must not fill the disk.
const spoolMax = 2 ** 31;
// Written as a whole at every rotation: some 10 MB.
const sourcesMax = 25_000;

/**
 * Keeps what a feed told until the archive has it: segments of frames, appended and synced, one writer for each feed. What is behind a
 * promise that resolved survives `kill -9` and a power cut; what is not, was never acknowledged. Close it.
 */
export class Spool {
  private file: FileHandle | null = null;
  private path = "";
  private written = 0;
  private number = 0;
  private kept = 0;
  /** Every source by name, as the last frame has it. */
  readonly fed = new Map<string, Fed>();
  kernelDrops: Readonly<Record<string, number>> = {};
  // Part of every token: a number that is used again after all was lost is another segment.
  private readonly run = randomBytes(8).toString("hex");

  private constructor(
    private readonly directory: string,
    private readonly feed: string,
    private readonly started: Instant,
  ) {}

  /** Takes the feed's place in the spool, and what an earlier run left there. */
  static open(dataDirectory: string, { feed, name, now }: { readonly feed: string; readonly name: string; readonly now: Instant }): Spool {
    const directory = join(spoolOf(dataDirectory), name);
    makePath(directory);
    const holder = takeLock(join(directory, "lock"));
    if (holder !== null)
      throw new Failure(`${feed} runs already (process ${holder.pid}, since ${holder.since})`, "end it first, or name other addresses or directories");
    const earlier = stateOf(directory);
    const spool = new Spool(directory, feed, earlier?.started ?? now);
    for (const one of earlier?.fed ?? []) spool.fed.set(one.name, one);
    spool.recover();
    return spool;
  }

  /** Appends what came; resolves when it would survive a power cut. False when there is no room. */
  async append(connections: readonly Connection[], changed: readonly Fed[]): Promise<boolean> {
    if (this.kept + this.written > spoolMax) this.kept = this.bytesKept();
    if (this.kept + this.written > spoolMax) return false;
    const bytes = frameBytes({ connections, fed: changed });
    if (!(await this.write(bytes))) return false;
    for (const one of changed) this.fed.set(one.name, one);
    if (this.written >= segmentMax) await this.rotate();
    return true;
  }

  /** Writes a frame and syncs it; false on a full disk, and what was written of it is gone again. */
  private async write(bytes: Buffer): Promise<boolean> {
    try {
      this.file ??= await this.begin();
      await this.file.appendFile(bytes);
      await this.file.datasync();
    } catch (error) {
      if (!isFull(error)) throw error;
      await this.file?.truncate(this.written);
      return false;
    }
    this.written += bytes.length;
    return true;
  }

  /** Ends the segment, so that whoever takes it in may remove it. On a full disk it stays open: without it nobody would know what its sources are known by. */
  async rotate(): Promise<void> {
    if (!this.keepState()) return;
    const { file, path } = this;
    this.file = null;
    if (file === null) return;
    await file.close();
    renameSync(path, path.replace(/\.open$/, ".segment"));
    syncDirectory(this.directory);
    this.kept += this.written;
    this.written = 0;
  }

  async close(): Promise<void> {
    await this.rotate();
    await this.file?.close();
    const lock = join(this.directory, "lock");
    if (holderOf(lock)?.pid === process.pid) rmSync(lock, { force: true });
  }

  private async begin(): Promise<FileHandle> {
    this.number += 1;
    this.path = join(this.directory, `${String(this.number).padStart(10, "0")}-${this.run}.open`);
    const file = await open(this.path, "ax", 0o600);
    syncDirectory(this.directory);
    return file;
  }

  /** Ends the segments that a killed run left open, up to their last whole frame. */
  private recover(): void {
    for (const name of readdirSync(this.directory).sort()) {
      this.number = Math.max(this.number, Number.parseInt(name, 10) || 0);
      if (!name.endsWith(".open")) continue;
      const path = join(this.directory, name);
      const { frames, whole } = segmentOf(readFileSync(path));
      for (const frame of frames) for (const one of frame.fed) this.fed.set(one.name, one);
      truncateSync(path, whole);
    }
    if (!this.keepState()) throw new Failure(`the disk of ${this.directory} is full`, "make room, then start again: what was heard is kept");
    for (const name of readdirSync(this.directory).filter((one) => one.endsWith(".open"))) {
      const path = join(this.directory, name);
      if (statSync(path).size === 0) rmSync(path);
      else renameSync(path, path.replace(/\.open$/, ".segment"));
    }
    this.kept = this.bytesKept();
  }

  /** Files that rotate are new sources every day: those that were heard the longest ago go. */
  private forgetOldest(): void {
    if (this.fed.size <= sourcesMax) return;
    const byAge = [...this.fed.values()].sort((a, b) => b.heard - a.heard);
    for (const { name } of byAge.slice(sourcesMax)) this.fed.delete(name);
  }

  private bytesKept(): number {
    return readdirSync(this.directory)
      .filter((name) => name.endsWith(".segment"))
      .reduce((sum, name) => sum + (statSync(join(this.directory, name), { throwIfNoEntry: false })?.size ?? 0), 0);
  }

  /** Writes what sources are known by; false on a full disk. */
  private keepState(): boolean {
    this.forgetOldest();
    const state: FeedState = { feed: this.feed, started: this.started, beat: Date.now() * 1000, kernelDrops: this.kernelDrops, fed: [...this.fed.values()] };
    const beside = join(this.directory, "state.json.new");
    const descriptor = openSync(beside, "w", 0o600);
    try {
      writeFileSync(descriptor, JSON.stringify(state));
      fsyncSync(descriptor);
    } catch (error) {
      if (!isFull(error)) throw error;
      return false;
    } finally {
      closeSync(descriptor);
    }
    renameSync(beside, join(this.directory, "state.json"));
    syncDirectory(this.directory);
    return true;
  }
}

const isFull = (error: unknown): boolean => ["ENOSPC", "EDQUOT", "EFBIG"].includes(String((error as NodeJS.ErrnoException).code));

/** What a feed's directory says of it; null where it says nothing. */
export function stateOf(directory: string): FeedState | null {
  const path = join(directory, "state.json");
  if (!existsSync(path)) return null;
  try {
    return JSON.parse(readFileSync(path, "utf8")) as FeedState;
  } catch {
    throw new Failure(`${path} is damaged`, "move it away: what was spooled is kept, only the counts of sources begin anew");
  }
}

function syncDirectory(path: string): void {
  const descriptor = openSync(path, "r");
  fsyncSync(descriptor);
  closeSync(descriptor);
}
