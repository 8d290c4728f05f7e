// Message numbers come from outside; counting a million different ones apart would help nobody.
const wordsMax = 256;

/** Remembers so many different words of a file; further ones are all called `other`. */
export function noticeWords(): (word: string) => string {
  const known = new Set<string>();
  return (word) => {
    if (known.size < wordsMax) known.add(word);
    return known.has(word) ? word : "other";
  };
}
