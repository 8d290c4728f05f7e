import type { FlowArchive } from "@bulkhead/core/outside";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { segmentOf } from "./segment.ts";
import { spoolOf } from "./spool.ts";

/**
 * Gives the archive what feeds have spooled, and removes the segments that it has wholly. Each frame has a token of its own, which counts
 * once for ever: whoever is killed in between, or takes in at the same time as somebody else, doubles nothing.
 */
export async function takeIn(dataDirectory: string, archive: Pick<FlowArchive, "add">): Promise<number> {
  const spool = spoolOf(dataDirectory);
  if (!existsSync(spool)) return 0;
  let taken = 0;
  for (const feed of readdirSync(spool).sort()) {
    for (const name of namesIn(join(spool, feed))) taken += await takeSegment(join(spool, feed, name), feed, archive);
  }
  return taken;
}

/** Segments in the order they were written; the last may still be growing. */
function namesIn(directory: string): readonly string[] {
  return readdirSync(directory)
    .filter((name) => /\.(?:segment|open)$/.test(name))
    .sort();
}

async function takeSegment(path: string, feed: string, archive: Pick<FlowArchive, "add">): Promise<number> {
  const bytes = readIfThere(path);
  if (bytes === null) return 0;
  const { frames, isCut } = segmentOf(bytes);
  const name = basename(path).replace(/\.[a-z]+$/, "");
  const adding = frames.map(({ connections }, at) => (connections.length === 0 ? 0 : archive.add({ token: `spool:${feed}:${name}:${at}`, connections })));
  const taken = (await Promise.all(adding)).reduce<number>((sum, count) => sum + count, 0);
  // One that is open is its writer's to end; one that is damaged is kept for a person to look at.
  if (path.endsWith(".segment")) {
    if (isCut) renameSync(path, `${path}.damaged`);
    else rmSync(path, { force: true });
  }
  return taken;
}

// Its writer may have ended it, or somebody else have taken it in, since we looked.
function readIfThere(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
