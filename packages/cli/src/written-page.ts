import { Failure } from "@bulkhead/core/base/failure";
import { writeFile } from "node:fs/promises";
import { type Context, printable } from "./context.ts";

/** Writes an offline page where somebody asked for it, and says so. */
export async function writePage(context: Context, path: string, html: string): Promise<void> {
  await writeFile(path, html).catch((error: Error) => {
    throw new Failure(`${path} cannot be written: ${error.message}`, "name a file in a directory that exists and that you may write");
  });
  context.say(`${printable(path)}: open it in a browser; it needs no network\n`);
}
