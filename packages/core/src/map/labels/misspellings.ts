import { addTo } from "../../base/lists.ts";
import { byCodePoint } from "../../base/order.ts";
import { editsBetween } from "../../language/hints.ts";
import { labelOf, type Subject } from "./evidence.ts";
import { areOneWord } from "./words.ts";

/** A rare value of a key that was probably meant to be a common one. */
export interface Misspelling {
  readonly key: string;
  readonly value: string;
  readonly meant: string;
  readonly why: string;
  readonly workloads: readonly string[];
}

// One of five may be a name of its own; one of twenty is a slip.
const rareShare = 0.2;
const commonLeast = 3;
// Values that nobody could look through are no vocabulary.
const valuesMax = 5000;

/** Values that look like another, far more common one: case, signs, one letter, or another word for the same. */
export function misspellings(keys: readonly string[], subjects: readonly Subject[]): readonly Misspelling[] {
  return keys.flatMap((key) => {
    const holders = new Map<string, string[]>();
    for (const subject of subjects) {
      const value = labelOf(subject, key);
      if (value !== undefined) addTo(holders, value, subject.id);
    }
    const common = [...holders].filter(([, ids]) => ids.length >= commonLeast).sort(([a, x], [b, y]) => y.length - x.length || byCodePoint(a, b));
    return [...holders].slice(0, valuesMax).flatMap(([value, ids]): readonly Misspelling[] => {
      for (const [meant, others] of common.slice(0, valuesMax)) {
        const why = meant === value || ids.length > others.length * rareShare ? null : likeness(key, value, meant);
        if (why !== null)
          return [{ key, value, meant, why: `${why}; ${others.length} have \`${meant}\`, ${ids.length} \`${value}\``, workloads: ids.sort(byCodePoint) }];
      }
      return [];
    });
  });
}

const plain = (text: string): string => text.toLowerCase().replace(/[\s._-]/g, "");

function likeness(key: string, value: string, meant: string): string | null {
  if (plain(value) === plain(meant)) return "differs in case or signs only";
  if (areOneWord(key, [value, meant])) return "another word for the same";
  // `zone-1` and `zone-2` are two things, however alike.
  if (value.replace(/\d+/g, "") === meant.replace(/\d+/g, "")) return null;
  const [a, b] = [value.toLowerCase(), meant.toLowerCase()];
  const edits = editsBetween(a.slice(0, 64), b.slice(0, 64));
  const isSwapped = edits === 1 && a.length === b.length && [...a].sort().join("") === [...b].sort().join("");
  if (isSwapped && a.length >= 3) return "two letters are swapped";
  // Of short words, one letter makes another word: `api` and `app`.
  const shortest = Math.min(a.length, b.length);
  return (edits === 1 && shortest >= 4) || (edits === 2 && shortest >= 9) ? `differs in ${edits === 1 ? "one letter" : "two letters"}` : null;
}
