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
  /** How many server classes the rows hold. */
  readonly width: () => number;
  readonly isWide: () => boolean;
  readonly widen: () => void;
}

/** A slice whose rows are made when they are first asked for. */
export function sliceOf({ makeRow, intervals, rows, width, isWide, widen }: Parts): Slice {
  const { clock } = rows;
  // Where the row of a client and an interval begins in the words; -1 has not been asked for.
  let table = new Int32Array(0);
  let words = rows.words();
  let [servers, turn] = [0, -1];

  function refresh(client: number, interval: number): void {
    if (!isWide()) widen();
    if (turn !== clock.turn) table = new Int32Array(0);
    const needed = (client + 1) * intervals;
    if (table.length < needed) {
      const wider = new Int32Array(Math.max(needed, table.length * 2)).fill(-1);
      wider.set(table);
      table = wider;
    }
    turn = clock.turn;
    const row = makeRow(client, interval);
    // The store of rows may have started anew while this row was made.
    if (turn !== clock.turn) table.fill(-1);
    [turn, words, servers] = [clock.turn, rows.words(), width()];
    table[client * intervals + interval] = row * rows.wordsEach();
  }

  return {
    ask(client, server, interval) {
      let start = table[client * intervals + interval] ?? -1;
      // A server class that came after the row was made lies behind its end.
      if (start < 0 || server >= servers || turn !== clock.turn) {
        refresh(client, interval);
        start = table[client * intervals + interval]!;
      }
      return (words[start + (server >>> 3)]! >>> ((server & 7) << 2)) & 15;
    },
  };
}
