import { grouped } from "../base/lists.ts";
import type { ApplicationMap, MapEdge, MapGroup } from "./application-map.ts";

/** The map in the language of Graphviz: one node a group, one arrow a pair of groups with its services. Every text from outside is quoted. */
export function mapDot({ groups, edges }: ApplicationMap): string {
  const pairs = grouped(edges, ({ from, to }) => JSON.stringify([from, to]));
  const arrows = [...pairs.values()].map((between) => `  ${quoted(between[0]!.from)} -> ${quoted(between[0]!.to)} [label=${quoted(servicesOf(between))}];`);
  return ["digraph bulkhead {", "  rankdir=LR;", "  node [shape=box];", ...groups.map(nodeOf), ...arrows, "}", ""].join("\n");
}

function nodeOf(group: MapGroup): string {
  const style = group.kind === "workloads" ? "" : ", style=dashed";
  return `  ${quoted(group.id)} [label=${quoted(`${titleOf(group)}\n${sizeOf(group)}`)}${style}];`;
}

/** What a group is called on a screen. */
export function titleOf({ kind, labels, id, address }: MapGroup): string {
  if (address !== null) return address;
  if (kind !== "workloads") return titles[kind];
  const values = Object.values(labels);
  return values.length === 0 ? "workloads without labels" : values.every((value) => value !== "") ? Object.values(labels).join(" ") : id;
}

const titles = {
  internet: "internet",
  unknown: "unknown inside",
  broadcast: "broadcast and multicast",
  nowhere: "loopback, link-local, unspecified",
  contested: "contested addresses",
} as const;

/** How large a group is, in words: of what is in no inventory, machines that are there apart from addresses that kept silent. */
export function sizeOf({ kind, workloads, addresses, there }: MapGroup): string {
  if (kind === "workloads") return counted(workloads.length, "workload", "s");
  if (kind !== "unknown") return counted(addresses, "address", "es");
  const silent = addresses - there;
  return [...(there > 0 ? [counted(there, "machine", "s")] : []), ...(silent > 0 ? [counted(silent, "silent address", "es")] : [])].join(", ");
}

const counted = (count: number, noun: string, plural: string): string => `${count} ${noun}${count === 1 ? "" : plural}`;

const servicesShown = 6;

function servicesOf(edges: readonly MapEdge[]): string {
  const names = [...edges].sort((a, b) => b.connections - a.connections).map(({ service }) => service);
  const rest = names.length - servicesShown;
  return names.slice(0, servicesShown).join("\n") + (rest > 0 ? `\nand ${rest} more` : "");
}

// In a quoted string of DOT only the quote needs escaping, but a label reads backslash sequences (\N is the node's name): both are doubled.
// Control characters cannot be shown, and some readers stop at them.
function quoted(text: string): string {
  const safe = text
    .replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "\ufffd")
    .replace(/\\/g, "\\\\")
    .replace(/"/g, '\\"')
    .replace(/\n/g, "\\n");
  return `"${safe}"`;
}
