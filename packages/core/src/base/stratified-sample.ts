/** Of each class of what is offered at most so many, each member of a class with the same chance; the same for the same seed and order. */
export interface StratifiedSample<Item> {
  offer(ofClass: string, item: Item): void;
  readonly offered: () => number;
  readonly kept: () => readonly Item[];
}

/** An empty sample (reservoir sampling, one reservoir for each class). */
export function stratifiedSample<Item>({ ofEachClass, seed }: { readonly ofEachClass: number; readonly seed: number }): StratifiedSample<Item> {
  const chance = chances(seed);
  const classes = new Map<string, { readonly kept: Item[]; offered: number }>();
  let offered = 0;
  return {
    offer(ofClass, item) {
      offered += 1;
      let one = classes.get(ofClass);
      if (one === undefined) classes.set(ofClass, (one = { kept: [], offered: 0 }));
      one.offered += 1;
      if (one.kept.length < ofEachClass) one.kept.push(item);
      else {
        const place = chance(one.offered);
        if (place < ofEachClass) one.kept[place] = item;
      }
    },
    offered: () => offered,
    kept: () => [...classes.values()].flatMap(({ kept }) => kept),
  };
}

/** Whole numbers below what is asked, the same row of them for the same seed (mulberry32: 32 bits of state, enough to choose by). */
export function chances(seed: number): (below: number) => number {
  const next = fractions(seed);
  return (below) => Math.floor(next() * below);
}

/** Numbers from 0 to 1, in the same way. */
export function fractions(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b_79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
