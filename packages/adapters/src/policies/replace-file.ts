import { randomBytes } from "node:crypto";
import { open, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Replaces a file in one step: a reader sees the old text or the new one, whole. A link stays, and what it names is replaced. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const real = await realpath(path);
  const { mode } = await stat(real);
  const beside = join(dirname(real), `.bulkhead-${randomBytes(6).toString("hex")}`);
  try {
    const file = await open(beside, "wx", mode & 0o777);
    try {
      // The mode given to open is cut by the umask.
      await file.chmod(mode & 0o777);
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, real);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}
