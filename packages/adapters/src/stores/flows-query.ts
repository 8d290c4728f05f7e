import type { Flow, FlowEnd, Reason } from "@bulkhead/core/model/flow";
import type { Instant } from "@bulkhead/core/base/instant";
import { noPort, noType, reasonNames } from "./roll-up.ts";

// Microseconds far outside every instant, and exact in a double.
export const openStart = -9_000_000_000_000_000;
export const openEnd = 9_000_000_000_000_000;

/** The roll-up that `rollUpStatements` made with this prefix, and who held which address when. */
export interface Attributed {
  readonly prefix: string;
  /** A table of holder segments: address String, from Int64, until Int64 (open ends are {@link openStart} and {@link openEnd}), holders Array(String). */
  readonly segments: string;
}

/** The statements that attribute every conversation, in order; again when the roll-up or the segments have changed. */
export function attributeStatements({ prefix, segments }: Attributed): readonly string[] {
  const make = (name: string, select: string, order = "tuple()"): readonly string[] => [
    `DROP TABLE IF EXISTS ${prefix}${name}`,
    `CREATE TABLE ${prefix}${name} ENGINE = MergeTree ORDER BY ${order} AS ${select}`,
  ];
  const bare = `coalesce((SELECT max(id) FROM ${prefix}addresses), 0)`;
  return [
    ...make("sets", `SELECT observers, toUInt32(row_number() OVER ()) AS id FROM (SELECT DISTINCT observers FROM ${prefix}conversations)`),
    // An end is an address that nobody held, a holder, or an address with those who contest it. The first have the numbers of their addresses.
    ...make(
      "held",
      `SELECT a.id AS address, s.from AS from, s.until AS until, s.holders AS holders, if(length(holders) = 1, '', a.text) AS name, toUInt32(${bare} + dense_rank() OVER (ORDER BY holders, name)) AS end
       FROM ${segments} AS s JOIN ${prefix}addresses AS a ON a.text = s.address WHERE length(s.holders) > 0`,
      "(address, from)",
    ),
    ...make(
      "ends",
      `SELECT id AS end, text AS name, [] :: Array(String) AS holders FROM ${prefix}addresses UNION ALL SELECT DISTINCT end, name, holders FROM ${prefix}held`,
    ),
    ...make("attributed", attributed(prefix), "(ends, service)"),
  ];
}

// The service without the client's port, and what tells conversations of one flow apart: three bits of reason, twenty-one of observers.
const attributed = (prefix: string): string => {
  const end = (side: string, address: string): string =>
    `if(${side}.end != 0 AND if(isNull(v.first), ${side}.until = ${openEnd}, v.at < ${side}.until), ${side}.end, v.${address})`;
  return `
  SELECT bitOr(bitShiftLeft(toUInt64(${end("c", "client")}), 32), ${end("s", "server")}) AS ends, bitAnd(v.service, 4398046511103) AS service,
    v.reason AS reason, o.id AS observerSet, v.first AS first, v.last AS last, v.sampling AS sampling, ${counts.map((name) => `v.${name} AS ${name}`).join(", ")}
  FROM (SELECT *, coalesce(first, ${openStart}) AS at, toUInt32(bitShiftRight(ends, 32)) AS client, toUInt32(bitAnd(ends, 4294967295)) AS server FROM ${prefix}conversations) AS v
  JOIN ${prefix}sets AS o ON o.observers = v.observers
  ASOF LEFT JOIN ${prefix}held AS c ON c.address = v.client AND v.at >= c.from
  ASOF LEFT JOIN ${prefix}held AS s ON s.address = v.server AND v.at >= s.from`;
};

const counts = ["connections", "answered", "unanswered", "denied", "bytesToServer", "bytesToClient", "oneSided"];

/** Which conversations: `first` from `since` (inclusive) until `until` (exclusive); null is open. */
export interface FlowsQuery {
  readonly prefix: string;
  readonly since: Instant | null;
  readonly until: Instant | null;
}

/** Conversations summed by client, server and service, each end attributed by the lease of its own time: one row a flow. */
export function flowsQuery({ prefix, since, until }: FlowsQuery): string {
  const window = [since === null ? [] : [`v.first >= ${since}`], until === null ? [] : [`v.first < ${until}`]].flat();
  const where = window.length === 0 ? "" : ` WHERE ${window.join(" AND ")}`;
  // Twice, because numbers group fast: first what differs in reason and observers as well, then the few sums, and the names of what is left.
  return `
  SELECT c.holders AS clientHolders, c.name AS clientAddress, s.holders AS serverHolders, s.name AS serverAddress,
    (SELECT protocols FROM ${prefix}names)[bitAnd(f.service, 65535)] AS protocol, nullIf(bitShiftRight(f.service, 25), ${noPort}) AS serverPort, nullIf(bitAnd(bitShiftRight(f.service, 16), 511), ${noType}) AS icmpType,
    ${counts.map((name) => `f.${name} AS ${name}`).join(", ")}, f.connections - f.answered - f.unanswered AS untold, f.first AS first, f.last AS last, f.sampling AS sampling, f.reasons AS reasons,
    arrayMap(who -> (SELECT observers FROM ${prefix}names)[who], f.seenBy) AS observers
  FROM (
    SELECT ends, service, ${counts.map((name) => `sum(part.${name}) AS ${name}`).join(", ")}, min(part.first) AS first, max(part.last) AS last, max(part.sampling) AS sampling,
      arraySort(groupUniqArrayArray(o.observers)) AS seenBy, sumMap(map([${reasonNames.map((name) => `'${name}'`).join(", ")}][part.reason], part.connections)) AS reasons
    FROM (
      SELECT ends, service, reason, observerSet, ${counts.map((name) => `sum(v.${name}) AS ${name}`).join(", ")}, min(v.first) AS first, max(v.last) AS last, max(v.sampling) AS sampling
      FROM ${prefix}attributed AS v${where} GROUP BY ends, service, reason, observerSet
    ) AS part JOIN ${prefix}sets AS o ON o.id = part.observerSet
    GROUP BY ends, service
  ) AS f
  JOIN ${prefix}ends AS c ON c.end = bitShiftRight(f.ends, 32)
  JOIN ${prefix}ends AS s ON s.end = bitAnd(f.ends, 4294967295)`;
}

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
