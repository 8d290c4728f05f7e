import { expect, test } from "vitest";
import { editsBetween, nearest } from "./hints.ts";

test("a slip of the finger is understood, a different word is not", () => {
  const keys = ["name", "from", "to", "over", "because", "approved-by", "until"];
  expect(["becuase", "form", "ovre", "untill", "aproved-by", "Name"].map((word) => nearest(word, keys))).toEqual([
    "because",
    "from",
    "over",
    "until",
    "approved-by",
    "name",
  ]);
  expect(["reason", "zzz", "", "a".repeat(100)].map((word) => nearest(word, keys))).toEqual([null, null, null, null]);
});

test("two swapped neighbours are one edit", () => {
  expect([editsBetween("from", "form"), editsBetween("abc", "abc"), editsBetween("", "abc"), editsBetween("kitten", "sitting")]).toEqual([1, 0, 3, 3]);
});
