/** Does the work for each, so many at once, and gives the results in the order of what was given. */
export async function inTurns<A, B>(all: readonly A[], together: number, work: (one: A) => Promise<B>): Promise<readonly B[]> {
  const done: B[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let mine = next++; mine < all.length; mine = next++) done[mine] = await work(all[mine]!);
  };
  await Promise.all(Array.from({ length: Math.min(together, all.length) }, worker));
  return done;
}
