import type { Listing } from "@bulkhead/adapters/targets/nftables/listing";
import type { Floor } from "@bulkhead/adapters/targets/nftables/skeleton";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { replaceFile } from "./kept.ts";

/** What the kernel said of our tables right after we wrote them; later looks are held against it. */
export interface ReadBack {
  /** Of the rule set. */
  readonly digest: string;
  /** Of the whole text that was loaded, without the times that go by: another floor, or another version of ours, writes another. */
  readonly text: string;
  /** When it was loaded: milliseconds since 1970. */
  readonly takenAt: number;
  /** When this rule set came into force. */
  readonly since: string;
  readonly grace: Grace;
  readonly listing: Listing;
  /** What was declared at installation, for whoever asks what passes here; agents before 2026-11-28 did not write it down. */
  readonly floor?: Floor;
}

/** The time in which conversations older than the table live on; it grows while there are any, to a bound. */
export interface Grace {
  readonly begun: number;
  readonly until: number;
  /** How many of their packets had been seen when the time was last looked at. */
  readonly packets: number;
}

const fileName = "read-back.json";

/** The last read-back, or null when there is none that can be read: then the kernel is not trusted, and everything is loaded anew. */
export function readReadBack(directory: string): ReadBack | null {
  try {
    const read = JSON.parse(readFileSync(join(directory, fileName), "utf8")) as ReadBack;
    const areTexts = typeof read.digest === "string" && typeof read.text === "string";
    return areTexts && typeof read.takenAt === "number" && typeof read.grace.until === "number" && typeof read.listing === "object" ? read : null;
  } catch {
    return null;
  }
}

export const keepReadBack = (directory: string, one: ReadBack): void => replaceFile(join(directory, fileName), JSON.stringify(one));

export const forgetReadBack = (directory: string): void => rmSync(join(directory, fileName), { force: true });
