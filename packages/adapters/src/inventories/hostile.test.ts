import { expect, test } from "vitest";
import { instantText } from "@bulkhead/core/base/instant";
import type { Credential } from "@bulkhead/core/inventory/credential";
import type { Sighting } from "@bulkhead/core/inventory/sighting";
import { mutated, numbersFrom } from "../sources/testing/mutations.ts";
import { documentFormats, parseInventory, tableFormats, textFormats } from "./open.ts";
import { samples } from "./testing/samples.ts";

/** How many damaged files of each format are read. */
const mutations = Number(process.env["BULKHEAD_FUZZ"] ?? 200);
const patience = 60_000 + mutations * 20;
const names = [...new Set([...textFormats, ...documentFormats, ...tableFormats].map(({ name }) => name))];

type Reader = typeof parseInventory;

/** Reads so many damaged files; says the seed of the first that throws, or of which something is read that is no sighting. */
function complaintOf(contents: readonly string[], count: number, read: Reader): string | null {
  for (let seed = 1; seed <= count; seed += 1) {
    const sample = contents[numbersFrom(-seed)(contents.length)]!;
    const text = new TextDecoder().decode(mutated(new TextEncoder().encode(sample), seed));
    try {
      let problems = 0;
      const { sightings, credentials = [] } = read(
        text,
        ({ reason, message }) => void (problems += reason.length > 0 && message.length < 2000 ? 1 : Number.NaN),
        { at: 0 },
      );
      if (sightings.some(isStrange) || credentials.some(isStrangeCredential)) return `seed ${seed}: a value is no text`;
      if (Number.isNaN(problems)) return `seed ${seed}: a problem is told in too many words`;
    } catch (error) {
      return `seed ${seed}: ${String(error)}`;
    }
  }
  return null;
}

/** The same of a credential. */
function isStrangeCredential({ name, remarks, changed, until }: Credential): boolean {
  for (const at of [changed, until]) if (at !== null) instantText(at);
  return [name, ...remarks].some((value) => typeof value !== "string");
}

/** Whether a value is no text, or a time cannot be printed. */
function isStrange({ id, labels, attributes, leases }: Sighting): boolean {
  for (const at of leases.flatMap(({ from, until }) => [from, until])) if (at !== null) instantText(at);
  return [id, ...Object.values(labels), ...Object.values(attributes)].some((value) => typeof value !== "string");
}

for (const name of names)
  test(`no damage of a file makes the reader of ${name} throw`, { timeout: patience }, () => {
    expect(samples[name] ?? [], "a format without a sample is not tried").not.toEqual([]);
    expect(complaintOf(samples[name]!, mutations, parseInventory)).toBeNull();
  });

test("a reader that throws at an unusual byte is caught by the tests above", () => {
  const throwing: Reader = (text, say, input) => {
    if (text.includes("\u0000")) throw new RangeError("planted");
    return parseInventory(text, say, input);
  };
  expect(complaintOf(samples["rvtools"]!, mutations, throwing)).toMatch(/^seed \d+: RangeError: planted$/);
});

test("each sample is recognised as what it is, and by nothing else", () => {
  const readBy = (text: string): string => {
    const { sightings, points, quarantined, isSnapshot: _, ...beside } = parseInventory(text, () => undefined, { at: 0 });
    return [sightings, points, quarantined, ...Object.values(beside)].some((list) => list.length > 0) ? "read" : "not read";
  };
  for (const [name, texts] of Object.entries(samples)) for (const text of texts) expect([name, readBy(text)]).toEqual([name, "read"]);
  for (const [name, texts] of Object.entries(samples))
    for (const text of texts)
      expect([name, textFormats.filter((format) => format.name !== name && format.recognises(text)).map((format) => format.name)]).toEqual([name, []]);
});
