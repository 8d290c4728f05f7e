import { shellWord } from "@bulkhead/core/base/shell-word";
import { expect, test } from "vitest";
import { asTyped, dataWords } from "./as-typed.ts";

test("a command in a sentence gets the --data that the line was given, once, and a quoted one where a shell needs it", () => {
  const sentence = "`bulkhead ingest PATH…` or `bulkhead inventory import FILE` makes one; `bulkhead check DIR` needs none";
  expect(asTyped(sentence, ["map", "--data", "my shop"])).toBe(
    "`bulkhead ingest PATH… --data 'my shop'` or `bulkhead inventory import FILE --data 'my shop'` makes one; `bulkhead check DIR` needs none",
  );
  expect(asTyped("`bulkhead flows --data x`", ["map", "--data=shop"])).toBe("`bulkhead flows --data x`");
  expect(asTyped("`bulkhead flows --help`", ["map", "--data=shop"])).toBe("`bulkhead flows --help`");
  expect(asTyped(sentence, ["map"])).toBe(sentence);
});

test("what the lab and the agent keep is never taken for the data of the map", () => {
  expect(asTyped("`bulkhead lab down`, `bulkhead map`", ["lab", "up", "--data", "a"])).toBe("`bulkhead lab down --data a`, `bulkhead map`");
  expect(asTyped("`bulkhead agent unenforce`, `bulkhead map`", ["map", "--data", "a"])).toBe("`bulkhead agent unenforce`, `bulkhead map --data a`");
});

test("a word reaches a shell as one word, whatever is in it", () => {
  expect([shellWord("10.0.0.1"), shellWord("it's; rm -rf"), shellWord("$(x)")]).toEqual(["10.0.0.1", "'it'\\''s; rm -rf'", "'$(x)'"]);
  expect([dataWords(undefined), dataWords(".bulkhead/a b")]).toEqual(["", " --data '.bulkhead/a b'"]);
});
