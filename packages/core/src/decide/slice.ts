import type { Rows } from "./shared-rows.ts";

/** The answers for one instant and one knowledge of the facts. */
export interface Slice {
  /** The code of an answer; `outcomeOf` says what it stands for. */
  readonly ask: (client: number, server: number, interval: number) => number;
}

interface Parts {
  readonly makeRow: (client: number, interval: number) => number;
  readonly intervals: number;
  readonly rows: Rows;
  readonly isWide: () => boolean;
  readonly widen: () => void;
}

/** A slice whose rows are made when they are first asked for. */
export function sliceOf({ makeRow, intervals, rows, isWide, widen }: Parts): Slice {
  let table = new Int32Array(0);
  let words = rows.words();
  let [each, generation] = [0, -1];

  function refresh(client: number, interval: number): void {
    if (!isWide()) widen();
    if (generation !== rows.generation()) table = new Int32Array(0);
    const needed = (client + 1) * intervals;
    if (table.length < needed) {
      const wider = new Int32Array(Math.max(needed, table.length * 2)).fill(-1);
      wider.set(table);
      table = wider;
    }
    generation = rows.generation();
    const row = makeRow(client, interval);
    // The store of rows may have started anew while this row was made.
    if (generation !== rows.generation()) table.fill(-1);
    [generation, words, each] = [rows.generation(), rows.words(), rows.wordsEach()];
    table[client * intervals + interval] = row;
  }

  return {
    ask(client, server, interval) {
      let row = generation === rows.generation() ? (table[client * intervals + interval] ?? -1) : -1;
      // A server class that came after the row was made lies behind its end.
      if (row < 0 || !isWide()) {
        refresh(client, interval);
        row = table[client * intervals + interval]!;
      }
      return (words[row * each + (server >>> 3)]! >>> ((server & 7) << 2)) & 15;
    },
  };
}
