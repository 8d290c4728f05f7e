import type { Connection } from "@bulkhead/core/model/connection";
import { isOfMany, wayOf } from "../one-way.ts";
import { labelsOf, noteOf, zoneRemark } from "../notes.ts";
import { portNamed, protocolNamed } from "../protocols.ts";
import { addressOf, countOf, hasPorts, isIcmp, type Known, noLabels, type Told, wrong } from "../record.ts";
import { called } from "../wire.ts";
import { never, type When, whenOf } from "../when.ts";
import type { EventFields } from "./event.ts";

// Windows Filtering Platform: a connection was permitted, blocked; a packet was blocked, blocked by a narrower filter, by the boot filters.
const platform: ReadonlyMap<string, Connection["verdict"]> = new Map([
  ["5156", "allowed"],
  ["5157", "denied"],
  ["5152", "denied"],
  ["5153", "denied"],
  ["5150", "denied"],
  ["5151", "denied"],
]);

/** The connection that an event tells of; null for an event that tells of none. */
export function eventTold(fields: EventFields): Told | null {
  const id = fields.get("eventid") ?? "";
  if (platform.has(id)) return platformTold(fields, id);
  // Every program has an event 3; Sysmon's has these fields.
  return id === "3" && fields.has("sourceip") && fields.has("destinationip") ? sysmonTold(fields) : null;
}

function platformTold(fields: EventFields, id: string): Told | null {
  const [from, to] = [fields.get("sourceaddress"), fields.get("destaddress") ?? fields.get("destinationaddress")];
  if (from === undefined || to === undefined) return null;
  const [source, destination] = [addressOf(from), addressOf(to)];
  // 5150 and 5151 tell of frames, whose addresses are those of network cards.
  if (source === null || destination === null) return id === "5150" || id === "5151" ? null : wrong("bad-address", "source or destination is no address");
  const protocol = protocolNamed(fields.get("protocol"), source);
  if (protocol === null) return wrong("bad-protocol", "the protocol cannot be read");
  const isInbound = /14592|^inbound$/i.test(fields.get("direction") ?? "");
  const local = labelsOf({ process: fields.get("application") ?? fields.get("applicationname"), host: hostOf(fields) ?? undefined });
  const [sourcePort, destinationPort] = [fields.get("sourceport"), fields.get("destport") ?? fields.get("destinationport")];
  const verdict = platform.get(id) ?? null;
  // The type of an ICMP message stands where the local port would.
  const type = countOf(isInbound ? destinationPort : sourcePort);
  const { isReply } = wayOf({
    source,
    destination,
    sourcePort: portNamed(sourcePort),
    destinationPort: portNamed(destinationPort),
    flags: null,
    packets: null,
  });
  const isPacket = id !== "5156" && id !== "5157";
  return {
    kind: "connection",
    known: called({
      client: source,
      server: destination,
      protocol,
      ...(hasPorts(protocol) ? { clientPort: portNamed(sourcePort), serverPort: portNamed(destinationPort) } : {}),
      icmpType: isIcmp(protocol) && type !== null && type < 256 ? type : null,
      // A connection is written from who opened it; a packet that was blocked may be an answer.
      direction: isPacket ? "unknown" : "stated",
      ...timesOf(fields),
      observer: hostOf(fields),
      verdict,
      // What was blocked reached nobody, unless it looks like an answer.
      answered: verdict === "denied" && !(isPacket && isReply) ? false : null,
      rule: filterOf(fields),
      clientLabels: isInbound ? noLabels : local,
      serverLabels: isInbound ? local : noLabels,
    }),
  };
}

function sysmonTold(fields: EventFields): Told {
  const [source, destination] = [addressOf(fields.get("sourceip")), addressOf(fields.get("destinationip"))];
  if (source === null || destination === null) return wrong("bad-address", "SourceIp or DestinationIp is no address");
  const protocol = protocolNamed(fields.get("protocol"), source);
  if (protocol === null) return wrong("bad-protocol", "the protocol cannot be read");
  const isInitiated = /^true$/i.test(fields.get("initiated") ?? "");
  // When it did not initiate, TCP names the peer that opened as the source; UDP names the local process, which answers.
  const isAnswer = !isInitiated && protocol === "udp";
  const isTurned = isAnswer && !isOfMany(destination);
  const isSourceLocal = isInitiated || isAnswer;
  const local = { process: fields.get("image"), user: fields.get("user") };
  const sourceEnd = {
    address: source,
    port: portNamed(fields.get("sourceport")),
    labels: labelsOf({
      ...(isSourceLocal ? local : {}),
      host: nameOf(fields.get("sourcehostname")) ?? (isSourceLocal ? (hostOf(fields) ?? undefined) : undefined),
    }),
  };
  const destinationEnd = {
    address: destination,
    port: portNamed(fields.get("destinationport")),
    labels: labelsOf({
      ...(isSourceLocal ? {} : local),
      host: nameOf(fields.get("destinationhostname")) ?? (isSourceLocal ? undefined : (hostOf(fields) ?? undefined)),
    }),
  };
  const [client, server] = isTurned ? [destinationEnd, sourceEnd] : [sourceEnd, destinationEnd];
  const known: Known = {
    client: client.address,
    server: server.address,
    protocol,
    ...(hasPorts(protocol) ? { clientPort: client.port, serverPort: server.port } : {}),
    direction: isAnswer && !isTurned ? "unknown" : "stated",
    ...timesOf(fields),
    observer: hostOf(fields),
    clientLabels: client.labels,
    serverLabels: server.labels,
  };
  return { kind: "connection", known: called(known) };
}

const nameOf = (name: string | undefined): string | undefined => (name === undefined || name === "-" || name === "" ? undefined : name);

const hostOf = (fields: EventFields): string | null =>
  nameOf(fields.get("computer") ?? fields.get("computer_name") ?? fields.get("hostname") ?? fields.get("machinename") ?? fields.get("computername"))?.slice(
    0,
    255,
  ) ?? null;

/** The filter that decided, by the name that newer versions write, or by its number in that host's run. */
function filterOf(fields: EventFields): string | null {
  const [origin, number] = [nameOf(fields.get("filterorigin")), fields.get("filterrtid")];
  if (origin !== undefined && origin !== "Unknown") return origin;
  return number === undefined || !/^[1-9]\d{0,19}$/.test(number) ? null : `filter ${number}`;
}

/** When it happened, by the surest of the times an event has: the source's own, the log's, the collector's. */
function timesOf(fields: EventFields): Pick<Known, "first" | "last" | "note"> {
  const written = fields.get("utctime");
  const own = written === undefined ? never : whenOf(`${written.replace(/Z$/, "")}Z`);
  const times = ["systemtime", "timecreated", "eventtime", "@timestamp", "_time", "timegenerated"].map((name) => readTime(fields.get(name)));
  const when = own.at !== null ? own : (times.find(({ at, isZoned }) => at !== null && isZoned) ?? times.find(({ at }) => at !== null) ?? never);
  return { first: when.at, last: when.at, note: noteOf(zoneRemark(when)) };
}

// PowerShell's JSON writes /Date(1600000000000)/.
const readTime = (text: string | undefined): When => whenOf(/^\/Date\((\d{1,15})\)\/$/.exec(text ?? "")?.[1] ?? text);
