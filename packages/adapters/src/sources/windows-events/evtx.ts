import { wrong } from "../record.ts";
import { elementsAt } from "./bin-xml.ts";
import { type Element, fieldsOfElements } from "./element.ts";
import type { EventReader, Found } from "./event.ts";

// Microsoft's EVTX: a head of 4 KiB, then chunks of 64 KiB, each complete in itself. Checksums are not verified: a damaged event says so itself.
const headBytes = 4096;
const chunkBytes = 65_536;
const chunkHead = 512;
const recordHead = 24;
const recordMark = 0x0000_2a2a;

/** Events of an EVTX file, a chunk at a time. */
export function evtxReader(read: (found: Found) => void): EventReader {
  const chunk = new Uint8Array(chunkBytes);
  let held = 0;
  let skipped = 0;
  return {
    push(bytes) {
      let at = Math.min(bytes.length, headBytes - skipped);
      skipped += at;
      while (at < bytes.length) {
        const part = bytes.subarray(at, at + chunkBytes - held);
        chunk.set(part, held);
        held += part.length;
        at += part.length;
        if (held < chunkBytes) return;
        readChunk(chunk, read);
        held = 0;
      }
    },
    end() {
      if (skipped < headBytes) return broken(read, "truncated", "the file ends inside its head");
      if (held === 0) return;
      broken(read, "truncated", `the file ends inside a chunk, ${held} of ${chunkBytes} bytes are there`);
      chunk.fill(0, held);
      readChunk(chunk, read);
    },
  };
}

const broken = (read: (found: Found) => void, reason: string, message: string): void => read({ kind: "broken", told: wrong(reason, message), line: null });

function readChunk(chunk: Uint8Array, read: (found: Found) => void): void {
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  if (new TextDecoder("latin1").decode(chunk.subarray(0, 8)) !== "ElfChnk\0") {
    // A log of a fixed size has chunks that were never written.
    if (chunk.subarray(0, chunkHead).some((byte) => byte !== 0)) broken(read, "bad-chunk", "64 KiB of the file are no chunk of events");
    return;
  }
  const free = view.getUint32(48, true);
  const end = free >= chunkHead && free <= chunkBytes ? free : chunkBytes;
  for (let at = chunkHead; at + recordHead < end;) {
    const size = view.getUint32(at + 4, true);
    if (view.getUint32(at, true) !== recordMark || size < recordHead + 4 || at + size > chunkBytes) {
      broken(read, "bad-record", `at byte ${at} of a chunk there is no event`);
      at = nextRecord(view, at + 8, end);
    } else {
      readRecord(view, at + recordHead, at + size - 4, read);
      at += size;
    }
  }
}

/** Records begin at multiples of eight. */
function nextRecord(view: DataView, from: number, end: number): number {
  let at = from - (from % 8);
  while (at + recordHead < end && view.getUint32(at, true) !== recordMark) at += 8;
  return at;
}

function readRecord(view: DataView, from: number, until: number, read: (found: Found) => void): void {
  const elements: readonly Element[] | null = elementsAt(view, from, until);
  if (elements === null) return broken(read, "bad-event", `the event at byte ${from} of a chunk cannot be read`);
  const fields = fieldsOfElements(elements);
  read({ kind: "event", fields, line: null });
}
