import type { Instant } from "@bulkhead/core/base/instant";
import type { Connection } from "@bulkhead/core/model/connection";
import type { Decoded } from "@bulkhead/core/outside";
import { type Fed, heardAgain, newFed, withDecoded } from "./fed.ts";
import type { Spool } from "./spool.ts";

// Half a second of a very busy network; they become one frame, which is written at once.
const pendingMax = 100_000;
// A network has some thousand exporters; senders' addresses can be forged.
const sourcesMax = 10_000;

/** What has come and is not yet in the spool: a bounded queue, and the sources that it changes. */
export class Inbox {
  private pending: Connection[] = [];
  private changed = new Set<string>();
  private readonly fed: Map<string, Fed>;
  /** Records that came in this run. */
  records = 0;

  constructor(private readonly spool: Spool) {
    this.fed = new Map(spool.fed);
  }

  get isFull(): boolean {
    return this.pending.length >= pendingMax;
  }

  /** Records that are not in the spool. */
  get waiting(): number {
    return this.pending.length;
  }

  /** Records that a source has told so far; null when there are too many sources to keep one more apart. */
  recordsOf(source: Pick<Fed, "name" | "format">): number | null {
    const known = this.fed.get(source.name);
    if (known !== undefined) return known.records;
    return this.fed.size < sourcesMax ? 0 : null;
  }

  take(source: Pick<Fed, "name" | "format">, decoded: readonly Decoded[], at: Instant, position?: Fed["position"]): void {
    // Lines of syslog have a format from the first that is recognised on.
    const known = { ...(this.fed.get(source.name) ?? newFed(source, at)), format: source.format };
    const next = withDecoded(heardAgain(known, at), decoded);
    this.put(position === undefined ? next : { ...next, position });
    this.records += next.records - known.records;
    for (const one of decoded) if (one.kind === "connection") this.pending.push(one.connection);
  }

  /** Counts what found no room. */
  drop(source: Pick<Fed, "name" | "format">, at: Instant): void {
    const known = this.fed.get(source.name) ?? newFed(source, at);
    this.put({ ...known, dropped: known.dropped + 1 });
  }

  /** Everything that waits goes into the spool; false when that is full, and it waits on. */
  async flush(): Promise<boolean> {
    if (this.changed.size === 0) return true;
    const { pending, changed } = this;
    this.pending = [];
    this.changed = new Set();
    const kept = await this.spool.append(
      pending,
      [...changed].flatMap((name) => this.fed.get(name) ?? []),
    );
    if (kept) return true;
    this.pending = pending.concat(this.pending);
    for (const name of changed) this.changed.add(name);
    return false;
  }

  private put(fed: Fed): void {
    this.fed.set(fed.name, fed);
    this.changed.add(fed.name);
  }
}
