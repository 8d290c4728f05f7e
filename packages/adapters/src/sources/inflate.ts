import { Failure } from "@bulkhead/core/base/failure";
import type { Readable, Writable } from "node:stream";
import { createGunzip } from "node:zlib";

// Flow logs compress 10 to 30 times; a repeated line 1,000 times. Deflate cannot exceed 1,032.
const ratioMax = 200;
const bytesBeforeRatio = 256 << 20;

/** The bytes of a stream, gunzipped if they are gzip (one member or several). A gzip bomb is a Failure, with what came before it delivered. */
export async function* inflated(raw: Readable): AsyncGenerator<Uint8Array> {
  const chunks = raw[Symbol.asyncIterator]() as AsyncIterator<Uint8Array | string>;
  const first = await chunks.next();
  if (first.done === true) return;
  const start = bytesOf(first.value);
  const all = followedBy(start, chunks);
  if (start[0] !== 0x1f || start[1] !== 0x8b) {
    yield* all;
    return;
  }
  yield* gunzipped(all);
}

const bytesOf = (chunk: Uint8Array | string): Uint8Array => (typeof chunk === "string" ? new TextEncoder().encode(chunk) : chunk);

async function* followedBy(first: Uint8Array, rest: AsyncIterator<Uint8Array | string>): AsyncGenerator<Uint8Array> {
  yield first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield bytesOf(next.value);
}

async function* gunzipped(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: 1 << 18 });
  let [bytesIn, bytesOut] = [0, 0];
  const feeding = (async () => {
    for await (const chunk of packed) {
      bytesIn += chunk.length;
      if (gunzip.destroyed) return;
      if (!gunzip.write(chunk)) await drained(gunzip);
    }
    gunzip.end();
  })();
  feeding.catch((error: Error) => gunzip.destroy(error));
  try {
    for await (const chunk of gunzip as AsyncIterable<Uint8Array>) {
      bytesOut += chunk.length;
      if (bytesOut > bytesBeforeRatio && bytesOut > ratioMax * bytesIn)
        throw new Failure(
          `its gzip grows more than ${ratioMax} times: a bomb, or nothing but repetition; what came before is kept`,
          "unpack it by hand if you trust it",
        );
      yield chunk;
    }
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(`its gzip is damaged after ${bytesOut} bytes; what came before is kept`, "get the file again");
  } finally {
    gunzip.destroy();
  }
}

/** Waits until a stream takes more, or is closed; leaves no listener behind, for a file has thousands of waits. */
function drained(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      stream.off("drain", done).off("close", done);
      resolve();
    };
    stream.once("drain", done).once("close", done);
  });
}
