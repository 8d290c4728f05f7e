// A recommended policy, and what it says of a client, a server and a service.
import { decide } from "@bulkhead/core/decide/decide";
import { worldOf } from "@bulkhead/core/decide/world";
import { readPolicySet } from "@bulkhead/core/language/read";
import { bytesOf } from "@bulkhead/core/language/utf8";
import { recommend } from "@bulkhead/core/recommend/recommend";

const protocols = { tcp: 6, udp: 17, sctp: 132, icmp: 1 };

/** An edge: client and server by name (null is outside), a protocol, a port. */
export const edge = (client, server, port, protocol = "tcp") => ({ client, server, port, protocol: protocol.toLowerCase() });

/** Somebody in the internet whom nobody knows. */
export const outside = "203.0.113.77";

/** What is recommended for flows and workloads, with the verdict on any edge. */
export function policyFrom(flows, workloads) {
  const { files, heldOut } = recommend(flows, workloads);
  const { set } = readPolicySet(files.map(({ path, text }) => ({ path, bytes: bytesOf(text) })));
  const world = worldOf(set, {
    workloads: workloads.map(({ id, labels }) => ({ id, labels, leases: [], identity: null, point: false })),
    points: [],
    quarantined: [],
  });
  const verdict = ({ client, server, port, protocol }) =>
    decide(world, { from: client ?? outside, to: server ?? outside, over: { protocol: protocols[protocol], port }, at: 0, facts: {} }).verdict;
  return { verdict, heldOut, set };
}

/** So many of each line, the most frequent first. */
export function tallied(lines, most) {
  const counts = new Map();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a).slice(0, most);
}
