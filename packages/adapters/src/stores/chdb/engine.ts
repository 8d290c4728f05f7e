import type { Instant } from "@bulkhead/core/base/instant";
import type { ArchivedSource, ConnectionFilter, Outline } from "@bulkhead/core/outside";
import { Session } from "chdb";
import { createReadStream, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { digestOf } from "../../digest.ts";
import { BatchLog, type Named, noHead } from "./batch-log.ts";
import { attributeStatements, flowsByDayQuery, flowsQuery, outlineQuery, presenceQuery } from "../flows-query.ts";
import { packedRecords, rollUpStatements, slicesFor } from "../roll-up.ts";
import {
  batchesInto,
  countBatches,
  createSegments,
  createTable,
  dropSegments,
  earlierTables,
  insertRows,
  intoFile,
  removeBatches,
  selectInto,
  sourcesQuery,
  sumSources,
  tableSettings,
  takeOver,
} from "./sql.ts";
import { type Unkept, unkeptRows } from "./unkept-rows.ts";

// A good neighbour: a query that needs more memory spills to disk or is refused.
const engineLimits = ["--max_server_memory_usage=2000000000", "--mark_cache_size=67108864", "--max_threads=2"];
const queryLimits = "set max_bytes_before_external_sort = 400000000, max_bytes_before_external_group_by = 400000000";

const groupMax = 64;
// Of the tables of the roll-up.
const prefix = "rolled_";

/** A batch as a client sends it: rows of RowBinary, each led by the number of its file. */
interface Told extends Named {
  readonly files: readonly string[];
  readonly rows: Buffer;
  readonly count: number;
}

interface Waiting extends Told {
  readonly resolve: (kept: number) => void;
  readonly reject: (error: unknown) => void;
}

const flowQueries = { conversations: flowsQuery, conversationsByDay: flowsByDayQuery, presence: presenceQuery } as const;

/** What can be asked of flows. */
export type FlowsAsked = keyof typeof flowQueries;
export const isFlowsAsked = (text: unknown): text is FlowsAsked => typeof text === "string" && Object.hasOwn(flowQueries, text);

export const flowParts = ["flows", "ends", "words"] as const;

/** A part of what `flowsQuery` gives, in a file. */
export interface FlowFile {
  readonly part: (typeof flowParts)[number];
  readonly path: string;
}

/** Of which conversations, by their `first`, null is open; or only those without a time. */
export interface FlowWindow {
  readonly since: Instant | null;
  readonly until: Instant | null;
  readonly isUndated?: boolean;
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
    private readonly directory: string,
  ) {}

  static async open(directory: string): Promise<Engine> {
    const passing = join(directory, "passing");
    rmSync(passing, { recursive: true, force: true });
    mkdirSync(passing, { recursive: true, mode: 0o700 });
    const session = new Session(join(directory, "engine"), { connectionArgs: engineLimits });
    await session.queryAsync(queryLimits);
    await session.queryAsync(tableSettings);
    await session.queryAsync(createTable);
    const earlier = await session.queryAsync(earlierTables, { format: "TSV" });
    if (Number(earlier.text()) > 0) for (const statement of takeOver) await session.queryAsync(statement);
    const engine = new Engine(session, new BatchLog(join(directory, "batches.log")), passing, directory);
    await engine.removeUnfinished();
    return engine;
  }

  /** Keeps the rows of a batch that are new, and says how many. What waits is written together: one sync for many small files. */
  add(told: Told): Promise<number> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ ...told, resolve, reject });
      void this.next(() => this.commit());
    });
  }

  private async commit(): Promise<void> {
    const group = this.nextGroup();
    const news = group.filter(({ token }, at) => !this.log.isKnown(token) && group.findIndex((one) => one.token === token) === at);
    let kept: readonly number[] = [];
    try {
      if (news.length > 0) kept = await this.insert(news);
    } catch (error) {
      // One bad batch must not take its neighbours with it.
      if (group.length === 1) group[0]?.reject(error);
      else for (const one of group) void this.next(() => this.alone(one));
      return;
    }
    for (const one of group) one.resolve(kept[news.indexOf(one)] ?? 0);
  }

  /** What is written together: no two that begin with the same record, because the second is compared with what the first has kept. */
  private nextGroup(): readonly Waiting[] {
    const group: Waiting[] = [];
    const heads = new Map<string, string>();
    while (group.length < groupMax && this.waiting[0] !== undefined) {
      const { token, head } = this.waiting[0];
      if (head !== noHead && (heads.get(head) ?? token) !== token) break;
      heads.set(head, token);
      group.push(...this.waiting.splice(0, 1));
    }
    return group;
  }

  private async alone(one: Waiting): Promise<void> {
    try {
      const [kept = 0] = this.log.isKnown(one.token) ? [] : await this.insert([one]);
      one.resolve(kept);
    } catch (error) {
      one.reject(error);
    }
  }

  /** How many rows of each batch were new. */
  private async insert(group: readonly Waiting[]): Promise<readonly number[]> {
    // Only where an earlier removal failed.
    await this.removeUnfinished();
    const news: Unkept[] = [];
    for (const one of group) news.push(await this.unkept(one));
    const first = this.log.begin(group);
    const parts = group
      .map(({ files }, at) => ({ batch: first + at, files, rows: news[at]!.rows, path: this.newPath("batch") }))
      .filter(({ rows }) => rows.length > 0);
    try {
      for (const { path, rows } of parts) writeFileSync(path, rows, { mode: 0o600 });
      if (parts.length > 0) await this.session.queryAsync(insertRows(parts));
    } catch (error) {
      await this.removeUnfinished();
      throw error;
    } finally {
      for (const { path } of parts) rmSync(path, { force: true });
    }
    this.log.finish();
    return news.map(({ count }) => count);
  }

  /** The rows of a batch that no kept batch with the same first record has. */
  private async unkept({ head, rows, count }: Told): Promise<Unkept> {
    const batches = this.log.withHead(head);
    if (batches.length === 0) return { rows, count };
    const path = this.newPath("known");
    writeFileSync(path, "", { mode: 0o600 });
    try {
      await this.session.queryAsync(batchesInto(path, batches));
      return await unkeptRows(rows, createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>);
    } finally {
      rmSync(path, { force: true });
    }
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

  /** Writes the flows (or the days of each), their ends and their words to three files, which the caller removes. `segments` are JSON lines. */
  flows(of: FlowsAsked, window: FlowWindow, segments: Uint8Array): Promise<readonly FlowFile[]> {
    return this.next(async () => {
      await this.attribute(await this.rollUp(), segments);
      const query = flowQueries[of]({ prefix, ...window });
      const files: FlowFile[] = [];
      try {
        for (const statement of query.make) await this.session.queryAsync(statement);
        for (const part of flowParts) {
          const path = this.newPath("result");
          files.push({ part, path });
          writeFileSync(path, "", { mode: 0o600 });
          await this.session.queryAsync(
            intoFile(
              path,
              part === "words" ? "JSONEachRow" : "RowBinary",
              `select * from (${query[part]}) settings output_format_json_quote_64bit_integers = 0`,
            ),
          );
        }
        for (const statement of query.drop) await this.session.queryAsync(statement);
        return files;
      } catch (error) {
        for (const { path } of files) rmSync(path, { force: true });
        throw error;
      }
    });
  }

  /** The days of a window and its broadcast addresses. `segments` are JSON lines. */
  outline(window: FlowWindow, segments: Uint8Array): Promise<Outline> {
    return this.next(async () => {
      await this.attribute(await this.rollUp(), segments);
      const query = outlineQuery({ prefix, ...window });
      const rows = async (of: string): Promise<readonly (readonly unknown[])[]> =>
        linesOf((await this.session.queryAsync(of, { format: "JSONCompactEachRow" })).text()).map((line) => JSON.parse(line) as readonly unknown[]);
      const days = (await rows(query.days)) as readonly (readonly [number | null, string, number])[];
      return {
        days: days.map(([day, digest, flowsMost]) => ({ day, digest, flowsMost })),
        broadcast: (await rows(query.broadcast)).map(([address]) => String(address)),
      };
    });
  }

  /** Makes the roll-up anew when a batch has come since, and says of which state it is. */
  private async rollUp(): Promise<string> {
    const slices = slicesFor(Number((await this.session.queryAsync("select count() from records", { format: "TSV" })).text()));
    return this.madeOnce("rolled-up-to", String(this.log.last), rollUpStatements({ records: packedRecords("records"), prefix, slices }));
  }

  /** Attributes the roll-up anew when it or the segments have changed since. */
  private async attribute(rolledUpTo: string, segments: Uint8Array): Promise<void> {
    const path = join(this.passing, "segments");
    const statements = [dropSegments, createSegments(path), ...attributeStatements({ prefix, segments: "segments" })];
    try {
      writeFileSync(path, segments, { mode: 0o600 });
      await this.madeOnce("attributed-to", `${rolledUpTo} ${digestOf(segments)}`, statements);
    } finally {
      rmSync(path, { force: true });
    }
  }

  /** Runs statements unless they were run for this state of things, which stands in a file beside the engine's; gives the state. */
  private async madeOnce(name: string, of: string, statements: readonly string[]): Promise<string> {
    const path = join(this.directory, name);
    // A later version of bulkhead may make it otherwise: what an earlier one left is made anew.
    const state = digestOf([of, ...statements].join(";"));
    if (existsSync(path) && readFileSync(path, "utf8") === state) return state;
    rmSync(path, { force: true });
    for (const statement of statements) await this.session.queryAsync(statement);
    writeFileSync(path, state, { mode: 0o600 });
    return state;
  }

  private newPath(name: string): string {
    this.results += 1;
    return join(this.passing, `${name}-${this.results}`);
  }

  sources(): Promise<readonly ArchivedSource[]> {
    return this.next(async () => {
      await this.madeOnce("sources-of", String(this.log.last), sumSources);
      const text = (await this.session.queryAsync(sourcesQuery, { format: "JSONCompactEachRow" })).text();
      return linesOf(text).map((line) => archivedSource(JSON.parse(line) as SourceRow));
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

const linesOf = (text: string): readonly string[] => text.split("\n").filter((line) => line !== "");

type SourceRow = readonly [source: string, file: string, observer: string | null, records: string, first: string | null, last: string | null];

function archivedSource([source, file, observer, records, first, last]: SourceRow): ArchivedSource {
  const time = (text: string | null): number | null => (text === null ? null : Number(text));
  return { source, file, observer, records: Number(records), first: time(first), last: time(last) };
}
