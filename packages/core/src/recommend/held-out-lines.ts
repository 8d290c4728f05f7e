import { instantText } from "../base/instant.ts";
import { byCodePoint } from "../base/order.ts";
import { serviceText } from "../map/service-text.ts";
import { type HeldOut, type HeldOutReason } from "./dependency.ts";
import { commentText } from "./policy-yaml.ts";
import { endText } from "../model/flow.ts";

const order: readonly HeldOutReason[] = [
  "scanner",
  "one-off administration",
  "one machine of many",
  "many ports",
  "label missing",
  "not expressible",
  "not in the inventory",
  "no labels",
  "never answered",
  "no machine",
];
const namesMost = 6;

/** Names with how many connections each stands for. */
type Counts = Map<string, number>;

interface Line {
  readonly why: HeldOutReason;
  readonly clients: Counts;
  readonly servers: Counts;
  readonly services: Counts;
  count: number;
  last: number;
}

/** What was held out, for a person: the most telling first; one line for each client, and one for clients that did the same. */
export function heldOutLines(heldOut: readonly HeldOut[]): readonly string[] {
  const byClient = new Map<string, Line>();
  for (const { why, flow } of heldOut) {
    const client = endText(flow.client);
    const key = JSON.stringify([why, client]);
    const line = byClient.get(key) ?? { why, clients: new Map(), servers: new Map(), services: new Map(), count: 0, last: -Infinity };
    byClient.set(key, line);
    add(line.clients, client, flow.connections);
    add(line.servers, endText(flow.server), flow.connections);
    add(line.services, serviceText(flow), flow.connections);
    line.count += flow.connections;
    line.last = Math.max(line.last, flow.last ?? -Infinity);
  }
  return withSameDeeds([...byClient.values()])
    .toSorted((a, b) => order.indexOf(a.why) - order.indexOf(b.why) || b.count - a.count || byCodePoint(lineText(a), lineText(b)))
    .map(lineText);
}

function withSameDeeds(lines: readonly Line[]): readonly Line[] {
  const merged = new Map<string, Line>();
  for (const line of lines) {
    const key = JSON.stringify([line.why, [...line.servers.keys()].sort(byCodePoint), [...line.services.keys()].sort(byCodePoint)]);
    const known = merged.get(key);
    if (known === undefined) {
      merged.set(key, line);
      continue;
    }
    for (const part of ["clients", "servers", "services"] as const) for (const [name, count] of line[part]) add(known[part], name, count);
    known.count += line.count;
    known.last = Math.max(known.last, line.last);
  }
  return [...merged.values()];
}

function add(counts: Counts, name: string, count: number): void {
  counts.set(name, (counts.get(name) ?? 0) + count);
}

function lineText({ why, clients, servers, services, count, last }: Line): string {
  const when = last === -Infinity ? "" : `, last ${instantText(last - (last % 1e6))}`;
  const machines = (counts: Counts): string => (counts.size > namesMost ? `${counts.size} machines` : some(counts));
  return commentText(
    `${why === "no machine" ? "broadcast, multicast or link-local" : why}: ${machines(clients)} -> ${machines(servers)}, ${some(services)}, ${count === 1 ? "once" : `${count} times`}${when}`,
  );
}

/** The busiest names, and how many more there are. */
function some(counts: Counts): string {
  const names = [...counts].sort(([a, x], [b, y]) => y - x || byCodePoint(a, b)).map(([name]) => name);
  return names.slice(0, namesMost).join(", ") + (names.length > namesMost ? ` and ${names.length - namesMost} more` : "");
}
