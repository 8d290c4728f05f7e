import { Failure } from "@bulkhead/core/base/failure";
import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";

/** No question is as long; what is longer is answered as one that cannot be read. */
const lineMax = 1 << 20;

/** The lines of a file or of standard input (`-`), a chunk at a time, in bounded memory. */
export async function* linesOf(path: string, stdin: Readable): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for await (const chunk of path === "-" ? stdin : createReadStream(path, { highWaterMark: 1 << 18 })) {
      const text = typeof chunk === "string" ? chunk : decoder.decode(chunk as Uint8Array, { stream: true });
      // Of a line that is too long already, nothing more is kept.
      if (rest.length >= lineMax && !text.includes("\n")) continue;
      const lines = (rest + text).split("\n");
      rest = (lines.pop() ?? "").slice(0, lineMax);
      yield lines;
    }
  } catch (error) {
    throw new Failure(`${path} cannot be read (${String((error as { code?: unknown }).code ?? error)})`, "name a file with one question a line, or -");
  }
  yield [rest + decoder.decode()];
}
