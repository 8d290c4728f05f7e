import { type Bits, bitsAt, both, eachBit, firstInBoth, hasBit, isEmpty, wordsFor } from "../decide/bits.ts";
import { fewestSteps } from "./cut-steps.ts";
import type { Graph } from "./graph.ts";
import { type Cut, onTheWay, type Parted } from "./parted.ts";

// Everybody is two nodes in it, so this takes 128 MiB.
const aroundMost = 10_000;

/**
 * The fewest in between without whom no way is left, those nearest to where ways end; none where a single step leads there.
 * Everybody between becomes a step, from where it is entered to where it is left; then the fewest steps are the fewest of them: a step from one to
 * another can always be given for either of both.
 */
export function fewestBetween(graph: Graph, parted: Parted): Cut<number> | { readonly kind: "next" } {
  const { rows } = onTheWay(graph, parted);
  let isNext = false;
  eachBit(parted.from, (one) => void (isNext ||= firstInBoth(rows[one]!, parted.to) >= 0));
  if (isNext) return { kind: "next" };
  const around: number[] = [];
  const isThere = new Uint32Array(wordsFor(graph.count));
  for (const [one, row] of rows.entries()) if (!isEmpty(row) || hasBit(parted.to, one)) around.push(one);
  for (const one of around) isThere[one >>> 5]! |= 1 << (one & 31);
  if (around.length > aroundMost) return { kind: "more", most: aroundMost };
  const size = around.length;
  const places = new Map(around.map((one, place) => [one, place]));
  const pick = (side: Bits, shift: number): Bits =>
    bitsAt(
      size * 2,
      around.flatMap((one, place) => (hasBit(side, one) ? [place + shift] : [])),
    );
  const entered = around.map((one, place) => bitsAt(size * 2, hasBit(parted.from, one) || hasBit(parted.to, one) ? [] : [place + size]));
  const left = around.map((one) => bitsAt(size * 2, placesIn(both(rows[one]!, isThere), places)));
  const cut = fewestSteps({ count: size * 2, rows: [...entered, ...left] }, { from: pick(parted.from, size), to: pick(parted.to, 0), through: null });
  if (cut.kind === "more") return cut;
  const by = cut.by.map(([one, other]) => around[hasBit(parted.to, around[other % size]!) ? one % size : other % size]!);
  return { kind: "cut", by };
}

function placesIn(row: Bits, places: ReadonlyMap<number, number>): readonly number[] {
  const found: number[] = [];
  eachBit(row, (one) => found.push(places.get(one)!));
  return found;
}
