const linesMax = 40;
const headMax = 16_384;

/** The first lines of a file, without a byte order mark, for recognising it; the last may be cut. */
export function firstLines(head: Uint8Array): readonly string[] {
  return new TextDecoder("latin1").decode(head.subarray(0, headMax)).split(/\r?\n/, linesMax);
}
