import type { Framing, Stretch } from "./messages/framing.ts";

/** One direction of a connection whose messages are read. */
export interface Stream {
  /** Takes what a segment carries; `missing` bytes behind it were not captured. */
  readonly take: (sequence: number, segment: Stretch, missing: number) => void;
  /** Nothing more comes: what waits for a gap to be filled is read. */
  readonly end: () => void;
}

const later = { segmentsMax: 32, bytesMax: 65_536 };

/** Puts segments in order and cuts them into messages, with bounded memory: what does not come is given up, and the next segment that begins a message goes on. */
export function streamOf(framing: Framing, read: (message: Stretch) => void, begin: number): Stream {
  let next = begin >>> 0;
  const { consume, miss } = cutterOf(framing, read);
  const waiting: { readonly sequence: number; readonly bytes: Uint8Array; readonly missing: number }[] = [];
  let waitingBytes = 0;

  function takeInOrder(sequence: number, { bytes, at, end }: Stretch, missing: number): void {
    const known = (next - sequence) | 0;
    // Exactly half of all numbers away is neither behind nor ahead.
    if (known < 0 || known >= end - at + missing) return;
    consume({ bytes, at: Math.min(end, at + known), end });
    miss(missing);
    next = (sequence + (end - at) + missing) >>> 0;
  }

  function takeWaiting(): void {
    for (let at = ready(); at >= 0; at = ready()) {
      const [one] = waiting.splice(at, 1);
      waitingBytes -= one!.bytes.length;
      takeInOrder(one!.sequence, { bytes: one!.bytes, at: 0, end: one!.bytes.length }, one!.missing);
    }
  }

  const ready = (): number => waiting.findIndex(({ sequence }) => ((sequence - next) | 0) <= 0);

  function jumpTo(sequence: number): void {
    const gap = (sequence - next) | 0;
    if (gap <= 0) return;
    miss(gap);
    next = sequence >>> 0;
  }

  function giveUpGaps(): void {
    while (waiting.length > 0) {
      jumpTo(waiting.reduce((least, { sequence }) => (((sequence - least) | 0) < 0 ? sequence : least), waiting[0]!.sequence));
      takeWaiting();
    }
  }

  return {
    take(sequence, segment, missing) {
      const bytes = segment.end - segment.at;
      const isAhead = ((sequence - next) | 0) > 0;
      if (isAhead && waiting.length < later.segmentsMax && waitingBytes + bytes <= later.bytesMax) {
        waiting.push({ sequence, bytes: segment.bytes.slice(segment.at, segment.end), missing });
        waitingBytes += bytes;
        return;
      }
      if (isAhead) giveUpGaps();
      jumpTo(sequence);
      takeInOrder(sequence, segment, missing);
      takeWaiting();
    },
    end: giveUpGaps,
  };
}

interface Cutter {
  readonly consume: (stretch: Stretch) => void;
  /** So many bytes will never come. */
  readonly miss: (count: number) => void;
}

/** Cuts bytes that follow each other into messages. */
function cutterOf(framing: Framing, read: (message: Stretch) => void): Cutter {
  let held: Uint8Array = new Uint8Array(0);
  let skip = 0;
  return {
    consume({ bytes, at, end }) {
      const dropped = Math.min(skip, end - at);
      skip -= dropped;
      let rest: Stretch = { bytes, at: at + dropped, end };
      if (held.length > 0) rest = joined(held, rest);
      held = new Uint8Array(0);
      while (rest.end - rest.at >= framing.headBytes) {
        const length = framing.lengthOf(rest);
        if (length < framing.headBytes) return;
        const there = rest.end - rest.at;
        const wanted = Math.min(length, framing.wantedBytes);
        if (there < wanted) break;
        read({ bytes: rest.bytes, at: rest.at, end: rest.at + wanted });
        if (length > there) {
          skip = length - there;
          return;
        }
        rest = { bytes: rest.bytes, at: rest.at + length, end: rest.end };
      }
      held = rest.bytes.slice(rest.at, rest.end);
    },

    miss(count) {
      if (count === 0) return;
      held = new Uint8Array(0);
      skip = Math.max(0, skip - count);
    },
  };
}

function joined(held: Uint8Array, { bytes, at, end }: Stretch): Stretch {
  const all = new Uint8Array(held.length + end - at);
  all.set(held);
  all.set(bytes.subarray(at, end), held.length);
  return { bytes: all, at: 0, end: all.length };
}
