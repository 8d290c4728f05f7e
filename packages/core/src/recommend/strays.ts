import { day } from "../base/instant.ts";
import type { Flow, FlowEnd } from "../model/flow.ts";
import { serviceText } from "../map/service-text.ts";
import { isInternet } from "./internet.ts";
import { isAdministration } from "./service-kinds.ts";

// A habit shows itself on two days, or in five groups; within less than a week nobody can tell a habit from a visit.
const habitSpan = 7 * day;
const administeredLeast = 5;
// One machine of five that are alike is an exception; what browsers use is not.
const alikeLeast = 5;
const everyday: ReadonlySet<string> = new Set(["tcp/80", "tcp/443", "udp/443", "udp/53", "tcp/53", "udp/123"]);

type GroupOf = (end: FlowEnd) => string | null;
export type StrayReason = "one-off administration" | "one machine of many" | "told by one side";

/**
 * Says of a flow that was answered why it may be an intruder's though it looks like work: somebody who administers nothing else took over a machine within
 * one day, one machine alone of many that are alike talks to the internet over a service that nobody else uses, or only one direction was told.
 */
export function straysAmong(flows: readonly Flow[], groupOf: GroupOf): (flow: Flow) => StrayReason | null {
  const isOneOff = oneOffsOf(flows, groupOf);
  const isAlone = aloneOf(flows, groupOf);
  return (flow) => {
    if (isOneSided(flow)) return "told by one side";
    if (isOneOff(flow)) return "one-off administration";
    return isAlone(flow) ? "one machine of many" : null;
  };
}

/** Whether only one direction was ever told, and only the look of the ports says which end opened it: that may be an answer, or made up. */
function isOneSided({ connections, answered, oneSided, reasons }: Flow): boolean {
  return answered === 0 && oneSided >= connections && (reasons.port ?? 0) + (reasons.unknown ?? 0) >= connections;
}

interface Visits {
  first: number;
  last: number;
}

function oneOffsOf(flows: readonly Flow[], groupOf: GroupOf): (flow: Flow) => boolean {
  const visits = new Map<string, Visits>();
  const reached = new Map<string, Set<string>>();
  const whole: Visits = { first: Infinity, last: -Infinity };
  const keysOf = (flow: Flow): { readonly pair: string; readonly administrator: string; readonly server: string } | null => {
    const [client, server, service] = [groupOf(flow.client), groupOf(flow.server), serviceText(flow)];
    if (client === null || server === null || flow.server.kind !== "held" || !isAdministration(service)) return null;
    return { pair: JSON.stringify([client, server, service]), administrator: JSON.stringify([client, service]), server };
  };
  for (const flow of flows) {
    extend(whole, flow);
    const keys = keysOf(flow);
    if (keys === null || flow.answered + flow.untold === 0) continue;
    const known = visits.get(keys.pair) ?? { first: Infinity, last: -Infinity };
    visits.set(keys.pair, known);
    extend(known, flow);
    reached.set(keys.administrator, (reached.get(keys.administrator) ?? new Set<string>()).add(keys.server));
  }
  if (whole.last - whole.first < habitSpan) return () => false;
  return (flow) => {
    const keys = keysOf(flow);
    if (keys === null) return false;
    const { first, last } = visits.get(keys.pair) ?? whole;
    return last - first < day && (reached.get(keys.administrator)?.size ?? 0) < administeredLeast;
  };
}

function extend(visits: Visits, { first, last }: Flow): void {
  visits.first = Math.min(visits.first, first ?? Infinity);
  visits.last = Math.max(visits.last, last ?? -Infinity);
}

function aloneOf(flows: readonly Flow[], groupOf: GroupOf): (flow: Flow) => boolean {
  const machines = new Map<string, Set<string>>();
  const users = new Map<string, Set<string>>();
  for (const flow of flows) {
    const { client, server } = flow;
    if (client.kind !== "held") continue;
    const group = groupOf(client);
    if (group !== null) machines.set(group, (machines.get(group) ?? new Set<string>()).add(client.holder));
    if (!isInternet(server)) continue;
    const service = serviceText(flow);
    users.set(service, (users.get(service) ?? new Set<string>()).add(client.holder));
  }
  return (flow) => {
    const group = flow.client.kind === "held" && isInternet(flow.server) ? groupOf(flow.client) : null;
    const service = serviceText(flow);
    return group !== null && !everyday.has(service) && (machines.get(group)?.size ?? 0) >= alikeLeast && users.get(service)?.size === 1;
  };
}
