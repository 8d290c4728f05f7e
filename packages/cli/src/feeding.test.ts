import { expect, test } from "vitest";
import { keptText } from "./feeding.ts";

test("in the end a feed says how much came and whether all of it is kept", () => {
  expect(keptText({ records: 1, waiting: 0 }, "heard")).toBe("1 record heard and kept\n");
  expect(keptText({ records: 5, waiting: 2 }, "read")).toMatch(/^5 records read, 2 of them not kept: there was no room/);
});
