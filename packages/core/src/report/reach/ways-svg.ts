import { addTo } from "../../base/lists.ts";
import type { StepAccount } from "../../reach/step-account.ts";
import { htmlText } from "../html-text.ts";
import { shortened } from "./spread-svg.ts";

/** Ways to one side, and what of them would be cut. */
export interface PicturedWays {
  readonly paths: readonly (readonly StepAccount[])[];
  /** Whether all of them end where it leads, rather than begin where it comes from. */
  readonly isTowards: boolean;
  /** Names of those who are on every way. */
  readonly chokePoints: readonly string[];
  readonly cut: readonly StepAccount[];
  readonly label: string;
}

// A picture of more boxes is a carpet; the table has every way.
const boxesMost = 40;
const [boxWide, boxHigh, column, line, edge] = [212, 44, 300, 64, 16];

interface Box {
  readonly name: string;
  readonly x: number;
  readonly y: number;
}

/** Boxes in columns, a column for each step; what would be cut is dashed, who is on every way has a thick frame. */
export function waysSvg({ paths, isTowards, chokePoints, cut, label }: PicturedWays): string {
  const shown = fitting(paths);
  const depths = depthsIn(shown, isTowards);
  const deepest = Math.max(0, ...depths.values());
  const rows = new Map<number, string[]>();
  for (const [name, depth] of depths) addTo(rows, isTowards ? deepest - depth : depth, name);
  const tallest = Math.max(1, ...[...rows.values()].map((names) => names.length));
  const [width, height] = [edge * 2 + deepest * column + boxWide, edge * 2 + tallest * line - (line - boxHigh)];
  const boxes = new Map<string, Box>(
    [...rows].flatMap(([at, names]) => {
      const first = (height - names.length * line + (line - boxHigh)) / 2;
      return names.map((name, index): [string, Box] => [name, { name, x: edge + at * column, y: Math.round(first + index * line) }]);
    }),
  );
  const steps = new Map(shown.flat().map((step) => [`${step.from}\u0000${step.to}`, step]));
  const isCut = (step: StepAccount): boolean => cut.some(({ from, to }) => from === step.from && to === step.to);
  const links = [...steps.values()].map((step) =>
    linkSvg(step, { from: boxes.get(step.from)!, to: boxes.get(step.to)!, isCut: isCut(step), isNamed: steps.size <= 40 }),
  );
  const drawn = [...boxes.values()].map((box) => boxSvg(box, chokePoints.includes(box.name)));
  return `<svg data-wide viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${htmlText(label)}">${links.join("")}${drawn.join("")}</svg>`;
}

/** As many of the first ways as there is room for. */
function fitting(paths: readonly (readonly StepAccount[])[]): readonly (readonly StepAccount[])[] {
  const names = new Set<string>();
  return paths.filter((path, at) => {
    for (const { from, to } of path) names.add(from).add(to);
    return at === 0 || names.size <= boxesMost;
  });
}

/** How many steps each is away from the side that all ways share. */
function depthsIn(paths: readonly (readonly StepAccount[])[], isTowards: boolean): ReadonlyMap<string, number> {
  const depths = new Map<string, number>();
  const set = (name: string, depth: number): void => void depths.set(name, Math.max(depth, depths.get(name) ?? 0));
  for (const path of paths)
    for (const [at, { from, to }] of path.entries()) {
      set(from, isTowards ? path.length - at : at);
      set(to, isTowards ? path.length - at - 1 : at + 1);
    }
  return depths;
}

function linkSvg(
  { from: client, to: server, over }: StepAccount,
  { from, to, isCut, isNamed }: { readonly from: Box; readonly to: Box; readonly isCut: boolean; readonly isNamed: boolean },
): string {
  const [x1, y1, x2, y2] = [from.x + boxWide, from.y + boxHigh / 2, to.x, to.y + boxHigh / 2];
  const bend = Math.max(30, Math.abs(x2 - x1) / 2);
  const services = `${over[0] ?? ""}${over.length > 1 ? ` +${over.length - 1}` : ""}`;
  const words = isNamed ? `<text class="service" x="${(x1 + x2) / 2}" y="${(y1 + y2) / 2 - 4}">${shortened(services, 18)}</text>` : "";
  const kind = isCut ? "scan" : "calm";
  return `<path class="link ${kind}" style="stroke-width:${isCut ? 2.6 : 1.4}px" d="M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2 - 7} ${y2}"><title>${htmlText(`${client} → ${server}`)}</title></path><path class="tip ${kind}" d="M${x2} ${y2}l-8 -4v8z"/>${words}`;
}

/** A box with its name in two lines, where it has two. */
function boxSvg({ name, x, y }: Box, isChoke: boolean): string {
  const [first, second] = halves(name);
  const frame = isChoke ? ' style="stroke:var(--scan);stroke-width:2.6px"' : "";
  const words =
    second === ""
      ? `<text x="${x + 10}" y="${y + 27}">${shortened(first, 31)}</text>`
      : `<text x="${x + 10}" y="${y + 19}">${shortened(first, 31)}</text><text class="soft" x="${x + 10}" y="${y + 35}">${shortened(second, 31)}</text>`;
  return `<g class="box"><title>${htmlText(name)}</title><rect x="${x}" y="${y}" width="${boxWide}" height="${boxHigh}" rx="8"${frame}/>${words}</g>`;
}

function halves(name: string): readonly [string, string] {
  const comma = name.indexOf(",");
  return comma < 0 || name.length <= 22 ? [name, ""] : [name.slice(0, comma), name.slice(comma + 1)];
}
