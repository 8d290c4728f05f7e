import { rowsIn } from "./rows.ts";

/** Rows of a batch that are new. */
export interface Unkept {
  readonly rows: Buffer;
  readonly count: number;
}

/** The rows of a batch (each led by the number of its file) that are not among those that are kept (led by its name), each of which stands for one. */
export async function unkeptRows(batch: Buffer, kept: AsyncIterable<Buffer>): Promise<Unkept> {
  const all = new Map<string, { kept: number }>();
  for (const { row } of rowsIn(batch, "number")) all.set(keyOf(row), { kept: 0 });
  for await (const row of keptRows(kept)) {
    const one = all.get(row);
    if (one !== undefined) one.kept += 1;
  }
  const parts: Buffer[] = [];
  let start = 0;
  for (const { row, end } of rowsIn(batch, "number")) {
    const one = all.get(keyOf(row))!;
    if (one.kept > 0) one.kept -= 1;
    else parts.push(batch.subarray(start, end));
    start = end;
  }
  return { rows: Buffer.concat(parts), count: parts.length };
}

async function* keptRows(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let whole = 0;
    for (const { row, end } of rowsIn(buffer, "name")) {
      yield keyOf(row);
      whole = end;
    }
    rest = buffer.subarray(whole);
  }
}

// One character a byte: equal rows are equal texts.
const keyOf = (row: Buffer): string => row.toString("latin1");
