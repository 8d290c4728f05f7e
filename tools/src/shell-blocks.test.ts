import { expect, test } from "vitest";
import { commandsOf } from "./shell-blocks.ts";

test("commands of sh blocks are read with their lines and exits, everything else is left alone", () => {
  const text = [
    "# Title",
    "```sh",
    "npx bulkhead map   # what talks to what",
    "npx bulkhead check DIR # exit 1",
    "npx bulkhead \\",
    "  decode x",
    "```",
    "```text",
    "rm -rf x",
    "```",
  ].join("\n");
  expect(commandsOf(text)).toEqual([
    { text: "npx bulkhead map", line: 3, exit: 0 },
    { text: "npx bulkhead check DIR", line: 4, exit: 1 },
    { text: "npx bulkhead decode x", line: 5, exit: 0 },
  ]);
});
