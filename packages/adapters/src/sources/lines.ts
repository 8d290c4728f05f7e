/** sources/ reads what networks tell: one folder a format, a pure `decode.ts` each; recognised by content in open.ts. */

/** One line of a text file, without its end; or a line too long to be one, which is skipped with bounded memory. */
export type Line = { readonly kind: "line"; readonly text: string; readonly number: number } | { readonly kind: "too-long"; readonly number: number };

/** The longest line that is read, in characters. Zeek and EVE lines are under 64 KiB; a line of 2 GB is somebody's attack. */
export const lineMax = 1 << 20;

/** Cuts bytes into lines, whatever the cut of the chunks. CRLF and a byte order mark are dropped. */
export interface LineSplitter {
  push(bytes: Uint8Array): Iterable<Line>;
  end(): Iterable<Line>;
}

export function lineSplitter(): LineSplitter {
  const decoder = new TextDecoder("utf-8");
  let rest = "";
  let number = 0;
  let isSkipping = false;

  function* linesOf(text: string): Generator<Line> {
    let start = 0;
    for (let end = text.indexOf("\n", start); end >= 0; end = text.indexOf("\n", start)) {
      const tail = text.slice(start, end);
      start = end + 1;
      yield* oneLine(tail);
    }
    rest += text.slice(start);
    if (rest.length <= lineMax) return;
    isSkipping = true;
    rest = "";
  }

  function* oneLine(tail: string): Generator<Line> {
    const whole = rest === "" ? tail : rest + tail;
    rest = "";
    number += 1;
    const isTooLong = isSkipping || whole.length > lineMax;
    isSkipping = false;
    if (isTooLong) yield { kind: "too-long", number };
    else yield { kind: "line", text: whole.endsWith("\r") ? whole.slice(0, -1) : whole, number };
  }

  return {
    *push(bytes) {
      yield* linesOf(decoder.decode(bytes, { stream: true }));
    },
    *end() {
      yield* linesOf(decoder.decode());
      if (rest !== "" || isSkipping) yield* oneLine("");
    },
  };
}
