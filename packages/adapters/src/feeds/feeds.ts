import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { holderOf, isAlive } from "../stores/lock.ts";
import type { Fed } from "./fed.ts";
import { segmentOf } from "./segment.ts";
import { type FeedState, spoolOf, stateOf } from "./spool.ts";

/** A feed as its folder in the spool shows it. */
export interface Feed extends FeedState {
  readonly isRunning: boolean;
  /** What the archive has not taken in yet. */
  readonly spooledBytes: number;
  /** Segments that no longer can be read to their end. */
  readonly damaged: readonly string[];
}

/** Every feed that ever ran on a data directory, with what it heard up to its last whole frame. */
export function feedsOf(dataDirectory: string): readonly Feed[] {
  const spool = spoolOf(dataDirectory);
  if (!existsSync(spool)) return [];
  return readdirSync(spool)
    .sort()
    .flatMap((name) => feedIn(join(spool, name)) ?? []);
}

function feedIn(directory: string): Feed | null {
  const state = stateOf(directory);
  if (state === null) return null;
  const names = readdirSync(directory).sort();
  const holder = holderOf(join(directory, "lock"));
  const fed = new Map(state.fed.map((one) => [one.name, one]));
  // What came since the state was written stands in the segment that is open.
  for (const name of names.filter((one) => one.endsWith(".open"))) for (const one of fedIn(join(directory, name))) fed.set(one.name, one);
  return {
    ...state,
    fed: [...fed.values()],
    isRunning: holder !== null && isAlive(holder),
    spooledBytes: names
      .filter((name) => /\.(?:open|segment)$/.test(name))
      .reduce((sum, name) => sum + (statSync(join(directory, name), { throwIfNoEntry: false })?.size ?? 0), 0),
    damaged: names.filter((name) => name.endsWith(".damaged")).map((name) => join(directory, name)),
  };
}

function fedIn(path: string): readonly Fed[] {
  try {
    return segmentOf(readFileSync(path)).frames.flatMap(({ fed }) => fed);
  } catch (error) {
    // Ended and taken in since we looked.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
