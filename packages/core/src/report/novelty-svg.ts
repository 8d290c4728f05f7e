import type { TriedForecast } from "../map/completeness/back-test.ts";
import type { Saturation } from "../map/completeness/saturation.ts";
import { htmlText } from "./html-text.ts";

/** What the picture shows: how many came on each day, what was said of some days before they came, and what is said of those ahead. */
export interface Novelty {
  readonly curve: Saturation["curve"];
  readonly tried: TriedForecast;
  /** In days. */
  readonly horizon: number;
  /** The date of a day. */
  readonly dateOf: (day: number) => string;
  /** Declared days, by name; those that the picture does not reach are left out. */
  readonly declared: readonly { readonly name: string; readonly day: number }[];
}

const size = { width: 960, height: 320, left: 48, right: 12, top: 30, bottom: 34 };
// The first days bring nearly everything; the scale is that of later ones, and what is higher is cut and says so.
const startDays = 7;
const ticks = 4;

interface Scale {
  x(day: number): number;
  y(perDay: number): number;
  readonly most: number;
  readonly days: number;
}

/** New dependencies a day as bars, what was expected as boxes over their days: low to high, each divided by the days. */
export function noveltySvg(novelty: Novelty): string {
  const { curve, tried, horizon } = novelty;
  const boxes = [
    ...tried.trials.flatMap(({ from, said }) => (said === null ? [] : [{ from, said, name: "said" }])),
    ...(tried.forecast.kind === "estimate" ? [{ from: curve.length, said: tried.forecast.interval, name: "ahead" }] : []),
  ];
  const later = curve.slice(Math.min(startDays, Math.max(0, curve.length - 1))).map(({ came }) => came);
  const most = Math.max(1, ...later, ...boxes.map(({ said }) => said.high / horizon)) * 1.1;
  const days = curve.length + horizon;
  const inner = { width: size.width - size.left - size.right, height: size.height - size.top - size.bottom };
  const scale: Scale = {
    x: (day) => round(size.left + (day / days) * inner.width),
    y: (perDay) => round(size.top + inner.height * (1 - Math.min(1, perDay / most))),
    most,
    days,
  };
  return `<svg id="picture" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-labelledby="novelty-title"><title id="novelty-title">New dependencies on each day, what was expected earlier, and what is expected in the next ${horizon} days. The tables say the same.</title>
${axes(scale, novelty)}
${curve.map((one) => bar(one, scale)).join("")}
${boxes.map(({ from, said, name }) => box({ from, said, name }, scale, horizon)).join("\n")}
${declaredLines(novelty, scale)}
</svg>`;
}

const round = (at: number): number => Math.round(at * 10) / 10;

/** 1, 2 or 5 and zeros, not below what is asked. */
function roundStep(least: number): number {
  const zeros = 10 ** Math.floor(Math.log10(Math.max(1, least)));
  return [1, 2, 5, 10].map((one) => one * zeros).find((one) => one >= least) ?? 10 * zeros;
}

function axes({ x, y, most, days }: Scale, { dateOf }: Novelty): string {
  const apart = roundStep(most / ticks);
  const lines = Array.from({ length: Math.floor(most / apart) + 1 }, (_, at) => at * apart);
  const step = Math.max(7, Math.ceil(days / 8 / 7) * 7);
  const dates = Array.from({ length: Math.floor(days / step) + 1 }, (_, at) => at * step).filter((at) => x(at) < size.width - 60);
  return [
    ...lines.map(
      (value) =>
        `<path class="grid" d="M${size.left} ${y(value)}H${size.width - size.right}"/><text x="${size.left - 8}" y="${y(value) + 4}" text-anchor="end">${value}</text>`,
    ),
    ...dates.map((at) => `<text x="${x(at)}" y="${size.height - 10}">${dateOf(at)}</text>`),
  ].join("");
}

function bar({ day, came }: Saturation["curve"][number], { x, y, most }: Scale): string {
  if (came === 0) return "";
  const cut = came > most ? `<text class="cut" x="${x(day)}" y="${size.top - 6}">${came.toLocaleString("en-US")}</text>` : "";
  return `<rect class="came" x="${x(day)}" y="${y(came)}" width="${round((x(day + 1) - x(day)) * 0.82)}" height="${round(y(0) - y(came))}"/>${day === 0 ? cut : ""}`;
}

interface Box {
  readonly from: number;
  readonly said: { readonly dependencies: number; readonly low: number; readonly high: number };
  readonly name: string;
}

function box({ from, said, name }: Box, { x, y }: Scale, horizon: number): string {
  const [left, right, top, bottom] = [x(from), x(from + horizon), y(said.high / horizon), y(said.low / horizon)];
  const middle = y(said.dependencies / horizon);
  return `<rect class="${name}" x="${left}" y="${top}" width="${round(right - left)}" height="${round(Math.max(1, bottom - top))}"/><path class="${name}" d="M${left} ${middle}H${right}"/>`;
}

function declaredLines({ declared }: Novelty, { x, days, y }: Scale): string {
  return declared
    .filter(({ day }) => day >= 0 && day < days)
    .map(
      ({ name, day }) =>
        `<path class="declared" d="M${x(day)} ${size.top}V${y(0)}"/><text class="declared" x="${x(day) + 4}" y="${size.top + 12}">${htmlText(name)}</text>`,
    )
    .join("");
}
