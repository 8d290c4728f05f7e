import { instantText } from "../base/instant.ts";
import type { Flow, FlowEnd, Volume } from "../model/flow.ts";
import type { HeldOutReason } from "./held-out.ts";
import { commentText } from "./policy-yaml.ts";
import { serviceText } from "./service-text.ts";

/** What the proposal needs of a workload. */
export interface ProposalWorkload {
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly owner: string | null;
}

/** Something that was seen and is not allowed by the proposal. */
export interface HeldOut {
  readonly why: HeldOutReason;
  readonly flow: Flow;
}

/** One side of a proposed rule. `segment` is the policy that would guard it, or null. */
export interface Side {
  readonly key: string;
  readonly labels: Readonly<Record<string, string>> | null;
  readonly zone: string;
  readonly segment: string | null;
}

/** A rule to be: from, to, services, and what was seen. */
export interface Evidence {
  readonly client: Side;
  readonly server: Side;
  readonly services: ReadonlyMap<string, Volume>;
}

/** What all proposed files are made of. */
export interface Draft {
  readonly zones: ReadonlyMap<string, string>;
  readonly segments: ReadonlyMap<string, { readonly app: string; readonly env: string; readonly owner: string }>;
  readonly evidence: readonly Evidence[];
  readonly heldOut: readonly HeldOut[];
  readonly workloads: readonly ProposalWorkload[];
}

const order: readonly HeldOutReason[] = ["scanner", "many ports", "not in the inventory", "no labels", "never answered"];

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

const textOf = (end: FlowEnd): string => (end.kind === "held" ? end.holder : end.address);
