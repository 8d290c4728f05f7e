import { type Matrix, matrixSvg } from "./matrix-svg.ts";

export interface HeatMap {
  readonly names: Matrix["names"];
  /** Connections from row to column; 0 is none seen. */
  readonly values: readonly (readonly number[])[];
}

/** A matrix of counts: the deeper the colour the more connections (by order of magnitude), and the number in every cell. */
export function heatMapSvg({ names, values }: HeatMap): string {
  const most = Math.max(1, ...values.flat());
  const depthOf = (value: number): number => (value === 0 ? 0 : 0.12 + 0.5 * (Math.log10(1 + value) / Math.log10(1 + most)));
  return matrixSvg({
    names,
    cells: values.map((row) => row.map((value) => ({ text: value === 0 ? "" : short(value), depth: depthOf(value) }))),
    label: "Matrix of connections between zones; the same as the table",
  });
}

function short(value: number): string {
  if (value < 1000) return String(value);
  const [unit, letter] = value < 1e6 ? [1e3, "k"] : [1e6, "M"];
  return `${(value / unit).toFixed(value / unit < 10 ? 1 : 0)}${letter}`;
}
