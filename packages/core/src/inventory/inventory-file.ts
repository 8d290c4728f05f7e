/** inventory/ knows who is who: sightings of sources become workloads with labels, leases and identities. */
import { instantOf } from "../base/instant.ts";
import { ipOf } from "../base/ip.ts";
import type { BorderPoint, Identity, Inventory, Lease, Tier, Workload } from "../model/workload.ts";

export interface InventoryReading {
  readonly inventory: Inventory;
  /** What could not be read, one sentence each with its place; everything else is in the inventory. */
  readonly problems: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;
type Say = (sentence: string) => void;

/** Reads an inventory in JSON: `{ workloads, points?, quarantined? }` as docs/reference/inventory.md has it. */
export function readInventoryFile(text: string): InventoryReading {
  const problems: string[] = [];
  const say = (sentence: string): void => void problems.push(sentence);
  const empty: Inventory = { workloads: [], points: [], quarantined: [] };
  let written: unknown;
  try {
    written = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    return { inventory: empty, problems: [`the inventory is not JSON: ${error instanceof Error ? error.message : ""}`] };
  }
  if (!isFields(written)) return { inventory: empty, problems: ["the inventory is no JSON object with `workloads`"] };
  const seen = new Set<string>();
  const inventory = {
    workloads: listOf(written["workloads"]).flatMap((one, index) => workloadOf(one, { where: `workload ${index + 1}`, seen, say })),
    points: listOf(written["points"]).flatMap((one, index) => pointOf(one, `point ${index + 1}`, say)),
    quarantined: listOf(written["quarantined"]).filter((one) => typeof one === "string"),
  };
  return { inventory, problems };
}

const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function workloadOf(written: unknown, { where, seen, say }: { readonly where: string; readonly seen: Set<string>; readonly say: Say }): readonly Workload[] {
  const id = isFields(written) ? written["id"] : undefined;
  if (!isFields(written) || typeof id !== "string" || id === "") {
    say(`${where} has no \`id\``);
    return [];
  }
  if (ipOf(id) !== undefined) {
    say(`${where} is called \`${id}\`, which reads as an address; give it a name`);
    return [];
  }
  if (seen.has(id)) {
    say(`${where}: \`${id}\` is listed twice; the first one counts`);
    return [];
  }
  seen.add(id);
  return [
    {
      id,
      labels: labelsOf(written["labels"], `${where} (${id})`, say),
      leases: listOf(written["addresses"]).flatMap((one) => leaseOf(one, `${where} (${id})`, say)),
      identity: identityOf(written["identity"], `${where} (${id})`, say),
      point: written["point"] === true,
    },
  ];
}

function labelsOf(written: unknown, where: string, say: Say): Readonly<Record<string, string>> {
  // Labels called `constructor` or `__proto__` are labels, nothing else.
  const labels = Object.create(null) as Record<string, string>;
  for (const [key, value] of Object.entries(isFields(written) ? written : {})) {
    if (typeof value === "string") labels[key] = value;
    else say(`${where}: the label \`${key}\` is no text`);
  }
  return labels;
}

function leaseOf(written: unknown, where: string, say: Say): readonly Lease[] {
  const address = isFields(written) ? written["address"] : written;
  const ip = typeof address === "string" ? ipOf(address) : undefined;
  if (ip === undefined) {
    say(`${where} holds \`${String(address)}\`, which is no address`);
    return [];
  }
  const [from, until] = isFields(written) ? [instantIn(written["from"]), instantIn(written["until"])] : [null, null];
  if (from === undefined || until === undefined) {
    say(`${where}: a lease of ${String(address)} begins or ends at no RFC 3339 time`);
    return [];
  }
  return [{ ip, from, until }];
}

const instantIn = (value: unknown): number | null | undefined =>
  value === undefined || value === null ? null : typeof value === "string" ? instantOf(value) : undefined;

function identityOf(written: unknown, where: string, say: Say): Identity | null {
  if (written === undefined || written === null) return null;
  const { name, tier } = isFields(written) ? written : { name: undefined, tier: undefined };
  if (typeof name === "string" && (tier === 0 || tier === 1 || tier === 2 || tier === 3)) return { name, tier: tier as Tier };
  say(`${where}: the identity needs a \`name\` and a \`tier\` from 0 to 3`);
  return null;
}

function pointOf(written: unknown, where: string, say: Say): readonly BorderPoint[] {
  if (isFields(written) && typeof written["id"] === "string") {
    return [{ id: written["id"], networks: listOf(written["networks"]).filter((one) => typeof one === "string"), live: written["live"] !== false }];
  }
  say(`${where} has no \`id\``);
  return [];
}
