const columnsMax = 512;

/** The values of one line between commas, quotes doubled inside quotes. A quote that is never closed ends with the line. */
export function commaColumns(line: string): readonly string[] {
  if (!line.includes('"')) return line.split(",", columnsMax);
  const values: string[] = [];
  let at = 0;
  while (at <= line.length && values.length < columnsMax) {
    if (line[at] === '"') {
      const until = closingQuote(line, at + 1);
      values.push(line.slice(at + 1, until).replaceAll('""', '"'));
      const comma = line.indexOf(",", until);
      at = comma < 0 ? line.length + 1 : comma + 1;
    } else {
      const comma = line.indexOf(",", at);
      values.push(line.slice(at, comma < 0 ? line.length : comma));
      at = comma < 0 ? line.length + 1 : comma + 1;
    }
  }
  return values;
}

function closingQuote(line: string, from: number): number {
  for (let at = line.indexOf('"', from); at >= 0; at = line.indexOf('"', at + 2)) if (line[at + 1] !== '"') return at;
  return line.length;
}
