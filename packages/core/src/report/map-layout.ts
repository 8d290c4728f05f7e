import { byCodePoint } from "../base/order.ts";
import { grouped } from "../base/lists.ts";
import type { PicturedEdge, PicturedGroup, PicturedMap } from "./pictured-map.ts";

export interface Box {
  readonly group: PicturedGroup;
  readonly column: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Lane {
  readonly name: string;
  readonly kind: PicturedGroup["kind"];
  readonly y: number;
  readonly height: number;
}

/** One drawn line: everything that was seen from one group to another. */
export interface Link {
  readonly from: Box;
  readonly to: Box;
  readonly services: readonly string[];
  readonly connections: number;
  readonly isAnswered: boolean;
  readonly isScan: boolean;
  /** Names, time, monitoring, logs: everybody has them, so they are drawn faintly. */
  readonly isShared: boolean;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly lanes: readonly Lane[];
  readonly boxes: readonly Box[];
  readonly links: readonly Link[];
  /** Groups that the picture leaves to the table, because nobody could read more. */
  readonly left: number;
}

/** Services that every host uses, whatever it is for. */
export const sharedServices: ReadonlySet<string> = new Set([
  "udp/53",
  "tcp/53",
  "udp/67",
  "udp/123",
  "udp/161",
  "udp/162",
  "udp/514",
  "tcp/6514",
  "tcp/9100",
  "tcp/10050",
]);

export const boxWidth = 144;
export const boxHeight = 46;
const [columnGap, rowGap, laneTop, laneBottom, laneGap, outsideWidth, margin, laneName] = [82, 14, 24, 14, 9, 112, 12, 84];
const mostGroups = 140;
const backBow = 60;
const deepest = 7;

/** What a picture is made of. */
type Drawn = Pick<PicturedMap, "groups" | "edges">;

/** Where everything stands: outside at the left, then columns by how deep a call goes, and a lane for each application. The same map gives the same picture. */
export function layoutOf(map: Drawn): Layout {
  const groups = busiest(map);
  const drawn = new Set(groups.map(({ id }) => id));
  const edges = map.edges.filter(({ from, to }) => drawn.has(from) && drawn.has(to));
  const inside = groups.filter(({ kind }) => kind !== "outside");
  const depth = depthsOf(
    // Where nobody is known, the unknown tell by themselves who stands before whom.
    inside.filter(({ kind }) => kind === (inside.some((one) => one.kind === "workloads") ? "workloads" : "unknown")).map(({ id }) => id),
    edges,
  );
  const { boxes, lanes, height } = placed(inside, withUnknown(inside, depth, edges));
  const outside = outsideBoxes(
    groups.filter(({ kind }) => kind === "outside"),
    height,
  );
  const all = [...outside, ...boxes];
  const links = linksOf(edges, all);
  const right = Math.max(...all.map(({ x, width: wide }) => x + wide), 600);
  // What goes back leaves its box at the right and bows.
  const bow = links.some(({ from, to }) => from.column >= to.column && to.column >= 0 && from.x + from.width > right - backBow) ? backBow : 0;
  return { width: right + bow + margin * 2, height, lanes, boxes: all, links, left: map.groups.length - groups.length };
}

function busiest({ groups, edges }: Drawn): readonly PicturedGroup[] {
  const volume = new Map<string, number>();
  for (const { from, to, connections } of edges) for (const id of [from, to]) volume.set(id, (volume.get(id) ?? 0) + connections);
  const talking = groups.filter(({ id }) => volume.has(id));
  const rank = ({ id, kind }: PicturedGroup): number => (kind === "workloads" ? 0 : 1e12) + (volume.get(id) ?? 0);
  return talking.toSorted((a, b) => rank(b) - rank(a) || byCodePoint(a.id, b.id)).slice(0, mostGroups);
}

/** How many calls deep each group lies. Calls that would close a circle do not count; the busier of two directions wins. */
function depthsOf(ids: readonly string[], edges: readonly PicturedEdge[]): ReadonlyMap<string, number> {
  const known = new Set(ids);
  const next = new Map<string, Set<string>>(ids.map((id) => [id, new Set<string>()]));
  const usable = edges.filter(
    ({ from, to, connections, unanswered, scan }) => !scan && from !== to && known.has(from) && known.has(to) && unanswered < connections,
  );
  for (const { from, to } of usable.toSorted((a, b) => b.connections - a.connections || byCodePoint(a.from + a.to, b.from + b.to)))
    if (!reaches(next, to, from)) next.get(from)?.add(to);
  const depth = new Map<string, number>();
  const deep = (id: string, above: number): void => {
    if (above <= (depth.get(id) ?? -1) || above > deepest) return;
    depth.set(id, above);
    for (const to of next.get(id) ?? []) deep(to, above + 1);
  };
  for (const id of ids) deep(id, 0);
  return depth;
}

/** What nobody wrote down stands one step after the shallowest group that calls it, and never pushes the rest aside. */
function withUnknown(groups: readonly PicturedGroup[], depth: ReadonlyMap<string, number>, edges: readonly PicturedEdge[]): ReadonlyMap<string, number> {
  const all = new Map(depth);
  for (const { id, kind } of groups) {
    if ((kind !== "unknown" && kind !== "apart") || depth.has(id)) continue;
    const callers = edges.filter(({ to, scan }) => to === id && !scan).map(({ from }) => (depth.get(from) ?? -1) + 1);
    all.set(id, callers.length === 0 ? 0 : Math.min(...callers));
  }
  return all;
}

function reaches(next: ReadonlyMap<string, ReadonlySet<string>>, start: string, goal: string): boolean {
  const seen = new Set([start]);
  for (const id of seen) {
    if (id === goal) return true;
    for (const to of next.get(id) ?? []) seen.add(to);
  }
  return false;
}

function placed(groups: readonly PicturedGroup[], depth: ReadonlyMap<string, number>): { boxes: readonly Box[]; lanes: readonly Lane[]; height: number } {
  const boxes: Box[] = [];
  const lanes: Lane[] = [];
  let y = margin;
  for (const [name, members] of byLane(groups)) {
    const filled = new Map<number, number>();
    const columnIn = columnsOf(members, depth);
    const rows = members.map((group, at) => {
      const column = columnIn(group, at);
      const row = filled.get(column) ?? 0;
      filled.set(column, row + 1);
      return { group, column, row };
    });
    const tall = Math.max(...filled.values());
    const height = laneTop + laneBottom + tall * boxHeight + (tall - 1) * rowGap;
    for (const { group, column, row } of rows) {
      const x = margin + outsideWidth + laneName + columnGap / 2 + column * (boxWidth + columnGap);
      // Columns with fewer boxes than the lane is tall are centred.
      const spare = ((tall - (filled.get(column) ?? 1)) * (boxHeight + rowGap)) / 2;
      boxes.push({ group, column, x, y: y + laneTop + spare + row * (boxHeight + rowGap), width: boxWidth, height: boxHeight });
    }
    lanes.push({ name, kind: members[0]?.kind ?? "workloads", y, height });
    y += height + laneGap;
  }
  return { boxes, lanes, height: Math.max(y - laneGap + margin, 220) };
}

// A lane higher than a screen is no picture any more: there the boxes fill its whole width, in their order.
const tallest = 10;

function columnsOf(members: readonly PicturedGroup[], depth: ReadonlyMap<string, number>): (group: PicturedGroup, at: number) => number {
  const deepness = (group: PicturedGroup): number => depth.get(group.id) ?? 0;
  const counts = grouped(members, (group) => String(deepness(group)));
  return Math.max(...[...counts.values()].map(({ length }) => length)) > tallest ? (_, at) => at % (deepest + 1) : deepness;
}

/** Unknown first, what is no machine last, between them by environment, the fullest lane of each first. */
function byLane(groups: readonly PicturedGroup[]): readonly (readonly [string, readonly PicturedGroup[]])[] {
  const lanes = grouped(
    groups.toSorted((a, b) => byCodePoint(a.title, b.title) || byCodePoint(a.id, b.id)),
    ({ lane }) => lane,
  );
  const env = (members: readonly PicturedGroup[]): string => members[0]?.env ?? "";
  const rankOf = (members: readonly PicturedGroup[]): number => ({ unknown: 0, workloads: 1, outside: 1, apart: 2 })[members[0]?.kind ?? "workloads"];
  const size = grouped(groups, (group) => group.env ?? "");
  return [...lanes].toSorted(
    ([a, x], [b, y]) =>
      rankOf(x) - rankOf(y) ||
      (size.get(env(y))?.length ?? 0) - (size.get(env(x))?.length ?? 0) ||
      byCodePoint(env(x), env(y)) ||
      y.length - x.length ||
      byCodePoint(a, b),
  );
}

function outsideBoxes(groups: readonly PicturedGroup[], height: number): readonly Box[] {
  const share = (height - margin * 2 - (groups.length - 1) * laneGap) / Math.max(1, groups.length);
  return groups.map((group, n) => ({ group, column: -1, x: margin, y: margin + n * (share + laneGap), width: outsideWidth, height: share }));
}

function linksOf(edges: readonly PicturedEdge[], boxes: readonly Box[]): readonly Link[] {
  const box = new Map(boxes.map((one) => [one.group.id, one]));
  const pairs = grouped(edges, ({ from, to }) => JSON.stringify([from, to]));
  return [...pairs.values()].flatMap((pair) => {
    const [from, to] = [box.get(pair[0]?.from ?? ""), box.get(pair[0]?.to ?? "")];
    if (from === undefined || to === undefined) return [];
    const services = pair.toSorted((a, b) => b.connections - a.connections).map(({ service }) => service);
    const connections = pair.reduce((sum, one) => sum + one.connections, 0);
    return [
      {
        from,
        to,
        services: [...new Set(services)],
        connections,
        isAnswered: pair.some((one) => one.unanswered < one.connections),
        isScan: pair.every(({ scan }) => scan),
        isShared: pair.every(({ service }) => sharedServices.has(service)),
      },
    ];
  });
}
