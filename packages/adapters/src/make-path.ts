import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes a directory and what is missing above it, for its owner alone. Throws what the file system says. Node's own `recursive` never
 * returns where that is "no such file" beneath a directory that is there, as in /proc (Node 20, 2026-11).
 */
export function makePath(path: string): void {
  if (isDirectory(path)) return;
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Another program may have been quicker.
    if (code === "EEXIST" && isDirectory(path)) return;
    if (code !== "ENOENT" || dirname(path) === path || isDirectory(dirname(path))) throw error;
    makePath(dirname(path));
    mkdirSync(path, { mode: 0o700 });
  }
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
