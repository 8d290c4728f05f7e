import { expect, test } from "vitest";
import { second } from "../base/instant.ts";
import { conversationsOf } from "./conversations.ts";
import { told } from "./testing/told.ts";
import { translatedWorld, translators } from "./testing/translated-world.ts";
import { type Translated, translatedPairs } from "./translated.ts";

const said = (pairs: readonly Translated[]): readonly string[] =>
  pairs.map(({ hides, outer, inner, translator }) => `${outer.client} → ${inner.server}: ${translator} hides the ${hides}`);
const joined = (records: Parameters<typeof conversationsOf>[0]) => translatedPairs(conversationsOf(records), translators);

const asked = told({ client: "10.0.0.1", clientPort: 20_000, server: "10.0.9.1", serverPort: 443, bytesToServer: 777 });
const passedOn = told({ client: "10.0.9.1", clientPort: 40_000, server: "10.0.1.5", serverPort: 8443, bytesToServer: 777, first: second });

test("who asked a balancer is joined with whom the balancer asked", () => {
  expect(said(joined([asked, passedOn]).pairs)).toEqual(["10.0.0.1 → 10.0.1.5: 10.0.9.1 hides the server"]);
  expect(said(joined([asked, { ...passedOn, client: "10.0.0.1" }]).pairs), "one that keeps the client's address").toEqual([
    "10.0.0.1 → 10.0.1.5: 10.0.9.1 hides the server",
  ]);
});

test("whom a NAT gateway spoke for is joined with what it said", () => {
  const inside = told({ client: "10.0.0.1", clientPort: 20_000, server: "198.51.100.7", bytesToServer: 777 });
  const outside = told({ client: "10.0.9.9", clientPort: 40_000, server: "198.51.100.7", bytesToServer: 777, first: second });
  expect(said(joined([inside, outside]).pairs)).toEqual(["10.0.0.1 → 198.51.100.7: 10.0.9.9 hides the client"]);
  expect(said(joined([inside, { ...outside, server: "198.51.100.8" }]).pairs), "another server").toEqual([]);
});

test("what fits two others is left apart, and counted", () => {
  const { pairs, ambiguous } = joined([asked, passedOn, { ...passedOn, clientPort: 40_001, server: "10.0.1.6" }]);
  expect([pairs, ambiguous]).toEqual([[], 3]);
});

test("other counts, another time, and what nobody counted are no fit", () => {
  for (const other of [{ bytesToServer: 778 }, { first: 6 * second }, { bytesToClient: null, bytesToServer: null }])
    expect(joined([asked, { ...passedOn, ...other }]).pairs).toEqual([]);
  expect(translatedPairs(conversationsOf([asked, passedOn]), new Set()).pairs, "no translator is known").toEqual([]);
});

function scoreOf(seed: number, sizes: number, lost = 0) {
  const { records, truth } = translatedWorld(seed, { conversations: 500, sizes, lost });
  const { pairs } = joined(records);
  const right = pairs.filter(({ outer, inner }) => truth.has(`${outer.clientPort} ${inner.clientPort}`));
  return { right: right.length, wrong: pairs.length - right.length, truth: truth.size, pairs };
}

test("of halves that differ from others nearly all are joined, and none wrongly", () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const { right, wrong, truth } = scoreOf(seed, 20_000);
    expect(wrong, `seed ${seed}`).toBe(0);
    expect(right / truth, `seed ${seed}`).toBeGreaterThan(0.95);
    expect(scoreOf(seed, 20_000, 20).wrong, `seed ${seed}, a fifth lost`).toBe(0);
  }
});

test("where conversations look alike, fewer are joined, none wrongly, and each with less confidence", () => {
  const least = ({ pairs }: ReturnType<typeof scoreOf>): number => pairs.reduce((sum, { confidence }) => sum + confidence, 0) / pairs.length;
  for (const seed of [1, 2, 3, 4, 5]) {
    const [alike, different] = [scoreOf(seed, 2), scoreOf(seed, 20_000)];
    expect(alike.wrong, `seed ${seed}`).toBe(0);
    expect(alike.right, `seed ${seed}`).toBeLessThan(different.right);
    expect(least(alike), `seed ${seed}`).toBeLessThan(least(different));
  }
});

test("positive control: who takes the first that fits joins wrongly where conversations look alike", () => {
  const { records, truth } = translatedWorld(1, { conversations: 500, sizes: 3 });
  const conversations = conversationsOf(records);
  const outers = conversations.filter(({ server }) => translators.has(server));
  const wrong = outers.filter((outer) => {
    const inner = conversations.find(
      (one) => translators.has(one.client) && one.bytesToServer === outer.bytesToServer && Math.abs(one.first! - outer.first!) <= 5 * second,
    );
    return inner !== undefined && !truth.has(`${outer.clientPort} ${inner.clientPort}`);
  });
  expect(wrong.length).toBeGreaterThan(10);
});
