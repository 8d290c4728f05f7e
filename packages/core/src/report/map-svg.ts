import { htmlText, visible } from "./html-text.ts";
import { type Box, boxWidth, type Lane, type Layout, type Link } from "./map-layout.ts";

const labelled = 60;
// From here on lines hide each other: they are drawn faintly until a group is chosen.
const crowded = 140;
// Smaller, nobody reads what stands on the lines: a wide picture is moved in its frame instead.
const readable = 0.75;

export interface MapSvgOptions {
  /** Unique in its page. */
  readonly id?: string;
  /** On paper nothing can be chosen: the picture is one image, and its table says the same. */
  readonly isStatic?: boolean;
}

/** The picture as SVG: lanes, lines, boxes. Every box is a button that names what it is and whom it talks to, unless the picture is static. */
export function mapSvg(layout: Layout, { id = "picture", isStatic = false }: MapSvgOptions = {}): string {
  const { width, height, lanes, boxes, links } = layout;
  const ordered = links.toSorted((a, b) => b.connections - a.connections);
  return `<svg id="${id}"${links.length > crowded ? ' class="dense"' : ""} viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" style="min-width:${Math.round(width * readable)}px" role="${isStatic ? "img" : "group"}" aria-label="Groups and what flows between them; the same as the table below">
<defs>${arrows(id)}</defs>
<g aria-hidden="true">${lanes.map((lane) => laneSvg(lane, width)).join("")}${ordered.map((link) => linkSvg(link, id)).join("")}${labelsSvg(ordered.filter(({ isShared }) => !isShared).slice(0, labelled), boxes)}</g>
${boxes.map((box, at) => boxSvg(box, links, isStatic ? null : at === 0)).join("\n")}
</svg>`;
}

const arrows = (id: string): string =>
  (["calm", "far", "odd", "scan"] as const)
    .map(
      (kind) =>
        `<marker id="${id}-${kind}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path class="tip ${kind}" d="M0 0.5 8 4 0 7.5z"/></marker>`,
    )
    .join("");

function laneSvg({ name, kind, y, height }: Lane, width: number): string {
  const [app = "", ...rest] = name.split(" · ");
  const words = name === "not in the inventory" ? ["not in the", "inventory"] : [app, kind === "unknown" ? "unknown" : rest.join(" · ")];
  const x = 132;
  const lines = words
    .filter((word) => word !== "")
    .map((word, n) => `<text class="${n === 0 ? "lane" : "lane env"}" x="${x + 14}" y="${y + 19 + n * 16}">${htmlText(short(word, 14))}</text>`);
  return `<rect class="band ${kind}" x="${x}" y="${y}" width="${width - x - 12}" height="${height}" rx="12"/>${lines.join("")}`;
}

/** How a link is drawn, never by colour alone: `odd` (dashed) has an end that nobody wrote down, `scan` (fine dashes) is a scanner's, `far` (long dashes) crosses environments, `calm` is the rest. */
export function kindOf({ from, to, isAnswered, isScan }: Link): "calm" | "far" | "odd" | "scan" | "odd vain" | "calm vain" {
  const kinds = [from.group.kind, to.group.kind];
  if (isScan) return "scan";
  if (kinds.includes("unknown")) return isAnswered ? "odd" : "odd vain";
  if (!isAnswered) return "calm vain";
  return from.group.env !== null && to.group.env !== null && from.group.env !== to.group.env ? "far" : "calm";
}

function linkSvg(link: Link, id: string): string {
  const kind = kindOf(link);
  const wide = Math.min(6, 1.2 + Math.log2(1 + link.connections) * 0.42).toFixed(1);
  return `<path class="link ${kind}${link.isShared ? " shared" : ""}" data-from="${htmlText(link.from.group.id)}" data-to="${htmlText(link.to.group.id)}" d="${curve(link)}" stroke-width="${wide}" marker-end="url(#${id}-${kind.split(" ")[0]})"/>`;
}

interface Course {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  readonly bow: number;
}

function courseOf({ from, to }: Link): Course & { readonly back: boolean } {
  const middle = (box: Box): number => box.y + box.height / 2;
  // The tall boxes outside are met at the height of the other end.
  const y1 = from.column < 0 ? clamp(middle(to) - 6, from) : middle(from) + spread(from, to);
  const y2 = to.column < 0 ? clamp(middle(from) + 6, to) : middle(to) + spread(to, from);
  if (from.column < to.column) return { x1: from.x + from.width, y1, x2: to.x - 2, y2, bow: Math.max(40, (to.x - from.x - from.width) * 0.45), back: false };
  if (to.column < 0) return { x1: from.x, y1, x2: to.x + to.width + 2, y2, bow: -Math.max(40, (from.x - to.x - to.width) * 0.45), back: false };
  return { x1: from.x + from.width, y1, x2: to.x + to.width + 2, y2, bow: 46 + (from.x - to.x) * 0.25, back: true };
}

const clamp = (y: number, { y: top, height }: Box): number => Math.min(top + height - 12, Math.max(top + 12, y));
// Lines that meet at one box touch it at different heights: from above at its upper half, from below at its lower.
const spread = (box: Box, other: Box): number => Math.max(-15, Math.min(15, (other.y + (other.column < 0 ? other.height / 2 : 0) - box.y) / 24));

function curve(link: Link): string {
  const { x1, y1, x2, y2, bow, back } = courseOf(link);
  const round = (n: number): string => n.toFixed(1);
  return `M${round(x1)} ${round(y1)}C${round(x1 + bow)} ${round(y1)} ${round(back ? x2 + bow : x2 - bow)} ${round(y2)} ${round(x2)} ${round(y2)}`;
}

interface Label {
  readonly words: string;
  readonly x: number;
  readonly y: number;
}

// How far along its line a label may move from its place before it may lie on another.
const moves = [0, -0.12, 0.12, -0.24, 0.24, -0.36, 0.32, -0.5];
// And how far above or below, where many lines lie side by side.
const lifts = [0, 15, -13, 28, -26];
const [labelHigh, letterWide, apart] = [13, 6.4, 24];

const collide = (one: Label, other: Label): boolean =>
  Math.abs(one.y - other.y) < labelHigh && Math.abs(one.x - other.x) < ((one.words.length + other.words.length) * letterWide) / 2 + apart;

/** Boxes are drawn over labels. */
const isUnder = ({ words, x, y }: Label, box: Box): boolean =>
  Math.abs(x - box.x - box.width / 2) < (words.length * letterWide + box.width) / 2 && y > box.y && y - labelHigh < box.y + box.height;

/** What stands on the lines, the busiest first; each makes room for the boxes and those before it. */
function labelsSvg(links: readonly Link[], boxes: readonly Box[]): string {
  const there: Label[] = [];
  return links
    .map((link) => {
      const label = placeOf(link, there, boxes);
      there.push(label);
      return `<text class="service" data-from="${htmlText(link.from.group.id)}" data-to="${htmlText(link.to.group.id)}" x="${label.x.toFixed(1)}" y="${label.y.toFixed(1)}">${htmlText(label.words)}</text>`;
    })
    .join("");
}

/** The first place where it lies neither under a box nor on another label; else the first under no box. */
function placeOf(link: Link, there: readonly Label[], boxes: readonly Box[]): Label {
  let seen: Label | null = null;
  for (const lift of lifts)
    for (const move of moves) {
      const label = labelOf(link, { move, lift });
      if (boxes.some((box) => isUnder(label, box))) continue;
      if (!there.some((one) => collide(label, one))) return label;
      seen ??= label;
    }
  return seen ?? labelOf(link, { move: 0, lift: 0 });
}

function labelOf(link: Link, { move, lift }: { readonly move: number; readonly lift: number }): Label {
  const { x1, y1, x2, y2, bow, back } = courseOf(link);
  // Near the server, where lines have parted: the point of the curve at two thirds.
  const t = (link.to.column < 0 ? 0.35 : 0.62) + move;
  const at = (a: number, b: number, c: number, d: number): number => (1 - t) ** 3 * a + 3 * (1 - t) ** 2 * t * b + 3 * (1 - t) * t ** 2 * c + t ** 3 * d;
  const [first = "", ...more] = link.services;
  return {
    words: `${first}${more.length > 0 ? ` +${more.length}` : ""}`,
    x: at(x1, x1 + bow, back ? x2 + bow : x2 - bow, x2),
    y: at(y1, y1, y2, y2) - 4 + lift,
  };
}

// A name of so many letters fits a box; up to so many are drawn narrower, more are cut.
const [nameWide, nameMost] = [17, 21];

/** `isFirst` says which button the tab key meets; null is a box that cannot be chosen. */
function boxSvg(box: Box, links: readonly Link[], isFirst: boolean | null): string {
  const { group, x, y, width, height } = box;
  const inward = links.filter(({ to }) => to === box).length;
  const outward = links.filter(({ from }) => from === box).length;
  const name = `${group.title} ${group.size}, ${group.lane}, called by ${inward}, calls ${outward}`;
  // What is tall has its name where the eye begins.
  const middle = y + Math.min(height / 2, 30);
  const button =
    isFirst === null
      ? ""
      : ` role="button" tabindex="${isFirst ? 0 : -1}" aria-pressed="false" aria-label="${htmlText(name)}" data-id="${htmlText(group.id)}" data-x="${x}" data-y="${y}"`;
  return `<g class="box ${group.kind}"${button}><rect x="${x}" y="${y.toFixed(1)}" width="${width}" height="${height.toFixed(1)}" rx="9"/><text class="name" x="${x + 13}" y="${(middle - 3).toFixed(1)}"${visible(group.title).length > nameWide && width === boxWidth ? ` textLength="${width - 26}" lengthAdjust="spacingAndGlyphs"` : ""}>${htmlText(short(group.title, width === boxWidth ? nameMost : nameWide))}</text> <text class="count" x="${x + 13}" y="${(middle + 14).toFixed(1)}">${htmlText(short(group.size.split(", ")[0] ?? "", 22))}</text></g>`;
}

function short(text: string, most: number): string {
  const shown = [...visible(text)];
  return shown.length > most ? `${shown.slice(0, most - 1).join("")}…` : shown.join("");
}
