/** Rows as lines of text whose cells stand under each other; a cell that is longer than `widest` stands out, and from column `right` on they end under each other. */
export function columns(
  rows: readonly (readonly string[])[],
  { widest = Infinity, right = Infinity }: { readonly widest?: number; readonly right?: number } = {},
): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) for (const [at, { length }] of row.entries()) widths[at] = Math.min(widest, Math.max(widths[at] ?? 0, length));
  return rows.map((row) =>
    row
      .map((cell, at) => (at < right ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!)))
      .join("  ")
      .trimEnd(),
  );
}
