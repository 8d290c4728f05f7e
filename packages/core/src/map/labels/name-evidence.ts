import { addTo } from "../../base/lists.ts";
import { byCodePoint } from "../../base/order.ts";
import { type Evidence, labelOf, strongestFirst, type Subject, tally, type Vote } from "./evidence.ts";
import { meaningOf, wordsOf } from "./words.ts";

// Labels that sources make of where a machine is filed; they are as good as names.
const filed = ["folder", "ou", "tags", "groups", "cluster", "namespace"] as const;
// A value that stands in the name, with nobody else to compare with.
const spelled = 0.9;
const meant = 0.6;

/** What names say: a word that is a value of the key, and words that stand beside one value in the names of others. */
export function nameEvidence(key: string, subjects: readonly Subject[]): Evidence {
  const beside = tally();
  const ofOtherKeys = new Set<string>();
  const holders = new Map<string, number>();
  for (const subject of subjects) {
    const features = featuresOf(subject, key);
    for (const { feature, word } of features) if (isOfOtherKey(subject, key, word)) ofOtherKeys.add(feature);
    const value = labelOf(subject, key);
    if (value === undefined) continue;
    holders.set(value, (holders.get(value) ?? 0) + 1);
    for (const { feature } of features) beside.add(feature, value);
  }
  const sorted = [...holders.keys()].sort(byCodePoint);
  const spelt = new Map<string, string[]>();
  // The organisation's own words for a meaning: `production` where it says so.
  const own = new Map<string, string[]>();
  for (const value of sorted) {
    addTo(spelt, value.toLowerCase(), value);
    const meaning = meaningOf(key, value);
    if (meaning !== undefined) addTo(own, meaning, value);
  }
  return {
    name: "name",
    votes(subject) {
      const found = new Map<string, Vote>();
      const vote = (one: Vote): void => void (one.score > (found.get(one.value)?.score ?? 0) && found.set(one.value, one));
      const label = labelOf(subject, key);
      // A value that only this workload has is its own label, which must not count.
      const known = (values: readonly string[] | undefined): string | undefined =>
        values?.find((value) => (holders.get(value) ?? 0) > (value === label ? 1 : 0));
      const features = featuresOf(subject, key).map((one) => ({ ...one, ...beside.without(one.feature, label) }));
      // A word that nobody else has may name what nobody else is: that `controller` stood beside one app so far says the role then, and not whose it is.
      const strange = new Set(features.filter(({ word, all }) => all === 0 && !word.includes("-")).map(({ place }) => place));
      for (const { feature, word, place, counts, all } of features) {
        const isTelling = !(counts.size === 1 && strange.has(place) && ofOtherKeys.has(feature));
        for (const [value, count] of isTelling ? counts : [])
          vote({ value, score: count / (all + 0.5), why: `\`${word}\` in its ${place}, as ${count} of ${all} others with ${key}=${value}` });
        const [exact, meaning] = [known(spelt.get(word)), meaningOf(key, word)];
        if (exact !== undefined) vote({ value: exact, score: spelled, why: `its ${place} says \`${word}\`` });
        if (meaning !== undefined) vote({ value: known(own.get(meaning)) ?? meaning, score: meant, why: `\`${word}\` in its ${place} means ${meaning}` });
      }
      return strongestFirst([...found.values()]);
    },
  };
}

/** Whether a word is what the workload has under another key, spelled out or in another word for it. */
const isOfOtherKey = ({ labels }: Subject, key: string, word: string): boolean =>
  Object.entries(labels).some(
    ([other, value]) => other !== key && !isFiled(other) && (value.toLowerCase() === word || meaningOf(other, word) === (meaningOf(other, value) ?? value)),
  );

const isFiled = (key: string): boolean => filed.some((one) => one === key);

interface Feature {
  readonly feature: string;
  readonly word: string;
  readonly place: string;
}

function featuresOf({ id, labels, attributes }: Subject, key: string): readonly Feature[] {
  const texts = [
    ["name", id],
    ["host name", attributes["fqdn"] === undefined ? "" : (attributes["fqdn"].split(".")[0] ?? "")],
    ...filed.filter((name) => name !== key).map((name) => [name, labels[name] ?? ""] as const),
  ] as const;
  return texts.flatMap(([place, text]) => wordsOf(text).map((word) => ({ feature: `${place} ${word}`, word, place })));
}
