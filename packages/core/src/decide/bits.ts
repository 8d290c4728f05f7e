/** A row of bits, one for each class, in 32-bit words. */
export type Bits = Uint32Array;

/** Words that a row of so many bits takes. */
export const wordsFor = (count: number): number => (count + 31) >>> 5;

/** The bits whose index satisfies a question. */
export function bitsWhere(count: number, isSet: (index: number) => boolean): Bits {
  const bits = new Uint32Array(wordsFor(count));
  for (let index = 0; index < count; index += 1) if (isSet(index)) bits[index >>> 5]! |= 1 << (index & 31);
  return bits;
}

/** The bits with these indexes. */
export function bitsAt(count: number, indexes: readonly number[]): Bits {
  const bits = new Uint32Array(wordsFor(count));
  for (const index of indexes) bits[index >>> 5]! |= 1 << (index & 31);
  return bits;
}

/** Adds the bits of `other` to `bits`. */
export function addBits(bits: Bits, other: Bits): void {
  for (let word = 0; word < bits.length; word += 1) bits[word]! |= other[word]!;
}

/** Adds those bits of `other` to `bits` that `mask` has, too. */
export function addMasked(bits: Bits, other: Bits, mask: Bits): void {
  for (let word = 0; word < bits.length; word += 1) bits[word]! |= other[word]! & mask[word]!;
}
