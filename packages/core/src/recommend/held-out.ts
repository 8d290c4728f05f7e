import { day } from "../base/instant.ts";
import { endText, type Flow, type FlowEnd } from "../model/flow.ts";
import { isNowhere } from "../map/nowhere.ts";
import { isOneOf, scannersAmong, sentOnly } from "../map/scanners.ts";
import { serviceText } from "../map/service-text.ts";
import { broadcastAddresses } from "../telemetry/noise.ts";
import { type HeldOutReason } from "./dependency.ts";
import { isInternet } from "./internet.ts";
import { straysAmong } from "./strays.ts";

const portsMost = 15;
// Below five groups nobody can tell what everybody does.
const groupsLeast = 5;
const web: ReadonlySet<string> = new Set(["tcp/80", "tcp/443", "udp/443"]);

/** Says of each flow why it must not become a rule, or null. A scanner's flow passes when an unsuspicious workload of its own group does the same. */
export function suspicionOf(flows: readonly Flow[], groupOf: (end: FlowEnd) => string | null): (flow: Flow) => HeldOutReason | null {
  const isSuspect = isOneOf(scannersAmong(flows, () => ""));
  const shared = new Set(flows.filter(({ client }) => groupOf(client) !== null && !isSuspect(client)).map((flow) => deedOf(flow, groupOf)));
  const isEverydays = everydaysAmong(
    flows.filter(({ client }) => !isSuspect(client)),
    groupOf,
  );
  const crowded = crowdedPairs(flows);
  const broadcast = broadcastAddresses(flows);
  const strayOf = straysAmong(flows, groupOf);
  const isHabit = sendingsAmong(flows);
  const isNobody = (end: FlowEnd): boolean => end.kind === "bare" && (broadcast.has(end.address) || isNowhere(end.address));
  return (flow) => {
    if (isNobody(flow.client) || isNobody(flow.server)) return "no machine";
    if (isAttempt(flow) && !isHabit(flow)) return "never answered";
    if (isSuspect(flow.client) && !shared.has(deedOf(flow, groupOf)) && !isSurfing(flow) && !isEverydays(flow)) return "scanner";
    for (const end of [flow.client, flow.server]) if (end.kind === "contested" || (end.kind === "bare" && groupOf(end) === null)) return "not in the inventory";
    if (crowded.has(pairOf(flow))) return "many ports";
    return groupOf(flow.client) === null || groupOf(flow.server) === null ? "no labels" : strayOf(flow);
  };
}

/** A scan is of doors inside; what its machine fetches from the web of the internet is judged like anybody's. */
const isSurfing = (flow: Flow): boolean => isInternet(flow.server) && web.has(serviceText(flow));

/** Says whether half of the groups use the server of a flow so: names, time, logging. */
function everydaysAmong(flows: readonly Flow[], groupOf: (end: FlowEnd) => string | null): (flow: Flow) => boolean {
  const all = new Set<string>();
  const users = new Map<string, Set<string>>();
  const doorOf = (flow: Flow): string => JSON.stringify([groupOf(flow.server), serviceText(flow)]);
  for (const flow of flows) {
    const client = groupOf(flow.client);
    if (client === null || flow.answered === 0) continue;
    all.add(client);
    users.set(doorOf(flow), (users.get(doorOf(flow)) ?? new Set<string>()).add(client));
  }
  return (flow) => flow.answered > 0 && groupOf(flow.server) !== null && (users.get(doorOf(flow))?.size ?? 0) >= Math.max(groupsLeast, all.size / 2);
}

/** Says whether a flow is of what is sent and never answered, logs and traps, to whom several send it, or one for longer than a day. */
function sendingsAmong(flows: readonly Flow[]): (flow: Flow) => boolean {
  const isSent = (flow: Flow): boolean => sentOnly.has(serviceText(flow)) && flow.denied < flow.connections;
  const doorOf = (flow: Flow): string => JSON.stringify([endText(flow.server), serviceText(flow)]);
  const senders = new Map<string, Set<string>>();
  for (const flow of flows.filter(isSent)) senders.set(doorOf(flow), (senders.get(doorOf(flow)) ?? new Set<string>()).add(endText(flow.client)));
  return (flow) => isSent(flow) && (senders.get(doorOf(flow))!.size > 1 || (flow.last ?? 0) - (flow.first ?? 0) > day);
}

/** Whether nothing of it was ever answered, as far as anybody could tell. */
export const isAttempt = ({ answered, untold }: Flow): boolean => answered === 0 && untold === 0;

const pairOf = ({ client, server }: Flow): string => JSON.stringify([endText(client), endText(server)]);
const deedOf = (flow: Flow, groupOf: (end: FlowEnd) => string | null): string =>
  JSON.stringify([groupOf(flow.client), groupOf(flow.server) ?? endText(flow.server), serviceText(flow)]);

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
