export interface Curve {
  /** Of the horizontal axis, in order; the first and the last are written out. */
  readonly names: readonly string[];
  readonly totals: readonly number[];
  /** What came new with each. */
  readonly news: readonly number[];
  readonly label: string;
}

const [width, height, left, bottom, top] = [760, 260, 62, 34, 16];

/** How a total grows, as a line, with what was new at each step as bars. */
export function curveSvg({ names, totals, news, label }: Curve): string {
  const most = Math.max(1, ...totals);
  const step = (width - left - 14) / Math.max(1, names.length);
  const y = (value: number): string => (height - bottom - (value / most) * (height - bottom - top)).toFixed(1);
  const x = (at: number): number => left + at * step + step / 2;
  const bars = news.map((value, at) => {
    const from = Number(y(value));
    return `<rect class="bar" x="${(x(at) - step * 0.32).toFixed(1)}" y="${from}" width="${(step * 0.64).toFixed(1)}" height="${(height - bottom - from).toFixed(1)}"/>`;
  });
  const line = totals.map((value, at) => `${at === 0 ? "M" : "L"}${x(at).toFixed(1)} ${y(value)}`).join("");
  const ends = names.length === 0 ? [] : [`<text class="soft" x="${left}" y="${height - 10}">${names[0]}</text>`];
  if (names.length > 1) ends.push(`<text class="soft" x="${width - 14}" y="${height - 10}" text-anchor="end">${names.at(-1)}</text>`);
  const axis = `<path class="axis" d="M${left} ${top}V${height - bottom}H${width - 10}" fill="none"/><text class="soft" x="${left - 8}" y="${top + 8}" text-anchor="end">${most}</text><text class="soft" x="${left - 8}" y="${height - bottom}" text-anchor="end">0</text>`;
  return `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${label}">${axis}${bars.join("")}<path class="curve" d="${line}"/>${ends.join("")}</svg>`;
}
