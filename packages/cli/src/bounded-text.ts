import { Failure } from "@bulkhead/core/base/failure";
import { createReadStream } from "node:fs";

/** The text of a file, a pipe or a device, refused as soon as it is longer than `bytesMax`, whatever its size claims. */
export async function boundedText(path: string, { bytesMax, next }: { readonly bytesMax: number; readonly next: string }): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
      parts.push(chunk as Uint8Array);
      size += (chunk as Uint8Array).length;
      if (size > bytesMax) throw new Failure(`${path} is larger than ${bytesMax} bytes`, next);
    }
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(whyOf(path, error as NodeJS.ErrnoException), "name a file that exists and that you may read");
  }
  return textOf(Buffer.concat(parts));
}

/** UTF-8, or what Windows PowerShell redirects into files: UTF-16 behind a byte order mark. */
function textOf(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  return bytes[0] === 0xfe && bytes[1] === 0xff ? new TextDecoder("utf-16be").decode(bytes) : bytes.toString("utf8");
}

function whyOf(path: string, { code, message }: NodeJS.ErrnoException): string {
  if (code === "ENOENT") return `there is no file ${path}`;
  return code === "EISDIR" ? `${path} is a directory, and a file is needed` : `${path} cannot be read: ${message}`;
}
