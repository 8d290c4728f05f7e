import { ipOf, isPublic } from "../base/ip.ts";
import type { Flow, FlowEnd } from "../model/flow.ts";
import { scannersAmong } from "../map/scanners.ts";
import { serviceText } from "../map/service-text.ts";
import { type HeldOutReason, textOf } from "./dependency.ts";

const portsMost = 15;
const triedLeast = 10;
const triedServices = 3;

/** Says of each flow why it must not become a rule, or null. A scanner's flow passes when an unsuspicious workload of its own group does the same. */
export function suspicionOf(flows: readonly Flow[], groupOf: (end: FlowEnd) => string | null): (flow: Flow) => HeldOutReason | null {
  const suspects = new Set([...scannersAmong(flows, () => "").map(({ workload }) => workload), ...knockers(flows)]);
  const shared = new Set(flows.filter(({ client }) => client.kind === "held" && !suspects.has(client.holder)).map((flow) => deedOf(flow, groupOf)));
  const crowded = crowdedPairs(flows);
  return (flow) => {
    if (isAttempt(flow)) return "never answered";
    for (const end of [flow.client, flow.server]) if (end.kind === "contested" || (end.kind === "bare" && groupOf(end) === null)) return "not in the inventory";
    if (flow.client.kind === "held" && suspects.has(flow.client.holder) && !shared.has(deedOf(flow, groupOf))) return "scanner";
    if (crowded.has(pairOf(flow))) return "many ports";
    return groupOf(flow.client) === null || groupOf(flow.server) === null ? "no labels" : null;
  };
}

/** Whether nothing of it was ever answered, as far as anybody could tell. */
export const isAttempt = ({ answered, untold }: Flow): boolean => answered === 0 && untold === 0;

/** Whether the end is a public address that no workload holds. */
export function isInternet(end: FlowEnd): boolean {
  const ip = end.kind === "bare" ? ipOf(end.address) : undefined;
  return ip !== undefined && isPublic(ip);
}

const pairOf = ({ client, server }: Flow): string => JSON.stringify([textOf(client), textOf(server)]);
const deedOf = (flow: Flow, groupOf: (end: FlowEnd) => string | null): string =>
  JSON.stringify([groupOf(flow.client), groupOf(flow.server) ?? textOf(flow.server), serviceText(flow)]);

// Fewer machines than a scanner of a large network finds, but nobody answers: a small network's scanner.
function knockers(flows: readonly Flow[]): readonly string[] {
  const tried = new Map<string, { doors: number; services: Set<string> }>();
  for (const flow of flows) {
    if (flow.client.kind !== "held" || !isAttempt(flow)) continue;
    const known = tried.get(flow.client.holder) ?? { doors: 0, services: new Set<string>() };
    tried.set(flow.client.holder, known);
    known.doors += 1;
    known.services.add(serviceText(flow));
  }
  return [...tried].filter(([, { doors, services }]) => doors >= triedLeast && services.size >= triedServices).map(([id]) => id);
}

function crowdedPairs(flows: readonly Flow[]): ReadonlySet<string> {
  const services = new Map<string, Set<string>>();
  for (const flow of flows) {
    // The internet is no single machine.
    if (isInternet(flow.server)) continue;
    const known = services.get(pairOf(flow)) ?? new Set<string>();
    services.set(pairOf(flow), known.add(serviceText(flow)));
  }
  return new Set([...services].filter(([, { size }]) => size > portsMost).map(([pair]) => pair));
}
