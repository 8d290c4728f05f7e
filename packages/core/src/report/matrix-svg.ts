import { htmlText, visible } from "./html-text.ts";

/** A square of names against themselves, with a text in every cell, and a colour that says no more than the text. */
export interface Matrix {
  /** Of the rows, who opens, and of the columns, who answers. */
  readonly names: readonly string[];
  readonly cells: readonly (readonly MatrixCell[])[];
  readonly label: string;
}

export interface MatrixCell {
  readonly text: string;
  /** How deep its colour is, 0 to 1; or that it is odd. */
  readonly depth: number | "odd";
}

// At the right the name of the last column leans over its edge.
const [cell, left, top, right] = [46, 168, 96, 76];
// More rows than a page has room for are for the table.
export const matrixMost = 24;

export function matrixSvg({ names, cells, label }: Matrix): string {
  const width = left + names.length * cell + right;
  const height = top + names.length * cell + 8;
  const short = (text: string): string => {
    const shown = [...visible(text)];
    return htmlText(shown.length > 20 ? `${shown.slice(0, 19).join("")}…` : shown.join(""));
  };
  const rows = names.map((name, at) => `<text x="${left - 10}" y="${top + at * cell + cell / 2 + 4}" text-anchor="end">${short(name)}</text>`);
  const heads = names.map((name, at) => {
    const [x, y] = [left + at * cell + cell / 2, top - 8];
    return `<text x="${x}" y="${y}" transform="rotate(-40 ${x} ${y})">${short(name)}</text>`;
  });
  const squares = cells.flatMap((row, y) =>
    row.map(({ text, depth }, x) => {
      const [px, py] = [left + x * cell, top + y * cell];
      const words = text === "" ? "" : `<text x="${px + cell / 2}" y="${py + cell / 2 + 4}" text-anchor="middle" font-size="11">${htmlText(text)}</text>`;
      const fill = depth === "odd" ? "var(--oddfill)" : `rgba(var(--heat),${depth.toFixed(2)})`;
      return `<rect class="cell" x="${px}" y="${py}" width="${cell}" height="${cell}" style="fill:${fill}"/>${words}`;
    }),
  );
  return `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${htmlText(label)}">${[...rows, ...heads, ...squares].join("")}</svg>`;
}
