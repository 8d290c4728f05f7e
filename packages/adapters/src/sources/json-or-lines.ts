import type { Decoded, Decoder } from "@bulkhead/core/outside";

const openingBrace = 123;

/** A decoder that is chosen by the first character of the file: JSON's brace, or anything else. */
export function jsonOrLines({ json, lines }: { readonly json: () => Decoder; readonly lines: () => Decoder }): Decoder {
  let chosen: Decoder | null = null;
  // Blank lines before that are counted all the same.
  const blank: Uint8Array[] = [];
  return {
    push(bytes) {
      if (chosen !== null) return chosen.push(bytes);
      const first = bytes.find((byte) => byte > 32 && byte < 127);
      if (first === undefined && blank.length < blankMax) {
        blank.push(bytes.slice());
        return [];
      }
      const begun = (chosen = first === openingBrace ? json() : lines());
      return [...blank.splice(0), bytes].flatMap((part): readonly Decoded[] => [...begun.push(part)]);
    },
    end: () => chosen?.end() ?? [],
  };
}

// A file that begins with a thousand chunks of nothing is read as lines.
const blankMax = 1000;
