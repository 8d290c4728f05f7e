import type { Connection } from "@bulkhead/core/model/connection";
import { type JsonObject, labelsOf, listIn, objectIn, portIn, textIn, timeOfUnits, wholeIn } from "../json-fields.ts";
import { addressOf, hasPorts, isIcmp, type Known, protocolOf, type Told, wrong } from "../record.ts";
import { wayOfIcmp } from "../icmp-way.ts";
import { laidOut } from "../laid-out.ts";
import { type Way, wayOf } from "../one-way.ts";

/** What one flow of NetObserv says: one direction as one interface saw it, or a tracked conversation. */
export function toldByRow(row: JsonObject): Told {
  const [source, destination] = [addressOf(textIn(row["SrcAddr"])), addressOf(textIn(row["DstAddr"]))];
  if (source === null || destination === null) return wrong("bad-address", "`SrcAddr` or `DstAddr` is no address");
  const number = wholeIn(row["Proto"]);
  if (number === null || number > 255) return wrong("bad-protocol", "`Proto` is no number below 256");
  const protocol = protocolOf(number);
  const [sourcePort, destinationPort] = hasPorts(protocol) ? [portIn(row["SrcPort"]), portIn(row["DstPort"])] : [null, null];
  const ends = { source, destination, sourcePort, destinationPort };
  const { icmpType, ...icmp } = wayOfIcmp(protocol, isIcmp(protocol) ? wholeIn(row["IcmpType"]) : null);
  const byFlags = protocol === "tcp" ? wayByFlags(row["Flags"] ?? row["TCPFlags"]) : null;
  const way = byFlags ?? (isIcmp(protocol) ? icmp : wayOf({ ...ends, flags: null, packets: null }));
  const rate = wholeIn(row["Sampling"] ?? row["SamplingRate"]);
  const isTracked = row["Bytes_AB"] !== undefined || row["Packets_AB"] !== undefined;
  return {
    kind: "connection",
    known: {
      ...laidOut({ ...ends, ...countsOf(row), sourceLabels: labels(row, "Src"), destinationLabels: labels(row, "Dst") }, way),
      ...(isTracked ? conversationOf(row, way) : {}),
      protocol,
      icmpType,
      ...timesOf(row),
      ...judged(row),
      sampling: rate !== null && rate > 1 ? rate : null,
      observer: observerOf(row),
      note: noteOf(row),
    },
  };
}

// The agent adds up the flags of a direction, and has flags of its own for SYN-ACK, FIN-ACK and RST-ACK.
const [syn, ack, synAck] = [2, 16, 256];

/** Who opened by the flags of a direction: a SYN without any ACK is the client's, a SYN-ACK the server's; both added up may be either's. */
function wayByFlags(value: unknown): Way | null {
  const words = listIn(value).map(String);
  const flags =
    words.length > 0 ? (words.includes("SYN") ? syn : 0) | (words.includes("ACK") ? ack : 0) | (words.includes("SYN_ACK") ? synAck : 0) : wholeIn(value);
  if (flags === null) return null;
  if ((flags & synAck) !== 0) return { isReply: true, direction: "handshake" };
  return (flags & syn) !== 0 && (flags & ack) === 0 ? { isReply: false, direction: "handshake" } : null;
}

const countsOf = (row: JsonObject): { readonly packets: number | null; readonly bytes: number | null } => ({
  packets: wholeIn(row["Packets"]),
  bytes: wholeIn(row["Bytes"]),
});

/** Both ways of a tracked conversation; A is the source. */
function conversationOf(
  row: JsonObject,
  { isReply }: Way,
): Pick<Known, "packetsToServer" | "bytesToServer" | "packetsToClient" | "bytesToClient" | "answered"> {
  const there = { packets: wholeIn(row["Packets_AB"]), bytes: wholeIn(row["Bytes_AB"]) };
  const back = { packets: wholeIn(row["Packets_BA"]), bytes: wholeIn(row["Bytes_BA"]) };
  const [toServer, toClient] = isReply ? [back, there] : [there, back];
  return {
    packetsToServer: toServer.packets,
    bytesToServer: toServer.bytes,
    packetsToClient: toClient.packets,
    bytesToClient: toClient.bytes,
    answered: toClient.packets === null ? null : toClient.packets > 0,
  };
}

/** Milliseconds in today's records, seconds in older ones; without any, when the collector received it. */
function timesOf(row: JsonObject): Pick<Connection, "first" | "last"> {
  const first = timeOfUnits(row["TimeFlowStartMs"], 1000) ?? timeOfUnits(row["TimeFlowStart"], 1_000_000);
  const last = timeOfUnits(row["TimeFlowEndMs"], 1000) ?? timeOfUnits(row["TimeFlowEnd"], 1_000_000);
  const received = timeOfUnits(row["TimeReceived"], 1_000_000);
  return { first: first ?? last ?? received, last: last ?? first ?? received };
}

// Drop causes that are somebody's rule; the others are the kernel's own (full queues, bad checksums).
const ruled = /NETFILTER_DROP|OVS_DROP_EXPLICIT|OVS_DROP_LAST_ACTION|SOCKET_FILTER|BPF_CGROUP_EGRESS/;

function judged(row: JsonObject): Pick<Known, "verdict" | "reason" | "rule"> {
  const cause = textIn(row["PktDropLatestDropCause"]) ?? null;
  // The latest policy that had a say, where the cluster's network tells it.
  const event = objectIn(listIn(row["NetworkEvents"]).findLast((one) => objectIn(one)["Action"] !== undefined));
  const action = textIn(event["Action"])?.toLowerCase();
  const name = [textIn(event["Namespace"]), textIn(event["Name"])].filter((word) => word !== undefined).join("/");
  const dropped = wholeIn(row["PktDropPackets"]) ?? 0;
  const isAllDropped = dropped > 0 && (wholeIn(row["Packets"]) ?? 0) <= dropped;
  const byCause = isAllDropped && cause !== null && ruled.test(cause) ? ("denied" as const) : null;
  return {
    verdict: action === "drop" || action === "reject" || action === "deny" ? "denied" : action?.startsWith("allow") === true ? "allowed" : byCause,
    rule: name === "" ? null : name,
    reason: cause,
  };
}

/** The node's agent and the interface where it listened: one packet passes several. */
function observerOf(row: JsonObject): string | null {
  const agent = addressOf(textIn(row["AgentIP"])) ?? addressOfBase64(textIn(row["SamplerAddress"]));
  const interfaces = [textIn(row["Interface"]), ...listIn(row["Interfaces"]).map(textIn)].filter((name) => name !== undefined);
  const number = wholeIn(row["InIf"]);
  const place = interfaces[0] ?? (number !== null && number > 0 ? `if${number}` : undefined);
  if (agent === null) return place ?? null;
  return place === undefined ? agent : `${agent} ${place}`;
}

/** Protobuf's JSON writes the bytes of an address as base64. */
function addressOfBase64(text: string | undefined): string | null {
  if (text === undefined) return null;
  if (addressOf(text) !== null) return addressOf(text);
  if (!/^(?:[A-Za-z0-9+/]{6}|[A-Za-z0-9+/]{22})==$/.test(text)) return null;
  const bytes = Array.from(atob(text), (character) => character.charCodeAt(0));
  if (bytes.length === 4) return addressOf(bytes.join("."));
  const hexes = bytes.map((byte) => byte.toString(16).padStart(2, "0"));
  return addressOf(hexes.map((hex, at) => (at % 2 === 0 && at > 0 ? `:${hex}` : hex)).join(""));
}

function labels(row: JsonObject, side: "Src" | "Dst"): Readonly<Record<string, string>> {
  const kind = textIn(row[`${side}K8S_Type`]);
  const name = textIn(row[`${side}K8S_Name`]);
  const isKind = (wanted: string): string | undefined => (kind === wanted ? name : undefined);
  const owner = textIn(row[`${side}K8S_OwnerName`]) ?? textIn(row[`${side}Workload`]);
  return labelsOf({
    pod: isKind("Pod") ?? (kind === undefined ? name : undefined) ?? textIn(row[`${side}Pod`]),
    service: isKind("Service"),
    node: isKind("Node") ?? textIn(row[`${side}K8S_HostName`]),
    namespace: textIn(row[`${side}K8S_Namespace`]) ?? textIn(row[`${side}Namespace`]),
    // A node or a service is its own owner.
    workload: kind === "Node" || kind === "Service" ? (owner === name ? undefined : owner) : owner,
    host: (kind === undefined || ["Pod", "Service", "Node"].includes(kind) ? undefined : name) ?? textIn(row[`${side}SubnetLabel`]),
  });
}

function noteOf(row: JsonObject): string | null {
  const isByAgent = row["TimeFlowStartMs"] !== undefined || row["Interfaces"] !== undefined || row["Interface"] !== undefined;
  const dropped = wholeIn(row["PktDropPackets"]) ?? 0;
  const translated = [textIn(row["XlatSrcAddr"]), textIn(row["XlatDstAddr"])];
  const words = [
    isByAgent ? "frame bytes" : undefined,
    dropped > 0 ? `${dropped} packets dropped` : undefined,
    row["Duplicate"] === true || row["Duplicate"] === "true" ? "duplicate" : undefined,
    textIn(row["_RecordType"]) === undefined || row["_RecordType"] === "flowLog" ? undefined : textIn(row["_RecordType"]),
    translated[0] === undefined && translated[1] === undefined ? undefined : `translated to ${translated[0] ?? "?"} → ${translated[1] ?? "?"}`,
    timeOfUnits(row["TimeFlowStartMs"] ?? row["TimeFlowStart"], 1) === null ? "time of receipt" : undefined,
    textIn(row["DnsName"]) === undefined ? undefined : `asks for ${textIn(row["DnsName"])}`,
  ].filter((word) => word !== undefined);
  return words.length === 0 ? null : words.join("; ");
}
