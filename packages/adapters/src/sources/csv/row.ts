/** The values of one CSV line (RFC 4180: quotes doubled inside quotes), or null when a quote is never closed. */
export function rowOf(line: string, delimiter: string): readonly string[] | null {
  if (!line.includes('"')) return line.split(delimiter);
  const values: string[] = [];
  let at = 0;
  while (at <= line.length) {
    const cell = line[at] === '"' ? quotedAt(line, at) : plainAt(line, at, delimiter);
    if (cell === null) return null;
    values.push(cell.value);
    if (cell.next >= line.length) return values;
    at = cell.next + delimiter.length;
  }
  return values;
}

interface Cell {
  readonly value: string;
  /** Where the delimiter behind it stands, or the end of the line. */
  readonly next: number;
}

function plainAt(line: string, at: number, delimiter: string): Cell {
  const found = line.indexOf(delimiter, at);
  const next = found < 0 ? line.length : found;
  return { value: line.slice(at, next), next };
}

function quotedAt(line: string, at: number): Cell | null {
  let end = at + 1;
  for (;;) {
    end = line.indexOf('"', end);
    if (end < 0) return null;
    if (line[end + 1] !== '"') return { value: line.slice(at + 1, end).replaceAll('""', '"'), next: end + 1 };
    end += 2;
  }
}
