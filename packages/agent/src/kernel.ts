import { Failure } from "@bulkhead/core/base/failure";
import { type Listing, listingOf } from "@bulkhead/adapters/targets/nftables/listing";
import { type Need, needs, needsTableName, needsText } from "@bulkhead/adapters/targets/nftables/needs";
import { seenTableName } from "@bulkhead/adapters/targets/nftables/seen";
import { sweepText } from "@bulkhead/adapters/targets/nftables/sweep";
import { type Floor, tableName } from "@bulkhead/adapters/targets/nftables/skeleton";
import { execFile } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

const nftSecondsMax = 60;

/** Runs `nft`; what it says on standard error becomes the Failure. */
function nft(words: readonly string[]): Promise<string> {
  // Times are printed in the time zone of whoever asks; two readings have to be equal.
  const env = { ...process.env, TZ: "UTC", PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin` };
  return new Promise((resolve, reject) => {
    execFile("nft", words, { env, encoding: "utf8", maxBuffer: 256 << 20, timeout: nftSecondsMax * 1000 }, (error, out, complaint) => {
      if (error === null) resolve(out);
      else if (error.code === "ENOENT") reject(new Failure("this machine has no `nft`", "install nftables (Debian: apt-get install nftables)"));
      else if (complaint.includes("Operation not permitted"))
        reject(new Failure("the kernel lets nobody change rules here: nft says operation not permitted", "run it as root, with the capability NET_ADMIN"));
      else
        reject(
          new Failure(`nft refused: ${complaint.trim().split("\n").slice(0, 3).join(" / ") || error.message}`, "the rule set that was in force stays in force"),
        );
    });
  });
}

/** Asks the kernel whether it can do what our texts need, and changes nothing; says what it lacks. */
export async function checkKernel(directory: string, floor: Floor): Promise<void> {
  const complaint = await refusal(directory, needsText(floor));
  if (complaint === null) return;
  const lacking: Need[] = [];
  for (const need of needs) if ((await refusal(directory, need.text)) !== null) lacking.push(need);
  if (lacking.length === 0) throw complaint;
  const wanted = lacking.map(({ what, from }) => `${what} (${from})`).join("; ");
  throw new Failure(
    `this kernel, or this nft, lacks: ${wanted}`,
    "nothing was changed; load the modules, or use a kernel that has them, and nftables 1.0.6 or newer",
  );
}

/** Why the kernel would not take a text, or null. What is no answer of the kernel is thrown. */
async function refusal(directory: string, text: string): Promise<Failure | null> {
  const path = join(directory, "needed.nft");
  try {
    await writeFile(path, text, { mode: 0o600 });
    await nft(["-c", "-f", path]);
    return null;
  } catch (error) {
    if (error instanceof Failure && error.message.startsWith("nft refused")) return error;
    throw error;
  } finally {
    rmSync(path, { force: true });
  }
}

/** Loads a text as one atomic transaction. It goes through a file: nft cannot read the socket that Node gives as standard input. */
export async function load(directory: string, text: string): Promise<void> {
  const path = join(directory, "loading.nft");
  await writeFile(path, text, { mode: 0o600 });
  await nft(["-f", path]).finally(() => rmSync(path, { force: true }));
}

/** Both of our tables as they stand; what is not there is not in it. */
export async function listTables(): Promise<Listing> {
  const list = (table: string): string => `list table inet ${table}`;
  const options = ["-s", "-n"];
  // One look costs one process as long as both are there.
  const both = await unlessRefused(nft([...options, `${list(tableName)}; ${list(seenTableName)}`]));
  if (both !== null) return listingOf(both);
  const each = await Promise.all([tableName, seenTableName].map((table) => unlessRefused(nft([...options, list(table)]))));
  return listingOf(each.join(""));
}

/** What nft answers, or null when it says that there is no such thing. */
async function unlessRefused(answer: Promise<string>): Promise<string | null> {
  return answer.catch((error: unknown) => {
    if (error instanceof Failure && error.message.includes("No such file or directory")) return null;
    throw error;
  });
}

/** A table of ours with elements and counters, as nft's JSON, or null when it is not there. */
export const tableJson = (table: string, ...options: readonly string[]): Promise<string | null> =>
  unlessRefused(nft(["-j", ...options, "list", "table", "inet", table]));

/** How many packets without a conversation were seen. */
export async function invalidPackets(): Promise<number> {
  const listed = (await unlessRefused(nft(["-j", "list", "set", "inet", tableName, "invalid_seen"]))) ?? "";
  return [...listed.matchAll(/"packets":\s*(\d+)/g)].reduce((sum, [, packets]) => sum + Number(packets), 0);
}

/** The prefix of the generation that decides without a trial, or null when there is no table of ours or nothing in it decides. */
export async function livePrefix(): Promise<string | null> {
  const listed = await unlessRefused(nft(["-j", "list", "map", "inet", tableName, "live_in"]));
  if (listed === null) return null;
  return /"target":\s*"([^"]*_)in"/.exec(listed)?.[1] ?? null;
}

/** The text that removes every generation but one. Empty when there is none to remove. */
export async function sweepingText(keptPrefix: string): Promise<string> {
  return sweepText(await nft(["-j", "-t", "list", "table", "inet", tableName]), keptPrefix);
}

/** Removes our tables; nothing happens when they are not there. */
export async function removeTables(directory: string): Promise<void> {
  await load(directory, [tableName, seenTableName, needsTableName].map((table) => `table inet ${table}\ndelete table inet ${table}\n`).join(""));
}

const looseSetting = "/proc/sys/net/netfilter/nf_conntrack_tcp_loose";

/** With 1, conntrack picks up old conversations from the middle, often the wrong way round (docs/internals); returns what it was. */
export function setLoose(value: string): string | null {
  try {
    const before = readFileSync(looseSetting, "utf8").trim();
    writeFileSync(looseSetting, value);
    return before;
  } catch {
    return null;
  }
}
