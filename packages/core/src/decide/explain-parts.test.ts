import fc from "fast-check";
import { expect, test } from "vitest";
import type { Answer } from "../model/question.ts";
import { decide } from "./decide.ts";
import { explain, type Explanation } from "./explain.ts";
import { arbitraryWorld, type RandomWorld } from "./testing/random-world.ts";
import { worldOf } from "./world.ts";

const runs = 60;

/** What the parts of the explanations of a world say wrongly; `broken` changes an explanation first. */
function wrongIn(
  { set, inventory, questions }: RandomWorld,
  part: (explained: Explanation, ask: Ask) => string | null,
  broken: (explained: Explanation) => Explanation = (same) => same,
): readonly string[] {
  const world = worldOf(set, inventory);
  return questions.flatMap((question) => {
    const ask: Ask = (change) => decide(world, { ...question, ...change });
    return part(broken(explain(set, inventory, question)), ask) ?? [];
  });
}

type Ask = (change: Partial<RandomWorld["questions"][number]>) => Answer;

function layersWrong({ answer, layers }: Explanation): string | null {
  if (answer.verdict === "unknown") return layers.length === 0 ? null : "layers of an unknown answer";
  const denying = layers.filter(({ says }) => says === "denies");
  const spoken = new Set(layers.flatMap(({ rules }) => rules));
  if (answer.by.some((name) => !spoken.has(name))) return `no layer names ${answer.by.join()}`;
  if (answer.verdict === "allow") {
    const more = [...spoken].filter((name) => !answer.by.includes(name));
    return denying.length === 0 && more.length === 0 ? null : `allow, and ${denying[0]?.layer ?? more.join()}`;
  }
  const deciding = layers.filter(({ isDeciding }) => isDeciding).map(({ layer }) => (layer === "egress" ? "segment" : layer));
  return denying[0]?.isDeciding === true && deciding.length === 1 && deciding[0] === answer.layer ? null : `${answer.layer}, and ${deciding.join()} decides`;
}

const isSame = (a: Answer, b: Answer): boolean => a.verdict === b.verdict && a.layer === b.layer;

test("exactly the layer of the verdict decides, whoever speaks determines, and nobody denies what is allowed", () => {
  fc.assert(
    fc.property(arbitraryWorld, (world) => {
      expect(wrongIn(world, layersWrong)).toEqual([]);
    }),
    { numRuns: runs },
  );
  const worlds = fc.sample(arbitraryWorld, { numRuns: 40, seed: 2 });
  const forgetful = (explained: Explanation): Explanation => ({ ...explained, layers: explained.layers.slice(1) });
  expect(worlds.some((world) => wrongIn(world, layersWrong, forgetful).length > 0)).toBe(true);
});

test("whatever fact would turn an answer if it were told is told of", () => {
  const facts = [{ encrypted: true }, { encrypted: false }, { function: "modbus/3" }, { name: "a.example" }, { user: "root" }, { process: "nginx" }];
  const toldWrong = ({ answer, told }: Explanation, ask: Ask): string | null => {
    if (answer.verdict === "unknown") return null;
    const turned = facts.map((one) => ask({ facts: one })).filter((then) => !isSame(then, answer));
    const missing = turned.find((then) => !told.some((one) => isSame(one.answer, then)));
    return missing === undefined ? null : `${missing.verdict} by ${missing.layer} is not told of`;
  };
  // Without facts of their own: then nothing that is asked about was told.
  const bare = arbitraryWorld.map((world) => ({ ...world, questions: world.questions.map((one) => ({ ...one, facts: {} })) }));
  fc.assert(
    fc.property(bare, (world) => {
      expect(wrongIn(world, toldWrong)).toEqual([]);
    }),
    { numRuns: runs },
  );
  const silent = (explained: Explanation): Explanation => ({ ...explained, told: [] });
  expect(fc.sample(bare, { numRuns: 200, seed: 2 }).some((world) => wrongIn(world, toldWrong, silent).length > 0)).toBe(true);
});

test("of an address that several hold, each holder is a reading, with the answer that it would get by its name", () => {
  const readingsWrong = ({ answer, client, server, readings }: Explanation, ask: Ask): string | null => {
    if (answer.layer !== "contested" || client.kind !== "contested" || server.kind !== "workload") return null;
    // Those that are contested themselves are read further.
    const known = client.names.filter((id) => ask({ from: id }).verdict !== "unknown");
    const missing = known.find((id) => !readings.some(({ as, answer: then }) => as === `${client.asked} is ${id}` && isSame(then, ask({ from: id }))));
    return missing === undefined ? null : `no reading as ${missing}`;
  };
  fc.assert(
    fc.property(arbitraryWorld, (world) => {
      expect(wrongIn(world, readingsWrong)).toEqual([]);
    }),
    { numRuns: runs },
  );
  const one = (explained: Explanation): Explanation => ({ ...explained, readings: explained.readings.slice(1) });
  expect(fc.sample(arbitraryWorld, { numRuns: 600, seed: 2 }).some((world) => wrongIn(world, readingsWrong, one).length > 0)).toBe(true);
});
