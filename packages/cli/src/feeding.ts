import type { Fed } from "@bulkhead/adapters/feeds/fed";
import { Inbox } from "@bulkhead/adapters/feeds/inbox";
import { Spool } from "@bulkhead/adapters/feeds/spool";
import { openArchive } from "@bulkhead/adapters/stores/open";
import { setTimeout as sleep } from "node:timers/promises";
import { printable } from "./context.ts";
import { counted } from "./counted.ts";

interface Feeding {
  readonly data: string;
  /** What feeds, as a person says it. */
  readonly feed: string;
  /** The folder of the feed in the spool. */
  readonly folder: string;
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
}

/** What a feed does beside hearing, before each flush, and how it ends. */
export interface Rounds {
  readonly beforeFlush: () => void | Promise<void>;
  readonly close: () => Promise<void>;
  readonly kernelDrops: () => Readonly<Record<string, number>>;
}

// Half a second is what a power cut may cost of UDP, which nobody acknowledges.
const flushMs = 500;
const takeInMs = 30_000;

/** Opens the spool, lets `begin` hear into it, and keeps what comes until the signal; then everything is flushed and taken in. */
export async function feed(feeding: Feeding, begin: (inbox: Inbox, fed: Iterable<Fed>) => Promise<Rounds>): Promise<Inbox> {
  const { data, feed: name, folder, say } = feeding;
  const spool = Spool.open(data, { feed: name, name: folder, now: Date.now() * 1000 });
  const inbox = new Inbox(spool);
  try {
    const rounds = await begin(inbox, spool.fed.values());
    const flush = flusher({ spool, inbox, rounds, say });
    try {
      await keep({ feeding, spool, flush });
    } finally {
      await rounds.close();
    }
    await flush();
  } finally {
    await spool.close();
  }
  await takenIn(data, say);
  return inbox;
}

/** What a feed says in the end: how much came, and whether all of it is kept. */
export function keptText({ records, waiting }: Pick<Inbox, "records" | "waiting">, came: "heard" | "read"): string {
  const all = counted(records, "record");
  if (waiting === 0) return `${all} ${came} and kept\n`;
  return `${all} ${came}, ${waiting} of them not kept: there was no room in the spool; make room on the disk of the data directory\n`;
}

interface Kept {
  readonly feeding: Feeding;
  readonly spool: Spool;
  readonly flush: () => Promise<void>;
}

/** Flushes and takes in, again and again, until the signal. */
async function keep({ feeding: { data, say, signal }, spool, flush }: Kept): Promise<void> {
  for (let next = Date.now() + takeInMs; !signal.aborted;) {
    await sleep(flushMs, undefined, { signal }).catch(() => undefined);
    await flush();
    if (Date.now() < next) continue;
    await spool.rotate();
    await takenIn(data, say);
    next = Date.now() + takeInMs;
  }
}

interface Flushed {
  readonly spool: Spool;
  readonly inbox: Inbox;
  readonly rounds: Rounds;
  readonly say: (text: string) => void;
}

function flusher({ spool, inbox, rounds, say }: Flushed): () => Promise<void> {
  let isTold = false;
  return async () => {
    await rounds.beforeFlush();
    spool.kernelDrops = rounds.kernelDrops();
    const kept = await inbox.flush();
    if (!kept && !isTold) say("the spool is full: what comes now is dropped and counted; any verb that opens the archive makes room\n");
    isTold = !kept;
  };
}

/** Opening the archive takes in what is spooled. What goes wrong with it is said, and the feed goes on: the spool keeps everything. */
async function takenIn(data: string, say: (text: string) => void): Promise<void> {
  try {
    await (await openArchive(data)).close();
  } catch (error) {
    say(`what was heard stays in the spool, the archive did not take it: ${printable(error instanceof Error ? error.message : String(error))}\n`);
  }
}
