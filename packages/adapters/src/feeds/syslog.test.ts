import fc from "fast-check";
import { expect, test } from "vitest";
import { framing, messageMax, syslogLine } from "./syslog.ts";

test("the envelope says host and program, in both its forms; without one, all is what was said", () => {
  const rows = [
    ['<134>1 2026-11-28T12:00:00.5Z fw-1 suricata 12 - - {"a":1}', "fw-1", "suricata", '{"a":1}'],
    ['<134>1 2026-11-28T12:00:00Z - - - - [x@1 a="b\\]c"][y] told', null, null, "told"],
    ["<30>Nov  8 12:00:00 web-1 kernel: IN=eth0", "web-1", "kernel", "IN=eth0"],
    ["<30>Nov 28 12:00:00 web-1 envoy[77]: told", "web-1", "envoy", "told"],
    ["<30>2026-11-28T12:00:00+01:00 web-1 envoy[77]: told", "web-1", "envoy", "told"],
    ['{"a":1}', null, null, '{"a":1}'],
    ["<30>told", null, null, "told"],
  ] as const;
  for (const [text, host, program, said] of rows) expect(syslogLine(text), text).toEqual({ host, program, said });
});

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The messages of a stream that comes in pieces. */
function cut(text: string, pieceBytes: number): readonly string[] {
  const bytes = bytesOf(text);
  const frames = framing();
  const messages: string[] = [];
  for (let at = 0; at < bytes.length; at += pieceBytes) messages.push(...frames.push(bytes.slice(at, at + pieceBytes)));
  return [...messages, ...frames.end()];
}

test("counted octets and lines are told apart, message by message, whatever the cut", () => {
  const counted = "<30>é\n2";
  const stream = `${bytesOf(counted).length} ${counted}<31>line one\r\n7 <32>end12 digits and words\n\nlast`;
  const expected = [counted, "<31>line one", "<32>end", "12 digits and words", "last"];
  for (const pieceBytes of [1, 2, 3, 5, 1000]) expect(cut(stream, pieceBytes)).toEqual(expected);
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^<\d{1,3}>[a-z ]{1,20}$/), { minLength: 1 }), fc.integer({ min: 1, max: 30 }), (lines, pieceBytes) => {
      const all = lines.map((line, at) => (at % 2 === 0 ? `${line.length} ${line}` : `${line}\n`)).join("");
      expect(cut(all, pieceBytes)).toEqual(lines);
    }),
  );
});

test("what is too long is counted and left out, and what follows is read; nobody fills memory", () => {
  const long = "x".repeat(messageMax + 1);
  for (const pieceBytes of [1000, 1e6])
    for (const stream of [`${long}\n<1>good\n`, `${messageMax + 3} <1>${long.slice(2)}x<1>good\n`]) expect(cut(stream, pieceBytes)).toEqual(["<1>good"]);
  const frames = framing();
  for (let megabyte = 0; megabyte < 20; megabyte += 1) frames.push(new Uint8Array(1 << 20).fill(65));
  expect(frames.tooLong()).toBe(1);
});
