import { bothOnce, sortedOnce } from "../base/order.ts";
import { isNeighbourDiscovery } from "../decide/neighbour-discovery.ts";
import type { World } from "../decide/world.ts";
import { recordsCommand } from "../map/records-command.ts";
import { pointOf } from "../map/service-point.ts";
import type { Flow } from "../model/flow.ts";
import { largest, smallest } from "../telemetry/account.ts";
import type { Counted, Gap } from "./simulation.ts";

/** A statement while it grows. */
export interface Tally {
  connections: number;
  answered: number;
  unanswered: number;
  attempts: number;
  untold: number;
  blocked: number;
  byOneObserver: number;
  oneDirection: number;
  sampled: number;
  first: number | null;
  last: number | null;
  sampling: number | null;
  observers: readonly string[];
  /** The flow with the latest end: where somebody looks first. */
  example: Example;
}

/** What leads to the records of a flow. */
export type Example = Pick<Flow, "client" | "server" | "protocol" | "serverPort" | "first" | "last" | "observers">;

/** An empty statement that a flow will be the first of. */
export function tallyFor(example: Example): Tally {
  return {
    connections: 0,
    answered: 0,
    unanswered: 0,
    attempts: 0,
    untold: 0,
    blocked: 0,
    byOneObserver: 0,
    oneDirection: 0,
    sampled: 0,
    first: null,
    last: null,
    sampling: null,
    observers: example.observers,
    example,
  };
}

/** Adds a flow to a statement. */
export function addFlow(tally: Tally, flow: Flow, isBlocked: boolean): void {
  tally.connections += flow.connections;
  tally.answered += flow.answered;
  tally.unanswered += flow.unanswered;
  tally.attempts += attemptsOf(flow);
  tally.untold += flow.untold;
  if (isBlocked) tally.blocked += flow.connections;
  if (flow.observers.length < 2) tally.byOneObserver += flow.connections;
  if (flow.sampling !== null && flow.sampling > 1) tally.sampled += flow.connections;
  tally.oneDirection += flow.oneSided;
  tally.first = smallest(tally.first, flow.first);
  tally.last = largest(tally.last, flow.last);
  tally.sampling = largest(tally.sampling, flow.sampling);
  tally.observers = bothOnce(tally.observers, flow.observers);
  if (isShownBefore(flow, tally.example)) tally.example = flow;
}

/** Adds another part of the same statement. */
export function addTally(tally: Tally, part: Tally): void {
  tally.connections += part.connections;
  tally.answered += part.answered;
  tally.unanswered += part.unanswered;
  tally.attempts += part.attempts;
  tally.untold += part.untold;
  tally.blocked += part.blocked;
  tally.byOneObserver += part.byOneObserver;
  tally.oneDirection += part.oneDirection;
  tally.sampled += part.sampled;
  tally.first = smallest(tally.first, part.first);
  tally.last = largest(tally.last, part.last);
  tally.sampling = largest(tally.sampling, part.sampling);
  tally.observers = bothOnce(tally.observers, part.observers);
  if (isShownBefore(part.example, tally.example)) tally.example = part.example;
}

/** How many of its conversations break nothing when they are denied. */
function attemptsOf(flow: Flow): number {
  const point = pointOf(flow);
  // Whatever the policy says of it, no point stops it.
  if (point !== null && isNeighbourDiscovery(point)) return flow.connections;
  // What somebody stopped on its way is waited for by nobody.
  return isAnswerDue(flow) ? flow.unanswered : Math.min(flow.unanswered, flow.denied);
}

/** Whether silence says that nothing came of it. A log that is sent by UDP arrives without an answer. */
const isAnswerDue = ({ protocol, icmpType }: Flow): boolean =>
  protocol === "tcp" || protocol === "sctp" || (protocol === "icmp" && icmpType === echo.icmp) || (protocol === "icmp6" && icmpType === echo.icmp6);

const echo = { icmp: 8, icmp6: 128 } as const;

/** Of two with the same end it must not matter which came first: an archive gives them in any order. */
function isShownBefore(one: Example, other: Example): boolean {
  const later = (one.last ?? 0) - (other.last ?? 0);
  return later === 0 ? one !== other && keyOf(one) < keyOf(other) : later > 0;
}

const keyOf = ({ client, server, protocol, serverPort, first }: Example): string => JSON.stringify([client, server, protocol, serverPort, first]);

/** The statement of a tally. */
export function countedOf(world: World, tally: Tally, gaps: readonly Gap[]): Counted {
  const { connections, answered, unanswered, attempts, untold, blocked, first, last, observers, byOneObserver, oneDirection, sampled, sampling, example } =
    tally;
  const observed = { observers: sortedOnce(observers), byOneObserver, oneDirection, sampled, sampling, gaps: gapsWithin(gaps, tally).length };
  return { connections, answered, unanswered, attempts, untold, blocked, first, last, observed, records: recordsCommand(world.workloads, example) };
}

/** The gaps that meet the time between a first and a last. */
export function gapsWithin(gaps: readonly Gap[], { first, last }: { readonly first: number | null; readonly last: number | null }): readonly Gap[] {
  return first === null || last === null ? [] : gaps.filter(({ since, until }) => since <= last && until > first);
}
