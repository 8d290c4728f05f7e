import { addTo } from "../base/lists.ts";
import { day, hour, type Instant } from "../base/instant.ts";
import { byCodePoint } from "../base/order.ts";
import type { Conversation, Flow, FlowDays, FlowEnd } from "../model/flow.ts";
import type { HolderSegment } from "../model/holder-segment.ts";
import { plus, volumeOf } from "./volume.ts";

/** Who held an address at an instant, by the lease of that time; without an instant only by a lease that has no ends. */
export type Attribution = (address: string, at: Instant | null) => FlowEnd;

/** Looks holders up in segments: disjoint in time for each address. */
export function attributionOf(segments: Iterable<HolderSegment>): Attribution {
  const byAddress = new Map<string, HolderSegment[]>();
  for (const segment of segments) addTo(byAddress, segment.address, segment);
  for (const list of byAddress.values()) list.sort((a, b) => (a.from ?? -Infinity) - (b.from ?? -Infinity));
  return (address, at) => {
    const segment = segmentAt(byAddress.get(address) ?? [], at);
    if (segment === undefined || segment.holders.length === 0) return { kind: "bare", address };
    const [holder = "", ...others] = segment.holders;
    return others.length === 0 ? { kind: "held", holder } : { kind: "contested", address, holders: segment.holders };
  };
}

function segmentAt(segments: readonly HolderSegment[], at: Instant | null): HolderSegment | undefined {
  if (at === null) return segments.find(({ from, until }) => from === null && until === null);
  let [low, high] = [0, segments.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((segments[middle]?.from ?? -Infinity) <= at) low = middle + 1;
    else high = middle;
  }
  const found = segments[low - 1];
  return found !== undefined && at < (found.until ?? Infinity) ? found : undefined;
}

/** Conversations summed by client, server and service, each end attributed at the conversation's own time. Sorted, so that the same records give the same list. */
export function flowsOf(conversations: Iterable<Conversation>, attribution: Attribution): readonly Flow[] {
  const flows = new Map<string, Flow>();
  for (const conversation of conversations) {
    const [client, server] = [attribution(conversation.client, conversation.first), attribution(conversation.server, conversation.first)];
    const { protocol, serverPort, icmpType } = conversation;
    const key = JSON.stringify([client, server, protocol, serverPort, icmpType]);
    const known = flows.get(key);
    flows.set(key, { client, server, protocol, serverPort, icmpType, ...(known === undefined ? volumeOf(conversation) : plus(known, conversation)) });
  }
  return [...flows].sort(([a], [b]) => byCodePoint(a, b)).map(([, flow]) => flow);
}

/** The days on which each flow was seen, attributed as `flowsOf` does; attempts and what has no time are left out. */
export function flowDaysOf(conversations: Iterable<Conversation>, attribution: Attribution): readonly FlowDays[] {
  const flows = new Map<string, Omit<FlowDays, "days" | "hours"> & { readonly days: Set<number>; readonly hours: Set<number> }>();
  for (const { client, server, protocol, serverPort, icmpType, first, connections, unanswered } of conversations) {
    if (first === null || connections <= unanswered) continue;
    const one = { client: attribution(client, first), server: attribution(server, first), protocol, serverPort, icmpType };
    const key = JSON.stringify(one);
    const known = flows.get(key) ?? { ...one, days: new Set(), hours: new Set() };
    flows.set(key, known);
    known.days.add(Math.floor(first / day));
    known.hours.add(Math.floor(first / hour) - Math.floor(first / day) * 24);
  }
  return [...flows.values()].map((flow) => ({ ...flow, days: rising(flow.days), hours: rising(flow.hours) }));
}

const rising = (numbers: ReadonlySet<number>): readonly number[] => [...numbers].sort((a, b) => a - b);
