import { heatMapSvg } from "../heat-map.ts";
import { layoutOf } from "../map-layout.ts";
import { mapSvg } from "../map-svg.ts";
import { matrixMost } from "../matrix-svg.ts";
import { pictured } from "../pictured.ts";
import { type Cell, missing, type Section, words } from "../document.ts";
import { edgeTable } from "./edge-table.ts";
import type { Facts } from "./facts.ts";

const withObservers = ["client", "server", "service", "connections", "bytes", "first seen", "last seen", "seen by", "records"] as const;

/** Section 5: the zones that labels suggest, and what is declared of networks. */
export function zonesSection(facts: Facts): Section {
  const { zones, zoneKey, believed } = facts;
  const members = new Map<string, typeof believed.workloads>();
  for (const one of believed.workloads) {
    const zone = Object.hasOwn(one.labels, zoneKey) ? one.labels[zoneKey]! : "no label";
    members.set(zone, [...(members.get(zone) ?? []), one]);
  }
  const share = (all: typeof believed.workloads, name: string): string => {
    const counts = new Map<string, number>();
    for (const { attributes } of all) {
      const value = Object.hasOwn(attributes, name) ? attributes[name]! : "not stated";
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    return [...counts]
      .sort(([, a], [, b]) => b - a)
      .slice(0, 4)
      .map(([value, count]) => `${value} ${count}`)
      .join(", ");
  };
  const owners = (all: typeof believed.workloads): string =>
    [...new Set(all.flatMap(({ owner }) => (owner === null ? [] : [owner])))].sort().slice(0, 5).join(", ");
  return {
    number: 5,
    id: "zones",
    title: "Zones",
    blocks: [
      words(`While no policy declares zones, the label \`${zoneKey}\` stands for one.`),
      {
        kind: "table",
        id: "table-b",
        title: "Table B. Zones",
        columns: ["zone", "assets", "classes", "criticality", "owners"],
        rows: [...members]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([zone, all]) => [zone, all.length, share(all, "class"), share(all, "criticality"), owners(all)]),
        empty: "No inventory was imported.",
      },
      {
        kind: "table",
        id: "networks",
        title: "Networks that sources name",
        columns: ["network", "prefix", "kind", "source"],
        rows: believed.networks.map(({ name, prefix, kind, source }) => [name, prefix, kind, source]),
        empty: "No source named subnets, VLANs or boundary devices. Next: `bulkhead inventory import` of NetBox or of a cloud's description.",
      },
      {
        kind: "figure",
        id: "figure-1",
        title: "Figure 1. Zones and what flows between them",
        svg: mapSvg(layoutOf(pictured(zones)), { id: "zones", isStatic: true }),
        text: "An arrow points from who opened to who answered.",
        table: "zone-matrix",
      },
    ],
  };
}

/** Section 6: workloads by application, environment and role, and the map between them. */
export function applicationsSection(facts: Facts): Section {
  const groups = new Map<string, { readonly cells: readonly Cell[]; count: number; readonly owners: Set<string>; readonly criticality: Set<string> }>();
  for (const { labels, owner, attributes } of facts.believed.workloads) {
    const cells = ["app", "env", "role"].map((key) => (Object.hasOwn(labels, key) ? labels[key]! : null));
    const key = JSON.stringify(cells);
    const known = groups.get(key) ?? { cells, count: 0, owners: new Set<string>(), criticality: new Set<string>() };
    groups.set(key, known);
    known.count += 1;
    if (owner !== null) known.owners.add(owner);
    if (Object.hasOwn(attributes, "criticality")) known.criticality.add(attributes["criticality"]!);
  }
  const layout = layoutOf(pictured(facts.map));
  const left = layout.left > 0 ? ` It shows the ${layout.boxes.length} busiest groups; ${layout.left} more are in the table.` : "";
  return {
    number: 6,
    id: "applications",
    title: "Workloads by application, and what depends on what",
    blocks: [
      {
        kind: "table",
        id: "table-c",
        title: "Table C. Workloads by application, environment and role",
        columns: ["app", "env", "role", "workloads", "owners", "criticality"],
        rows: [...groups]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([, one]) => [...one.cells, one.count, [...one.owners].sort().join(", "), [...one.criticality].sort().join(", ")]),
        empty: "No inventory was imported.",
      },
      {
        kind: "figure",
        id: "figure-2",
        title: "Figure 2. Application dependency map",
        svg: mapSvg(layout, { id: "applications-map", isStatic: true }),
        text: `An arrow points from who opened to who answered.${left}`,
        table: "dependencies",
      },
      edgeTable(facts.map, {
        id: "dependencies",
        title: "Dependencies between groups, those of scanners among them",
        edges: facts.map.edges,
        columns: withObservers,
        empty: "No conversation was seen. Next: `bulkhead ingest PATH…`.",
      }),
    ],
  };
}

/** Section 7: what crosses zones, and the matrix. */
export function interZoneSection(facts: Facts): Section {
  const { zones, zoneApps, zoneKey } = facts;
  const zoneOf = new Map(
    zoneApps.groups.map(({ id, kind, labels }) => [
      id,
      kind === "workloads" ? (Object.hasOwn(labels, zoneKey) ? labels[zoneKey]! : "no label") : zoneApps.nameOf(id),
    ]),
  );
  return {
    number: 7,
    id: "inter-zone",
    title: "Flows between zones",
    blocks: [
      ...matrix(zones),
      edgeTable(zoneApps, {
        id: "table-d",
        title: "Table D. Flows between zones",
        edges: zoneApps.edges.filter(({ from, to }) => zoneOf.get(from) !== zoneOf.get(to)),
        columns: [{ name: "from zone", of: ({ from }) => zoneOf.get(from)! }, { name: "to zone", of: ({ to }) => zoneOf.get(to)! }, ...withObservers],
        empty: "Nothing was seen to cross zones.",
      }),
      missing(
        "Business purpose, encryption and identity of each flow",
        "Flow records carry neither purpose nor whether payload was encrypted; owners and policy say it.",
        "Next: rules with `because:`, and `bulkhead inventory confirm APP --by NAME`.",
      ),
    ],
  };
}

function matrix(zones: Facts["zones"]): Section["blocks"] {
  const ids = zones.groups.map(({ id }) => id);
  const shown = ids.slice(0, matrixMost);
  const sums = new Map<string, number>();
  for (const { from, to, connections } of zones.edges) sums.set(JSON.stringify([from, to]), (sums.get(JSON.stringify([from, to])) ?? 0) + connections);
  const between = (from: string, to: string): number => sums.get(JSON.stringify([from, to])) ?? 0;
  return [
    {
      kind: "figure",
      id: "figure-3",
      title: "Figure 3. Zone matrix",
      svg: heatMapSvg({ names: shown.map(zones.nameOf), values: shown.map((from) => shown.map((to) => between(from, to))) }),
      text: "Rows opened, columns answered; the number is connections.",
      table: "zone-matrix",
    },
    {
      kind: "table",
      id: "zone-matrix",
      title: "Connections between zones: rows opened, columns answered",
      columns: ["from \\ to", ...ids.map(zones.nameOf)],
      rows: ids.map((from) => [zones.nameOf(from), ...ids.map((to) => between(from, to))]),
      empty: "No conversation was seen.",
    },
  ];
}
