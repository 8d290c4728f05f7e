import { continuing } from "@bulkhead/core/model/connection";

/**
 * The merge in SQL: what `conversationsOf` of core/telemetry does to records in memory, the engine does to the archive.
 * Each statement makes one table from earlier ones, so that no part is computed twice; `conversations` is the roll-up the map reads.
 * Addresses, protocols and observers are numbers until the last: an endpoint (address, port, protocol) is 64 bits, a conversation 128.
 */
export interface RollUpNames {
  readonly records: RecordsTable;
  /** Put before the names of the tables that are made: a database or a prefix. */
  readonly prefix: string;
  /** In how many slices it is made, one after the other: {@link slicesFor} so many records. */
  readonly slices: number;
}

// Of five million records that are all half a conversation, the largest join takes some 600 MB (2026-11).
const sliceRecords = 5_000_000;
// The engine writes no more partitions at once.
const slicesMost = 90;

/** Slices that each fit into the engine's memory. */
export const slicesFor = (records: number): number => Math.min(slicesMost, Math.max(1, Math.ceil(records / sliceRecords)));

/**
 * A table of records. Instants are whole microseconds, unknown is NULL, texts are never NULL except `observer` and `verdict`.
 * An address is a pair of columns for each side, of which `text` makes its canonical text.
 */
export interface RecordsTable {
  readonly name: string;
  readonly address: (side: "client" | "server") => readonly [address: string, realm: string];
  readonly text: string;
}

/** Records that keep addresses as texts. */
export const textRecords = (name: string): RecordsTable => ({ name, address: (side) => [side, "''"], text: "address" });

/** Records that keep addresses as IPv6 (IPv4 as mapped) with the realm beside them. */
export const packedRecords = (name: string): RecordsTable => ({
  name,
  address: (side) => [side, `${side}Realm`],
  text: `concat(replaceRegexpOne(toString(address), '^::ffff:([0-9.]+)$', '\\\\1'), if(realm = '', '', concat('%', realm)))`,
});

/**
 * The statements that make the roll-up anew, in order. Constants are those of core/telemetry, where their reasons stand.
 * All records of one conversation lie in one slice, that of its pair of endpoints; only who serves what, and whom to trust, is asked of all slices.
 */
export function rollUpStatements({ records, prefix, slices }: RollUpNames): readonly string[] {
  const from = (name: string): string => `${prefix}${name}`;
  const drop = (...names: readonly string[]): readonly string[] => names.map((name) => `DROP TABLE IF EXISTS ${from(name)}`);
  const create = (name: string, select: string, how = "ORDER BY tuple()"): string => `CREATE TABLE ${from(name)} ENGINE = MergeTree ${how} AS ${select}`;
  const make = (name: string, select: string): readonly string[] => [...drop(name), create(name, select)];
  const inSlices = "PARTITION BY slice ORDER BY tuple()";
  const numbers = Array.from({ length: slices }, (_, slice) => slice);
  const add = (name: string, select: string, { slice, how }: { readonly slice: number; readonly how?: string }): string =>
    slice === 0 ? create(name, select, how) : `INSERT INTO ${from(name)} ${select}`;
  return [
    ...make("names", names(records)),
    ...make("addresses", addresses(records)),
    ...drop("told", "pairs", "accounts", "long", "stretched", "sides", "conversations"),
    create("told", told(records, { from, slices }), inSlices),
    ...numbers.map((slice) => add("pairs", pairs({ from, slice }), { slice, how: inSlices })),
    ...make("endpoints", endpoints(from)),
    ...make("busy", busy(from)),
    ...numbers.flatMap((slice) => [
      ...make("wanted", wanted({ from, slice })),
      ...make("ways", ways({ from, slice })),
      ...make("oriented", oriented({ from, slice })),
      add("accounts", sliced(accounts("0", from("oriented")), slice), { slice, how: inSlices }),
      add("long", long({ from, slice }), { slice, how: inSlices }),
      add("stretched", sliced(accounts("stretch", stretches({ from, slice })), slice), { slice, how: inSlices }),
      add("sides", sides({ from, slice }), { slice }),
    ]),
    ...drop("told", "pairs", "endpoints", "busy", "wanted", "ways", "oriented"),
    ...numbers.map((slice) => add("conversations", conversations({ from, slice }), { slice })),
    ...drop("accounts", "long", "stretched", "sides"),
  ];
}

const sliced = (select: string, slice: number): string => `SELECT *, toUInt8(${slice}) AS slice FROM (${select})`;

type From = (name: string) => string;

interface Sliced {
  readonly from: From;
  readonly slice: number;
}

const names = ({ name }: RecordsTable): string => `
  SELECT arraySort(groupUniqArray(CAST(protocol, 'String'))) AS protocols, arraySort(groupUniqArray(CAST(coalesce(observer, source), 'String'))) AS observers FROM ${name}`;

// noise.ts
const isGroup =
  "match(text, '^(22[4-9]|23[0-9])[.]') OR text = '255.255.255.255' OR startsWith(text, '255.255.255.255%') OR (startsWith(text, 'ff') AND position(text, ':') > 0)";

// Numbered in the order of their texts, by which orient.ts settles a tie.
const addresses = ({ name, address, text }: RecordsTable): string => `
  SELECT address, realm, text, ${isGroup} AS isGroup, toUInt32(row_number() OVER (ORDER BY text)) AS id
  FROM (
    SELECT address, realm, ${text} AS text
    FROM (${(["client", "server"] as const).map((side) => `SELECT ${address(side)[0]} AS address, ${address(side)[1]} AS realm FROM ${name} GROUP BY address, realm`).join(" UNION ALL ")})
    GROUP BY address, realm
  )`;

// A port that is not known is 65536, an ICMP type that is not known 256: they fit into 17 and 9 bits.
export const noPort = 65_536;
export const noType = 256;
/** Reasons as numbers: the smallest is the strongest. */
export const reasonNames = ["handshake", "first-packet", "stated", "observed-elsewhere", "peers", "port", "unknown"] as const;
const reason = (name: (typeof reasonNames)[number]): number => reasonNames.indexOf(name) + 1;

const numberOf = (value: string, list: string): string => `CAST(transform(toString(${value}), ${list}, arrayEnumerate(${list}), 0), 'UInt32')`;

// Records in numbers. `isOpen`: which of its ends is the server depends on what all records say.
const told = ({ name, address }: RecordsTable, { from, slices }: { readonly from: From; readonly slices: number }): string => {
  const join = (side: "client" | "server"): string =>
    `JOIN ${from("addresses")} AS ${side[0]} ON ${side[0]}.address = r.${side}Address AND ${side[0]}.realm = r.${side}Part`;
  const side = (name: "client" | "server"): string => `${address(name)[0]} AS ${name}Address, ${address(name)[1]} AS ${name}Part`;
  return `
  WITH NOT r.isTold AND NOT s.isGroup AND c.isGroup AS turn, r.isTold OR s.isGroup OR c.isGroup AS isSettled
  SELECT if(turn, s.id, c.id) AS client, if(turn, r.sp, r.cp) AS cp, if(turn, c.id, s.id) AS server, if(turn, r.cp, r.sp) AS sp, r.protocolNo AS protocol, r.icmp AS icmp,
    r.first AS first, r.last AS last, r.who AS who,
    if(turn, r.packetsToClient, r.packetsToServer) AS packetsToServer, if(turn, r.bytesToClient, r.bytesToServer) AS bytesToServer,
    if(turn, r.packetsToServer, r.packetsToClient) AS packetsToClient, if(turn, r.bytesToServer, r.bytesToClient) AS bytesToClient,
    r.answered AS answered, r.denied AS denied, r.goesOn AS goesOn, r.sampling AS sampling, r.isTold AS isTold,
    cp != ${noPort} AND sp != ${noPort} AS hasPorts, NOT isSettled AND hasPorts AS isOpen,
    toUInt8(if(NOT r.isTold AND isSettled, ${reason("stated")}, r.directionNo)) AS reason,
    ${endpoint("client", "cp")} AS a, ${endpoint("server", "sp")} AS b, least(a, b) AS lo, greatest(a, b) AS hi,
    toUInt8(${slices === 1 ? "0" : `cityHash64(lo, hi) % ${slices}`}) AS slice
  FROM (
    SELECT ${side("client")}, ${side("server")}, toUInt32(coalesce(clientPort, ${noPort})) AS cp, toUInt32(coalesce(serverPort, ${noPort})) AS sp, toUInt16(coalesce(icmpType, ${noType})) AS icmp,
      first, last, packetsToServer, bytesToServer, packetsToClient, bytesToClient, answered, CAST(coalesce(verdict, '') = 'denied', 'UInt8') AS denied, ${goesOn} AS goesOn, sampling,
      CAST(direction IN ('handshake', 'first-packet', 'stated'), 'UInt8') AS isTold, CAST(indexOf([${reasonNames.map((name) => `'${name}'`).join(", ")}], toString(direction)), 'UInt8') AS directionNo,
      toUInt16(${numberOf("protocol", `(SELECT protocols FROM ${from("names")})`)}) AS protocolNo, ${numberOf("coalesce(observer, source)", `(SELECT observers FROM ${from("names")})`)} AS who
    FROM ${name}
  ) AS r ${join("client")} ${join("server")}`;
};

// isContinuing of core/model/connection.ts.
const goesOn = `CAST(coalesce(verdict, '') != 'denied' AND hasAny(splitByString('; ', CAST(coalesce(note, ''), 'String')), [${continuing.map((remark) => `'${remark}'`).join(", ")}]), 'UInt8')`;

const endpoint = (address: string, port: string): string =>
  `bitOr(bitShiftLeft(toUInt64(${address}), 32), toUInt64(bitOr(bitShiftLeft(bitAnd(${port}, 65535), 16), protocol)))`;

// evidence.ts: every two endpoints that were seen together, the smaller one first; how often each was told to be the client.
const pairs = ({ from, slice }: Sliced): string => `
  SELECT lo, hi, countIf(isTold AND a = lo) AS up, if(lo = hi, up, countIf(isTold AND a != lo)) AS down, max(isOpen) AS isOpen, slice
  FROM ${from("told")} WHERE slice = ${slice} AND hasPorts GROUP BY lo, hi, slice`;

const endpoints = (from: From): string => `
  SELECT e, least(64, count()) AS peers, sign(toInt64(sum(served)) - toInt64(sum(asked))) AS served
  FROM (SELECT lo AS e, down AS served, up AS asked FROM ${from("pairs")} UNION ALL SELECT hi AS e, up AS served, down AS asked FROM ${from("pairs")} WHERE lo != hi)
  GROUP BY e`;

const busy = (from: From): string =>
  `SELECT bitAnd(e, 4294967295) AS service, count() AS endpoints FROM ${from("endpoints")} WHERE peers >= 2 GROUP BY service`;

const openPairs = ({ from, slice }: Sliced, columns: string): string => `SELECT ${columns} FROM ${from("pairs")} WHERE slice = ${slice} AND isOpen`;

const wanted = (sliced: Sliced): string =>
  `SELECT * FROM ${sliced.from("endpoints")} WHERE e IN (${openPairs(sliced, "lo")} UNION ALL ${openPairs(sliced, "hi")})`;

// orient.ts, once for each pair of endpoints that no record of its own tells apart. `serves`: 1 the greater, -1 the smaller, 0 as written.
const ways = (sliced: Sliced): string => {
  const { from } = sliced;
  const range = (end: string): string =>
    `multiIf(bitShiftRight(bitAnd(p.${end}, 4294967295), 16) < 1024, 3, bitShiftRight(bitAnd(p.${end}, 4294967295), 16) < 32768, 2, 0)`;
  return `
  WITH log2(greatest(1, x.peers)) AS peersLo, log2(greatest(1, y.peers)) AS peersHi, ${range("lo")} + peersLo AS weightLo, ${range("hi")} + peersHi AS weightHi,
    multiIf(p.up != p.down, 1, x.served != y.served, 2, weightLo != weightHi, 3, bx.endpoints != by.endpoints, 4, 5) AS rank
  SELECT p.lo AS lo, p.hi AS hi,
    toInt8(multiIf(rank = 1, if(p.up > p.down, 1, -1), rank = 2, if(y.served > x.served, 1, -1), rank = 3, if(weightHi > weightLo, 1, -1), rank = 4, if(by.endpoints > bx.endpoints, 1, -1),
      bitShiftRight(p.lo, 32) = bitShiftRight(p.hi, 32), 0, 1)) AS serves,
    toUInt8(multiIf(rank <= 2, ${reason("observed-elsewhere")}, rank = 3, if((peersHi > peersLo) = (weightHi > weightLo), ${reason("peers")}, ${reason("port")}), rank = 4, ${reason("port")}, ${reason("unknown")})) AS reasonUp,
    toUInt8(if(rank = 3, if((peersLo > peersHi) = (weightLo > weightHi), ${reason("peers")}, ${reason("port")}), reasonUp)) AS reasonDown
  FROM (${openPairs(sliced, "*")}) AS p
  LEFT JOIN ${from("wanted")} AS x ON x.e = p.lo LEFT JOIN ${from("wanted")} AS y ON y.e = p.hi
  LEFT JOIN ${from("busy")} AS bx ON bx.service = bitAnd(p.lo, 4294967295) LEFT JOIN ${from("busy")} AS by ON by.service = bitAnd(p.hi, 4294967295)`;
};

/** Records as they are oriented: `ends` is client and server, `service` their ports, the ICMP type and the protocol. */
const oriented = ({ from, slice }: Sliced): string => {
  const columns = (turn: string, reason: string): string => {
    const either = (here: string, there: string): string => (turn === "0" ? `r.${here}` : `if(${turn}, r.${there}, r.${here})`);
    return `
    SELECT bitOr(bitShiftLeft(toUInt64(${either("client", "server")}), 32), ${either("server", "client")}) AS ends,
      bitOr(bitOr(bitShiftLeft(toUInt64(${either("cp", "sp")}), 42), bitShiftLeft(toUInt64(${either("sp", "cp")}), 25)), toUInt64(bitOr(bitShiftLeft(toUInt32(r.icmp), 16), r.protocol))) AS service,
      r.first AS first, r.last AS last, r.who AS who, ${reason} AS reason, r.answered AS answered, r.denied AS denied, r.goesOn AS goesOn, r.sampling AS sampling,
      ${either("packetsToServer", "packetsToClient")} AS packetsToServer, ${either("bytesToServer", "bytesToClient")} AS bytesToServer,
      ${either("packetsToClient", "packetsToServer")} AS packetsToClient, ${either("bytesToClient", "bytesToServer")} AS bytesToClient
    FROM ${from("told")} AS r`;
  };
  return `${columns("0", "r.reason")} WHERE r.slice = ${slice} AND NOT isOpen UNION ALL ${columns("way.serves != 0 AND (way.serves = 1) != (r.a = r.lo)", "if(r.a = r.lo, way.reasonUp, way.reasonDown)")}
    JOIN ${from("ways")} AS way ON way.lo = r.lo AND way.hi = r.hi WHERE r.slice = ${slice} AND isOpen`;
};

// account.ts: what each observer told of one stretch of a conversation.
const accounts = (stretch: string, records: string): string => `
  WITH
    coalesce(packetsToServer, bytesToServer) AS there, coalesce(packetsToClient, bytesToClient) AS back,
    coalesce(answered, if(there IS NULL, NULL, back > 0)) AS isAnswered
  SELECT ends, service, toUInt32(${stretch}) AS part, who,
    countIf(NOT goesOn AND (there IS NULL) = (back IS NULL)) AS whole, countIf(goesOn) AS parts,
    countIf(NOT goesOn AND there IS NOT NULL AND back IS NULL) AS halvesToServer, countIf(NOT goesOn AND there IS NULL AND back IS NOT NULL) AS halvesToClient,
    parts > 0 AND (parts = count() OR minIf(coalesce(r.first, 0), goesOn) < minIf(coalesce(r.first, 0), NOT goesOn)) AS begunBefore,
    countIf(NOT goesOn AND NOT denied AND coalesce(isAnswered, 0) = 1) AS answeredOther, countIf(goesOn AND coalesce(isAnswered, 0) = 1) > 0 AS isAnsweredInPart,
    greatest(answeredOther, isAnsweredInPart) AS answeredWhole,
    countIf(NOT goesOn AND (denied OR coalesce(isAnswered, 1) = 0)) AS unansweredWhole, countIf(denied) AS deniedTold,
    sum(r.packetsToClient) AS packetsBack, sum(r.bytesToServer) AS bytesThere, sum(r.bytesToClient) AS bytesBack, max(r.sampling) AS coarsest,
    min(r.first) AS start, max(coalesce(r.last, r.first)) AS end, min(r.reason) AS strongest, min(coalesce(r.first, 0)) AS earliest, max(coalesce(r.first, 0)) AS latest
  FROM ${records} AS r GROUP BY ends, service, part, who`;

const silenceMax = 660_000_000;

// join.ts: conversations whose records are so far apart that there may be a silence between them.
const long = ({ from, slice }: Sliced): string =>
  `SELECT ends, service, slice FROM ${from("accounts")} WHERE slice = ${slice} GROUP BY ends, service, slice HAVING max(latest) - min(earliest) > ${silenceMax}`;
const isLong = ({ from, slice }: Sliced): string => `(ends, service) IN (SELECT ends, service FROM ${from("long")} WHERE slice = ${slice})`;

const stretches = (of: Sliced): string => `(
    SELECT *, sum(isNew) OVER (PARTITION BY ends, service ORDER BY at RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS stretch
    FROM (
      SELECT *, coalesce(first, 0) AS at, coalesce(last, first, 0) AS upTo,
        at - coalesce(max(toNullable(upTo)) OVER (PARTITION BY ends, service ORDER BY at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), -1000000000000) > ${silenceMax} AS isNew
      FROM ${of.from("oriented")} WHERE ${isLong(of)}
    )
  )`;

const each = (of: Sliced): string => `
    SELECT *, whole > 0 OR parts > 0 AS isWhole, isWhole OR (halvesToServer > 0 AND halvesToClient > 0) AS isBothWays,
      protocol = (SELECT indexOf(protocols, 'tcp') FROM ${of.from("names")}) AND coarsest IS NULL AND coalesce(packetsBack, 0) = 1 AND coalesce(bytesBack, 61) <= 60 AS isRefusal,
      if(isWhole, answeredWhole, halvesToClient > 0 AND NOT isRefusal) AS answeredTold, bitAnd(service, 65535) AS protocol
    FROM (SELECT * FROM ${of.from("accounts")} WHERE slice = ${of.slice} AND NOT ${isLong(of)} UNION ALL SELECT * FROM ${of.from("stretched")} WHERE slice = ${of.slice})`;

// Of how many conversations an observer told both sides.
const sides = (of: Sliced): string => `SELECT who, countIf(isBothWays) AS both, count() AS told FROM (${each(of)}) GROUP BY who`;

const conversations = (of: Sliced): string => {
  const trusted = `who IN (SELECT who FROM ${of.from("sides")} GROUP BY who HAVING sum(both) >= sum(told) * 0.1)`;
  return `
  SELECT ends, service, toUInt64(max(greatest(1, whole + begunBefore))) AS connections, least(connections, max(answeredTold)) AS answered,
    least(toUInt64(connections - answered), max(if(isWhole, unansweredWhole, answeredTold = 0 AND (deniedTold > 0 OR isRefusal OR ${trusted})))) AS unanswered,
    least(connections, max(deniedTold)) AS denied, max(bytesThere) AS bytesToServer, max(bytesBack) AS bytesToClient, min(start) AS first, max(end) AS last,
    arraySort(groupUniqArray(who)) AS observers, max(coarsest) AS sampling,
    if(max(isBothWays) = 1 OR (max(halvesToServer) > 0 AND max(halvesToClient) > 0), 0, connections) AS oneSided, min(strongest) AS reason
  FROM (${each(of)}) GROUP BY ends, service, part`;
};
