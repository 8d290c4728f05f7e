import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes a directory and what is missing above it, for its owner alone unless `mode` says otherwise. Throws what the file system says. Node's own `recursive` never
 * returns where that is "no such file" beneath a directory that is there, as in /proc (Node 20, 2026-11).
 */
export function makePath(path: string, mode = 0o700): void {
  // What is above may be made by another program between our two looks at it: a second try tells.
  if (!isMade(path, mode) && !isMade(path, mode)) mkdirSync(path, { mode });
}

function isMade(path: string, mode: number): boolean {
  if (isDirectory(path)) return true;
  try {
    mkdirSync(path, { mode });
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST" && isDirectory(path)) return true;
    if (code !== "ENOENT" || dirname(path) === path) throw error;
    if (!isDirectory(dirname(path))) makePath(dirname(path), mode);
    return false;
  }
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
