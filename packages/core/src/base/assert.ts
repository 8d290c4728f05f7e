/** Stops on a bug of ours: `sentence` says what should have been true. Never for mistakes of a user or of the world. */
export function assert(condition: unknown, sentence: string): asserts condition {
  if (!condition) throw new Error(`bug in bulkhead: ${sentence}`);
}
