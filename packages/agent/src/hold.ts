import { digestOf } from "@bulkhead/adapters/digest";
import { baselineOf } from "@bulkhead/adapters/targets/nftables/baseline";
import { differencesOf } from "@bulkhead/adapters/targets/nftables/listing";
import { graceText, type Texts, textsOf } from "@bulkhead/adapters/targets/nftables/render";
import { seenTableName, seenText } from "@bulkhead/adapters/targets/nftables/seen";
import { type Floor, tableName } from "@bulkhead/adapters/targets/nftables/skeleton";
import { isForgotten, keep, prefixOf, readKept } from "./kept.ts";
import { invalidPackets, listTables, livePrefix, load, removeTables, sweepingText } from "./kernel.ts";
import { type Grace, keepReadBack, type ReadBack, readReadBack } from "./read-back.ts";
import type { Sealed, State } from "./step.ts";

export interface Grip {
  readonly data: string;
  readonly floor: Floor;
  readonly trialMs: number;
  readonly graceMs: number;
}

/** What the agent holds of the kernel: what was last read back, and how long old conversations live on. */
export interface Hold extends Grip {
  back: ReadBack | null;
  grace: Grace;
  /** When the elements that end by themselves began to: milliseconds since 1970. */
  loadedAt: number;
}

// However long old conversations go on, they end within a day of the installation.
const graceMaxMs = 86_400_000;
const isOfSeen = (difference: string): boolean => difference.startsWith(seenTableName);

/** What is there when the agent begins; afterwards the table of observations is there. */
export async function takeHold(grip: Grip): Promise<{ readonly hold: Hold; readonly state: State }> {
  const hold: Hold = { ...grip, back: null, grace: { begun: 0, until: 0, packets: 0 }, loadedAt: 0 };
  const kept = readKept(grip.data);
  const [live, found, read] = [await livePrefix(), await listTables(), readReadBack(grip.data)];
  if (found[seenTableName] === undefined) await load(grip.data, seenText());
  if (live !== null && read !== null) hold.grace = read.grace;
  const isOurs = kept !== null && live === prefixOf(kept) && read?.digest === kept.digest && read.text === timelessText(hold, kept).digest;
  const differences = isOurs ? differencesOf(read.listing, found, secondsSince(read.takenAt)) : [];
  if (!isOurs || !differences.every(isOfSeen)) return { hold, state: { kept, inKernel: null, trouble: null } };
  [hold.back, hold.loadedAt] = [read, read.takenAt];
  return { hold, state: { kept, inKernel: kept.digest, trouble: null } };
}

/** Loads everything in one transaction. */
export async function installWhole(hold: Hold, one: Sealed): Promise<void> {
  // An empty kernel may have conversations that are older than our table.
  if ((await livePrefix()) === null) hold.grace = { begun: Date.now(), until: Date.now() + hold.graceMs, packets: 0 };
  hold.loadedAt = Date.now();
  await load(hold.data, textsFor(hold, one).whole);
}

/** Stages the new generation, and lets it decide on trial. */
export async function tryOut(hold: Hold, one: Sealed): Promise<void> {
  const texts = textsFor(hold, one);
  const live = await livePrefix();
  // A trial that ran out may have left a generation of this very name.
  if (live !== null) await sweep(hold, live);
  hold.loadedAt = Date.now();
  await load(hold.data, texts.stage);
  await load(hold.data, texts.trial);
}

/** Lets the generation on trial decide for good. */
export async function confirm(hold: Hold, one: Sealed): Promise<void> {
  await load(hold.data, textsFor(hold, one).confirm);
}

/** Writes down what is in force, removes what no longer decides, and reads back how the kernel says it. */
export async function settle(hold: Hold, one: Sealed): Promise<void> {
  keep(hold.data, one);
  await sweep(hold, prefixOf(one));
  await takeBack(hold, one, new Date().toISOString());
}

/** Loads anew what differs, in one transaction. */
export async function heal(hold: Hold, one: Sealed, differences: readonly string[]): Promise<void> {
  if (hold.back === null) return installWhole(hold, one);
  const isOfPolicy = !differences.every(isOfSeen);
  if (isOfPolicy) hold.loadedAt = Date.now();
  await load(hold.data, (isOfPolicy ? textsFor(hold, one).whole : "") + (differences.some(isOfSeen) ? seenText() : ""));
}

/** Keeps how the kernel says what is in force: later looks are held against it. */
export async function readBack(hold: Hold, one: Sealed): Promise<void> {
  await takeBack(hold, one, hold.back?.since ?? new Date().toISOString());
}

/** What differs in the kernel from what was put there. */
export async function look(hold: Hold): Promise<readonly string[]> {
  // After a start beside a policy that cannot be read, or when another hand was quicker than our reading back.
  if (hold.back === null) return ["it is not known to be in the kernel"];
  const differences = differencesOf(hold.back.listing, await listTables(), secondsSince(hold.back.takenAt));
  if (differences.length === 0) await prolongGrace(hold, hold.back);
  return differences;
}

/** Whether somebody took away, with `unenforce`, what we hold. */
export const isUnenforced = ({ data }: Hold): boolean => isForgotten(data);

/** Removes our tables and holds nothing. */
export async function withdraw(hold: Hold): Promise<void> {
  hold.back = null;
  await removeTables(hold.data);
}

const secondsSince = (ms: number): number => (Date.now() - ms) / 1000;

function textsFor({ floor, trialMs, grace }: Hold, one: Sealed): Texts {
  const graceSeconds = Math.max(0, Math.ceil((grace.until - Date.now()) / 1000));
  return textsOf({ ruleset: one.ruleset, prefix: prefixOf(one), now: Date.now() * 1000 }, { floor, trialMs, graceSeconds });
}

async function takeBack(hold: Hold, one: Sealed, since: string): Promise<void> {
  const { text, digest } = timelessText(hold, one);
  const before = hold.back === null ? null : { listing: hold.back.listing, isSame: hold.back.text === digest };
  const listing = baselineOf({ found: await listTables(), loaded: text, before });
  // Without a listing to hold it against, the next look loads everything anew.
  hold.back = listing === null ? null : { digest: one.digest, text: digest, takenAt: hold.loadedAt, since, grace: hold.grace, listing, floor: hold.floor };
  if (hold.back !== null) keepReadBack(hold.data, hold.back);
}

/** The whole text as it would be loaded if no time went by. */
function timelessText({ floor }: Hold, one: Sealed): { readonly text: string; readonly digest: string } {
  const text = textsOf({ ruleset: one.ruleset, prefix: prefixOf(one), now: 0 }, { floor, trialMs: 0, graceSeconds: 0 }).whole;
  return { text, digest: digestOf(text) };
}

/** While packets of old conversations keep coming, they get another stretch of time; what has ended once is not begun again. */
async function prolongGrace(hold: Hold, back: ReadBack): Promise<void> {
  const { grace, graceMs, data } = hold;
  const left = grace.until - Date.now();
  if (left <= 0 || left > graceMs / 2 || Date.now() + graceMs > grace.begun + graceMaxMs) return;
  const packets = await invalidPackets();
  if (packets === grace.packets) return;
  await load(data, graceText(Math.ceil(graceMs / 1000)));
  hold.grace = { ...grace, until: Date.now() + graceMs, packets };
  const map = `${tableName}/map grace`;
  const now = (await listTables())[map];
  hold.back = { ...back, grace: hold.grace, listing: now === undefined ? back.listing : { ...back.listing, [map]: now } };
  keepReadBack(data, hold.back);
}

/** Removes every generation but one. */
async function sweep({ data }: Hold, keptPrefix: string): Promise<void> {
  const text = await sweepingText(keptPrefix);
  if (text !== "") await load(data, text);
}
