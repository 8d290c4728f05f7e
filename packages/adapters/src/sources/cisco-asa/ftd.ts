import type { Part } from "../joined-lines.ts";
import { unsaidBytes } from "../notes.ts";
import { portNamed, protocolNamed } from "../protocols.ts";
import { addressOf, countOf, hasPorts, isIcmp, type Known, noLabels, wrong } from "../record.ts";
import { whenOf } from "../when.ts";

const allowing = /^(allow|trust|fastpath|monitor|interactive block with reset bypass)/i;
const denying = /^(block|deny|drop|reset|would block with reset)/i;

/** The note of a connection whose times stand in the message, with their zone. */
export const ownTimes = unsaidBytes;

/** Messages 430002 and 430003 of Firepower Threat Defense: an access rule's connection, at its start and its end. */
export function threatDefence(number: string, text: string): Part | null {
  if (number !== "430002" && number !== "430003") return null;
  const fields = colonFields(text);
  const [client, server] = [addressOf(fields.get("SrcIP")), addressOf(fields.get("DstIP"))];
  if (client === null || server === null) return wrong("bad-address", "SrcIP or DstIP is no address");
  const protocol = protocolNamed(fields.get("Protocol"), client);
  if (protocol === null) return wrong("bad-protocol", "the protocol cannot be read");
  const known = knownOf(fields, { client, server, protocol });
  const id = fields.get("ConnectionID");
  if (id === undefined) return { kind: "connection", known };
  const key = `${fields.get("DeviceUUID") ?? ""} ${fields.get("InstanceID") ?? ""} ${id} ${fields.get("FirstPacketSecond") ?? ""}`;
  return { kind: number === "430002" ? "opening" : "closing", key, known };
}

type Fields = ReadonlyMap<string, string>;

function knownOf(fields: Fields, ends: Pick<Known, "client" | "server" | "protocol">): Known {
  const first = whenOf(fields.get("FirstPacketSecond")).at;
  const seconds = countOf(fields.get("ConnectionDuration"));
  const action = fields.get("AccessControlRuleAction") ?? "";
  const verdict = allowing.test(action) ? "allowed" : denying.test(action) ? "denied" : null;
  const back = countOf(fields.get("ResponderPackets"));
  const user = fields.get("User");
  return {
    ...ends,
    ...(hasPorts(ends.protocol) ? { clientPort: portNamed(fields.get("SrcPort")), serverPort: portNamed(fields.get("DstPort")) } : {}),
    icmpType: isIcmp(ends.protocol) ? countOf(fields.get("ICMPType")) : null,
    direction: "stated",
    first,
    last: first === null || seconds === null ? first : first + seconds * 1_000_000,
    packetsToServer: countOf(fields.get("InitiatorPackets")),
    bytesToServer: countOf(fields.get("InitiatorBytes")),
    packetsToClient: back,
    bytesToClient: countOf(fields.get("ResponderBytes")),
    answered: back === null ? null : back > 0,
    verdict,
    rule: fields.get("AccessControlRuleName") ?? fields.get("Prefilter Policy") ?? null,
    reason: verdict === "denied" ? (fields.get("AccessControlRuleReason") ?? null) : null,
    clientLabels: user === undefined || /^(No Authentication Required|Unknown|Not Found)$/i.test(user) ? noLabels : { user },
    note: ownTimes,
  };
}

// `EventPriority: Low, DeviceUUID: 12-34, AccessControlRuleName: a, b`: a comma is part of a value unless a name follows.
function colonFields(text: string): Fields {
  const fields = new Map<string, string>();
  for (const part of text.split(/, (?=[A-Z][\w ]{1,40}: )/, 256)) {
    const cut = part.indexOf(": ");
    if (cut > 0 && !fields.has(part.slice(0, cut))) fields.set(part.slice(0, cut), part.slice(cut + 2).trim());
  }
  return fields;
}
