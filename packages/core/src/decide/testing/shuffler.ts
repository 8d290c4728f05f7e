/** Lists in another order, the same for the same seed. */
export function shuffler(seed: number): <T>(list: readonly T[]) => readonly T[] {
  let state = seed;
  // A linear congruential generator (Numerical Recipes): enough to shuffle a dozen things.
  const next = (): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0);
  return (list) =>
    list
      .map((one) => ({ one, rank: next() }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ one }) => one);
}
