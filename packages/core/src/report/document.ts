/** What stands in one cell of a table; null is "nobody could tell". */
export type Cell = string | number | null;

export interface Table {
  readonly kind: "table";
  /** Unique in the document; also the name of its CSV file. */
  readonly id: string;
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** The sentence that stands in place of no rows. */
  readonly empty: string;
  /** Where there are more columns than a page is wide: each row by itself, under its first cell, without what is empty and what that cell says already. */
  readonly cards?: { readonly without: readonly string[] };
}

/** A picture that says what a table of the same document says. */
export interface Figure {
  readonly kind: "figure";
  readonly id: string;
  readonly title: string;
  /** A whole SVG element that loads nothing. */
  readonly svg: string;
  /** What is to be seen, in words. */
  readonly text: string;
  /** The id of the table that says the same. */
  readonly table: string;
}

/** A sentence; or what cannot be computed yet, why not, and what to do about it. */
export type Words =
  { readonly kind: "words"; readonly text: string } | { readonly kind: "missing"; readonly what: string; readonly why: string; readonly next: string };

export type Block = Table | Figure | Words;

export interface Section {
  readonly number: number;
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly Block[];
}

// Longer than any sentence of ours; what is longer came from outside, and is whole in JSON and CSV.
export const textMost = 4000;

/** A deliverable before it has a form: the same document gives HTML, JSON, CSV and PDF. */
export interface Document {
  readonly title: string;
  /** Who, what, when: name and value, in order. */
  readonly front: readonly (readonly [name: string, value: string])[];
  readonly sections: readonly Section[];
}

export const words = (text: string): Words => ({ kind: "words", text });
export const missing = (what: string, why: string, next: string): Words => ({ kind: "missing", what, why, next });

export function tablesOf({ sections }: Document): readonly Table[] {
  return sections.flatMap(({ blocks }) => blocks.filter((block) => block.kind === "table"));
}

type Shown = readonly [name: string, cell: string | number];

// With its name, what is longer than a third of a page stands in a line of its own.
const shortMost = 40;

/** What a card shows of a row, by name: what is short, and below it what needs a line of its own. */
export function shownOn({ columns, cards }: Table, row: readonly Cell[]): { readonly short: readonly Shown[]; readonly long: readonly Shown[] } {
  const shown = row.flatMap((cell, at): readonly Shown[] =>
    cell === null || cell === "" || at === 0 || cards?.without.includes(columns[at]!) === true ? [] : [[columns[at]!, cell]],
  );
  const isShort = ([name, cell]: Shown): boolean => name.length + String(cell).length <= shortMost;
  return { short: shown.filter(isShort), long: shown.filter((one) => !isShort(one)) };
}
