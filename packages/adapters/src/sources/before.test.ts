import type { Decoded, DecoderInput, FlowFormat } from "@bulkhead/core/outside";
import { expect, test } from "vitest";
import { recognisable } from "./open.ts";
import { samples, table } from "./testing/samples.ts";

const before = 1000;

/** The sample and a part of it that breaks off, so that rejects are numbered, too. */
function numbersOf(format: FlowFormat, sample: string | Uint8Array, input: Partial<DecoderInput>): readonly (number | null)[] {
  const bytes = typeof sample === "string" ? new TextEncoder().encode(sample) : sample;
  return [bytes, bytes.subarray(0, bytes.length - 7)].flatMap((part) => {
    const decoder = format.decoder({ file: "sample", together: {}, ...input });
    return [...decoder.push(part), ...decoder.end()].flatMap(numberOf);
  });
}

function numberOf(one: Decoded): readonly (number | null)[] {
  if (one.kind === "connection") return [one.connection.record];
  return one.kind === "reject" ? [one.reject.record] : [];
}

/** Whether what comes after a thousand records is numbered from there on. */
const goesOn = (format: FlowFormat): boolean =>
  (samples[format.name] ?? []).every((sample) => {
    const anew = numbersOf(format, sample, {});
    const on = numbersOf(format, sample, { before });
    return anew.length > 0 && on.join() === anew.map((number) => (number === null ? null : number + before)).join();
  });

for (const format of [...recognisable, table])
  test(`records of ${format.name} are numbered on behind those that came before`, () => {
    expect(goesOn(format)).toBe(true);
  });

test("a format that begins at one again is caught by the tests above", () => {
  const zeek = recognisable.find(({ name }) => name === "zeek-conn")!;
  expect(goesOn({ ...zeek, decoder: ({ file }) => zeek.decoder({ file }) })).toBe(false);
});
