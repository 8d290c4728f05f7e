import { Failure } from "@bulkhead/core/base/failure";
import { byCodePoint } from "@bulkhead/core/base/order";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

const filesMax = 10_000;

/** The files that paths stand for: a directory stands for the inventories in it and in its folders, sorted. */
export async function inventoryFilesIn(paths: readonly string[]): Promise<readonly string[]> {
  const files: string[] = [];
  for (const path of paths) {
    const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
      throw new Failure(
        error.code === "ENOENT" ? `there is no file ${path}` : `${path} cannot be read (${error.code ?? error.message})`,
        "name a file that exists and that you may read",
      );
    });
    files.push(...(found.isDirectory() ? await within(path) : [path]));
  }
  return files;
}

async function within(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    throw new Failure(`${directory} cannot be read (${error.code ?? error.message})`, "look at the rights of the directory");
  });
  const files = entries
    .filter((entry) => entry.isFile() && /^[^.].*\.(csv|json|ya?ml|xml|ldif|ini|leases|tfstate|pem|crt|cer)$/i.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  if (files.length === 0)
    throw new Failure(
      `${directory} holds no inventory: no file ends in .csv, .json, .yaml, .yml, .xml, .ldif, .ini, .leases, .tfstate, .pem, .crt or .cer`,
      "name the file itself",
    );
  if (files.length > filesMax) throw new Failure(`${directory} holds ${files.length} files, more than ${filesMax}`, "name a smaller directory");
  return files.sort(byCodePoint);
}
