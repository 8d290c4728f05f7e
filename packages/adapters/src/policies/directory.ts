/** policies/ reads directories of policy files; what they mean is told by core/language. */
import { Failure } from "@bulkhead/core/base/failure";
import { byCodePoint } from "@bulkhead/core/base/order";
import { mostBytes, type PolicyFile } from "@bulkhead/core/language/policy-file";
import { type Dirent } from "node:fs";
import { open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";

const mostFiles = 10_000;
const mostTotal = 256 * mostBytes;
const mostLevels = 16;
const isPolicy = /\.(yaml|yml|json)$/i;

/** The policy files of a directory and its folders, sorted by path relative to it; hidden files and links inside it are left out. */
export async function policyFilesIn(dir: string): Promise<readonly PolicyFile[]> {
  const paths = (await pathsIn(dir, "", mostLevels)).toSorted(byCodePoint);
  if (paths.length > mostFiles)
    throw new Failure(`${dir} holds ${paths.length} policy files, more than ${mostFiles}`, "split the policy into several directories");
  const files: PolicyFile[] = [];
  let total = 0;
  for (const path of paths) {
    const bytes = await bytesOf(join(dir, path));
    total += bytes.length;
    if (total > mostTotal)
      throw new Failure(`the policy files in ${dir} have more than ${mostTotal} bytes together`, "split the policy into several directories");
    files.push({ path, bytes });
  }
  return files;
}

async function pathsIn(dir: string, under: string, levels: number): Promise<string[]> {
  const entries = await readdir(join(dir, under), { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(join(dir, under), error);
  });
  const paths: string[] = [];
  for (const entry of entries) {
    if (entry.name.startsWith(".")) continue;
    const path = under === "" ? entry.name : `${under}/${entry.name}`;
    if (entry.isDirectory()) paths.push(...(await folder(dir, path, levels)));
    else if (isPolicyFile(entry)) paths.push(path);
  }
  return paths;
}

// Kubernetes mounts configuration as links to files beside them, so a link to a file counts as one.
const isPolicyFile = (entry: Dirent): boolean => (entry.isFile() || entry.isSymbolicLink()) && isPolicy.test(entry.name);

async function folder(dir: string, path: string, levels: number): Promise<string[]> {
  if (levels === 0) throw new Failure(`${dir} holds folders more than ${mostLevels} deep`, "move the policy files closer to the top");
  return pathsIn(dir, path, levels - 1);
}

/** At most one byte more than is allowed: enough for `check` to say that it is too much. */
async function bytesOf(path: string): Promise<Uint8Array> {
  const failed = (error: NodeJS.ErrnoException): never => {
    throw unreadable(path, error);
  };
  // Before opening: to open a pipe would wait for its writer.
  const found = await stat(path).catch(failed);
  if (!found.isFile()) throw new Failure(`${path} is not a file`, "leave only files with policy in the directory");
  const file = await open(path).catch(failed);
  try {
    const buffer = new Uint8Array(Math.min(found.size, mostBytes) + 1);
    let filled = 0;
    for (;;) {
      const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, filled);
      filled += bytesRead;
      if (bytesRead === 0 || filled === buffer.length) return buffer.subarray(0, filled);
    }
  } finally {
    await file.close();
  }
}

function unreadable(path: string, error: NodeJS.ErrnoException): Failure {
  switch (error.code) {
    case "ENOENT":
      return new Failure(`${path} does not exist`, "name a directory with policy files in it");
    case "ENOTDIR":
      return new Failure(`${path} is not a directory`, "name the directory that the file lies in");
    case "EACCES":
      return new Failure(`${path} may not be read`, "change its permissions, or run as a user who may read it");
  }
  return new Failure(`${path} cannot be read: ${error.message}`, "name a directory with policy files in it");
}
