import { type Counts, countsOf } from "@bulkhead/adapters/targets/nftables/counters";
import { differencesOf } from "@bulkhead/adapters/targets/nftables/listing";
import { seenTableName } from "@bulkhead/adapters/targets/nftables/seen";
import { tableName } from "@bulkhead/adapters/targets/nftables/skeleton";
import { prefixOf, readKept, unenforcedAt } from "./kept.ts";
import { listTables, livePrefix, tableJson } from "./kernel.ts";
import { holderOf } from "./lock.ts";
import { readReadBack } from "./read-back.ts";

/** What this host enforces, and whether the kernel agrees. */
export interface Status {
  /** The rule set that should be in force; null when none was ever confirmed, or it was taken out of force. */
  readonly digest: string | null;
  readonly point: string | null;
  readonly since: string | null;
  readonly unenforced: string | null;
  /** What differs in the kernel, in words. */
  readonly differences: readonly string[];
  /** The process id of the agent that holds the directory. */
  readonly agent: number | null;
  /** Until when conversations older than the installation live on. */
  readonly graceUntil: string | null;
  readonly counts: Counts | null;
}

/** Looks at the kernel and at the data directory, and changes neither. */
export async function statusOf(data: string): Promise<Status> {
  const kept = readKept(data);
  const back = readReadBack(data);
  const [live, found, json] = [await livePrefix(), await listTables(), await tableJson(tableName)];
  const enforced = kept === null || back?.digest !== kept.digest ? null : back;
  const differences =
    enforced !== null
      ? differencesOf(enforced.listing, found, (Date.now() - enforced.takenAt) / 1000)
      : kept === null
        ? found[tableName] === undefined
          ? []
          : ["there are rules of ours that this data directory knows nothing of"]
        : live === prefixOf(kept)
          ? []
          : ["the kernel does not enforce what the data directory holds"];
  return {
    digest: kept?.digest ?? null,
    point: kept?.ruleset.point ?? null,
    since: enforced?.since ?? null,
    unenforced: kept === null ? unenforcedAt(data) : null,
    differences: kept === null ? differences.filter((one) => !one.startsWith(seenTableName)) : differences,
    agent: holderOf(data),
    graceUntil: enforced !== null && enforced.grace.until > Date.now() ? new Date(enforced.grace.until).toISOString() : null,
    counts: json === null ? null : countsOf(json),
  };
}
