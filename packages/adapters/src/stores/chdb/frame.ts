/** One message on the socket: a small JSON header and a binary body. */
export interface Frame {
  readonly header: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
}

export const headerMax = 1 << 20;
export const bodyMax = 1 << 28;

/** The two lengths (4 bytes each) and the header; the body is written after it. */
export function frameHead(header: object, bodyLength: number): Buffer {
  const text = Buffer.from(JSON.stringify(header));
  if (text.length > headerMax || bodyLength > bodyMax) throw new RangeError("a message to the archive is too large");
  const lengths = Buffer.allocUnsafe(8);
  lengths.writeUInt32LE(text.length, 0);
  lengths.writeUInt32LE(bodyLength, 4);
  return Buffer.concat([lengths, text]);
}

/** The frames of a stream of bytes; a length over the limit, a header that is no JSON object, or a cut frame throws. */
export async function* framesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Frame> {
  let parts: Buffer[] = [];
  let have = 0;
  let need = 8;
  for await (const chunk of chunks) {
    parts.push(chunk);
    have += chunk.length;
    while (have >= need) {
      const all = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
      const frame = frameAt(all);
      if (typeof frame === "number") need = frame;
      else {
        yield frame;
        need = 8;
      }
      const used = typeof frame === "number" ? 0 : frameLength(all);
      parts = [all.subarray(used)];
      have = all.length - used;
    }
  }
  if (have > 0) throw new RangeError("a message ends in its middle");
}

/** The frame at the start, or how many bytes it needs. */
function frameAt(all: Buffer): Frame | number {
  const length = frameLength(all);
  if (all.length < length) return length;
  const end = 8 + all.readUInt32LE(0);
  const header: unknown = JSON.parse(all.toString("utf8", 8, end));
  if (typeof header !== "object" || header === null || Array.isArray(header)) throw new RangeError("a message without a header");
  return { header: header as Record<string, unknown>, body: all.subarray(end, length) };
}

function frameLength(all: Buffer): number {
  const [header, body] = [all.readUInt32LE(0), all.readUInt32LE(4)];
  if (header > headerMax || body > bodyMax) throw new RangeError("a message over the limit");
  return 8 + header + body;
}
