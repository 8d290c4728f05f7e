import type { FileHandle } from "node:fs/promises";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { digestOf } from "../digest.ts";
import { inflated } from "../sources/inflate.ts";

// A page of a log: its header and some dozen records, which no other log has.
export const headMax = 4096;

/** The first bytes of a file, unpacked if they are gzip. */
export async function headOf(path: string): Promise<Buffer> {
  const raw = createReadStream(path, { highWaterMark: 1 << 16 });
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of inflated(raw)) {
      parts.push(chunk);
      length += chunk.length;
      if (length >= headMax) break;
    }
  } catch {
    // Cut or damaged: what came before is its head.
  } finally {
    raw.destroy();
  }
  return Buffer.concat(parts).subarray(0, headMax);
}

export async function isPacked(path: string): Promise<boolean> {
  const file = await open(path, "r");
  try {
    const bytes = await readAt(file, 0, 2);
    return bytes[0] === 0x1f && bytes[1] === 0x8b;
  } finally {
    await file.close();
  }
}

/** So many bytes from here, or as many as there are. */
export async function readAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, at);
  return buffer.subarray(0, bytesRead);
}

/** The digest that a file is known again by. */
export const headDigest = (bytes: Uint8Array): string => digestOf(bytes).slice(0, 32);
