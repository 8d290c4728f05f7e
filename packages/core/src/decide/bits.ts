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

/** A number of a row by which equal rows are found (FNV-1a, a word at a time). */
export function hashOf(row: Bits): number {
  let hash = 0x811c_9dc5;
  for (const word of row) hash = Math.imul(hash ^ word, 0x0100_0193);
  return hash >>> 0;
}

export const hasBit = (bits: Bits, index: number): boolean => ((bits[index >>> 5]! >>> (index & 31)) & 1) !== 0;

/** Calls for each bit that is set, in order. */
export function eachBit(bits: Bits, call: (index: number) => void): void {
  for (let word = 0; word < bits.length; word += 1) for (let left = bits[word]!; left !== 0; left &= left - 1) call(word * 32 + 31 - Math.clz32(left & -left));
}

/** Calls for each bit that is set in both, and takes it from `left`; the inner loop of every search. */
export function takeBits(row: Bits, left: Bits, call: (index: number) => void): void {
  for (let word = 0; word < row.length; word += 1) {
    let found = row[word]! & left[word]!;
    if (found !== 0) left[word]! &= ~found;
    for (; found !== 0; found &= found - 1) call(word * 32 + 31 - Math.clz32(found & -found));
  }
}

/** The first bit that is set in both, or -1. */
export function firstInBoth(some: Bits, others: Bits): number {
  for (let word = 0; word < some.length; word += 1) {
    const found = some[word]! & others[word]!;
    if (found !== 0) return word * 32 + 31 - Math.clz32(found & -found);
  }
  return -1;
}

export const isEmpty = (bits: Bits): boolean => bits.every((word) => word === 0);

export const both = (some: Bits, others: Bits): Bits => some.map((word, index) => word & others[index]!);
