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
    ...make("daily", daily(prefix), "(day, ends, service)"),
    ...make("summed", summed(prefix), "(ends, service)"),
    ...make("days", days(prefix), "day"),
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

const keys = key.map((name) => `v.${name} AS ${name}`).join(", ");

// Where conversations without a time stand: before every day that an instant can name.
const noDay = -2_147_483_648;

const dayOf = (first: string): string => `toInt32(coalesce(intDiv(${first} - positiveModulo(${first}, ${day}), ${day}), ${noDay}))`;

// Summed by days of UTC: a question about whole days reads them alone, and not every conversation.
const daily = (prefix: string): string =>
  `SELECT ${dayOf("v.first")} AS day, ${keys}, ${sums.join(", ")} FROM ${prefix}attributed AS v GROUP BY day, ${key.join(", ")}`;

// Summed over all time: the map of everything, which is asked most, then reads one row for each flow, reason and set of observers.
const summed = (prefix: string): string => `SELECT ${keys}, ${sums.join(", ")} FROM ${prefix}daily AS v GROUP BY ${key.join(", ")}`;

// What stands in each day, by name: numbers are others when a record of another day comes. Sums of digests do not mind the order.
const days = (prefix: string): string => {
  const row = [
    "c.name, c.holders, s.name, s.holders",
    `arrayElement((SELECT protocols FROM ${prefix}names), bitAnd(v.service, 65535)), bitShiftRight(v.service, 16), v.reason, o.told`,
    ...sumNames.map((name) => `coalesce(toInt64(v.${name}), ${openStart})`),
  ].join(", ");
  return `
  SELECT v.day AS day, concat(toString(sum(cityHash64(${row}))), ' ', toString(sum(sipHash64(${row})))) AS digest, toUInt32(count()) AS flows
  FROM ${prefix}daily AS v
  JOIN ${prefix}ends AS c ON c.end = toUInt32(bitShiftRight(v.ends, 32))
  JOIN ${prefix}ends AS s ON s.end = toUInt32(bitAnd(v.ends, 4294967295))
  JOIN (SELECT id, arrayMap(who -> arrayElement((SELECT observers FROM ${prefix}names), who), observers) AS told FROM ${prefix}sets) AS o ON o.id = v.observerSet
  GROUP BY day`;
};

/** Which conversations: `first` from `since` (inclusive) until `until` (exclusive), null is open; or only those without a time. */
export interface FlowsQuery {
  readonly prefix: string;
  readonly since: Instant | null;
  readonly until: Instant | null;
  readonly isUndated?: boolean;
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
export const flowsQuery = (asked: FlowsQuery): FlowStatements => statementsOf(asked, { isByDay: false });

/** The same, day by day: before each flow its day, rising. What has no time is left out. */
export const flowsByDayQuery = (asked: FlowsQuery): FlowStatements => statementsOf(asked, { isByDay: true });

function statementsOf({ prefix, ...asked }: FlowsQuery, { isByDay }: { readonly isByDay: boolean }): FlowStatements {
  const drop = `DROP TABLE IF EXISTS ${prefix}asked`;
  const reasons = reasonNames.map((_, at) => `sumIf(v.connections, v.reason = ${at + 1}) AS reason${at + 1}`);
  const [by, from, order] = isByDay ? ["day, ", dailyPartsOf({ prefix, ...asked }), " ORDER BY day"] : ["", partsOf({ prefix, ...asked }), ""];
  return {
    make: [
      drop,
      `CREATE TABLE ${prefix}asked ENGINE = Memory AS SELECT ${by}ends, service, ${sums.join(", ")}, ${reasons.join(", ")}, groupUniqArray(v.observerSet) AS sets
       FROM (${from}) AS v GROUP BY ${by}ends, service`,
    ],
    flows: `SELECT ${by}toUInt32(bitShiftRight(ends, 32)), toUInt32(bitAnd(ends, 4294967295)), service, ${counts.map((name) => (name.startsWith("bytes") ? `CAST(${name}, 'Nullable(UInt64)')` : `toUInt64(coalesce(${name}, 0))`)).join(", ")},
      CAST(first, 'Nullable(Int64)'), CAST(last, 'Nullable(Int64)'), CAST(sampling, 'Nullable(UInt64)'), ${reasonNames.map((_, at) => `toUInt64(coalesce(reason${at + 1}, 0))`).join(", ")}, sets FROM ${prefix}asked${order}`,
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

/** The days of a window, each with a digest of what stands in it (day is null for what has no time), and what `broadcastAddresses` of core/telemetry says of it. */
export function outlineQuery({ prefix, since, until }: FlowsQuery): { readonly days: string; readonly broadcast: string } {
  const window = [
    ...(since === null ? [] : [`day >= ${Math.floor(since / day)}`]),
    ...(until === null ? [] : [`day < ${Math.ceil(until / day)}`]),
    ...(since === null && until === null ? [] : [`day != ${noDay}`]),
  ];
  const bare = `SELECT id, text, isGroup FROM ${prefix}addresses WHERE id IN (SELECT end FROM met)`;
  return {
    days: `SELECT if(day = ${noDay}, NULL, day), digest, flows FROM ${prefix}days${window.length === 0 ? "" : ` WHERE ${window.join(" AND ")}`} ORDER BY day`,
    broadcast: `
      WITH met AS (
        SELECT toUInt32(bitAnd(ends, 4294967295)) AS end, sum(coalesce(answered, 0)) > 0 OR max(bitAnd(service, 65535) != (SELECT indexOf(protocols, 'udp') FROM ${prefix}names)) AS isCleared
        FROM (${partsOf({ prefix, since, until })}) GROUP BY end
      )
      SELECT text FROM (${bare}) AS a JOIN met ON met.end = a.id
      WHERE isGroup OR (NOT isCleared AND bitAnd(toUInt32OrZero(extract(text, '^[0-9]+[.][0-9]+[.][0-9]+[.]([0-9]+)(%.*)?$')), 7) = 7
        AND id NOT IN (SELECT toUInt32(bitShiftRight(ends, 32)) FROM (${partsOf({ prefix, since, until })})))
      ORDER BY text`,
  };
}

const windowOf = ({ since, until }: Pick<FlowsQuery, "since" | "until">): readonly string[] => [
  ...(since === null ? [] : [`first >= ${since}`]),
  ...(until === null ? [] : [`first < ${until}`]),
];

const dailyPartsOf = ({ prefix, since, until }: FlowsQuery): string =>
  isOfWholeDays({ since, until })
    ? `SELECT * FROM ${prefix}daily WHERE ${daysWithin({ since, until })}`
    : `SELECT *, ${dayOf("first")} AS day FROM ${prefix}attributed WHERE ${["isNotNull(first)", ...windowOf({ since, until })].join(" AND ")}`;

const isOfWholeDays = ({ since, until }: Pick<FlowsQuery, "since" | "until">): boolean => (since ?? 0) % day === 0 && (until ?? 0) % day === 0;

const daysWithin = ({ since, until }: Pick<FlowsQuery, "since" | "until">): string =>
  [`day >= ${since === null ? noDay + 1 : since / day}`, ...(until === null ? [] : [`day < ${until / day}`])].join(" AND ");

function partsOf({ prefix, since, until, isUndated = false }: FlowsQuery): string {
  const select = `SELECT ${[...key, ...sumNames].join(", ")} FROM ${prefix}`;
  if (isUndated) return `${select}daily WHERE day = ${noDay}`;
  if (since === null && until === null) return `${select}summed`;
  if (!isOfWholeDays({ since, until })) return `${select}attributed WHERE ${windowOf({ since, until }).join(" AND ")}`;
  return `${select}daily WHERE ${daysWithin({ since, until })}`;
}
