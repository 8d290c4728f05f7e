import { dayText } from "../../base/instant.ts";
import type { MapEdge } from "../../map/application-map.ts";
import { isThere } from "../../map/unknown-ends.ts";
import { curveSvg } from "../curve.ts";
import { missing, type Section, words } from "../document.ts";
import { attributionWords, sourcesTable, windowWords } from "../scope-blocks.ts";
import { timeText } from "../time-text.ts";
import type { Facts } from "./facts.ts";

const gapsMost = 10;
// Of a kind that there may be many of.
const ofKindMost = 4;

/** Section 1: what there is in numbers, and the ten most important gaps. */
export function summarySection(facts: Facts): Section {
  const { map, believed, sources, seen, completeness } = facts;
  const { gaps, more } = gapsOf(facts);
  const edges = map.edges.filter(({ scan }) => !scan);
  const counts: readonly (readonly [string, number])[] = [
    ["assets in an inventory", believed.workloads.length],
    ["of them seen to speak or answer", believed.workloads.filter(({ id }) => seen.has(id)).length],
    ["applications", new Set(believed.workloads.flatMap(({ labels }) => (Object.hasOwn(labels, "app") ? [labels["app"]] : []))).size],
    ["dependencies between groups, without those of scanners", edges.length],
    ["connections", map.totals.connections],
    ["of them never answered", map.totals.inAttempts],
    ["addresses inside that belong to nobody and are there", map.totals.unknownThere],
    ["sources", new Set(sources.map(({ source, observer }) => `${source} ${observer ?? ""}`)).size],
  ];
  return {
    number: 1,
    id: "summary",
    title: "Summary",
    blocks: [
      { kind: "table", id: "counts", title: "In numbers", columns: ["what", "how many"], rows: counts, empty: "" },
      words(completeness === null ? "How much was not seen was not computed: see section 16." : completeness.unseen),
      {
        kind: "table",
        id: "gaps",
        title: "The most important gaps",
        columns: ["gap", "next"],
        rows: gaps,
        empty: "None was found.",
      },
      ...(more > 0 ? [words(`and ${more.toLocaleString("en-US")} more`)] : []),
    ],
  };
}

/** The most important gaps with what to do next, and how many there are more. */
function gapsOf({ map, believed, seen }: Facts): { readonly gaps: readonly (readonly [string, string])[]; readonly more: number } {
  const environments = new Map(map.groups.map(({ id, labels }) => [id, labels["env"]]));
  const crossings = crossingsOf(map.edges, environments);
  const silent = believed.workloads.filter(({ id }) => !seen.has(id)).length;
  const unlabelled = map.totals.workloads - map.totals.withLabels;
  const unknown = map.unknowns.filter((end) => end.group === "unknown" && isThere(end));
  const found = [
    ...map.unknowns
      .filter((end) => end.group === "contested")
      .map(({ address, holders }) => [`${address} is claimed by ${holders.join(" and ")}`, "`bulkhead inventory conflicts`"] as const),
    ...unknown
      .slice(0, ofKindMost)
      .map(
        ({ address, asClient, asServer }) =>
          [`${address} is in no inventory (${asClient + asServer} connections)`, "find out whose it is, and import that"] as const,
      ),
    ...map.scanners.map(
      ({ name: who, unanswered }) =>
        [`${who} looks around (${unanswered} attempts without an answer)`, "a scanner that is known, or somebody who broke in"] as const,
    ),
    ...crossings
      .slice(0, ofKindMost)
      .map(
        ({ from, to, service }) =>
          [`${map.nameOf(from)} opens ${service} of ${map.nameOf(to)}`, "environments should not depend on each other: ask the owner"] as const,
      ),
    ...(silent > 0 ? [[`${silent} assets were never seen`, "a sensor that does not see them, or machines that are gone"] as const] : []),
    ...(unlabelled > 0 ? [[`${unlabelled} assets lack the labels app, env and role`, "`bulkhead inventory suggest`"] as const] : []),
    ...(believed.conflicts.length > 0 ? [[`${believed.conflicts.length} contradictions of sources`, "`bulkhead inventory conflicts`"] as const] : []),
  ];
  const beyond = [unknown, crossings].reduce((sum, { length }) => sum + Math.max(0, length - ofKindMost), 0);
  return { gaps: found.slice(0, gapsMost), more: beyond + Math.max(0, found.length - gapsMost) };
}

/** What reaches from one environment into another: first between environments that have least to do with each other, so that bastions, names, time and monitoring come last; the rarest first. */
function crossingsOf(edges: readonly MapEdge[], environments: ReadonlyMap<string, string | undefined>): readonly MapEdge[] {
  const pairs = new Map<string, number>();
  const pairOf = ({ from, to }: MapEdge): string => JSON.stringify([environments.get(from), environments.get(to)].sort());
  const found = edges.filter(({ from, to, scan }) => {
    const [client, server] = [environments.get(from), environments.get(to)];
    return !scan && client !== undefined && server !== undefined && client !== server;
  });
  for (const edge of found) pairs.set(pairOf(edge), (pairs.get(pairOf(edge)) ?? 0) + 1);
  return found.toSorted((a, b) => pairs.get(pairOf(a))! - pairs.get(pairOf(b))! || a.connections - b.connections);
}

/** Section 2: what this rests on. */
export function scopeSection(facts: Facts): Section {
  return { number: 2, id: "scope", title: "Scope and method", blocks: [windowWords(facts), attributionWords, sourcesTable(facts)] };
}

/** Section 16: the figures of completeness, and how new dependencies kept appearing. */
export function completenessSection(facts: Facts): Section {
  const { completeness } = facts;
  return {
    number: 16,
    id: "completeness",
    title: "Completeness and confidence",
    blocks: [
      ...(completeness === null
        ? [missing("The eight figures", "They were not computed for this report.", "Next: `bulkhead completeness`.")]
        : [
            {
              kind: "table" as const,
              id: "figures",
              title: "Discovery completeness",
              columns: ["figure", "what", "of", "all", "unknown", "low", "high"],
              rows: completeness.figures.map((one) => [one.id, one.what, one.numerator, one.denominator, one.unknown, one.low, one.high]),
              empty: "",
            },
            words(completeness.unseen),
          ]),
      ...novelty(facts),
    ],
  };
}

function novelty({ map }: Facts): Section["blocks"] {
  const byDay = new Map<string, number>();
  for (const { first, scan } of map.edges) if (first !== null && !scan) byDay.set(dayText(first), (byDay.get(dayText(first)) ?? 0) + 1);
  const days = [...byDay].sort(([a], [b]) => (a < b ? -1 : 1));
  let total = 0;
  const rows = days.map(([at, fresh]) => [at, fresh, (total += fresh)] as const);
  const table = {
    kind: "table" as const,
    id: "novelty",
    title: "New dependencies by day",
    columns: ["day", "new", "all so far"],
    rows,
    empty: "No source told when.",
  };
  if (rows.length === 0) return [table];
  const svg = curveSvg({
    names: rows.map(([at]) => at),
    news: rows.map(([, fresh]) => fresh),
    totals: rows.map(([, , all]) => all),
    label: "New dependencies by day and their sum; the same as the table",
  });
  return [
    {
      kind: "figure",
      id: "figure-5",
      title: "Figure 5. How new dependencies keep appearing",
      svg,
      text: "Bars are new on that day, the line is all so far; while it climbs, discovery is not over.",
      table: "novelty",
    },
    table,
  ];
}

/** Section 17: which owners have looked at their part, and when. */
export function confirmationsSection({ confirmations, believed }: Facts): Section {
  const apps = [...new Set(believed.workloads.flatMap(({ labels }) => (Object.hasOwn(labels, "app") ? [labels["app"]!] : [])))].sort();
  const rows = apps.map((app) => {
    const last = confirmations.filter((one) => one.app === app).toSorted((a, b) => b.at - a.at)[0];
    return [app, last?.by ?? null, timeText(last?.at ?? null), last === undefined ? null : last.digest.slice(0, 12)];
  });
  return {
    number: 17,
    id: "confirmations",
    title: "Owner confirmations",
    blocks: [
      {
        kind: "table",
        id: "confirmations",
        title: "Who confirmed the map of their application",
        columns: ["app", "by", "at", "what they saw (digest)"],
        rows,
        empty: "No asset has the label `app`.",
      },
    ],
  };
}

// REQUIREMENTS §10.1, row 18; FISMA IG metrics FY2025, SP 800-53 r5, CSF 2.0, ZTMM 2.0.
const crossWalk: readonly (readonly [string, string, string])[] = [
  ["SP 800-53 CM-8, CM-12, CM-13", "System component inventory, where information is, its flows", "3, 10"],
  ["SP 800-53 CA-3, CA-9", "Exchanges with other systems, connections inside", "7, 9"],
  ["SP 800-53 PL-8, RA-3", "Architecture, risk", "5, 6, 14"],
  ["FISMA IG 7, 8, 10, 30", "Interconnections, hardware, data, configuration", "9, 3, 10, 4"],
  ["BOD 23-01", "Asset discovery", "3, 4, 16"],
  ["CSF 2.0 ID.AM-01 to -04, -07", "Inventories, flows, services, data", "3, 7, 9, 10"],
  ["ZTMM 2.0 Networks: visibility and analytics", "What is known of traffic", "8, 9, 16"],
  ["NSA, network pillar: data flow mapping", "Application map", "6, 7"],
];

/** Section 18: for which controls and metrics this is evidence. */
export const crossWalkSection: Section = {
  number: 18,
  id: "cross-walk",
  title: "Cross-walk",
  blocks: [
    {
      kind: "table",
      id: "cross-walk",
      title: "Controls and metrics, and the sections that speak to them",
      columns: ["control or metric", "what", "sections"],
      rows: crossWalk,
      empty: "",
    },
  ],
};
