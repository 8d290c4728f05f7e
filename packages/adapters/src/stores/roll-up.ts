/**
 * The merge in SQL: what `conversationsOf` of core/telemetry does to records in memory, the engine does to the archive.
 * Each statement makes one table from earlier ones, so that no part is computed twice; `conversations` is the roll-up the map reads.
 */
export interface RollUpNames {
  /** A table or subquery with the columns of {@link rollUpColumns}. */
  readonly records: string;
  /** Put before the names of the tables that are made: a database or a prefix. */
  readonly prefix: string;
}

/** Columns that `records` must have; instants are whole microseconds, unknown is NULL, texts are never NULL except `observer` and `verdict`. */
export const rollUpColumns = [
  "source observer first last client clientPort server serverPort protocol icmpType packetsToServer bytesToServer packetsToClient bytesToClient",
  "direction answered verdict sampling",
]
  .join(" ")
  .split(" ");

/** The statements that make the roll-up anew, in order. Constants are those of core/telemetry, where their reasons stand. */
export function rollUpStatements({ records, prefix }: RollUpNames): readonly string[] {
  const make = (name: string, select: string): readonly string[] => [
    `DROP TABLE IF EXISTS ${prefix}${name}`,
    `CREATE TABLE ${prefix}${name} ENGINE = MergeTree ORDER BY tuple() AS ${select}`,
  ];
  const from = (name: string): string => `${prefix}${name}`;
  return [
    ...make("endpoints", endpoints(records)),
    ...make("tuples", tuples(records)),
    ...make("ways", ways(records, from)),
    ...make("accounts", accounts(records, from)),
    ...make("conversations", conversations(from)),
    ...["endpoints", "tuples", "ways", "accounts"].map((name) => `DROP TABLE ${prefix}${name}`),
  ];
}

const isTold = "direction IN ('handshake', 'first-packet', 'stated')";
const hasPorts = "clientPort IS NOT NULL AND serverPort IS NOT NULL";

// evidence.ts
const endpoints = (records: string): string => `
  SELECT address, port, protocol, least(64, uniqUpTo(64)(peer)) AS peers, sum(served) AS asServer, sum(asked) AS asClient
  FROM (
    SELECT client AS address, assumeNotNull(clientPort) AS port, protocol, cityHash64(server, serverPort) AS peer, 0 AS served, ${isTold} AS asked FROM ${records} WHERE ${hasPorts}
    UNION ALL
    SELECT server AS address, assumeNotNull(serverPort) AS port, protocol, cityHash64(client, clientPort) AS peer, ${isTold} AS served, 0 AS asked FROM ${records} WHERE ${hasPorts}
  )
  GROUP BY address, port, protocol`;

const tuples = (records: string): string => `
  SELECT client, assumeNotNull(clientPort) AS clientPort, server, assumeNotNull(serverPort) AS serverPort, protocol, count() AS told
  FROM ${records} WHERE ${hasPorts} AND ${isTold} GROUP BY client, clientPort, server, serverPort, protocol`;

// orient.ts, once for each pair of endpoints that no record of its own tells apart. `way`: 1 as written, -1 turned.
const ways = (records: string, from: (name: string) => string): string => `
  WITH
    coalesce(a.told, 0) AS asWritten, coalesce(b.told, 0) AS turned,
    sign(toInt64(coalesce(one.asServer, 0)) - toInt64(coalesce(one.asClient, 0))) AS servedHere,
    sign(toInt64(coalesce(other.asServer, 0)) - toInt64(coalesce(other.asClient, 0))) AS servedThere,
    multiIf(p.sp < 1024, 3, p.sp < 32768, 2, 0) AS rangeHere, multiIf(p.cp < 1024, 3, p.cp < 32768, 2, 0) AS rangeThere,
    log2(greatest(1, coalesce(one.peers, 1))) AS peersHere, log2(greatest(1, coalesce(other.peers, 1))) AS peersThere,
    rangeHere + peersHere AS here, rangeThere + peersThere AS there,
    coalesce(bh.endpoints, 0) AS busyHere, coalesce(bt.endpoints, 0) AS busyThere
  SELECT p.c AS client, p.cp AS clientPort, p.s AS server, p.sp AS serverPort, p.protocol AS protocol,
    multiIf(asWritten != turned, if(asWritten > turned, 1, -1), servedHere != servedThere, if(servedHere > servedThere, 1, -1),
      here != there, if(here > there, 1, -1), busyHere != busyThere, if(busyHere > busyThere, 1, -1), if(p.c <= p.s, 1, -1)) AS way,
    multiIf(asWritten != turned OR servedHere != servedThere, 'observed-elsewhere', here != there, if((peersHere > peersThere) = (here > there), 'peers', 'port'),
      busyHere != busyThere, 'port', 'unknown') AS reason
  FROM (
    SELECT DISTINCT client AS c, assumeNotNull(clientPort) AS cp, server AS s, assumeNotNull(serverPort) AS sp, protocol FROM ${records} WHERE ${hasPorts} AND NOT (${isTold})
  ) AS p
  LEFT JOIN ${from("tuples")} AS a ON a.client = p.c AND a.clientPort = p.cp AND a.server = p.s AND a.serverPort = p.sp AND a.protocol = p.protocol
  LEFT JOIN ${from("tuples")} AS b ON b.client = p.s AND b.clientPort = p.sp AND b.server = p.c AND b.serverPort = p.cp AND b.protocol = p.protocol
  LEFT JOIN ${from("endpoints")} AS one ON one.address = p.s AND one.port = p.sp AND one.protocol = p.protocol
  LEFT JOIN ${from("endpoints")} AS other ON other.address = p.c AND other.port = p.cp AND other.protocol = p.protocol
  LEFT JOIN (SELECT port, protocol, countIf(peers >= 2) AS endpoints FROM ${from("endpoints")} GROUP BY port, protocol) AS bh ON bh.port = p.sp AND bh.protocol = p.protocol
  LEFT JOIN (SELECT port, protocol, countIf(peers >= 2) AS endpoints FROM ${from("endpoints")} GROUP BY port, protocol) AS bt ON bt.port = p.cp AND bt.protocol = p.protocol`;

// noise.ts
const isGroup = (address: string): string =>
  `(match(${address}, '^(22[4-9]|23[0-9])[.]') OR ${address} = '255.255.255.255' OR startsWith(${address}, '255.255.255.255%') OR (startsWith(${address}, 'ff') AND position(${address}, ':') > 0))`;

/** Records as they are oriented: how client and server stand, and why. */
const oriented = (records: string, from: (name: string) => string): string => `
  WITH NOT r.isTold AND if(${isGroup("r.server")}, 0, if(${isGroup("r.client")}, 1, coalesce(w.way, 0) = -1)) AS turn
  SELECT if(turn, r.server, r.client) AS client, if(turn, r.serverPort, r.clientPort) AS clientPort, if(turn, r.client, r.server) AS server, if(turn, r.clientPort, r.serverPort) AS serverPort,
    r.protocol AS protocol, r.icmpType AS icmpType, r.first AS first, r.last AS last, coalesce(r.observer, r.source) AS who,
    if(turn, r.packetsToClient, r.packetsToServer) AS packetsToServer, if(turn, r.bytesToClient, r.bytesToServer) AS bytesToServer,
    if(turn, r.packetsToServer, r.packetsToClient) AS packetsToClient, if(turn, r.bytesToServer, r.bytesToClient) AS bytesToClient,
    r.answered AS answered, coalesce(r.verdict, '') = 'denied' AS denied, r.sampling AS sampling,
    toString(multiIf(r.isTold, r.direction, ${isGroup("r.server")} OR ${isGroup("r.client")}, 'stated', w.way != 0, w.reason, r.direction)) AS reason
  FROM (SELECT *, ${isTold} AS isTold FROM ${records}) AS r
  LEFT JOIN ${from("ways")} AS w ON w.client = r.client AND w.clientPort = r.clientPort AND w.server = r.server AND w.serverPort = r.serverPort AND w.protocol = r.protocol`;

const tuple = "client, clientPort, server, serverPort, protocol, icmpType";

// join.ts, account.ts: stretches without a silence of eleven minutes, and what each observer told of one.
const accounts = (records: string, from: (name: string) => string): string => `
  WITH
    coalesce(packetsToServer, bytesToServer) AS there, coalesce(packetsToClient, bytesToClient) AS back,
    coalesce(answered, if(there IS NULL, NULL, back > 0)) AS isAnswered
  SELECT ${tuple}, stretch, who,
    countIf((there IS NULL) = (back IS NULL)) AS whole,
    countIf(there IS NOT NULL AND back IS NULL) AS halvesToServer, countIf(there IS NULL AND back IS NOT NULL) AS halvesToClient,
    countIf(NOT denied AND coalesce(isAnswered, 0) = 1) AS answeredWhole, countIf(denied OR coalesce(isAnswered, 1) = 0) AS unansweredWhole, countIf(denied) AS deniedTold,
    sum(r.packetsToClient) AS packetsBack, sum(r.bytesToServer) AS bytesThere, sum(r.bytesToClient) AS bytesBack, max(r.sampling) AS coarsest,
    min(r.first) AS start, max(coalesce(r.last, r.first)) AS end, groupUniqArray(r.reason) AS reasons,
    whole > 0 OR (halvesToServer > 0 AND halvesToClient > 0) AS isBothWays,
    protocol = 'tcp' AND coarsest IS NULL AND coalesce(packetsBack, 0) = 1 AND coalesce(bytesBack, 61) <= 60 AS isRefusal,
    if(whole > 0, answeredWhole, halvesToClient > 0 AND NOT isRefusal) AS answeredTold
  FROM (
    SELECT *, sum(isNew) OVER (PARTITION BY ${tuple} ORDER BY at RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS stretch
    FROM (
      SELECT *, coalesce(first, 0) AS at, coalesce(last, first, 0) AS upTo,
        at - coalesce(max(toNullable(upTo)) OVER (PARTITION BY ${tuple} ORDER BY at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), -1000000000000) > 660000000 AS isNew
      FROM (${oriented(records, from)})
    )
  ) AS r
  GROUP BY ${tuple}, stretch, who`;

const byStrength = ["handshake", "first-packet", "stated", "observed-elsewhere", "peers", "port", "unknown"];
const strongest = `arrayFirst(reason -> has(groupUniqArrayArray(reasons), reason), [${byStrength.map((reason) => `'${reason}'`).join(", ")}])`;

const conversations = (from: (name: string) => string): string => `
  SELECT ${tuple}, most AS connections, answered, unanswered, most - answered - unanswered AS untold, denied, bytesToServer, bytesToClient, first, last, toLowCardinality(toJSONString(observers)) AS observerSet, sampling, oneSided, toLowCardinality(reason) AS reason
  FROM (
    SELECT ${tuple}, stretch, toUInt64(max(greatest(1, whole))) AS most, least(most, max(answeredTold)) AS answered,
      least(most - answered, max(if(whole > 0, unansweredWhole, answeredTold = 0 AND (deniedTold > 0 OR isRefusal OR isTrusted)))) AS unanswered,
      least(most, max(deniedTold)) AS denied, max(bytesThere) AS bytesToServer, max(bytesBack) AS bytesToClient, min(start) AS first, max(end) AS last,
      arraySort(groupUniqArray(who)) AS observers, max(coarsest) AS sampling,
      if(max(isBothWays) = 1 OR (max(halvesToServer) > 0 AND max(halvesToClient) > 0), 0, most) AS oneSided, ${strongest} AS reason
    FROM ${from("accounts")} AS a
    LEFT JOIN (SELECT who, countIf(isBothWays) >= count() * 0.1 AS isTrusted FROM ${from("accounts")} GROUP BY who) AS o ON o.who = a.who
    GROUP BY ${tuple}, stretch
  )`;

/** The records of a table that keeps addresses as IPv6 (IPv4 as mapped) with the realm beside them, as {@link rollUpStatements} wants them. */
export function recordsOf(table: string): string {
  const text = (side: string): string =>
    `concat(replaceRegexpOne(toString(${side}), '^::ffff:([0-9.]+)$', '\\\\1'), if(${side}Realm = '', '', concat('%', ${side}Realm)))`;
  const columns = rollUpColumns.map((name) => (name === "client" || name === "server" ? `${text(name)} AS ${name}Text` : name));
  const names = rollUpColumns.map((name) => (name === "client" || name === "server" ? `${name}Text AS ${name}` : name));
  return `(SELECT ${names.join(", ")} FROM (SELECT ${columns.join(", ")} FROM ${table}))`;
}
