import { instantText } from "../base/instant.ts";
import { serviceText } from "../map/service-text.ts";
import { type HeldOut, type HeldOutReason, textOf } from "./dependency.ts";
import { commentText } from "./policy-yaml.ts";

const order: readonly HeldOutReason[] = ["scanner", "many ports", "not expressible", "not in the inventory", "no labels", "never answered"];

interface Line {
  readonly why: HeldOutReason;
  readonly client: string;
  readonly servers: Set<string>;
  readonly services: Set<string>;
  count: number;
  last: number;
}

/** What was held out, for a person: the most telling first; one line for each reason and pair, attempts folded into one for each client. */
export function heldOutLines(heldOut: readonly HeldOut[]): readonly string[] {
  const lines = new Map<string, Line>();
  for (const { why, flow } of heldOut) {
    const [client, server] = [textOf(flow.client), textOf(flow.server)];
    const key = JSON.stringify([why, client, why === "never answered" ? "" : server]);
    const line = lines.get(key) ?? { why, client, servers: new Set(), services: new Set(), count: 0, last: -Infinity };
    lines.set(key, line);
    line.servers.add(server);
    line.services.add(serviceText(flow));
    line.count += flow.connections;
    line.last = Math.max(line.last, flow.last ?? -Infinity);
  }
  return [...lines.values()].sort((a, b) => order.indexOf(a.why) - order.indexOf(b.why)).map(lineText);
}

function lineText({ why, client, servers, services, count, last }: Line): string {
  const when = last === -Infinity ? "" : `, last ${instantText(last - (last % 1e6))}`;
  const some = (texts: ReadonlySet<string>): string => [...texts].slice(0, 6).join(", ") + (texts.size > 6 ? ` and ${texts.size - 6} more` : "");
  const to = servers.size > 6 ? `${servers.size} machines` : some(servers);
  return commentText(`${why}: ${client} -> ${to}, ${some(services)}, ${count === 1 ? "once" : `${count} times`}${when}`);
}
