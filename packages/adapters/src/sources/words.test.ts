import { expect, test } from "vitest";
import { cursorOf } from "./cursor.ts";
import { placeAt, wordsOf } from "./words.ts";

const meaningIn = <T>(words: ReturnType<typeof wordsOf<T>>, text: string): T | undefined => {
  const cursor = cursorOf(9);
  cursor.bytes = new TextEncoder().encode(text);
  cursor.end = cursor.bytes.length;
  return words.meanings[placeAt(words, cursor)];
};

test("a word keeps its meaning, also when others share its place", () => {
  const words = wordsOf((word) => word.toUpperCase(), 2);
  const asked = ["tcp", "udp", "icmp", "tcp", "tcq", "tc", "", "tcp"];
  expect(asked.map((word) => meaningIn(words, `${word}\trest`))).toEqual(asked.map((word) => word.toUpperCase()));
});

test("a word that comes again is not asked again", () => {
  let count = 0;
  const words = wordsOf(() => (count += 1), 16);
  expect(["tcp", "tcp", "tcp"].map((word) => meaningIn(words, word))).toEqual([1, 1, 1]);
});

test("a word without a meaning, one beyond 64 bytes and one that is no plain ASCII have no place", () => {
  const words = wordsOf((word) => (word === "OK" ? true : word === "NO" ? undefined : false), 16);
  expect(["OK", "NO", "x".repeat(64), "x".repeat(65), "é", 'a"', "a\u0001"].map((word) => meaningIn(words, word))).toEqual([
    true,
    undefined,
    false,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
