import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bitsAt, bitsWhere, eachBit, hasBit } from "../decide/bits.ts";
import { closureOf } from "./closure.ts";
import { componentsOf } from "./components.ts";
import { fewestBetween } from "./cut-between.ts";
import { fewestSteps, type Step } from "./cut-steps.ts";
import { type Graph, growingGraph, reversed } from "./graph.ts";
import { chokePoints, shortestWay, stepsFrom } from "./steps.ts";

/** Small graphs, and now and then one of more than a word. */
const arbitraryGraph: fc.Arbitrary<Graph> = fc
  .tuple(
    fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 2, max: 7 }) }, { weight: 1, arbitrary: fc.integer({ min: 30, max: 70 }) }),
    fc.integer(),
    fc.constantFrom(1, 2, 4),
  )
  .map(([count, seed, density]) =>
    graphWhere(count, (one, other) => (Math.imul(seed ^ (one * 73_856_093) ^ (other * 19_349_663), 0x9e37_79b1) >>> 8) % (count + 2) < density),
  );

const smallGraph = arbitraryGraph.filter(({ count }) => count <= 7);

function graphWhere(count: number, isStep: (one: number, other: number) => boolean): Graph {
  const growing = growingGraph(count);
  for (let one = 0; one < count; one += 1) growing.add(bitsWhere(count, (other) => isStep(one, other)));
  return growing.graph();
}

const numbers = (bits: Uint32Array): number[] => {
  const found: number[] = [];
  eachBit(bits, (index) => found.push(index));
  return found;
};
const isStep = ({ rows }: Graph, one: number, other: number): boolean => hasBit(rows[one]!, other);
const all = ({ count }: Graph): number[] => Array.from({ length: count }, (_, index) => index);

/** Whom each reaches, by Warshall's algorithm over truth values; who is not `through` is no step between. */
function warshall(graph: Graph, through: (one: number) => boolean = () => true): boolean[][] {
  const reached = all(graph).map((one) => all(graph).map((other) => isStep(graph, one, other)));
  for (const between of all(graph).filter(through))
    for (const one of all(graph)) for (const other of all(graph)) reached[one]![other] ||= reached[one]![between]! && reached[between]![other]!;
  return reached;
}

const asTable = (graph: Graph): boolean[][] => all(graph).map((one) => all(graph).map((other) => isStep(graph, one, other)));

describe("closure", () => {
  test("whom each reaches is what Warshall's algorithm finds", () => {
    fc.assert(
      fc.property(arbitraryGraph, (graph) => void expect(asTable(closureOf(graph))).toEqual(warshall(graph))),
      { numRuns: 300 },
    );
  });

  test("who may not be a step between is only first or last", () => {
    fc.assert(
      fc.property(arbitraryGraph, fc.nat(), (graph, which) => {
        const through = bitsWhere(graph.count, (one) => ((which >>> (one % 7)) & 1) === 1);
        expect(asTable(closureOf(graph, through))).toEqual(warshall(graph, (one) => hasBit(through, one)));
      }),
      { numRuns: 300 },
    );
  });

  test("a closure that forgets what lies beyond the second step is caught", () => {
    const broken = (graph: Graph): boolean[][] =>
      asTable(graph).map((row, one) => row.map((is, other) => is || all(graph).some((step) => isStep(graph, one, step) && isStep(graph, step, other))));
    expect(fc.sample(arbitraryGraph, { numRuns: 100, seed: 1 }).some((graph) => JSON.stringify(broken(graph)) !== JSON.stringify(warshall(graph)))).toBe(true);
  });

  test("strong components are those who reach each other, and arrows go to later ones", () => {
    fc.assert(
      fc.property(arbitraryGraph, (graph) => {
        const { of } = componentsOf(graph);
        const reached = warshall(graph);
        for (const one of all(graph))
          for (const other of all(graph)) {
            expect(of[one] === of[other]).toBe(one === other || (reached[one]![other]! && reached[other]![one]!));
            if (isStep(graph, one, other)) expect(of[one]!).toBeLessThanOrEqual(of[other]!);
          }
      }),
      { numRuns: 100 },
    );
  });

  test("turned round twice, a graph is itself", () => {
    fc.assert(fc.property(arbitraryGraph, (graph) => void expect(asTable(reversed(reversed(graph)))).toEqual(asTable(graph))));
    fc.assert(
      fc.property(arbitraryGraph, (graph) =>
        all(graph).every((one) => all(graph).every((other) => isStep(graph, one, other) === isStep(reversed(graph), other, one))),
      ),
    );
  });
});

describe("steps", () => {
  test("everybody who is reached is reached in the step in which the shortest way ends", () => {
    fc.assert(
      fc.property(arbitraryGraph, (graph) => {
        const reached = warshall(graph)[0]!;
        const steps = stepsFrom(graph, bitsAt(graph.count, [0])).map(numbers);
        expect(steps.flat().sort((a, b) => a - b)).toEqual(all(graph).filter((other) => reached[other]));
        for (const [step, ends] of steps.entries())
          for (const end of ends) {
            const way = shortestWay(graph, { from: bitsAt(graph.count, [0]), to: bitsAt(graph.count, [end]) })!;
            expect(way).toHaveLength(step + 2);
            expect(way.slice(1).every((one, at) => isStep(graph, way[at]!, one))).toBe(true);
          }
      }),
      { numRuns: 100 },
    );
  });
});

/** All sets of so many of these. */
function* subsets<One>(list: readonly One[], size: number): Generator<readonly One[]> {
  if (size === 0) return void (yield []);
  for (let at = 0; at + size <= list.length; at += 1) for (const rest of subsets(list.slice(at + 1), size - 1)) yield [list[at]!, ...rest];
}

const sides = (graph: Graph) => ({ from: bitsAt(graph.count, [0]), to: bitsAt(graph.count, [graph.count - 1]), through: null });
const isParted = (graph: Graph): boolean => shortestWay(graph, sides(graph)) === null;
const withoutSteps = (graph: Graph, gone: readonly Step[]): Graph =>
  graphWhere(graph.count, (one, other) => isStep(graph, one, other) && !gone.some(([from, to]) => from === one && to === other));
const withoutOnes = (graph: Graph, gone: readonly number[]): Graph =>
  graphWhere(graph.count, (one, other) => isStep(graph, one, other) && !gone.includes(one) && !gone.includes(other));
const everyStep = (graph: Graph): Step[] => all(graph).flatMap((one) => numbers(graph.rows[one]!).map((other): Step => [one, other]));

describe("cuts", () => {
  test("the fewest steps part, and no fewer do", () => {
    let parted = 0;
    fc.assert(
      fc.property(smallGraph, (graph) => {
        const cut = fewestSteps(graph, sides(graph));
        if (cut.kind !== "cut") throw new Error("a small graph has a cut");
        expect(isParted(withoutSteps(graph, cut.by))).toBe(true);
        expect(cut.by.every(([one, other]) => isStep(graph, one, other))).toBe(true);
        if (cut.by.length > 0) {
          parted += 1;
          for (const fewer of subsets(everyStep(graph), cut.by.length - 1)) expect(isParted(withoutSteps(graph, fewer)), JSON.stringify(fewer)).toBe(false);
        }
      }),
      { numRuns: 300 },
    );
    expect(parted).toBeGreaterThan(30);
  });

  test("the fewest in between part, and no fewer do; there are none where one step leads there", () => {
    let parted = 0;
    fc.assert(
      fc.property(smallGraph, (graph) => {
        const cut = fewestBetween(graph, sides(graph));
        expect(cut.kind === "next").toBe(isStep(graph, 0, graph.count - 1));
        if (cut.kind === "next") return;
        if (cut.kind !== "cut") throw new Error("a small graph has a cut");
        const between = all(graph).slice(1, -1);
        expect(cut.by.every((one) => between.includes(one))).toBe(true);
        expect(isParted(withoutOnes(graph, cut.by))).toBe(true);
        if (cut.by.length > 0) {
          parted += 1;
          for (const fewer of subsets(between, cut.by.length - 1)) expect(isParted(withoutOnes(graph, fewer))).toBe(false);
        }
      }),
      { numRuns: 500 },
    );
    expect(parted).toBeGreaterThan(30);
  });

  test("each choke point parts alone, and nobody else does", () => {
    fc.assert(
      fc.property(smallGraph, (graph) => {
        const found = chokePoints(graph, sides(graph));
        const expected = isParted(graph)
          ? []
          : all(graph)
              .slice(1, -1)
              .filter((one) => isParted(withoutOnes(graph, [one])));
        expect([...found].sort((a, b) => a - b)).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  test("a search that never gives a step back finds more ways to cut than are needed, and is caught", () => {
    // Without giving back, the way that is found first blocks both others: 0→1→4→5 and 0→2→3→5 exist, 0→1→3→5 is met.
    const graph = graphWhere(6, (one, other) => ["01", "02", "13", "14", "23", "35", "45"].includes(`${one}${other}`));
    const cut = fewestSteps(graph, sides(graph));
    expect(cut.kind === "cut" && cut.by).toHaveLength(2);
  });

  test("of equally few steps, the ones nearest to what is protected are named", () => {
    const line = graphWhere(4, (one, other) => other === one + 1);
    expect(fewestSteps(line, sides(line))).toEqual({ kind: "cut", by: [[2, 3]] });
    expect(fewestBetween(line, sides(line))).toEqual({ kind: "cut", by: [2] });
  });
});
