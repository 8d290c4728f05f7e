import { portNamed, protocolNamed } from "./protocols.ts";
import { addressOf, countOf, hasPorts, type Known, type Told, wrong } from "./record.ts";
import { bytesRemark, labelsOf, noteOf, zoneRemark } from "./notes.ts";
import type { Pairs } from "./pairs.ts";
import type { Envelope } from "./syslog.ts";
import { verdictOf } from "./verdict-words.ts";
import { type When, whenOf } from "./when.ts";
import { endsOf, icmpTypeOf, statedEnds, type Wire } from "./wire.ts";

/** An event of a common format (CEF, LEEF): who wrote it, and what it says under which names. */
export interface CommonEvent {
  readonly vendor: string;
  readonly pairs: Pairs;
  readonly envelope: Envelope;
}

// Firewalls whose source is who opened the session, whatever the packet that made them write.
const sessionVendors = /palo ?alto|fortinet|check ?point|juniper|sophos|sonicwall|watchguard|forcepoint|stonesoft|huawei|hillstone|barracuda/i;
// ArcSight's `in` is what went from source to destination; these count what the source sent as `out`.
const sentIsOut = /fortinet|check ?point/i;

/** The connection that an event tells of; null when it is no flow: no two addresses, or no protocol. */
export function eventTold(event: CommonEvent): Told | null {
  const { pairs, vendor } = event;
  const field = fieldsOf(pairs);
  const [sourceText, destinationText] = [field("src", "sourceAddress", "c6a2", "srcip"), field("dst", "destinationAddress", "c6a3", "dstip")];
  const word = field("proto", "transportProtocol", "protocol", "Protocol");
  if (sourceText === undefined || destinationText === undefined || word === undefined) return null;
  const [source, destination] = [addressOf(sourceText), addressOf(destinationText)];
  if (source === null || destination === null) return wrong("bad-address", "source or destination is no address");
  const protocol = protocolNamed(word, source);
  // HTTP and the like name what is spoken, not what carries it.
  if (protocol === null) return /^[a-z][\w./-]*$/i.test(word) ? null : wrong("bad-protocol", "the protocol cannot be read");
  const ports = hasPorts(protocol)
    ? { sourcePort: portNamed(field("spt", "sourcePort", "srcPort")), destinationPort: portNamed(field("dpt", "destinationPort", "dstPort")) }
    : {};
  const wire: Wire = { source, destination, protocol, ...ports, icmpType: icmpTypeOf(countOf(field("icmp type", "icmp_type", "icmpType"))) };
  const { known, isTurned } = sessionVendors.test(vendor) ? { known: statedEnds(wire), isTurned: false } : endsOf(wire);
  return { kind: "connection", known: { ...known, ...restOf(event, field, isTurned) } };
}

type Field = (...names: readonly string[]) => string | undefined;

/** The first of these names that has a value; CEF's own fields such as cs1 are asked for by their labels. */
function fieldsOf(pairs: Pairs): Field {
  const labelled = new Map<string, string>();
  for (const [name, label] of pairs) {
    if (!name.endsWith("Label")) continue;
    const value = pairs.get(name.slice(0, -5));
    if (value !== undefined) labelled.set(label.toLowerCase(), value);
  }
  return (...names) => {
    for (const name of names) {
      const value = pairs.get(name) ?? labelled.get(name.toLowerCase());
      if (value !== undefined && value !== "" && value !== "-") return value;
    }
    return undefined;
  };
}

function restOf({ vendor, envelope }: CommonEvent, field: Field, isTurned: boolean): Partial<Known> {
  const verdict = verdictOf(field("act", "deviceAction", "action", "Action")) ?? sessionVerdict(field("act", "action"));
  const counts = countsOf(vendor, field);
  const { first, last, when } = timesOf(envelope, field);
  const [sourceLabels, destinationLabels] = [
    labelsOf({
      user: field("suser", "sourceUserName", "usrName", "SourceUser"),
      host: field("shost", "sourceHostName", "identHostName"),
      process: field("sproc", "sourceProcessName"),
    }),
    labelsOf({
      user: field("duser", "destinationUserName", "DestinationUser"),
      host: field("dhost", "destinationHostName"),
      process: field("dproc", "destinationProcessName"),
    }),
  ];
  return {
    ...(isTurned ? turnedCounts(counts) : counts),
    verdict,
    answered: verdict === "denied" ? (isTurned ? null : false) : counts.packetsToClient === null ? null : counts.packetsToClient > 0,
    rule:
      field(
        "rule name",
        "rule",
        "access rule name",
        "policy name",
        "FTNTFGTpolicyname",
        "policy",
        "policy id",
        "FTNTFGTpolicyid",
        "RuleName",
        "ruleName",
        "policyName",
        "rule_uid",
      ) ?? null,
    reason: verdict === "denied" ? (field("reason", "SessionEndReason") ?? null) : null,
    observer: field("dvchost", "deviceHostName", "deviceExternalId", "DeviceName", "dvc") ?? envelope.host,
    first,
    last,
    clientLabels: isTurned ? destinationLabels : sourceLabels,
    serverLabels: isTurned ? sourceLabels : destinationLabels,
    note: noteOf(
      translationOf("source", field("sourceTranslatedAddress", "srcPostNAT"), field("src")),
      translationOf("destination", field("destinationTranslatedAddress", "dstPostNAT"), field("dst")),
      bytesRemark(counts),
      zoneRemark(when),
    ),
  };
}

// How a session ended says that it was let through.
const sessionVerdict = (word: string | undefined): Known["verdict"] & ("allowed" | null) =>
  /^(close|timeout|ip-conn|start|client-rst|server-rst)$/i.test(word ?? "") ? "allowed" : null;

interface Counts {
  readonly packetsToServer: number | null;
  readonly bytesToServer: number | null;
  readonly packetsToClient: number | null;
  readonly bytesToClient: number | null;
}

function countsOf(vendor: string, field: Field): Counts {
  const [there, back] = sentIsOut.test(vendor) ? [field("out", "bytesOut"), field("in", "bytesIn")] : [field("in", "bytesIn"), field("out", "bytesOut")];
  return {
    packetsToServer: countOf(field("PanOSPacketsSent", "FTNTFGTsentpkt", "packets sent", "srcPackets")),
    bytesToServer: countOf(field("srcBytes") ?? there),
    packetsToClient: countOf(field("PanOSPacketsReceived", "FTNTFGTrcvdpkt", "packets received", "dstPackets")),
    bytesToClient: countOf(field("dstBytes") ?? back),
  };
}

const turnedCounts = (counts: Counts): Counts => ({
  packetsToServer: counts.packetsToClient,
  bytesToServer: counts.bytesToClient,
  packetsToClient: counts.packetsToServer,
  bytesToClient: counts.bytesToServer,
});

function timesOf(envelope: Envelope, field: Field): { readonly first: number | null; readonly last: number | null; readonly when: When } {
  const written = whenOf(field("rt", "deviceReceiptTime", "FTNTFGTeventtime", "devTime", "end", "start"));
  const when = written.at === null ? envelope.when : written;
  const [start, end] = [whenOf(field("start", "startTime", "StartTime")), whenOf(field("end", "endTime"))];
  const seconds = countOf(field("FTNTFGTduration", "duration", "elapsed time in seconds", "ElapsedTime"));
  if (start.at !== null && seconds !== null) return { first: start.at, last: start.at + seconds * 1_000_000, when: start };
  const last = end.at ?? when.at;
  const first = start.at ?? (last === null || seconds === null ? last : Math.max(0, last - seconds * 1_000_000));
  return { first, last, when };
}

const translationOf = (side: string, to: string | undefined, from: string | undefined): string | null => {
  const address = addressOf(to);
  return address === null || address === "0.0.0.0" || address === addressOf(from) ? null : `${side} translated, ${address}`;
};
