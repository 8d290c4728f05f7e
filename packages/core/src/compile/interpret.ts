import type { Instant } from "../base/instant.ts";
import type { ServicePoint } from "../model/service.ts";
import { ipOf } from "../base/ip.ts";
import type { Action, PeerTable, Ruleset } from "./ruleset.ts";

/** One conversation as a host sees it: who opened it towards whom, and for what. */
export interface Seen {
  readonly direction: "inbound" | "outbound";
  /** The peer's address. */
  readonly peer: string;
  readonly over: ServicePoint;
  readonly at: Instant;
}

/** What a rule set does with a conversation; small, and independent of how it was compiled or is rendered. */
export function interpret(ruleset: Ruleset, { direction, peer, over, at }: Seen): Action {
  const table = ruleset[direction];
  const stretches = table.classes[classOf(table, peer)] ?? [];
  const named = stretches.filter(({ protocol }) => protocol === over.protocol);
  const stretch = (named.length > 0 ? named : stretches.filter(({ protocol }) => protocol === null)).find(
    ({ protocol, low, high }) => protocol === null || (low <= over.port && over.port <= high),
  );
  if (stretch === undefined) return "block";
  return stretch.action === "pass" && stretch.until !== null && at >= stretch.until ? "block" : stretch.action;
}

function classOf({ hosts, ranges, otherwise }: PeerTable, peer: string): number {
  const host = hosts.find(({ address }) => address === peer);
  if (host !== undefined) return host.class;
  const value = numberOf(peer);
  const range = ranges.find(({ first, last }) => first.includes(":") === peer.includes(":") && numberOf(first) <= value && value <= numberOf(last));
  return range?.class ?? otherwise;
}

const numberOf = (text: string): bigint => ipOf(text)?.value ?? -1n;
