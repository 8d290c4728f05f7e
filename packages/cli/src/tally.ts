import type { Read } from "@bulkhead/adapters/sources/read-file";
import type { Reject } from "@bulkhead/core/outside";
import { type Context, printable } from "./context.ts";
import { counted } from "./counted.ts";
import { type UnreadFiles, unreadFiles } from "./unread-files.ts";

const shownMax = 3;

/** Counts what was read and what was not, file by file, and says it on standard error. */
export class Tally {
  connections = 0;
  rejects = 0;
  private readonly unreadFiles: UnreadFiles;
  private readonly reasons = new Map<string, { count: number; readonly first: Reject[] }>();
  private readonly notices = new Map<string, number>();
  private readonly files = new Map<string, string>();

  constructor(
    private readonly context: Context,
    private readonly isListing: boolean | null,
  ) {
    this.unreadFiles = unreadFiles(isListing);
  }

  get unread(): number {
    return this.unreadFiles.files;
  }

  count(read: Read): void {
    switch (read.kind) {
      case "file":
        this.files.set(read.file, read.format);
        return;
      case "unread":
        this.context.say(this.unreadFiles.add({ file: read.file, why: read.why, isPart: this.files.has(read.file) }));
        return;
      case "decoded":
        for (const one of read.decoded) {
          if (one.kind === "connection") this.connections += 1;
          else if (one.kind === "reject") this.reject(one.reject);
          else if (one.kind === "notice") this.notices.set(one.reason, (this.notices.get(one.reason) ?? 0) + (one.count ?? 1));
        }
        return;
      case "end":
        return;
    }
  }

  private reject(reject: Reject): void {
    this.rejects += 1;
    if (this.isListing === true) this.context.say(`${rejectText(reject)}\n`);
    const known = this.reasons.get(reject.reason);
    if (known === undefined) this.reasons.set(reject.reason, { count: 1, first: [reject] });
    else {
      known.count += 1;
      if (known.first.length < shownMax) known.first.push(reject);
    }
  }

  /** The summary: formats, counts, and what was rejected for which reason. */
  say(): void {
    for (const line of this.unreadFiles.rest()) this.context.say(line);
    const formats = [...new Set(this.files.values())].sort();
    this.context.say(
      `${counted(this.connections, "record")} in ${counted(this.files.size, "file")}${formats.length > 0 ? ` (${formats.join(", ")})` : ""}, ${this.rejects} rejected${this.unread > 0 ? `, ${counted(this.unread, "file")} not read` : ""}\n`,
    );
    for (const [reason, count] of [...this.notices].sort()) this.context.say(`  the source says ${printable(reason)} ${counted(count, "time")}\n`);
    for (const [reason, { count, first }] of [...this.reasons].sort()) {
      this.context.say(`  ${reason}: ${count}\n`);
      if (this.isListing !== true) for (const reject of first) this.context.say(`    ${rejectText(reject)}\n`);
    }
  }
}

function rejectText({ file, record, line, message }: Reject): string {
  const where = line === null ? (record === null ? "" : `, record ${record}`) : `:${line}`;
  return `${printable(file)}${where} ${printable(message)}`;
}
