import { shellWord } from "@bulkhead/core/base/shell-word";
import type { ApplicationMap } from "@bulkhead/core/map/application-map";
import { nearest } from "@bulkhead/core/language/hints";
import { counted } from "./counted.ts";

/** What the data directory holds beside the map. */
export interface Held {
  /** The label keys that workloads have. */
  readonly keys: readonly string[];
  /** How many records were ingested, of whatever time. */
  readonly records: number;
}

const usual = "app,env,role";
const keysShown = 8;

/** What a person would do next where the map can say little, or null where it says what was asked. */
export function mapNext({ by, since, until, totals }: ApplicationMap, { keys, records }: Held): string | null {
  if (records === 0) return "nothing was ingested yet; `bulkhead ingest PATH…` reads captures and flow logs";
  if (totals.connections === 0) {
    const flags = [...(since === null ? [] : ["--since"]), ...(until === null ? [] : ["--until"])].join(" and ");
    return `${flags || "the filter"} left nothing of ${counted(records, "record")}; \`bulkhead flows\` lists them with their times`;
  }
  if (totals.workloads === 0) return "`bulkhead inventory import FILE` says who is who: CSV, JSON, YAML, Kubernetes manifests";
  const strange = by.filter((key) => !keys.includes(key));
  // What nobody typed is not held against an inventory that has some of it.
  if (strange.length === 0 || (by.join() === usual && strange.length < by.length)) return null;
  const [only] = strange;
  const meant = strange.length === 1 && only !== undefined ? nearest(only, keys) : null;
  const there = keys.length === 0 ? "workloads have no labels" : `there is ${keys.slice(0, keysShown).join(", ")}${keys.length > keysShown ? " and more" : ""}`;
  return `no workload has the label ${strange.map((key) => `\`${key}\``).join(" or ")}; ${meant === null ? there : `did you mean \`--by ${shellWord(by.map((key) => (key === only ? meant : key)).join())}\`?`}`;
}
