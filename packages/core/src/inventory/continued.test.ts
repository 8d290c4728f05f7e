import fc from "fast-check";
import { expect, test } from "vitest";
import { day } from "../base/instant.ts";
import { ipKey, ipOf, ipText } from "../base/ip.ts";
import { contestedAddresses } from "./contested.ts";
import { continued } from "./continued.ts";
import type { SourceExport } from "./sighting.ts";

type Seen = Readonly<Record<string, string>>;
/** What `ip neigh` sees at a time: who holds which address. */
const seen = (at: number, holders: Seen, from: number = at): SourceExport => ({
  source: "neighbours",
  at,
  sightings: Object.entries(holders).map(([id, address]) => ({ id, labels: {}, attributes: {}, leases: [{ ip: ipOf(address)!, from, until: null }] })),
});
const told = ({ sightings }: SourceExport): readonly string[] =>
  sightings.map(({ id, leases }) => `${id} ${leases.map(({ ip, from, until }) => `${ipText(ip)} ${from}..${until ?? ""}`).join(", ")}`);
const all = (...exports: readonly SourceExport[]): SourceExport => exports.slice(1).reduce(continued, exports[0]!);

test("an address that is seen again goes on, one that is not ended, and the next holder begins", () => {
  expect(told(all(seen(10, { a: "10.0.0.1", b: "10.0.0.2" }), seen(20, { a: "10.0.0.1", c: "10.0.0.2" })))).toEqual([
    "a 10.0.0.1 10..",
    "c 10.0.0.2 20..",
    "b 10.0.0.2 10..20",
  ]);
  expect(told(all(seen(10, { a: "10.0.0.1" }), seen(20, { b: "10.0.0.1" }, 12)))).toEqual(["b 10.0.0.1 12..", "a 10.0.0.1 10..12"]);
});

test("what ended more than 400 days ago is forgotten", () => {
  expect(told(all(seen(0, { a: "10.0.0.1" }), seen(10, {}), seen(401 * day, {})))).toEqual([]);
});

const holders = fc
  .uniqueArray(fc.tuple(fc.constantFrom("a", "b", "c"), fc.constantFrom("10.0.0.1", "10.0.0.2", "10.0.0.3")), { selector: ([, address]) => address })
  .map((pairs) => Object.fromEntries(pairs) as Seen);
const law = (step: typeof continued) =>
  fc.property(fc.array(holders, { minLength: 1, maxLength: 6 }), (rounds) => {
    const exports = rounds.map((one, index) => seen((index + 1) * 10, one));
    const kept = exports.slice(1).reduce(step, exports[0]!);
    expect(contestedAddresses(kept.sightings)).toEqual([]);
    // Whoever was seen at a time is the holder at that time.
    for (const [index, round] of rounds.entries())
      for (const [id, address] of Object.entries(round)) {
        const at = (index + 1) * 10;
        const leases = kept.sightings.find((one) => one.id === id)?.leases ?? [];
        expect(leases.some(({ ip, from, until }) => ipKey(ip) === ipKey(ipOf(address)!) && (from ?? 0) <= at && at < (until ?? Infinity))).toBe(true);
      }
  });

test("whatever is seen in turn, no address is held twice, and every sighting stays true", () => {
  fc.assert(law(continued));
  // The control: forgetting to end what is gone is caught, and so is forgetting the past.
  expect(
    fc.check(
      law((before, now) => ({ ...now, sightings: [...now.sightings, ...before.sightings.filter(({ id }) => !now.sightings.some((one) => one.id === id))] })),
    ).failed,
  ).toBe(true);
  expect(fc.check(law((_, now) => now)).failed).toBe(true);
});
