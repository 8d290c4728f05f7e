import { closeSync, existsSync, fdatasyncSync, openSync, readFileSync, writeSync } from "node:fs";

/** How a batch is known again: by its token, and by the digest of its first record, which is {@link noHead} where the token says all. */
export interface Named {
  readonly token: string;
  readonly head: string;
}

export const noHead = "-";

/**
 * Which batches are kept. A batch is begun here before its rows are written and done after: what was begun and never
 * done at the next start was not acknowledged, and its rows are removed. (The engine's own deduplication notes a token before
 * the rows are safe: after a crash between the two, the batch would be taken for known and be lost.)
 */
export class BatchLog {
  private readonly done = new Set<string>();
  private readonly byHead = new Map<string, number[]>();
  private readonly open = new Map<number, Named>();
  /** The number of the last batch that was begun. */
  last = 0;
  private readonly descriptor: number;

  constructor(path: string) {
    const text = existsSync(path) ? readFileSync(path, "utf8") : "";
    for (const line of text.split("\n")) this.replay(line);
    this.descriptor = openSync(path, "a", 0o600);
    // A line that a crash cut must not swallow the next one.
    if (text !== "" && !text.endsWith("\n")) writeSync(this.descriptor, "\n");
  }

  isKnown(token: string): boolean {
    return this.done.has(token);
  }

  /** Numbers of the kept batches that begin with a record. */
  withHead(head: string): readonly number[] {
    return head === noHead ? [] : (this.byHead.get(head) ?? []);
  }

  /** Numbers of the batches that were begun and never done. */
  unfinished(): readonly number[] {
    return [...this.open.keys()];
  }

  /** Begins batches; their numbers follow the first one's, which is returned. */
  begin(batches: readonly Named[]): number {
    const first = this.last + 1;
    this.write(batches.map(({ token, head }, at) => `begin ${first + at} ${token} ${head}`));
    return first;
  }

  /** What was begun is kept. */
  finish(): void {
    this.write([...this.open].map(([batch, { token, head }]) => `done ${batch} ${token} ${head}`));
  }

  /** The rows of what was begun are gone; it may come again. */
  drop(): void {
    this.write([...this.open].map(([batch, { token, head }]) => `drop ${batch} ${token} ${head}`));
  }

  close(): void {
    closeSync(this.descriptor);
  }

  private write(lines: readonly string[]): void {
    writeSync(this.descriptor, lines.map((line) => `${line}\n`).join(""));
    fdatasyncSync(this.descriptor);
    for (const line of lines) this.replay(line);
  }

  private replay(line: string): void {
    const [, word, number = "0", token = "", head = ""] = /^(begin|done|drop) (\d+) (\S+) ([0-9a-f]{64}|-)$/.exec(line) ?? [];
    if (word === undefined) return;
    const batch = Number(number);
    this.last = Math.max(this.last, batch);
    if (word === "begin") this.open.set(batch, { token, head });
    else this.open.delete(batch);
    if (word !== "done") return;
    this.done.add(token);
    const known = this.byHead.get(head);
    if (known !== undefined) known.push(batch);
    else if (head !== noHead) this.byHead.set(head, [batch]);
  }
}
