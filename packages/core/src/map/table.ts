import { columns } from "../base/columns.ts";
import { dayText, type Instant } from "../base/instant.ts";
import type { ApplicationMap, MapEdge, MapGroup } from "./application-map.ts";
import { sizeOf, titleOf } from "./dot.ts";
import { deedsText, isThere } from "./unknown-ends.ts";

/** How much of a map a table shows. */
export interface TableOptions {
  readonly edgesMax: number;
  readonly unknownsMax: number;
  /** Makes a text from outside safe for where the table goes. */
  readonly printable: (text: string) => string;
}

/** The map as text for people: first what nobody knew, then the dependencies with most connections, then what was left out. */
export function mapTable(map: ApplicationMap, options: TableOptions): string {
  if (map.totals.connections === 0) return "Nobody talked.\n";
  const groups = new Map(map.groups.map((group) => [group.id, group]));
  const title = (id: string): string => options.printable(titleOf(groups.get(id)!));
  const parts = [headOf(map), unknownsOf(map, options), edgesOf(map, { ...options, title }), scannersOf(map, options), attemptsOf(map)];
  return parts.filter((part) => part !== "").join("\n\n") + "\n";
}

function headOf({ totals, groups, edges, by }: ApplicationMap): string {
  return [
    `${counted(totals.connections, "connection")} between ${counted(groups.length, "group")} by ${by.join(", ")}: ${edges.length === 1 ? "1 dependency" : `${number(edges.length)} dependencies`}`,
    totals.workloads === 0
      ? "the inventory is empty: nobody is known yet"
      : `${number(totals.talked)} / ${number(totals.workloads)} workloads of the inventory talked; ${number(totals.withLabels)} have one of these labels`,
  ].join("\n");
}

function unknownsOf({ groups, unknowns, totals }: ApplicationMap, { unknownsMax, printable }: TableOptions): string {
  const strange = unknowns.filter((end) => (end.group === "unknown" || end.group === "contested") && isThere(end));
  const unsaid = groups.filter(({ kind, id }) => kind !== "workloads" || id === "unlabelled");
  if (unsaid.length === 0) return "Every end is a workload that the inventory knows.";
  const kinds = togetherOf(unsaid).map((group) => `  ${titleOf(group)}: ${sizeOf(group)}${noMachine.has(group.kind) ? ", no machine" : ""}`);
  const rows = strange
    .slice(0, unknownsMax)
    .map((end) => [
      `  ${printable(end.address)}`,
      `${number(end.asClient)} as client`,
      `${number(end.asServer)} as server`,
      printable(deedsText(end)),
      end.holders.length === 0 ? "" : `claimed by ${end.holders.map(printable).join(", ")}`,
    ]);
  const rest = totals.unknownThere - rows.length;
  const more = rest > 0 ? [`  … and ${number(rest)} more (--json lists them)`] : [];
  const silent =
    totals.unknownSilent > 0 ? [`  ${counted(totals.unknownSilent, "address", "es")} never answered and never spoke: perhaps nobody is there`] : [];
  return ["What the inventory does not say", ...kinds, ...(rows.length === 0 ? [] : columns(rows)), ...more, ...silent].join("\n");
}

/** The machines that stand apart are unknown, too: in a summary they are counted with the rest. */
function togetherOf(groups: readonly MapGroup[]): readonly MapGroup[] {
  const unknown = groups.filter(({ kind }) => kind === "unknown");
  if (unknown.length === 0) return groups;
  const sum = (key: "addresses" | "there"): number => unknown.reduce((total, one) => total + one[key], 0);
  const all = { ...unknown[0]!, address: null, addresses: sum("addresses"), there: sum("there") };
  return groups.flatMap((one) => (one === unknown[0] ? [all] : one.kind === "unknown" ? [] : [one]));
}

const noMachine: ReadonlySet<string> = new Set(["broadcast", "nowhere"]);

function edgesOf({ edges }: ApplicationMap, options: TableOptions & { readonly title: (id: string) => string }): string {
  if (edges.length === 0) return "No dependency was seen.";
  const shown = [...edges].sort((a, b) => b.connections - a.connections).slice(0, options.edgesMax);
  const rows = shown.map((edge) => [
    `  ${options.title(edge.from)}`,
    "→",
    options.title(edge.to),
    options.printable(edge.service),
    number(edge.connections),
    span(edge.first, edge.last),
    howKnown(edge),
  ]);
  const rest = edges.length - shown.length;
  const more = rest > 0 ? [`  … and ${number(rest)} more (--json, --html FILE or --dot show all)`] : [];
  return ["Who depends on whom", ...columns([["  client", "", "server", "service", "connections", "first – last", "known by"], ...rows]), ...more].join("\n");
}

/** How an edge is known, in words: the reasons for its direction, and what weakens it. */
export function howKnown({ reasons, oneSided, sampling, untold, scan, connections }: MapEdge): string {
  const known = Object.entries(reasons)
    .sort(([, a], [, b]) => b - a)
    .map(([reason]) => (reason === "unknown" ? "direction unknown" : reason));
  const doubts = [
    ...(scan ? ["scan"] : []),
    ...(sampling === null ? [] : [`sampled 1 in ${sampling}`]),
    ...(oneSided === 0 ? [] : [`${number(oneSided)} / ${number(connections)} one-sided`]),
    ...(untold === 0 ? [] : [`${number(untold)} / ${number(connections)} perhaps unanswered`]),
  ];
  return [known.join(", "), ...doubts].filter((text) => text !== "").join("; ");
}

function scannersOf({ scanners }: ApplicationMap, { printable }: TableOptions): string {
  return scanners
    .map(
      (scanner) =>
        `${printable(scanner.name)} behaves as a scanner: ${counted(scanner.services, "service")} on ${counted(scanner.servers, "machine")}, ${share(scanner.unanswered, scanner.connections)} of its tries without an answer; its edges are marked`,
    )
    .join("\n");
}

function attemptsOf({ attempts, totals }: ApplicationMap): string {
  return attempts.length === 0
    ? ""
    : `${counted(totals.inAttempts, "connection")} of ${counted(attempts.length, "kind")} ${totals.inAttempts === 1 ? "was an attempt without an answer and is no dependency" : "were attempts without an answer and are no dependencies"} (--json lists them).`;
}

const number = (value: number): string => value.toLocaleString("en");
const counted = (count: number, noun: string, plural = "s"): string => `${number(count)} ${noun}${count === 1 ? "" : plural}`;
const share = (part: number, whole: number): string => `${Math.round((part / Math.max(1, whole)) * 100)} %`;
function span(first: Instant | null, last: Instant | null): string {
  if (first === null || last === null) return "time unknown";
  return dayText(first) === dayText(last) ? dayText(first) : `${dayText(first)} – ${dayText(last)}`;
}
