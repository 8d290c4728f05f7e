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
// Files and procedure calls take over machines, too; a server that others use so is meant to be.
const shared: ReadonlySet<string> = new Set(["tcp/445", "tcp/135"]);
// The gateway that translates the address of the one machine is seen outside as a second.
const usersMost = 2;
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
  const clients = new Map<string, Set<string>>();
  const whole: Visits = { first: Infinity, last: -Infinity };
  for (const flow of flows) {
    extend(whole, flow);
    const keys = takeoverOf(flow, groupOf);
    if (keys === null || flow.answered + flow.untold === 0) continue;
    const known = visits.get(keys.pair) ?? { first: Infinity, last: -Infinity };
    visits.set(keys.pair, known);
    extend(known, flow);
    reached.set(keys.administrator, (reached.get(keys.administrator) ?? new Set<string>()).add(keys.server));
    clients.set(keys.door, (clients.get(keys.door) ?? new Set<string>()).add(keys.client));
  }
  if (whole.last - whole.first < habitSpan) return () => false;
  return (flow) => {
    const keys = takeoverOf(flow, groupOf);
    if (keys === null || (shared.has(keys.service) && (clients.get(keys.door)?.size ?? 0) > 1)) return false;
    const { first, last } = visits.get(keys.pair) ?? whole;
    return last - first < day && (reached.get(keys.administrator)?.size ?? 0) < administeredLeast;
  };
}

interface Takeover {
  readonly client: string;
  readonly server: string;
  readonly service: string;
  readonly pair: string;
  readonly administrator: string;
  readonly door: string;
}

/** Who took over whom by which service; null where that is none of the flow. */
function takeoverOf(flow: Flow, groupOf: GroupOf): Takeover | null {
  const [client, server, service] = [groupOf(flow.client), groupOf(flow.server), serviceText(flow)];
  if (client === null || server === null || flow.server.kind !== "held" || !(isAdministration(service) || shared.has(service))) return null;
  const [administrator, door] = [JSON.stringify([client, service]), JSON.stringify([server, service])];
  return { client, server, service, pair: JSON.stringify([client, server, service]), administrator, door };
}

function extend(visits: Visits, { first, last }: Flow): void {
  visits.first = Math.min(visits.first, first ?? Infinity);
  visits.last = Math.max(visits.last, last ?? -Infinity);
}

function aloneOf(flows: readonly Flow[], groupOf: GroupOf): (flow: Flow) => boolean {
  const machines = new Map<string, Set<string>>();
  const users = new Map<string, Set<string>>();
  const own = new Map<string, Set<string>>();
  for (const flow of flows) {
    const { client } = flow;
    if (client.kind !== "held") continue;
    const group = groupOf(client);
    const add = (sets: Map<string, Set<string>>, key: string): unknown => sets.set(key, (sets.get(key) ?? new Set<string>()).add(client.holder));
    if (group !== null) add(machines, group);
    if (!isInternet(flow.server)) continue;
    add(users, serviceText(flow));
    add(own, JSON.stringify([group, serviceText(flow)]));
  }
  return (flow) => {
    const group = flow.client.kind === "held" && isInternet(flow.server) ? groupOf(flow.client) : null;
    const service = serviceText(flow);
    if (group === null || everyday.has(service) || (machines.get(group)?.size ?? 0) < alikeLeast) return false;
    return own.get(JSON.stringify([group, service]))?.size === 1 && (users.get(service)?.size ?? 0) <= usersMost;
  };
}
