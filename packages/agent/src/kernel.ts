import { Failure } from "@bulkhead/core/base/failure";
import { tableName } from "@bulkhead/adapters/targets/nftables/skeleton";
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

const nftSecondsMax = 60;

/** Runs `nft`; what it says on standard error becomes the Failure. */
function nft(words: readonly string[]): Promise<string> {
  const env = { ...process.env, PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin` };
  return new Promise((resolve, reject) => {
    execFile("nft", words, { env, encoding: "utf8", maxBuffer: 256 << 20, timeout: nftSecondsMax * 1000 }, (error, out, complaint) => {
      if (error === null) resolve(out);
      else if (error.code === "ENOENT") reject(new Failure("this machine has no `nft`", "install nftables (Debian: apt-get install nftables)"));
      else
        reject(
          new Failure(`nft refused: ${complaint.trim().split("\n").slice(0, 3).join(" / ") || error.message}`, "the rule set that was in force stays in force"),
        );
    });
  });
}

/** Loads a text as one atomic transaction. It goes through a file: nft cannot read the socket that Node gives as standard input. */
export async function load(directory: string, text: string): Promise<void> {
  const path = join(directory, "loading.nft");
  await writeFile(path, text, { mode: 0o600 });
  await nft(["-f", path]);
}

interface Listed {
  readonly nftables: readonly { readonly chain?: { readonly name: string }; readonly map?: { readonly name: string; readonly elem?: readonly unknown[] } }[];
}

/** The prefix of the generation that decides without a trial, or null when there is no table of ours or nothing in it decides. */
export async function livePrefix(): Promise<string | null> {
  const listed = await nft(["-j", "list", "map", "inet", tableName, "live_in"]).catch((error: unknown) => {
    if (error instanceof Failure && error.message.startsWith("nft refused")) return null;
    throw error;
  });
  if (listed === null) return null;
  const text = JSON.stringify((JSON.parse(listed) as Listed).nftables);
  return /"target":\s*"([^"]*_)in"/.exec(text)?.[1] ?? null;
}

/** The text that removes every generation but one. Empty when there is none to remove. */
export async function sweepingText(keptPrefix: string): Promise<string> {
  const { nftables } = JSON.parse(await nft(["-j", "-t", "list", "table", "inet", tableName])) as Listed;
  const isOld = (name: string): boolean => /^g[0-9a-f]+_/.test(name) && !name.startsWith(keptPrefix);
  const chains = nftables.flatMap(({ chain }) => (chain !== undefined && isOld(chain.name) ? [chain.name] : []));
  const maps = nftables.flatMap(({ map }) => (map !== undefined && isOld(map.name) ? [map.name] : []));
  const each = (verb: string, kind: string, names: readonly string[]): string => names.map((name) => `${verb} ${kind} inet ${tableName} ${name}\n`).join("");
  return each("flush", "chain", chains) + each("flush", "map", maps) + each("delete", "chain", chains) + each("delete", "map", maps);
}

/** Removes our table; nothing happens when it is not there. */
export async function removeTable(directory: string): Promise<void> {
  await load(directory, `table inet ${tableName}\ndelete table inet ${tableName}\n`);
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
