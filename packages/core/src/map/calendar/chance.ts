/** How many days were drawn out of how many, how many of all days a rule chooses, and how many of the drawn ones it chose. */
export interface Draw {
  readonly all: number;
  readonly chosen: number;
  readonly drawn: number;
  readonly hits: number;
}

/** The chance of so many hits or more when each set of days is as likely as another: Fisher's exact test (1935), one-sided. */
export function chanceOfHits({ all, chosen, drawn, hits }: Draw): number {
  const [most, least] = [Math.min(chosen, drawn), Math.max(0, drawn + chosen - all)];
  let chance = 0;
  for (let count = Math.max(hits, least); count <= most; count += 1)
    chance += Math.exp(logChoose(chosen, count) + logChoose(all - chosen, drawn - count) - logChoose(all, drawn));
  return Math.min(1, chance);
}

const logChoose = (from: number, count: number): number => logFactorial(from) - logFactorial(count) - logFactorial(from - count);

const known = [0];
function logFactorial(number: number): number {
  while (known.length <= number) known.push(known.at(-1)! + Math.log(known.length));
  return known[number]!;
}

/**
 * The greatest chance that may still be named so that, of all that is named, chance makes no more than this share in the long run, however many were asked
 * (Benjamini and Hochberg 1995); with no rhythm anywhere, in no more than this share of networks is any named. Null where none may be.
 */
export function greatestNamed(chances: readonly number[], share: number): number | null {
  const rising = [...chances].sort((a, b) => a - b);
  return rising.findLast((chance, at) => chance <= (share * (at + 1)) / rising.length) ?? null;
}
