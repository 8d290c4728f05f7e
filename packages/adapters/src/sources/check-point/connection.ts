import type { Part } from "../joined-lines.ts";
import { bytesRemark, labelsOf, noteOf, zoneRemark } from "../notes.ts";
import type { Pairs } from "../pairs.ts";
import { portNamed, protocolNamed } from "../protocols.ts";
import { addressOf, countOf, hasPorts, isIcmp, type Known, wrong } from "../record.ts";
import type { Envelope } from "../syslog.ts";
import { verdictOf } from "../verdict-words.ts";
import { whenOf } from "../when.ts";

type Field = (...names: readonly string[]) => string | undefined;

/** What a log says, or null when it is no flow. */
export function checkPointPart(pairs: Pairs, envelope: Envelope): Part | null {
  const field: Field = (...names) => {
    for (const name of names) {
      const value = pairs.get(name);
      if (value !== undefined && value !== "") return value;
    }
    return undefined;
  };
  const [sourceText, destinationText, word] = [field("src"), field("dst"), field("proto", "ip_proto", "protocol")];
  if (sourceText === undefined || destinationText === undefined || word === undefined) return null;
  const [client, server] = [addressOf(sourceText), addressOf(destinationText)];
  if (client === null || server === null) return wrong("bad-address", "`src` or `dst` is no address");
  const protocol = protocolNamed(word, client);
  if (protocol === null) return wrong("bad-protocol", "`proto` is no protocol");
  const known = knownOf(field, { client, server, protocol }, envelope);
  const id = field("loguid");
  // Accounting writes a connection's log again, with the same number; some exporters number nothing.
  if (id === undefined || !/[1-9a-f]/i.test(id.replaceAll("0x", ""))) return { kind: "connection", known };
  return { kind: "ongoing", key: `${id} ${client} ${known.clientPort} ${server} ${known.serverPort}`, known };
}

function knownOf(field: Field, ends: Pick<Known, "client" | "server" | "protocol">, envelope: Envelope): Known {
  const counts = {
    packetsToServer: countOf(field("client_inbound_packets", "sent_packets")),
    bytesToServer: countOf(field("client_inbound_bytes", "sent_bytes")),
    packetsToClient: countOf(field("client_outbound_packets", "received_packets")),
    bytesToClient: countOf(field("client_outbound_bytes", "received_bytes")),
  };
  const written = whenOf(field("time", "creation_time"));
  const when = written.at === null ? envelope.when : written;
  const start = whenOf(field("start_time", "segment_time")).at;
  const seconds = secondsOf(field("elapsed", "duration"));
  const verdict = verdictOf(field("action", "rule_action"));
  const back = counts.packetsToClient ?? counts.bytesToClient;
  const first = start ?? when.at;
  const type = countOf(field("ICMP Type", "icmp_type", "icmp-type"));
  return {
    ...ends,
    ...(hasPorts(ends.protocol)
      ? {
          clientPort: portNamed(field("s_port", "source_port", "spt")),
          serverPort: portNamed(field("service", "d_port", "svc", "dpt")) ?? portNamed(field("service_id")),
        }
      : {}),
    icmpType: isIcmp(ends.protocol) && type !== null && type < 256 ? type : null,
    ...counts,
    direction: "stated",
    verdict,
    answered: verdict === "denied" ? false : back === null ? null : back > 0,
    rule: field("rule_name", "layer_rule_name", "rule", "rule_uid") ?? null,
    reason: verdict === "denied" ? (field("message_info", "drop_reason", "reason", "attack") ?? null) : null,
    observer: field("originsicname", "origin", "hostname") ?? envelope.host,
    first,
    last: first !== null && seconds !== null ? first + seconds * 1_000_000 : when.at,
    clientLabels: labelsOf({ user: field("src_user_name", "user"), host: field("src_machine_name") }),
    serverLabels: labelsOf({ user: field("dst_user_name"), host: field("dst_machine_name") }),
    note: noteOf(
      translation("source", field("xlatesrc"), field("xlatesport")),
      translation("destination", field("xlatedst"), field("xlatedport")),
      bytesRemark(counts),
      zoneRemark(when),
    ),
  };
}

/** `0:02:31` or `151`. */
function secondsOf(text: string | undefined): number | null {
  const [, hours, minutes, seconds] = /^(\d{1,6}):(\d\d):(\d\d)$/.exec(text ?? "") ?? [];
  return hours === undefined ? countOf(text) : (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
}

function translation(side: string, to: string | undefined, port: string | undefined): string | null {
  const address = addressOf(to);
  if (address === null || address === "0.0.0.0") return null;
  return `${side} translated, ${address}${port === undefined || port === "0" ? "" : `:${port}`}`;
}
