import type { Flow, FlowEnd, Reason } from "@bulkhead/core/model/flow";
import type { Instant } from "@bulkhead/core/base/instant";

/** Which conversations: `first` from `since` (inclusive) until `until` (exclusive); null is open. */
export interface FlowsQuery {
  /** The roll-up that `rollUpStatements` made. */
  readonly conversations: string;
  /** A table of holder segments: address String, from Int64, until Int64 (open ends are {@link openStart} and {@link openEnd}), holders Array(String). */
  readonly segments: string;
  readonly since: Instant | null;
  readonly until: Instant | null;
}

// Microseconds far outside every instant, and exact in a double.
export const openStart = -9_000_000_000_000_000;
export const openEnd = 9_000_000_000_000_000;

/** Conversations summed by client, server and service, each end attributed by the lease of its own time: one row a flow. */
export function flowsQuery({ conversations, segments, since, until }: FlowsQuery): string {
  const window = [since === null ? [] : [`first >= ${since}`], until === null ? [] : [`first < ${until}`]].flat();
  const where = window.length === 0 ? "" : ` WHERE ${window.join(" AND ")}`;
  const holders = (side: string): string =>
    `if(length(${side}.holders) > 0 AND if(isNull(v.first), ${side}.until = ${openEnd}, v.at < ${side}.until), ${side}.from, NULL)`;
  // Twice, because short keys group fast: first by address and the start of its lease, then the few sums by who held them.
  return `
  SELECT clientHolders, if(length(clientHolders) = 1, '', client) AS clientAddress, serverHolders, if(length(serverHolders) = 1, '', server) AS serverAddress,
    protocol, serverPort, icmpType, ${counts.map((name) => `sum(part.${name}) AS ${name}`).join(", ")},
    min(part.first) AS first, max(part.last) AS last, arraySort(groupUniqArrayArray(JSONExtract(part.observerSet, 'Array(String)'))) AS observers,
    max(part.sampling) AS sampling, sumMap(map(toString(part.reason), part.connections)) AS reasons
  FROM (
    SELECT client, ${holders("c")} AS clientFrom, any(if(isNull(clientFrom), [], c.holders)) AS clientHolders,
      server, ${holders("s")} AS serverFrom, any(if(isNull(serverFrom), [], s.holders)) AS serverHolders,
      protocol, serverPort, icmpType, reason, observerSet, ${counts.map((name) => `sum(v.${name}) AS ${name}`).join(", ")},
      min(v.first) AS first, max(v.last) AS last, max(v.sampling) AS sampling
    FROM (SELECT *, coalesce(first, ${openStart}) AS at FROM ${conversations}${where}) AS v
    ASOF LEFT JOIN ${segments} AS c ON c.address = v.client AND v.at >= c.from
    ASOF LEFT JOIN ${segments} AS s ON s.address = v.server AND v.at >= s.from
    GROUP BY client, clientFrom, server, serverFrom, protocol, serverPort, icmpType, reason, observerSet
  ) AS part
  GROUP BY clientHolders, clientAddress, serverHolders, serverAddress, protocol, serverPort, icmpType
  ORDER BY clientHolders, clientAddress, serverHolders, serverAddress, protocol, serverPort, icmpType`;
}

const counts = ["connections", "answered", "unanswered", "untold", "denied", "bytesToServer", "bytesToClient", "oneSided"];

/** A row as JSONEachRow gives it, with 64-bit numbers unquoted (output_format_json_quote_64bit_integers = 0). */
export interface FlowRow extends Omit<Flow, "client" | "server"> {
  readonly clientHolders: readonly string[];
  readonly clientAddress: string;
  readonly serverHolders: readonly string[];
  readonly serverAddress: string;
}

/** The flow of a row. */
export function flowOf({ clientHolders, clientAddress, serverHolders, serverAddress, ...rest }: FlowRow): Flow {
  return {
    client: endOf(clientHolders, clientAddress),
    server: endOf(serverHolders, serverAddress),
    ...rest,
    reasons: rest.reasons as Partial<Record<Reason, number>>,
  };
}

function endOf(holders: readonly string[], address: string): FlowEnd {
  const [holder, ...others] = holders;
  if (holder === undefined) return { kind: "bare", address };
  return others.length === 0 ? { kind: "held", holder } : { kind: "contested", address, holders };
}
