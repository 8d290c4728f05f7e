import { day, hour, type Instant } from "@bulkhead/core/base/instant";
import { reasonNames } from "./roll-up.ts";

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
    ...make("summed", summed(prefix), "(ends, service)"),
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

const sums = [...counts.map((name) => `sum(v.${name}) AS ${name}`), "min(v.first) AS first", "max(v.last) AS last", "max(v.sampling) AS sampling"];
const sumNames = [...counts, "first", "last", "sampling"];
const key = ["ends", "service", "reason", "observerSet"];

// Summed once over all time: the map of everything, which is asked most, then reads one row for each flow, reason and set of observers.
const summed = (prefix: string): string =>
  `SELECT ${key.map((name) => `v.${name} AS ${name}`).join(", ")}, ${sums.join(", ")} FROM ${prefix}attributed AS v GROUP BY ${key.join(", ")}`;

/** Which conversations: `first` from `since` (inclusive) until `until` (exclusive); null is open. */
export interface FlowsQuery {
  readonly prefix: string;
  readonly since: Instant | null;
  readonly until: Instant | null;
}

/** How flows are asked for: statements that make them, what to read (the first two in RowBinary, the words in JSONEachRow), and statements that clear up. */
export interface FlowStatements {
  readonly make: readonly string[];
  readonly flows: string;
  readonly ends: string;
  readonly words: string;
  readonly drop: readonly string[];
}

/** Conversations summed by client, server and service, each end attributed by the lease of its own time: one row a flow, and the names that stand in them once. */
export function flowsQuery({ prefix, since, until }: FlowsQuery): FlowStatements {
  const drop = `DROP TABLE IF EXISTS ${prefix}asked`;
  const reasons = reasonNames.map((_, at) => `sumIf(v.connections, v.reason = ${at + 1}) AS reason${at + 1}`);
  return {
    make: [
      drop,
      `CREATE TABLE ${prefix}asked ENGINE = Memory AS SELECT ends, service, ${sums.join(", ")}, ${reasons.join(", ")}, groupUniqArray(v.observerSet) AS sets
       FROM (${partsOf({ prefix, since, until })}) AS v GROUP BY ends, service`,
    ],
    flows: `SELECT toUInt32(bitShiftRight(ends, 32)), toUInt32(bitAnd(ends, 4294967295)), service, ${counts.map((name) => (name.startsWith("bytes") ? `CAST(${name}, 'Nullable(UInt64)')` : `toUInt64(coalesce(${name}, 0))`)).join(", ")},
      CAST(first, 'Nullable(Int64)'), CAST(last, 'Nullable(Int64)'), CAST(sampling, 'Nullable(UInt64)'), ${reasonNames.map((_, at) => `toUInt64(coalesce(reason${at + 1}, 0))`).join(", ")}, sets FROM ${prefix}asked`,
    ends: `SELECT end, name, holders FROM ${prefix}ends WHERE end IN (SELECT arrayJoin([toUInt32(bitShiftRight(ends, 32)), toUInt32(bitAnd(ends, 4294967295))]) FROM ${prefix}asked)`,
    words: `SELECT protocols, observers, (SELECT groupArray(tuple(id, observers)) FROM ${prefix}sets) AS sets FROM ${prefix}names`,
    drop: [drop],
  };
}

/** The days and hours of UTC on which each flow was seen, with its ends and words as `flowsQuery` gives them: `flows` is ends, service, days, hours. */
export function presenceQuery({ prefix, since, until }: FlowsQuery): FlowStatements {
  const window = ["isNotNull(first)", "coalesce(connections, 0) > coalesce(unanswered, 0)", ...windowOf({ since, until })];
  return {
    ...flowsQuery({ prefix, since, until }),
    make: [
      `DROP TABLE IF EXISTS ${prefix}asked`,
      `CREATE TABLE ${prefix}asked ENGINE = Memory AS SELECT ends, service, arraySort(groupUniqArray(toInt32(floor(assumeNotNull(first) / ${day})))) AS days,
         arraySort(groupUniqArray(toUInt32(floor(positiveModulo(assumeNotNull(first), ${day}) / ${hour})))) AS hours
       FROM ${prefix}attributed WHERE ${window.join(" AND ")} GROUP BY ends, service`,
    ],
    flows: `SELECT toUInt32(bitShiftRight(ends, 32)), toUInt32(bitAnd(ends, 4294967295)), service, days, hours FROM ${prefix}asked`,
  };
}

const windowOf = ({ since, until }: Omit<FlowsQuery, "prefix">): readonly string[] => [
  ...(since === null ? [] : [`first >= ${since}`]),
  ...(until === null ? [] : [`first < ${until}`]),
];

function partsOf({ prefix, since, until }: FlowsQuery): string {
  const columns = [...key, ...sumNames].join(", ");
  if (since === null && until === null) return `SELECT ${columns} FROM ${prefix}summed`;
  return `SELECT ${columns} FROM ${prefix}attributed WHERE ${windowOf({ since, until }).join(" AND ")}`;
}
