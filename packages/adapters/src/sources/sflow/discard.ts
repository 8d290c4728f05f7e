import type { Connection } from "@bulkhead/core/model/connection";

/** sFlow's reasons of discarded packets: ICMP's codes of unreachable first, then its own. */
const reasons: Readonly<Record<number, string>> = {
  0: "net unreachable",
  1: "host unreachable",
  2: "protocol unreachable",
  3: "port unreachable",
  4: "fragmentation needed",
  5: "source route failed",
  6: "destination network unknown",
  7: "destination host unknown",
  8: "source host isolated",
  9: "destination network prohibited",
  10: "destination host prohibited",
  11: "network unreachable for the type of service",
  12: "host unreachable for the type of service",
  13: "administratively prohibited",
  14: "host precedence violation",
  15: "precedence cutoff",
  256: "unknown",
  257: "TTL exceeded",
  258: "ACL",
  259: "no buffer space",
  260: "RED",
  261: "traffic shaping",
  262: "packet too big",
};
const decided = new Set([9, 10, 13, 258]);

/** What it means that a packet was discarded for this reason: a verdict only where somebody decided it. */
export function discardOf(reason: number): Pick<Connection, "verdict" | "reason"> {
  if (reason < 0) return { verdict: null, reason: null };
  return { verdict: decided.has(reason) ? "denied" : null, reason: reasons[reason] ?? `discarded for reason ${reason}` };
}
