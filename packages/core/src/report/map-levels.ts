import { addTo, grouped } from "../base/lists.ts";
import { byCodePoint } from "../base/order.ts";
import type { PicturedEdge, PicturedGroup, PicturedMap } from "./pictured-map.ts";

/** One picture of a large map: some boxes stand for many groups. */
export interface Level {
  /** Empty for the first; `e2` is the inside of environment 2, `l5` that of application 5. */
  readonly key: string;
  readonly title: string;
  /** The level that shows this one as a box; null for the first. */
  readonly up: string | null;
  /** Ids of its boxes: `g12` a group, `l5` an application in an environment, `e2` an environment. */
  readonly map: PicturedMap;
}

/** The pictures of a map, and the numbers by which the page knows what a box stands for. */
export interface Levels {
  /** What the boxes of the first level stand for. */
  readonly top: "g" | "l" | "e";
  readonly levels: readonly Level[];
  /** Applications and environments by number; `laneOf` and `envOf` are those of each group. */
  readonly lanes: readonly string[];
  readonly envs: readonly string[];
  readonly laneOf: readonly number[];
  readonly envOf: readonly number[];
}

// What a person can follow on one screen.
const groupsMost = 60;
const applicationsMost = 120;
const neighboursMost = 48;

/** Groups that have no environment are together in one without a name. */
export function levelsOf(map: PicturedMap): Levels {
  const { groups } = map;
  const known = groups.filter(({ kind }) => kind === "workloads");
  const lanes = [...new Set(known.map(({ lane }) => lane))].sort(byCodePoint);
  const envs = [...new Set(known.map(({ env }) => env ?? ""))].sort(byCodePoint);
  const [laneNumber, envNumber] = [new Map(lanes.map((one, at) => [one, at])), new Map(envs.map((one, at) => [one, at]))];
  const numbers = { lanes, envs, laneOf: groups.map(({ lane }) => laneNumber.get(lane) ?? -1), envOf: groups.map(({ env }) => envNumber.get(env ?? "") ?? -1) };
  const top = groups.length <= groupsMost ? "g" : lanes.length <= applicationsMost || envs.length === 1 ? "l" : "e";
  return { top, ...numbers, levels: [...picturesOf(map, { ...numbers, top })] };
}

type Numbers = Omit<Levels, "levels">;

function* picturesOf(map: PicturedMap, numbers: Numbers): Generator<Level> {
  const { groups, edges } = map;
  const place = new Map(groups.map(({ id }, at) => [id, at]));
  const placed: readonly Placed[] = edges
    .map((edge) => ({ edge, from: place.get(edge.from) ?? -1, to: place.get(edge.to) ?? -1 }))
    .filter(({ from, to }) => from >= 0 && to >= 0);
  const at = (boxOf: BoxOf, some: readonly Placed[]): PicturedMap => coarse(map, numbers, boxOf, some);
  const { top, lanes, envs, laneOf, envOf } = numbers;
  const first: BoxOf = (n) => (groups[n]!.kind !== "workloads" || top === "g" ? `g${n}` : top === "l" ? `l${laneOf[n]}` : `e${envOf[n]}`);
  yield { key: "", title: "All", up: null, map: at(first, placed) };
  if (top === "g") return;
  if (top === "e")
    for (const [env, name] of envs.entries()) {
      const boxOf: BoxOf = (n) => (groups[n]!.kind !== "workloads" ? `g${n}` : envOf[n] === env ? `l${laneOf[n]}` : `e${envOf[n]}`);
      yield {
        key: `e${env}`,
        title: name === "" ? "no environment" : name,
        up: "",
        map: at(
          boxOf,
          placed.filter(({ from, to }) => envOf[from] === env || envOf[to] === env),
        ),
      };
    }
  const byLane = edgesByLane(placed, laneOf);
  for (const [lane, name] of lanes.entries()) {
    const boxOf: BoxOf = (n) => (groups[n]!.kind !== "workloads" || laneOf[n] === lane ? `g${n}` : `l${laneOf[n]}`);
    const env = envOf[laneOf.indexOf(lane)]!;
    yield {
      key: `l${lane}`,
      title: name,
      up: top === "e" ? `e${env}` : "",
      map: at(
        boxOf,
        nearest(byLane.get(lane) ?? [], (n) => laneOf[n] === lane),
      ),
    };
  }
}

interface Placed {
  readonly edge: PicturedEdge;
  /** Numbers of groups. */
  readonly from: number;
  readonly to: number;
}

type BoxOf = (group: number) => string;

function edgesByLane(placed: readonly Placed[], laneOf: readonly number[]): ReadonlyMap<number, readonly Placed[]> {
  const found = new Map<number, Placed[]>();
  for (const one of placed) for (const lane of new Set([laneOf[one.from]!, laneOf[one.to]!])) addTo(found, lane, one);
  return found;
}

/** Of what touches an application everything within it, and its busiest neighbours: the picture of a shared service would be the whole estate. */
function nearest(edges: readonly Placed[], isInside: (group: number) => boolean): readonly Placed[] {
  const volume = new Map<number, number>();
  const other = ({ from, to }: Placed): number | null => (isInside(from) ? (isInside(to) ? null : to) : from);
  for (const one of edges) {
    const beyond = other(one);
    if (beyond !== null) volume.set(beyond, (volume.get(beyond) ?? 0) + one.edge.connections);
  }
  const kept = new Set(
    [...volume]
      .sort(([a, x], [b, y]) => y - x || a - b)
      .slice(0, neighboursMost)
      .map(([n]) => n),
  );
  return edges.filter((one) => {
    const beyond = other(one);
    return beyond === null || kept.has(beyond);
  });
}

/** The map in which groups of one box are one. What stays inside a box is not drawn. */
function coarse(map: PicturedMap, numbers: Numbers, boxOf: BoxOf, edges: readonly Placed[]): PicturedMap {
  const boxes = grouped(
    [...new Set(edges.flatMap(({ from, to }) => [from, to]))].sort((a, b) => a - b),
    boxOf,
  );
  const rows = new Map<string, PicturedEdge>();
  for (const { edge, from, to } of edges) {
    const [a, b] = [boxOf(from), boxOf(to)];
    if (a === b && !a.startsWith("g")) continue;
    const key = `${a} ${b} ${edge.service}`;
    const known = rows.get(key);
    rows.set(key, known === undefined ? { ...edge, from: a, to: b } : merged(known, edge));
  }
  return { ...map, groups: [...boxes].map(([id, members]) => boxGroup(map.groups, numbers, { id, members })), edges: [...rows.values()] };
}

const merged = (a: PicturedEdge, b: PicturedEdge): PicturedEdge => ({
  ...a,
  connections: a.connections + b.connections,
  unanswered: a.unanswered + b.unanswered,
  scan: a.scan && b.scan,
});

function boxGroup(
  groups: readonly PicturedGroup[],
  { lanes, envs }: Numbers,
  { id, members }: { readonly id: string; readonly members: readonly number[] },
): PicturedGroup {
  const one = groups[members[0]!]!;
  if (id.startsWith("g")) return { ...one, id };
  const count = members.reduce((sum, n) => sum + groups[n]!.memberCount, 0);
  const env = one.env ?? "";
  const title = id.startsWith("l") ? (lanes[Number(id.slice(1))] ?? "").replace(` · ${env}`, "") : env === "" ? "no environment" : env;
  return {
    ...one,
    id,
    title,
    lane: id.startsWith("l") ? envs.find((name) => name === env) || "no environment" : title,
    members: [],
    memberCount: count,
    size: `${count} ${count === 1 ? "workload" : "workloads"}, ${members.length} ${members.length === 1 ? "role" : "roles"}`,
  };
}
