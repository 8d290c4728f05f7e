import type { Instant } from "@bulkhead/core/base/instant";
import type { ArchivedSource, ConnectionFilter } from "@bulkhead/core/outside";
import { Session } from "chdb";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BatchLog } from "./batch-log.ts";
import { flowsQuery } from "../flows-query.ts";
import { recordsOf, rollUpStatements } from "../roll-up.ts";
import { countBatches, createSegments, createTable, dropSegments, insertRows, intoFile, removeBatches, selectInto, sourcesQuery } from "./sql.ts";

// A good neighbour: a query that needs more memory spills to disk or is refused.
const engineLimits = ["--max_server_memory_usage=2000000000", "--mark_cache_size=67108864", "--max_threads=2"];
const queryLimits = "set max_bytes_before_external_sort = 400000000, max_bytes_before_external_group_by = 400000000";

const groupMax = 64;

interface Waiting {
  readonly token: string;
  readonly files: readonly string[];
  readonly rows: Uint8Array;
  readonly resolve: (kept: "added" | "known") => void;
  readonly reject: (error: unknown) => void;
}

/** The embedded engine with its table; everything one at a time, in the order asked. Lives in the store process only. */
export class Engine {
  private turn: Promise<unknown> = Promise.resolve();
  private readonly waiting: Waiting[] = [];
  private results = 0;

  private constructor(
    private readonly session: Session,
    private readonly log: BatchLog,
    private readonly passing: string,
    private readonly rolledUpTo: string,
  ) {}

  static async open(directory: string): Promise<Engine> {
    const passing = join(directory, "passing");
    rmSync(passing, { recursive: true, force: true });
    mkdirSync(passing, { recursive: true, mode: 0o700 });
    const session = new Session(join(directory, "engine"), { connectionArgs: engineLimits });
    await session.queryAsync(queryLimits);
    await session.queryAsync(createTable);
    const engine = new Engine(session, new BatchLog(join(directory, "batches.log")), passing, join(directory, "rolled-up-to"));
    await engine.removeUnfinished();
    return engine;
  }

  /** Keeps the rows of a batch, unless its token is known. What waits is written together: one sync for many small files. */
  add(token: string, files: readonly string[], rows: Uint8Array): Promise<"added" | "known"> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ token, files, rows, resolve, reject });
      void this.next(() => this.commit());
    });
  }

  private async commit(): Promise<void> {
    const group = this.waiting.splice(0, groupMax);
    const news = new Map<string, Waiting>();
    for (const one of group) if (!this.log.isKnown(one.token) && !news.has(one.token)) news.set(one.token, one);
    try {
      if (news.size > 0) await this.insert([...news.values()]);
    } catch (error) {
      // One bad batch must not take its neighbours with it.
      if (group.length === 1) group[0]?.reject(error);
      else for (const one of group) void this.next(() => this.alone(one));
      return;
    }
    for (const one of group) one.resolve(news.get(one.token) === one ? "added" : "known");
  }

  private async alone(one: Waiting): Promise<void> {
    try {
      if (this.log.isKnown(one.token)) return one.resolve("known");
      await this.insert([one]);
      one.resolve("added");
    } catch (error) {
      one.reject(error);
    }
  }

  private async insert(group: readonly Waiting[]): Promise<void> {
    // Only where an earlier removal failed.
    await this.removeUnfinished();
    const first = this.log.begin(group.map(({ token }) => token));
    const parts = group.map(({ files, rows }, at) => ({ batch: first + at, files, rows, path: this.newPath("batch") }));
    try {
      for (const { path, rows } of parts) writeFileSync(path, rows, { mode: 0o600 });
      await this.session.queryAsync(insertRows(parts));
    } catch (error) {
      await this.removeUnfinished();
      throw error;
    } finally {
      for (const { path } of parts) rmSync(path, { force: true });
    }
    this.log.finish();
  }

  /** Writes what a filter finds to a file, which the caller removes: a slow reader then holds up nobody. */
  connections(filter: ConnectionFilter): Promise<string> {
    return this.next(async () => {
      const path = this.newPath("result");
      writeFileSync(path, "", { mode: 0o600 });
      try {
        await this.session.queryAsync(selectInto(path, filter));
      } catch (error) {
        rmSync(path, { force: true });
        throw error;
      }
      return path;
    });
  }

  /** Writes the flows to a file of JSON lines, which the caller removes. `segments` are JSON lines as well. */
  conversations(since: Instant | null, until: Instant | null, segments: Uint8Array): Promise<string> {
    return this.next(async () => {
      await this.rollUp();
      const [told, path] = [this.newPath("segments"), this.newPath("result")];
      try {
        writeFileSync(told, segments, { mode: 0o600 });
        writeFileSync(path, "", { mode: 0o600 });
        for (const statement of [dropSegments, createSegments(told)]) await this.session.queryAsync(statement);
        const query = flowsQuery({ conversations: "rolled_conversations", segments: "segments", since, until });
        await this.session.queryAsync(intoFile(path, "JSONEachRow", `select * from (${query}) settings output_format_json_quote_64bit_integers = 0`));
        return path;
      } catch (error) {
        rmSync(path, { force: true });
        throw error;
      } finally {
        rmSync(told, { force: true });
      }
    });
  }

  /** Makes the roll-up anew when a batch has come since; which batch it knows last stands beside it. */
  private async rollUp(): Promise<void> {
    const statements = rollUpStatements({ records: recordsOf("flows"), prefix: "rolled_" });
    // A later version of bulkhead may roll up otherwise: what an earlier one left is made anew.
    const last = `${this.log.last} ${createHash("sha256").update(statements.join(";")).digest("hex")}`;
    if (existsSync(this.rolledUpTo) && readFileSync(this.rolledUpTo, "utf8") === last) return;
    rmSync(this.rolledUpTo, { force: true });
    for (const statement of statements) await this.session.queryAsync(statement);
    writeFileSync(this.rolledUpTo, last, { mode: 0o600 });
  }

  private newPath(name: string): string {
    this.results += 1;
    return join(this.passing, `${name}-${this.results}`);
  }

  sources(): Promise<readonly ArchivedSource[]> {
    return this.next(async () => {
      const text = (await this.session.queryAsync(sourcesQuery, { format: "JSONCompactEachRow" })).text();
      return text.split("\n").flatMap((line) => (line === "" ? [] : [archivedSource(JSON.parse(line) as SourceRow)]));
    });
  }

  async close(): Promise<void> {
    await this.turn.catch(() => undefined);
    this.session.close();
    this.log.close();
  }

  private next<T>(work: () => Promise<T>): Promise<T> {
    const result = this.turn.then(work, work);
    this.turn = result;
    return result;
  }

  private async removeUnfinished(): Promise<void> {
    const batches = this.log.unfinished();
    if (batches.length === 0) return;
    const count = Number((await this.session.queryAsync(countBatches(batches), { format: "TSV" })).text());
    if (count > 0) await this.session.queryAsync(removeBatches(batches));
    this.log.drop();
  }
}

type SourceRow = readonly [source: string, file: string, observer: string | null, records: string, first: string | null, last: string | null];

function archivedSource([source, file, observer, records, first, last]: SourceRow): ArchivedSource {
  const time = (text: string | null): number | null => (text === null ? null : Number(text));
  return { source, file, observer, records: Number(records), first: time(first), last: time(last) };
}
