import type { Part } from "../joined-lines.ts";
import { bytesRemark, labelsOf, noteOf } from "../notes.ts";
import { portNamed, protocolNamed } from "../protocols.ts";
import { addressOf, countOf, hasPorts, type Known, wrong } from "../record.ts";
import type { Envelope } from "../syslog.ts";
import { verdictOf } from "../verdict-words.ts";
import { turned } from "../wire.ts";
import { offsetOf, whenOf, zoneless } from "../when.ts";

// Every version of PAN-OS added columns at the end only; these are where they stand in all of them.
const common = {
  receiveTime: 1,
  serial: 2,
  type: 3,
  subtype: 4,
  generatedTime: 6,
  source: 7,
  destination: 8,
  natSource: 9,
  natDestination: 10,
  rule: 11,
  sourceUser: 12,
  destinationUser: 13,
  session: 22,
  repeats: 23,
  sourcePort: 24,
  destinationPort: 25,
  protocol: 29,
  action: 30,
} as const;
const traffic = {
  bytes: 31,
  bytesSent: 32,
  bytesReceived: 33,
  start: 35,
  elapsed: 36,
  packetsSent: 44,
  packetsReceived: 45,
  endReason: 46,
  device: 52,
} as const;
const threat = { name: 32, way: 35, device: 59 } as const;

type Columns = readonly string[];

/** What a line says, or null for the logs that are no flows. */
export function panPart(columns: Columns, envelope: Envelope): Part | null {
  const type = columns[common.type];
  if (type !== "TRAFFIC" && type !== "THREAT") return null;
  if (columns.length <= common.action) return wrong("columns", `the line has ${columns.length} columns, too few for a ${type} log`);
  const [source, destination] = [addressOf(columns[common.source]), addressOf(columns[common.destination])];
  if (source === null || destination === null) return wrong("bad-address", "source or destination is no address");
  const protocol = protocolNamed(columns[common.protocol], source);
  if (protocol === null) return wrong("bad-protocol", "the protocol cannot be read");
  const ports = hasPorts(protocol) ? [portNamed(columns[common.sourcePort]), portNamed(columns[common.destinationPort])] : [null, null];
  const ends = { source, destination, protocol, sourcePort: ports[0] ?? null, destinationPort: ports[1] ?? null };
  if (type === "THREAT") return { kind: "connection", known: threatKnown(columns, ends, envelope) };
  const known = trafficKnown(columns, ends, envelope);
  const session = columns[common.session] ?? "";
  const key = `${columns[common.serial]} ${session} ${source} ${ports[0]}`;
  const subtype = columns[common.subtype];
  // Session 0 is what never became one.
  if ((subtype !== "start" && subtype !== "end") || session === "" || session === "0") return { kind: "connection", known };
  return { kind: subtype === "start" ? "opening" : "closing", key, known };
}

interface Ends {
  readonly source: string;
  readonly sourcePort: number | null;
  readonly destination: string;
  readonly destinationPort: number | null;
  readonly protocol: string;
}

function trafficKnown(columns: Columns, ends: Ends, envelope: Envelope): Known {
  const shift = shiftOf(columns);
  const start = whenOf(columns[traffic.start]).at;
  const seconds = countOf(columns[traffic.elapsed]);
  const verdict = verdictOf(columns[common.action]);
  const isStart = columns[common.subtype] === "start";
  const written = whenOf(columns[common.generatedTime]).at;
  const first = start ?? written;
  const back = isStart ? null : countOf(columns[traffic.packetsReceived]);
  const counts = isStart
    ? {}
    : {
        packetsToServer: countOf(columns[traffic.packetsSent]),
        bytesToServer: countOf(columns[traffic.bytesSent]),
        packetsToClient: back,
        bytesToClient: countOf(columns[traffic.bytesReceived]),
      };
  const reason = columns[traffic.endReason];
  return {
    ...said(columns, ends),
    ...counts,
    observer: observerOf(columns, traffic.device, envelope),
    first: shifted(first, shift),
    last: isStart ? null : shifted(first === null || seconds === null ? first : first + seconds * 1_000_000, shift),
    verdict,
    answered: verdict === "denied" ? false : back === null ? null : back > 0,
    reason: verdict === "denied" && reason !== undefined && reason !== "" && reason !== "n/a" ? reason : null,
    note: noteOf(...remarks(columns, ends), bytesRemark(counts), shift === null && first !== null ? zoneless : null),
  };
}

function threatKnown(columns: Columns, ends: Ends, envelope: Envelope): Known {
  const shift = shiftOf(columns);
  const at = shifted(whenOf(columns[common.generatedTime]).at ?? whenOf(columns[common.receiveTime]).at, shift);
  const verdict = verdictOf(columns[common.action]);
  // The source of a threat is who sent it: of one that came from the server, the server.
  const isTurned = columns[threat.way] === "server-to-client";
  const known = said(columns, ends);
  return {
    ...(isTurned ? turned(known) : known),
    observer: observerOf(columns, threat.device, envelope),
    first: at,
    last: at,
    verdict,
    answered: null,
    reason: verdict === "denied" ? (columns[threat.name] ?? columns[common.subtype] ?? null) : null,
    note: noteOf(`threat log, ${columns[common.subtype]}`, ...remarks(columns, ends), shift === null && at !== null ? zoneless : null),
  };
}

function said(columns: Columns, { source, sourcePort, destination, destinationPort, protocol }: Ends): Known {
  const rule = columns[common.rule] ?? "";
  return {
    client: source,
    clientPort: sourcePort,
    server: destination,
    serverPort: destinationPort,
    protocol,
    direction: "stated",
    rule: rule === "" ? null : rule,
    clientLabels: labelsOf({ user: columns[common.sourceUser] }),
    serverLabels: labelsOf({ user: columns[common.destinationUser] }),
  };
}

function remarks(columns: Columns, { source, destination }: Ends): readonly (string | null)[] {
  const translated = (side: string, to: string | undefined, from: string): string | null => {
    const address = addressOf(to);
    return address === null || address === "0.0.0.0" || address === "::" || address === from ? null : `${side} translated, ${address}`;
  };
  const repeats = countOf(columns[common.repeats]) ?? 1;
  return [
    repeats > 1 ? `${repeats} sessions in one line` : null,
    translated("source", columns[common.natSource], source),
    translated("destination", columns[common.natDestination], destination),
  ];
}

function observerOf(columns: Columns, device: number, envelope: Envelope): string | null {
  const [name, serial] = [columns[device]?.trim() ?? "", columns[common.serial] ?? ""];
  if (/^[A-Za-z][\w.-]{0,252}$/.test(name)) return name;
  return envelope.host ?? (serial === "" ? null : serial);
}

// PAN-OS 10 added a time with its zone behind all other columns; the older columns are in the same zone.
function shiftOf(columns: Columns): number | null {
  const stamp = columns.slice(50).find((value) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:\d\d|Z)$/.test(value));
  return stamp === undefined ? null : offsetOf(stamp);
}

const shifted = (at: number | null, shift: number | null): number | null => (at === null ? null : Math.max(0, at - (shift ?? 0)));
