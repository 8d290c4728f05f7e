/** The few notes that a capture needs, by number: 0 is none. */
export interface Notes {
  /** `layers` were entered, `closed` was not. */
  readonly idOf: (layers: readonly string[], closed: string | null) => number;
  readonly textOf: (id: number) => string | null;
}

/** A number of a note has 16 bits in a conversation's key; beyond the limit all the rest share the last. */
export function notes(notesMax = 65_535): Notes {
  const ids = new Map<string, number>();
  const texts: string[] = [];
  return {
    idOf(layers, closed) {
      const inner = layers.length > 0 ? `${layers.join(", ")} inner` : "";
      const text = closed === null ? inner : `${inner === "" ? "" : `${inner}, `}${closed} outer`;
      const known = ids.get(text);
      if (known !== undefined) return known;
      if (texts.length >= notesMax - 1) return notesMax;
      texts.push(text);
      ids.set(text, texts.length);
      return texts.length;
    },
    textOf: (id) => (id === notesMax ? "several tunnels inner" : (texts[id - 1] ?? null)),
  };
}
