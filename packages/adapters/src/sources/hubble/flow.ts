import type { Connection } from "@bulkhead/core/model/connection";
import { type JsonObject, labelsOf, listIn, objectIn, portIn, textIn, timeIn, wholeIn } from "../json-fields.ts";
import { addressOf, hasPorts, isIcmp, nothing, type Told, wrong } from "../record.ts";
import { wayOfIcmp } from "../icmp-way.ts";
import { laidOut } from "../laid-out.ts";
import { type Way, wayOf } from "../one-way.ts";

const protocols: Readonly<Record<string, string>> = { TCP: "tcp", UDP: "udp", SCTP: "sctp", ICMPv4: "icmp", ICMPv6: "icmp6", IGMP: "2", VRRP: "112" };

/** What one flow of Hubble says; `event` is the envelope it came in. */
export function toldByFlow(flow: JsonObject, event: JsonObject): Told {
  const ip = objectIn(flow["IP"]);
  if (flow["IP"] === undefined || flow["IP"] === null) {
    // ARP and other frames without addresses are shown by Hubble, too; a mask of its exporter may leave out anything.
    const isFrame = flow["ethernet"] !== undefined || (flow["source"] === undefined && flow["destination"] === undefined);
    return isFrame ? nothing : wrong("no-address", "the flow has no `IP`: add it to the field mask of Hubble's exporter");
  }
  const [source, destination] = [addressOf(textIn(ip["source"])), addressOf(textIn(ip["destination"]))];
  if (source === null || destination === null) return wrong("bad-address", "`IP` has no source or no destination");
  const layer4 = objectIn(flow["l4"]);
  const name = Object.keys(protocols).find((one) => layer4[one] !== undefined);
  // 255 is IANA's "reserved": Hubble leaves out what it cannot take apart.
  const protocol = name === undefined ? "255" : protocols[name]!;
  const segment = objectIn(name === undefined ? null : layer4[name]);
  const ports = hasPorts(protocol) ? [portIn(segment["source_port"]), portIn(segment["destination_port"])] : [null, null];
  const ends = { source, destination, sourcePort: ports[0] ?? null, destinationPort: ports[1] ?? null };
  const { icmpType, ...icmp } = wayOfIcmp(protocol, wholeIn(segment["type"]) ?? (isIcmp(protocol) && name !== undefined ? 0 : null));
  const way = wayOfFlow(flow, objectIn(segment["flags"]), isIcmp(protocol) ? icmp : wayOf({ ...ends, flags: null, packets: 1 }));
  const at = timeIn(flow["time"]) ?? timeIn(event["time"]);
  return {
    kind: "connection",
    known: {
      ...laidOut({ ...ends, packets: null, bytes: null, sourceLabels: labels(flow, "source"), destinationLabels: labels(flow, "destination") }, way),
      protocol,
      icmpType,
      first: at,
      last: at,
      ...judged(flow, way),
      observer: textIn(flow["node_name"]) ?? textIn(event["node_name"]) ?? null,
      note: noteOf(flow, ip),
    },
  };
}

/** Who opened: the handshake, else Cilium's table of connections, else `fallback`. */
function wayOfFlow(flow: JsonObject, flags: JsonObject, fallback: Way): Way {
  if (flags["SYN"] === true) return { isReply: flags["ACK"] === true, direction: "handshake" };
  const isReply = flow["is_reply"];
  if (typeof isReply === "boolean") return { isReply, direction: "stated" };
  // Before Hubble 0.8 there was `reply` alone, of which only the true is told.
  if (flow["reply"] === true) return { isReply: true, direction: "stated" };
  const point = textIn(flow["sock_xlate_point"]);
  if (point?.endsWith("_FWD") === true || point?.endsWith("_REV") === true) return { isReply: point.endsWith("_REV"), direction: "stated" };
  const layer7 = textIn(objectIn(flow["l7"])["type"]);
  if (layer7 === "REQUEST" || layer7 === "RESPONSE") return { isReply: layer7 === "RESPONSE", direction: "stated" };
  return fallback;
}

function judged(flow: JsonObject, { isReply }: Way): Pick<Connection, "verdict" | "reason" | "rule" | "answered"> {
  const word = textIn(flow["verdict"]);
  // A packet to the proxy was let through so far. What audit mode would have dropped went through.
  const isAllowed = word === "FORWARDED" || word === "REDIRECTED" || word === "AUDIT";
  const isDenied = word === "DROPPED";
  const described = textIn(flow["drop_reason_desc"])?.replace(/^DROP_REASON_UNKNOWN$/, "") || undefined;
  const number = wholeIn(flow["drop_reason"]);
  const deniers = [...listIn(flow["egress_denied_by"]), ...listIn(flow["ingress_denied_by"])];
  const allowers = [...listIn(flow["egress_allowed_by"]), ...listIn(flow["ingress_allowed_by"])];
  return {
    verdict: isAllowed ? "allowed" : isDenied ? "denied" : null,
    reason: described ?? (isDenied && number !== null && number > 0 ? String(number) : word === "ERROR" ? "ERROR" : null),
    rule: policyNames(isDenied ? deniers : allowers),
    answered: isReply ? true : isDenied ? false : null,
  };
}

// A policy's name with its namespace has at most 507 characters, and few policies decide about one packet.
const policiesMax = 16;

function policyNames(policies: readonly unknown[]): string | null {
  const names = policies.slice(0, policiesMax).flatMap((policy) => {
    const { name, namespace } = { name: textIn(objectIn(policy)["name"]), namespace: textIn(objectIn(policy)["namespace"]) };
    return name === undefined ? [] : [namespace === undefined ? name : `${namespace}/${name}`];
  });
  return names.length === 0 ? null : [...new Set(names)].sort().join(", ");
}

function labels(flow: JsonObject, side: "source" | "destination"): Readonly<Record<string, string>> {
  const end = objectIn(flow[side]);
  const service = objectIn(flow[`${side}_service`]);
  return labelsOf({
    pod: textIn(end["pod_name"]),
    namespace: textIn(end["namespace"]) ?? textIn(service["namespace"]),
    workload: textIn(objectIn(listIn(end["workloads"])[0])["name"]),
    service: textIn(service["name"]),
    host: textIn(listIn(flow[`${side}_names`])[0]),
  });
}

function noteOf(flow: JsonObject, ip: JsonObject): string | null {
  const point = textIn(flow["trace_observation_point"]);
  const layer7 = objectIn(flow["l7"]);
  const words = [
    point === undefined || point === "UNKNOWN_POINT" ? undefined : `seen at ${point}`,
    flow["verdict"] === "AUDIT" ? "audit: would be denied" : undefined,
    flow["verdict"] === "REDIRECTED" ? "redirected to the proxy" : undefined,
    flow["l7"] === undefined || flow["l7"] === null
      ? undefined
      : `${["http", "dns", "kafka"].find((name) => layer7[name] !== undefined) ?? "layer 7"} ${textIn(layer7["type"])?.toLowerCase() ?? "event"}`,
    ip["encrypted"] === true ? "encrypted" : undefined,
    textIn(ip["source_xlated"]) === undefined ? undefined : `source translated to ${textIn(ip["source_xlated"])}`,
  ].filter((word) => word !== undefined);
  return words.length === 0 ? null : words.join("; ");
}
