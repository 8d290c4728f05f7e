import fc from "fast-check";
import { expect, test } from "vitest";
import { lineMax, lineSplitter } from "./lines.ts";

interface Seen {
  readonly text: string;
  readonly number: number;
  readonly isTooLong: boolean;
}

function linesOf(chunks: readonly Uint8Array[]): readonly Seen[] {
  const seen: Seen[] = [];
  const splitter = lineSplitter(({ bytes, start, end, number }, isTooLong) =>
    seen.push({ text: new TextDecoder("latin1").decode(bytes.subarray(start, end)), number, isTooLong }),
  );
  for (const chunk of chunks) splitter.push(chunk);
  splitter.end();
  return seen;
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const textsOf = (text: string): readonly string[] => linesOf([bytesOf(text)]).map((line) => line.text);

test("a line ends at LF or CRLF, and the last one at the end of the file", () => {
  expect(textsOf("a\r\nb\n\nc")).toEqual(["a", "b", "", "c"]);
});

test("a byte order mark is no part of the first line", () => {
  expect(textsOf("\uFEFFa\nb")).toEqual(["a", "b"]);
});

test("the cut of the chunks changes no line", () => {
  const text = fc.array(fc.constantFrom("a", "\n", "\r", "\uFEFF", "é", "\0", "xyz"), { maxLength: 60 }).map((parts) => bytesOf(parts.join("")));
  fc.assert(
    fc.property(text, fc.array(fc.nat(9), { maxLength: 40 }), (bytes, cuts) => {
      const chunks: Uint8Array[] = [];
      let at = 0;
      for (const cut of cuts) {
        chunks.push(bytes.subarray(at, at + cut));
        at = Math.min(bytes.length, at + cut);
      }
      expect(linesOf([...chunks, bytes.subarray(at)])).toEqual(linesOf([bytes]));
    }),
  );
});

test("a line without end is skipped in bounded memory, and the lines after it are read", () => {
  const part = new Uint8Array(1 << 20).fill(65);
  const seen: Seen[] = [];
  const splitter = lineSplitter(({ number, start, end }, isTooLong) => seen.push({ text: String(end - start), number, isTooLong }));
  const before = process.memoryUsage().arrayBuffers;
  // 512 MiB in one line, one chunk of which exists at a time.
  for (let pushed = 0; pushed < 512; pushed += 1) splitter.push(part);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 << 20);
  splitter.push(bytesOf("\nnext"));
  splitter.end();
  expect(seen).toEqual([
    { text: "0", number: 1, isTooLong: true },
    { text: "4", number: 2, isTooLong: false },
  ]);
});

test("a line of exactly the limit is read, one byte more is not", () => {
  const line = "a".repeat(lineMax);
  for (const chunks of [[`${line}\n`], [line.slice(0, 1000), `${line.slice(1000)}\n`]]) {
    expect(linesOf(chunks.map(bytesOf))[0]?.isTooLong).toBe(false);
    expect(linesOf([bytesOf("b"), ...chunks.map(bytesOf)])[0]?.isTooLong).toBe(true);
  }
});
