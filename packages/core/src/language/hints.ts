// A set of thousands of names must not make every mistake slow.
const most = 5000;

/** The candidate that was probably meant by a word, or null: at most a third of its letters wrong, two neighbours swapped counting as one; else the only one that it shortens. */
export function nearest(word: string, some: Iterable<string>): string | null {
  const candidates = [...some];
  if (word.length > 64) return null;
  const lower = word.toLowerCase();
  let best: { readonly text: string; readonly distance: number } | null = null;
  let seen = 0;
  for (const text of candidates) {
    if ((seen += 1) > most) break;
    const wrongMost = Math.max(1, Math.floor(Math.max(lower.length, text.length) / 3));
    if (Math.abs(text.length - lower.length) > wrongMost) continue;
    const distance = editsBetween(lower, text.toLowerCase());
    if (distance <= wrongMost && distance < text.length && (best === null || distance < best.distance)) best = { text, distance };
  }
  return best?.text ?? shortened(lower, candidates);
}

// Two letters begin too many words.
const letters = 3;

/** The one candidate of which a word is the beginning, or that is the beginning of it: `dev` for `development`, `production` for `prod`. */
function shortened(lower: string, candidates: readonly string[]): string | null {
  let found: string | null = null;
  let seen = 0;
  for (const text of candidates) {
    if ((seen += 1) > most) break;
    const other = text.toLowerCase();
    if (Math.min(other.length, lower.length) < letters || !(other.startsWith(lower) || lower.startsWith(other))) continue;
    if (found !== null) return null;
    found = text;
  }
  return found;
}

/** Letters inserted, deleted, replaced, or swapped with their neighbour (optimal string alignment). */
export function editsBetween(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(row[j - 1]! + 1, last[j]! + 1, last[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, before[j - 2]! + 1);
      row.push(cost);
    }
    before = last;
    last = row;
  }
  return last[b.length]!;
}
