import { htmlText, visible } from "./html-text.ts";

export interface HeatMap {
  /** Names of the rows, who opens, and of the columns, who answers. */
  readonly names: readonly string[];
  /** Connections from row to column; 0 is none seen. */
  readonly values: readonly (readonly number[])[];
}

const [cell, left, top] = [46, 168, 96];
// More rows than a page has room for are for the table.
export const heatMapMost = 24;

/** A matrix as a picture: the deeper the colour the more connections (by order of magnitude), and the number in every cell. */
export function heatMapSvg({ names, values }: HeatMap): string {
  const most = Math.max(1, ...values.flat());
  const width = left + names.length * cell + 8;
  const height = top + names.length * cell + 8;
  const label = (text: string): string => {
    const shown = [...visible(text)];
    return htmlText(shown.length > 20 ? `${shown.slice(0, 19).join("")}…` : shown.join(""));
  };
  const rows = names.map((name, at) => `<text x="${left - 10}" y="${top + at * cell + cell / 2 + 4}" text-anchor="end">${label(name)}</text>`);
  const heads = names.map((name, at) => {
    const [x, y] = [left + at * cell + cell / 2, top - 8];
    return `<text x="${x}" y="${y}" transform="rotate(-40 ${x} ${y})">${label(name)}</text>`;
  });
  const cells = values.flatMap((row, y) =>
    row.map((value, x) => {
      const depth = value === 0 ? 0 : 0.12 + 0.5 * (Math.log10(1 + value) / Math.log10(1 + most));
      const [px, py] = [left + x * cell, top + y * cell];
      const number = value === 0 ? "" : `<text x="${px + cell / 2}" y="${py + cell / 2 + 4}" text-anchor="middle" font-size="11">${short(value)}</text>`;
      return `<rect class="cell" x="${px}" y="${py}" width="${cell}" height="${cell}" style="fill:rgba(var(--heat),${depth.toFixed(2)})"/>${number}`;
    }),
  );
  return `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="Matrix of connections between zones; the same as the table">${[...rows, ...heads, ...cells].join("")}</svg>`;
}

function short(value: number): string {
  if (value < 1000) return String(value);
  const [unit, letter] = value < 1e6 ? [1e3, "k"] : [1e6, "M"];
  return `${(value / unit).toFixed(value / unit < 10 ? 1 : 0)}${letter}`;
}
