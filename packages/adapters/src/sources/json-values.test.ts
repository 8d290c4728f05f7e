import fc from "fast-check";
import { expect, test } from "vitest";
import { type JsonCut, type JsonPart, jsonSplitter, valueMax } from "./json-values.ts";

const cut: JsonCut = { into: ["records", "result"], through: ["deeper"] };

function partsOf(chunks: readonly Uint8Array[], how = cut): readonly JsonPart[] {
  const parts: JsonPart[] = [];
  const splitter = jsonSplitter(how, (part) => parts.push(part));
  for (const chunk of chunks) splitter.push(chunk);
  splitter.end();
  return parts;
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const told = (text: string): readonly string[] =>
  partsOf([bytesOf(text)]).map((part) => (part.kind === "value" ? `${part.line} ${part.text.replace(/\s+/g, "")}` : `${part.line} broken: ${part.why}`));

test("values are read a line each, one after the other, in a list, and printed over many lines", () => {
  expect(told('{"a":1}\n{"b":[{}]}\n')).toEqual(['1 {"a":1}', '2 {"b":[{}]}']);
  expect(told('{"a":1}{"b":2} {"c":3}')).toEqual(['1 {"a":1}', '1 {"b":2}', '1 {"c":3}']);
  expect(told('[\n {"a":1},\n {"b":2}\n]\n')).toEqual(['2 {"a":1}', '3 {"b":2}']);
  expect(told('\uFEFF{\n "a": "x"\n}\r\n')).toEqual(['1 {"a":"x"}']);
  expect(told('\x1e{"a":1}\n\x1e{"a":2}\n')).toEqual(['1 {"a":1}', '2 {"a":2}']);
});

test("a list under a known name is taken apart, however deep it is nested, and what stands around it is no value", () => {
  expect(told('{"x":{"records":[9]},"records":[{"a":1},\n{"records":[{"b":2}],"c":3},{"d":[{"e":5}]}],"y":[{"z":1}]}')).toEqual([
    '1 {"a":1}',
    '2 {"b":2}',
    '2 {"d":[{"e":5}]}',
  ]);
  expect(told('{"status":"ok","deeper":{"kind":"s","result":[{"a":1}]}}')).toEqual(['1 {"a":1}']);
  expect(told('{"elsewhere":{"result":[{"a":1}]}}')).toEqual(['1 {"elsewhere":{"result":[{"a":1}]}}']);
  expect(told('{"records":[1,"two",[3],null,{"four":4}]}')).toEqual(["1 [3]", '1 {"four":4}']);
});

test("after a mistake it goes on at the next line that begins with a bracket, and says where the mistake was", () => {
  expect(told('{"a":"cut\n{"b":2}\n')).toEqual(["1 broken: a text is not closed on its line", '2 {"b":2}']);
  expect(told('{"a":1\n{"b":2}\n')).toEqual(["2 broken: `{` stands where nothing may", '2 {"b":2}']);
  expect(told('hello\nworld\n{"b":2}\n')).toEqual(["1 broken: `h` stands where nothing may", '3 {"b":2}']);
  expect(told('{"a" 1}\n{"b":2}\n')).toEqual(["1 broken: `1` stands where nothing may", '2 {"b":2}']);
  expect(told('{"records":[{"a":1},{"b"}},\n{"c":3}\n]}\n{"d":4}\n')).toEqual([
    '1 {"a":1}',
    "1 broken: `}` stands where nothing may",
    '2 {"c":3}',
    '4 {"d":4}',
  ]);
  expect(told("[[[[")).toEqual(["1 broken: the file ends in the middle of a value"]);
  expect(told('{"records":[{"a":1}')).toEqual(['1 {"a":1}', "1 broken: the file ends in the middle of a value"]);
});

test("what looks like brackets inside a text is text", () => {
  expect(told('{"a":"}]{[,:\\"\\\\"}\n')).toEqual(['1 {"a":"}]{[,:\\"\\\\"}']);
});

test("nesting without end and values without end are refused in bounded memory, and the values after them are read", () => {
  expect(told(`${"[".repeat(5000)}\n{"a":1}`).at(-1)).toBe('2 {"a":1}');
  const filler = bytesOf(`"${"x".repeat(1 << 20)}",`);
  const chunks = [bytesOf('{"a":['), ...Array.from({ length: (valueMax >> 20) + 4 }, () => filler), bytesOf('0]}\n{"b":2}\n')];
  expect(partsOf(chunks)).toEqual([
    { kind: "broken", line: 1, why: "the value that begins here is longer than 16 MiB, the longest that is read" },
    { kind: "value", line: 2, text: '{"b":2}' },
  ]);
});

test("a document of a hundred megabytes is read in the memory of its largest value", () => {
  const record = `{"filler":"${"x".repeat(1 << 20)}"},`;
  let seen = 0;
  const splitter = jsonSplitter(cut, (part) => {
    expect(part.kind).toBe("value");
    seen += 1;
  });
  splitter.push(bytesOf('{"records":['));
  for (let count = 0; count < 100; count += 1) splitter.push(bytesOf(record));
  splitter.push(bytesOf("{}]}"));
  splitter.end();
  expect(seen).toBe(101);
});

test("every JSON document gives its elements, whatever the cut of the chunks", () => {
  const value = fc.jsonValue({ maxDepth: 4 }).filter((one) => typeof one === "object" && one !== null && !Array.isArray(one));
  fc.assert(
    fc.property(
      fc.array(value, { maxLength: 5 }),
      fc.constantFrom(0, 1, 4),
      fc.constantFrom("lines", "list", "records"),
      fc.integer({ min: 1, max: 40 }),
      (values, indent, way, piece) => {
        // Names that take a document apart are another test's.
        const texts = values.map((one) => JSON.stringify(one, null, indent).replaceAll(/"(records|result|deeper)"/g, '"other"'));
        const text = way === "lines" ? texts.join("\n") : way === "list" ? `[${texts.join(",\n")}]` : `{"records": [${texts.join(" , ")}]}`;
        const bytes = bytesOf(text);
        const chunks = Array.from({ length: Math.ceil(bytes.length / piece) }, (_, at) => bytes.slice(at * piece, (at + 1) * piece));
        const parts = partsOf(chunks);
        expect(parts.map((part) => (part.kind === "value" ? JSON.parse(part.text) : part))).toEqual(texts.map((one) => JSON.parse(one) as unknown));
      },
    ),
    { numRuns: 500 },
  );
});
