import type { Spread } from "../../reach/spread.ts";
import { htmlText, visible } from "../html-text.ts";

/** How far it goes from one group, and how far it went before a draft. */
export interface SpreadBar {
  readonly name: string;
  readonly any: Spread;
  readonly administration: Spread;
  readonly before: Spread | null;
}

// More bars than a page has room for are for the table.
export const barsMost = 20;

const [width, left, right, row, top] = [1040, 330, 60, 26, 30];
const depths = [1, 0.62, 0.36, 0.18];

/** A bar for each group, strongest what falls within one step; below it, thin, by services of administration; a frame where it ended before. */
export function spreadSvg(bars: readonly SpreadBar[], label: string): string {
  const most = Math.max(1, ...bars.flatMap(({ any, before }) => [any.ever, before?.ever ?? 0]));
  const long = (count: number): number => Math.round((count / most) * (width - left - right) * 10) / 10;
  const height = top + bars.length * row + 6;
  const rows = bars.map((bar, at) => barSvg(bar, top + at * row, long));
  const ends = [0, most].map((count) => `<text class="soft" x="${left + long(count)}" y="16" text-anchor="middle">${count.toLocaleString("en-US")}</text>`);
  const axis = `<path class="axis" d="M${left} ${top - 6}V${height - 4}"/>`;
  return `<svg data-wide viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${htmlText(label)}">${axis}${ends.join("")}${rows.join("")}</svg>`;
}

function barSvg({ name, any, administration, before }: SpreadBar, y: number, long: (count: number) => number): string {
  const stretch = ({ within, ever }: Spread, { at, thick, colour }: { readonly at: number; readonly thick: number; readonly colour: string }): string =>
    [0, ...within]
      .map((from, step) => {
        const until = [...within, ever][step]!;
        if (until === from) return "";
        return `<rect x="${left + long(from)}" y="${at}" width="${long(until) - long(from)}" height="${thick}" style="fill:var(--${colour});fill-opacity:${depths[step]!}"/>`;
      })
      .join("");
  const frame =
    before === null || before.ever === any.ever
      ? ""
      : `<rect x="${left}" y="${y - 1}" width="${long(before.ever)}" height="20" style="fill:none;stroke:var(--odd);stroke-dasharray:4 3"/>`;
  return [
    `<text x="${left - 10}" y="${y + 13}" text-anchor="end">${shortened(name, 42)}</text>`,
    stretch(any, { at: y + 1, thick: 11, colour: "accent" }),
    stretch(administration, { at: y + 13, thick: 5, colour: "scan" }),
    frame,
    `<text class="soft" x="${left + Math.max(long(any.ever), long(before?.ever ?? 0)) + 6}" y="${y + 13}">${any.ever.toLocaleString("en-US")}</text>`,
  ].join("");
}

/** A name as far as there is room. */
export function shortened(text: string, most: number): string {
  const shown = [...visible(text)];
  return htmlText(shown.length > most ? `${shown.slice(0, most - 1).join("")}…` : shown.join(""));
}
