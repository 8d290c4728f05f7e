import { policyFilesIn } from "@bulkhead/adapters/policies/directory";
import { mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Copies a policy into the lab and points the agents' link to it in one step, so that what is in force stays readable when its author goes on writing. Returns the copy. */
export async function copyPolicy(from: string, directory: string): Promise<string> {
  const files = await policyFilesIn(from);
  const number = 1 + Math.max(0, ...copiesIn(directory));
  const copy = join(directory, `policy-${number}`);
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(copy, { recursive: true, mode: 0o700 });
  for (const { path, bytes } of files) {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    writeFileSync(join(copy, path), bytes);
  }
  const fresh = join(directory, "policy.new");
  rmSync(fresh, { force: true });
  symlinkSync(copy, fresh);
  renameSync(fresh, linkIn(directory));
  // The one before stays: an agent may be reading it.
  for (const old of copiesIn(directory).filter((one) => one < number - 1)) rmSync(join(directory, `policy-${old}`), { recursive: true, force: true });
  return copy;
}

/** The link that agents read. */
export const linkIn = (directory: string): string => join(directory, "policy");

const copiesIn = (directory: string): readonly number[] =>
  readdirSync(directory)
    .flatMap((name) => /^policy-(\d{1,9})$/.exec(name)?.[1] ?? [])
    .map(Number);
