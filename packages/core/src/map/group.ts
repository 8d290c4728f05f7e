import { ipOf, isPublic } from "../base/ip.ts";
import { byCodePoint } from "../base/order.ts";
import type { FlowEnd } from "../model/flow.ts";
import type { MapGroup } from "./application-map.ts";
import { isNowhere } from "./nowhere.ts";

/** What the map needs of a workload. */
export interface Labelled {
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Finds the group of an end, and keeps what was found. */
export interface Grouping {
  of(end: FlowEnd): string;
  groups(): readonly Omit<MapGroup, "there" | "address">[];
}

interface Growing {
  readonly group: Pick<MapGroup, "kind" | "labels" | "network">;
  readonly workloads: Set<string>;
  readonly addresses: Set<string>;
}

// Of flows that come day by day an end comes as another object each day.
const endsKept = 500_000;

/** Groups ends by the labels chosen; what is no workload is grouped by what is known of its address. */
export function groupingBy(by: readonly string[], workloads: Iterable<Labelled>, broadcast: ReadonlySet<string>): Grouping {
  const labelsOf = new Map([...workloads].map(({ id, labels }) => [id, labels]));
  const found = new Map<string, Growing>();
  const grow = (key: string, group: Growing["group"]): Growing => {
    const known = found.get(key) ?? { group, workloads: new Set<string>(), addresses: new Set<string>() };
    found.set(key, known);
    return known;
  };
  const placed = new Map<string, string>();
  // An archive gives the same end as the same object.
  const placedEnds = new Map<FlowEnd, string>();
  const place = (end: FlowEnd): string => {
    switch (end.kind) {
      case "held": {
        const labels = chosen(labelsOf.get(end.holder) ?? {}, by);
        const key = keyOf(labels, by);
        grow(key, { kind: "workloads", labels, network: null }).workloads.add(end.holder);
        return key;
      }
      case "contested":
        grow("contested", { kind: "contested", labels: {}, network: null }).addresses.add(end.address);
        return "contested";
      case "bare": {
        const kind = broadcast.has(end.address) ? "broadcast" : isNowhere(end.address) ? "nowhere" : isInternet(end.address) ? "internet" : "unknown";
        grow(kind, { kind, labels: {}, network: kind === "internet" ? "internet" : null }).addresses.add(end.address);
        return kind;
      }
    }
  };
  return {
    of(end) {
      const seen = placedEnds.get(end);
      if (seen !== undefined) return seen;
      const key = end.kind === "held" ? `held ${end.holder}` : `${end.kind} ${end.address}`;
      const known = placed.get(key) ?? place(end);
      placed.set(key, known);
      if (placedEnds.size >= endsKept) placedEnds.clear();
      placedEnds.set(end, known);
      return known;
    },
    groups: () =>
      [...found]
        .sort(([a], [b]) => byCodePoint(a, b))
        .map(([id, { group, workloads, addresses }]) => ({
          id,
          ...group,
          workloads: [...workloads].sort(byCodePoint),
          addresses: addresses.size,
        })),
  };
}

function chosen(labels: Readonly<Record<string, string>>, by: readonly string[]): Readonly<Record<string, string>> {
  // No prototype: `constructor` is a label like any other.
  const result = Object.create(null) as Record<string, string>;
  for (const key of by) if (Object.hasOwn(labels, key)) result[key] = labels[key]!;
  return result;
}

// Readable where it can be, and never two groups with one id: what could be mistaken is quoted.
function keyOf(labels: Readonly<Record<string, string>>, by: readonly string[]): string {
  const stated = by.filter((key) => key in labels);
  return stated.length === 0 ? "unlabelled" : stated.map((key) => `${quoted(key)}=${quoted(labels[key]!)}`).join(",");
}
const quoted = (text: string): string => (/^[\w./:@+-]+$/.test(text) ? text : JSON.stringify(text));

function isInternet(address: string): boolean {
  const ip = ipOf(address);
  return ip !== undefined && isPublic(ip);
}
