import type { Volume } from "../model/flow.ts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { grow, growingFrom, plus, volumeOf } from "./volume.ts";

const count = fc.nat(9);
const perhaps = fc.option(count, { nil: null });
const anyVolume: fc.Arbitrary<Volume> = fc.record({
  connections: count,
  answered: count,
  unanswered: count,
  untold: count,
  denied: count,
  bytesToServer: perhaps,
  bytesToClient: perhaps,
  first: perhaps,
  last: perhaps,
  observers: fc.subarray(["a", "b", "c"]),
  sampling: perhaps,
  oneSided: count,
  reasons: fc.dictionary(fc.constantFrom("handshake" as const, "port" as const, "peers" as const), count, { noNullPrototype: true }),
});
const twoOrMore = fc.array(anyVolume, { minLength: 2, maxLength: 6 });
const grown = (volumes: readonly Volume[], add: typeof grow): Volume => {
  const total = growingFrom(volumes[0]!);
  for (const volume of volumes.slice(1)) add(total, volume);
  return total;
};
const summed = (volumes: readonly Volume[]): Volume => volumes.slice(1).reduce(plus, volumeOf(volumes[0]!));

test("a volume that grows in place says what the sum says, and leaves what was added as it was", () => {
  fc.assert(
    fc.property(twoOrMore, (volumes) => {
      const before = JSON.stringify(volumes);
      expect(grown(volumes, grow)).toEqual(summed(volumes));
      expect(JSON.stringify(volumes)).toBe(before);
    }),
  );
});

test("positive control: one that forgets who observed is told from the sum", () => {
  const forgetful: typeof grow = (total, more) => {
    const { observers } = total;
    grow(total, more);
    total.observers = observers;
  };
  expect(() => fc.assert(fc.property(twoOrMore, (volumes) => expect(grown(volumes, forgetful)).toEqual(summed(volumes))))).toThrow();
});
