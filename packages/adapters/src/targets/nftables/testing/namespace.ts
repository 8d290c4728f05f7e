import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Why rules cannot be loaded here, in words, or null when they can. */
export function missingForKernel(): string | null {
  if (process.getuid?.() !== 0) return "only root may load rules into a kernel";
  if (spawnSync("nft", ["--version"]).error !== undefined) return "this machine has no nft";
  return spawnSync("unshare", ["-n", "true"]).status === 0 ? null : "this machine makes no network namespaces";
}

/** A network of its own, with nothing in it. */
export interface Namespace {
  /** Loads a text as one transaction; throws what nft says. */
  readonly load: (text: string) => void;
  /** Asks the kernel whether it would take a text. */
  readonly check: (text: string) => void;
  readonly nft: (...words: readonly string[]) => string;
}

/** Gives a namespace to the work, and takes it away afterwards; it also ends with us. */
export async function inNamespace(work: (namespace: Namespace) => void | Promise<void>): Promise<void> {
  const holder = spawn("unshare", ["-n", "sh", "-c", "echo; exec cat"], { stdio: ["pipe", "pipe", "inherit"] });
  const folder = mkdtempSync(join(tmpdir(), "bulkhead-nft-"));
  try {
    await once(holder.stdout, "data");
    const nft = (...words: readonly string[]): string =>
      execFileSync("nsenter", [`--net=/proc/${holder.pid}/ns/net`, "nft", ...words], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
    const given = (text: string, ...words: readonly string[]): void => {
      writeFileSync(join(folder, "text.nft"), text);
      nft(...words, "-f", join(folder, "text.nft"));
    };
    await work({ nft, load: (text) => given(text), check: (text) => given(text, "-c") });
  } finally {
    holder.stdin.end();
    rmSync(folder, { recursive: true, force: true });
  }
}
