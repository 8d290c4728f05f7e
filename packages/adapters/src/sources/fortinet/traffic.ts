import type { Connection } from "@bulkhead/core/model/connection";
import type { Part } from "../joined-lines.ts";
import { bytesRemark, labelsOf, noteOf, zoneRemark } from "../notes.ts";
import type { Pairs } from "../pairs.ts";
import { portNamed, protocolNamed } from "../protocols.ts";
import { addressOf, countOf, hasPorts, type Known, wrong } from "../record.ts";
import { envelopeOf } from "../syslog.ts";
import { verdictOf } from "../verdict-words.ts";
import { type When, whenOf } from "../when.ts";

type Field = (...names: readonly string[]) => string | undefined;

/** What a traffic line says, or null for lines of another type. FortiOS 4 has other names than its successors. */
export function fortinetPart(pairs: Pairs, before: string): Part | null {
  const field: Field = (...names) => {
    for (const name of names) {
      const value = pairs.get(name);
      if (value !== undefined && value !== "" && value !== "N/A" && value !== "undefined") return value;
    }
    return undefined;
  };
  if (field("type") !== "traffic") return null;
  const [client, server] = [addressOf(field("srcip", "src")), addressOf(field("dstip", "dst"))];
  if (client === null || server === null) return wrong("bad-address", "source or destination is no address");
  const protocol = protocolNamed(field("proto"), client);
  if (protocol === null) return wrong("bad-protocol", "`proto` is no protocol");
  const known = knownOf(field, { client, server, protocol }, before);
  const session = field("sessionid", "SN", "serial");
  const action = field("action", "status");
  if (session === undefined || session === "0" || known.verdict === "denied") return { kind: "connection", known };
  const key = `${field("devid", "device_id") ?? ""} ${field("vd") ?? ""} ${session} ${client} ${known.clientPort}`;
  // Long sessions are written every few minutes with what they counted so far.
  const isOngoing = field("sentdelta") !== undefined && (action === "accept" || action === undefined);
  return { kind: action === "start" ? "opening" : isOngoing ? "ongoing" : "closing", key, known };
}

function knownOf(field: Field, ends: Pick<Known, "client" | "server" | "protocol">, before: string): Known {
  const envelope = envelopeOf(before);
  const when = timeOf(field, envelope.when);
  const seconds = countOf(field("duration"));
  const verdict = verdictIn(field);
  const counts = countsIn(field, verdict);
  const back = counts.packetsToClient ?? counts.bytesToClient;
  return {
    ...ends,
    ...(hasPorts(ends.protocol) ? { clientPort: portNamed(field("srcport", "src_port")), serverPort: portNamed(field("dstport", "dst_port")) } : {}),
    icmpType: icmpTypeIn(field),
    ...counts,
    direction: "stated",
    verdict,
    answered: verdict === "denied" ? false : back === null ? null : back > 0,
    rule: field("policyname", "rulename", "policyid", "rule") ?? null,
    observer: field("devname", "devid", "device_id") ?? envelope.host,
    first: when.at === null || seconds === null ? when.at : Math.max(0, when.at - seconds * 1_000_000),
    last: when.at,
    clientLabels: labelsOf({ user: field("user", "unauthuser"), host: field("srcname") }),
    serverLabels: labelsOf({ host: field("dstname"), user: field("dstuser") }),
    note: noteOf(translationIn(field), bytesRemark(counts), zoneRemark(when)),
  };
}

// Every word but these says how a session ended that was let through.
function verdictIn(field: Field): Connection["verdict"] {
  const action = field("action", "status");
  if (action === undefined) return null;
  const plain = verdictOf(action);
  if (plain !== null) return plain;
  return /^(close|timeout|ip-conn|start|client-rst|server-rst|dns|end)$/i.test(action) ? "allowed" : null;
}

type Counts = Pick<Connection, "packetsToServer" | "bytesToServer" | "packetsToClient" | "bytesToClient">;

function countsIn(field: Field, verdict: Connection["verdict"]): Counts {
  const counts = {
    packetsToServer: countOf(field("sentpkt", "sent_pkt")),
    bytesToServer: countOf(field("sentbyte", "sent")),
    packetsToClient: countOf(field("rcvdpkt", "rcvd_pkt")),
    bytesToClient: countOf(field("rcvdbyte", "rcvd")),
  };
  // Of what it denied it counts nothing, and writes 0.
  const isNothing = verdict === "denied" && !Object.values(counts).some((count) => count !== null && count > 0);
  const isStart = field("action", "status") === "start";
  return isNothing || isStart ? { packetsToServer: null, bytesToServer: null, packetsToClient: null, bytesToClient: null } : counts;
}

function timeOf(field: Field, envelope: When): When {
  const event = whenOf(field("eventtime"));
  if (event.at !== null) return event;
  const [date, time, zone] = [field("date"), field("time"), field("tz")];
  const written = date === undefined || time === undefined ? null : whenOf(`${date} ${time}${zone !== undefined && /^[+-]\d\d:?\d\d$/.test(zone) ? zone : ""}`);
  if (written !== null && written.at !== null) return written;
  const received = whenOf(field("itime", "timestamp"));
  return received.at === null ? envelope : received;
}

/** `service="icmp/8/0"` and `PING` name the type; FortiOS 5 and later write it nowhere else. */
function icmpTypeIn(field: Field): number | null {
  const service = field("service") ?? "";
  const [, type] = /^icmp6?\/(\d{1,3})\//i.exec(service) ?? [];
  return type === undefined || Number(type) > 255 ? null : Number(type);
}

function translationIn(field: Field): string | null {
  const [source, target] = [addressOf(field("transip", "tran_sip")), addressOf(field("tranip", "tran_ip"))];
  const isReal = (address: string | null): address is string => address !== null && address !== "0.0.0.0" && address !== "::";
  return noteOf(
    isReal(source) ? `source translated, ${source}:${field("transport", "tran_sport") ?? "?"}` : null,
    isReal(target) ? `destination translated, ${target}:${field("tranport", "tran_port") ?? "?"}` : null,
  );
}
