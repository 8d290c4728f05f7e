/** inventory/ knows who is who: sightings of sources become workloads with labels, leases and identities. */
import { instantOf, midnightOf } from "../base/instant.ts";
import { ipOf } from "../base/ip.ts";
import type { BorderPoint, Identity, Inventory, Lease, Tier, Workload } from "../model/workload.ts";
import { type Problem, quoted, type Say } from "./problem.ts";

export interface InventoryReading {
  readonly inventory: Inventory;
  /** What could not be read, the first thousand; everything else is in the inventory. */
  readonly problems: readonly Problem[];
}

type Fields = Readonly<Record<string, unknown>>;

const problemsMax = 1000;

/** Reads an inventory in JSON: `{ workloads, points?, quarantined? }` as docs/reference/inventory.md has it. */
export function readInventoryFile(text: string): InventoryReading {
  const problems: Problem[] = [];
  const say: Say = (problem) => void (problems.length < problemsMax && problems.push(problem));
  const empty: Inventory = { workloads: [], points: [], quarantined: [] };
  let written: unknown;
  try {
    written = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    return { inventory: empty, problems: [{ reason: "no-json", message: `the inventory is not JSON: ${error instanceof Error ? error.message : ""}` }] };
  }
  return { inventory: inventoryOf(written, say), problems };
}

/** The inventory that a parsed text states; `say` is told what could not be read. */
export function inventoryOf(written: unknown, say: Say): Inventory {
  const lists = isFields(written) ? [written["workloads"], written["points"], written["quarantined"]] : [];
  if (!isFields(written) || !lists.some(Array.isArray)) {
    say({ reason: "no-workloads", message: "the inventory has no list `workloads`" });
    return { workloads: [], points: [], quarantined: [] };
  }
  const seen = new Set<string>();
  const listed = (key: string): readonly unknown[] => listOf(written, key, { where: "the inventory", say });
  return {
    workloads: listed("workloads").flatMap((one, index) => workloadOf(one, { where: `workload ${index + 1}`, seen, say })),
    points: listed("points").flatMap((one, index) => pointOf(one, `point ${index + 1}`, say)),
    quarantined: listed("quarantined").flatMap((one) => {
      if (typeof one === "string") return [one];
      say({ reason: "no-id", message: `the inventory: \`quarantined\` names ${quoted(one)}, which is no id` });
      return [];
    }),
  };
}

const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);

/** A list, or nothing where it is left out; whoever is in quarantine must not go free because one id stands where a list belongs. */
function listOf(written: Fields, key: string, { where, say }: { readonly where: string; readonly say: Say }): readonly unknown[] {
  const value = written[key];
  if (Array.isArray(value)) return value;
  if (value !== undefined && value !== null) say({ reason: "no-list", message: `${where}: \`${key}\` is no list; write [ … ]` });
  return [];
}

function workloadOf(written: unknown, { where, seen, say }: { readonly where: string; readonly seen: Set<string>; readonly say: Say }): readonly Workload[] {
  const id = isFields(written) ? written["id"] : undefined;
  const refuse = (reason: string, message: string): readonly [] => {
    say({ reason, message });
    return [];
  };
  if (!isFields(written) || typeof id !== "string" || id === "") return refuse("no-id", `${where} has no \`id\``);
  if (ipOf(id) !== undefined) return refuse("address-as-id", `${where} is called ${quoted(id)}, which reads as an address; give it a name`);
  if (seen.has(id)) return refuse("twice", `${where}: ${quoted(id)} is listed twice; the first one counts`);
  seen.add(id);
  const named = `${where} (${quoted(id)})`;
  return [
    {
      id,
      labels: labelsOf(written["labels"], named, say),
      leases: listOf(written, "addresses", { where: named, say }).flatMap((one) => leaseOf(one, named, say)),
      identity: identityOf(written["identity"], named, say),
      point: written["point"] === true,
    },
  ];
}

function labelsOf(written: unknown, where: string, say: Say): Readonly<Record<string, string>> {
  // Labels called `constructor` or `__proto__` are labels, nothing else.
  const labels = Object.create(null) as Record<string, string>;
  for (const [key, value] of Object.entries(isFields(written) ? written : {})) {
    if (typeof value === "string") labels[key] = value;
    else say({ reason: "bad-label", message: `${where}: the label ${quoted(key)} is no text` });
  }
  return labels;
}

function leaseOf(written: unknown, where: string, say: Say): readonly Lease[] {
  const address = isFields(written) ? written["address"] : written;
  const refuse = (reason: string, message: string): readonly [] => {
    say({ reason, message });
    return [];
  };
  const ip = typeof address === "string" ? ipOf(address) : undefined;
  if (ip === undefined) return refuse("bad-address", `${where} holds ${quoted(address)}, which is no address`);
  const [from, until] = isFields(written) ? [instantIn(written["from"]), instantIn(written["until"])] : [null, null];
  if (from === undefined || until === undefined)
    return refuse("bad-time", `${where}: a lease of ${quoted(address)} begins or ends at no time such as 2026-11-25T12:00:00Z`);
  if (from !== null && until !== null && from >= until) return refuse("empty-lease", `${where}: the lease of ${quoted(address)} ends before it begins`);
  return [{ ip, from, until }];
}

const instantIn = (value: unknown): number | null | undefined =>
  value === undefined || value === null ? null : typeof value === "string" ? (instantOf(value) ?? midnightOf(value)) : undefined;

function identityOf(written: unknown, where: string, say: Say): Identity | null {
  if (written === undefined || written === null) return null;
  const { name, tier } = isFields(written) ? written : { name: undefined, tier: undefined };
  if (typeof name === "string" && (tier === 0 || tier === 1 || tier === 2 || tier === 3)) return { name, tier: tier as Tier };
  say({ reason: "bad-identity", message: `${where}: the identity needs a \`name\` and a \`tier\` from 0 to 3` });
  return null;
}

function pointOf(written: unknown, where: string, say: Say): readonly BorderPoint[] {
  if (isFields(written) && typeof written["id"] === "string") {
    return [
      { id: written["id"], networks: listOf(written, "networks", { where, say }).filter((one) => typeof one === "string"), live: written["live"] !== false },
    ];
  }
  say({ reason: "no-id", message: `${where} has no \`id\`` });
  return [];
}
