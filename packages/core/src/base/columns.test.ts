import { expect, test } from "vitest";
import { columns } from "./columns.ts";

test("cells stand under each other, and no line ends with blanks", () => {
  expect(
    columns([
      ["name", "what"],
      ["a long one", ""],
      ["b", "short", "more"],
    ]),
  ).toEqual(["name        what", "a long one", "b           short  more"]);
  expect(columns([])).toEqual([]);
});

test("a cell that is too long stands out of its column and widens it no further", () => {
  expect(
    columns(
      [
        ["a", "b"],
        ["x".repeat(9), "c"],
      ],
      { widest: 4 },
    ),
  ).toEqual(["a     b", "xxxxxxxxx  c"]);
});

test("numbers end under each other", () => {
  expect(
    columns(
      [
        ["rules", "12"],
        ["x", "7"],
      ],
      { right: 1 },
    ),
  ).toEqual(["rules  12", "x       7"]);
});
