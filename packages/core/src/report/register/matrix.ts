import type { Crossing } from "../../posture/zone-matrix.ts";
import { type Figure, type Section, words } from "../document.ts";
import { layoutOf } from "../map-layout.ts";
import { mapSvg } from "../map-svg.ts";
import { matrixMost, matrixSvg } from "../matrix-svg.ts";
import type { Facts } from "./facts.ts";

/** Section 4: what may cross from every zone to every other. */
export function matrixSection(facts: Facts): Section {
  const { matrix, permitted, set, world } = facts;
  const { zones } = permitted;
  const inside = new Map(set.zones.map((zone) => [zone.name, zone.inside]));
  const insideOf = (zone: string): string => (zone === "outside" ? "" : (inside.get(zone) ?? "open"));
  const crossings = new Map(matrix.map(({ from, to, crossing }) => [JSON.stringify([from, to]), crossing]));
  const crossing = (from: string, to: string): Crossing => crossings.get(JSON.stringify([from, to]))!;
  const most = Math.max(1, ...matrix.map((pair) => (pair.crossing.kind === "named" ? pair.crossing.flows : 0)));
  const shown = zones.slice(0, matrixMost);
  return {
    number: 4,
    id: "matrix",
    title: "Matrix of zones",
    blocks: [
      words(
        "Rows open, columns answer. Every kind of client, server and service is asked, so `denied` means that nothing at all may cross, and `unrestricted` that everything may; a number counts the permitted flows of section 5.",
      ),
      ...(world.hasBoundaries
        ? [
            {
              kind: "figure" as const,
              id: "figure-1",
              title: "Figure 1. What may cross from zone to zone",
              svg: matrixSvg({
                names: shown,
                cells: shown.map((from) => shown.map((to) => (from === to ? { text: insideOf(from), depth: 0 } : pictured(crossing(from, to), most)))),
                label: "Matrix of what may cross between zones; the same as the table",
              }),
              text: "A number is permitted flows, a dash is denied, all is unrestricted, a question mark that nobody is known there; on the diagonal stands whether the zone is open or closed inside.",
              table: "zone-matrix",
            },
          ]
        : []),
      ...(world.hasBoundaries ? [zonePicture(facts)] : []),
      {
        kind: "table",
        id: "zone-matrix",
        title: "What may cross from zone to zone",
        columns: ["from \\ to", ...zones],
        rows: zones.map((from) => [
          from,
          ...zones.map((to) => (from === to ? (from === "outside" ? null : `${insideOf(from)} inside`) : crossingText(crossing(from, to)))),
        ]),
        empty: "",
      },
    ],
  };
}

/** The zones, and an arrow from who may open to who may answer. */
function zonePicture({ permitted, matrix, permittedFlows, recorded }: Facts): Figure {
  const members = new Map(
    permitted.zones.map((zone) => [zone, permitted.alike.filter(({ end }) => end.zone === zone).flatMap(({ workloads }) => workloads)] as const),
  );
  const used = (from: string, to: string): number =>
    permittedFlows
      .filter(({ fromZone, toZone }) => fromZone === from && toZone === to)
      .reduce((sum, flow) => sum + (recorded.uses.get(flow)?.connections ?? 0), 0);
  const layout = layoutOf({
    groups: [...members].map(([zone, who]) => ({
      id: zone,
      kind: zone === "outside" ? "outside" : "workloads",
      title: zone,
      lane: zone,
      env: null,
      members: who.slice(0, 1),
      memberCount: who.length,
      size: zone === "outside" ? "addresses" : `${who.length} ${who.length === 1 ? "workload" : "workloads"}`,
    })),
    edges: matrix
      .filter(({ crossing }) => crossing.kind !== "denied" && crossing.kind !== "nobody")
      .map(({ from, to, crossing }) => ({
        from,
        to,
        service: crossing.kind === "named" ? `${crossing.flows}` : crossing.kind,
        connections: used(from, to),
        unanswered: 0,
        bytes: null,
        first: null,
        last: null,
        observers: [],
        scan: false,
      })),
  });
  return {
    kind: "figure",
    id: "figure-2",
    title: "Figure 2. Zones, and what may cross between them",
    svg: mapSvg(layout, { id: "zones", isStatic: true }),
    text: "An arrow points from who may open to who may answer; on it stands how many flows are permitted. The wider, the more recorded connections used them; dotted is what none used.",
    table: "zone-matrix",
  };
}

function pictured(crossing: Crossing, most: number): { readonly text: string; readonly depth: number | "odd" } {
  switch (crossing.kind) {
    case "denied":
      return { text: "–", depth: 0 };
    case "nobody":
      return { text: "?", depth: 0 };
    case "unrestricted":
      return { text: "all", depth: "odd" };
    case "open":
      return { text: "open", depth: "odd" };
    case "named":
      return { text: String(crossing.flows), depth: 0.12 + 0.4 * (crossing.flows / most) };
  }
}

function crossingText(crossing: Crossing): string {
  switch (crossing.kind) {
    case "denied":
    case "unrestricted":
      return crossing.kind;
    case "open":
      return "open: no rule names it";
    case "nobody":
      return "nobody is known there";
    case "named":
      return `${crossing.flows} named ${crossing.flows === 1 ? "flow" : "flows"}`;
  }
}
