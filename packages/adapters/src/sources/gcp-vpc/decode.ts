import type { FlowFormat } from "@bulkhead/core/outside";
import { jsonDecoder, jsonHead } from "../json-decoder.ts";
import { type JsonObject, labelsOf, listIn, objectIn, portIn, textIn, timeIn, wholeIn } from "../json-fields.ts";
import { addressOf, hasPorts, type Known, protocolOf, type Told, wrong } from "../record.ts";
import { laidOut, type Sides } from "../laid-out.ts";
import { wayOf } from "../one-way.ts";

/** Google Cloud's VPC flow logs, and its firewall rules logs, as Cloud Logging exports its entries. */
export const gcpVpc: FlowFormat = {
  name: "gcp-vpc",
  tells: {
    reads: "Google Cloud VPC flow logs and firewall rules logs, log entries as JSON",
    opener: ["stated", "port", "unknown"],
    answered: "sometimes",
    verdict: "sometimes",
    rule: "sometimes",
    reason: "never",
    counts: ["one", "none"],
    connections: ["windows", "records"],
    bytes: ["unsaid"],
    sampling: "unsaid",
    labels: ["host", "namespace", "node", "pod", "service", "workload"],
    times: "window",
    gaps: "packets are sampled, and what each sampled packet stands for is added up by Google; connections that no sample met are missing, unsaid",
  },
  recognises(head) {
    const text = jsonHead(head);
    return (
      /"connection"\s*:\s*\{/.test(text) && text.includes('"src_ip"') && text.includes('"dest_ip"') && /"jsonPayload"|"reporter"|"rule_details"/.test(text)
    );
  },
  decoder: (input) => jsonDecoder({ source: "gcp-vpc", into: ["entries"], tell: (entry) => [toldBy(entry)] }, input),
};

function toldBy(entry: JsonObject): Told {
  // Agents that forward entries strip the envelope.
  const payload = entry["jsonPayload"] === undefined ? entry : objectIn(entry["jsonPayload"]);
  const connection = objectIn(payload["connection"]);
  if (payload["connection"] === undefined) return { kind: "nothing" };
  const [source, destination] = [addressOf(textIn(connection["src_ip"])), addressOf(textIn(connection["dest_ip"]))];
  if (source === null || destination === null) return wrong("bad-address", "`src_ip` or `dest_ip` is no address");
  const number = wholeIn(connection["protocol"]);
  if (number === null || number > 255) return wrong("bad-protocol", "the protocol is no number below 256");
  const protocol = protocolOf(number);
  const [sourcePort, destinationPort] = hasPorts(protocol) ? [portIn(connection["src_port"]), portIn(connection["dest_port"])] : [null, null];
  const ends = { source, destination, sourcePort, destinationPort };
  const isFirewall = textIn(payload["disposition"]) !== undefined;
  return { kind: "connection", known: { protocol, ...(isFirewall ? firewallRule(ends, entry, payload) : flow(ends, payload)) } };
}

type Ends = Pick<Sides, "source" | "destination" | "sourcePort" | "destinationPort">;

function flow(ends: Ends, payload: JsonObject): Omit<Known, "protocol"> {
  const [packets, bytes] = [wholeIn(payload["packets_sent"]), wholeIn(payload["bytes_sent"])];
  const [sourceLabels, destinationLabels] = [labels(payload, "src"), labels(payload, "dest")];
  return {
    ...laidOut({ ...ends, packets, bytes, sourceLabels, destinationLabels }, wayOf({ ...ends, flags: null, packets })),
    first: timeIn(payload["start_time"]),
    last: timeIn(payload["end_time"]),
    observer: observerOf(payload),
  };
}

/** What the end of a flow is: a machine, or a pod on a node. */
function labels(payload: JsonObject, side: "src" | "dest"): Readonly<Record<string, string>> {
  const instance = objectIn(payload[`${side}_instance`]);
  const cluster = objectIn(payload[`${side}_gke_details`]);
  const pod = objectIn(cluster["pod"]);
  const service = objectIn(listIn(cluster["service"])[0]);
  const machine = textIn(instance["vm_name"]);
  const podName = textIn(pod["pod_name"]);
  return labelsOf({
    pod: podName,
    namespace: textIn(pod["pod_namespace"]) ?? textIn(service["service_namespace"]),
    workload: textIn(objectIn(pod["pod_workload"])["workload_name"]) ?? textIn(objectIn(instance["managed_instance_group"])["name"]),
    service: textIn(service["service_name"]) ?? textIn(objectIn(payload[`${side}_google_service`])["service_name"]),
    node: podName === undefined ? undefined : machine,
    host: podName === undefined ? machine : undefined,
  });
}

/** The machine that reported; both ends of a conversation may. */
function observerOf(payload: JsonObject): string | null {
  const reporter = textIn(payload["reporter"]);
  const side = reporter?.startsWith("SRC") === true ? "src" : reporter?.startsWith("DEST") === true ? "dest" : undefined;
  const instance = side === undefined ? {} : objectIn(payload[`${side}_instance`]);
  const { project_id: project, vm_name: machine } = { project_id: textIn(instance["project_id"]), vm_name: textIn(instance["vm_name"]) };
  if (machine !== undefined) return project === undefined ? machine : `${project}/${machine}`;
  // Tunnels and attachments to other networks report, too.
  return textIn(objectIn(payload[`${side}_gateway`])["name"]) ?? reporter ?? null;
}

/** A firewall's log names who opened, the machine it guards, and the rule. */
function firewallRule(ends: Ends, entry: JsonObject, payload: JsonObject): Omit<Known, "protocol"> {
  const rule = objectIn(payload["rule_details"]);
  const machine = labelsOf({ host: textIn(objectIn(payload["instance"])["vm_name"]) });
  const remote = labelsOf({ host: textIn(objectIn(payload["remote_instance"])["vm_name"]) });
  const isInbound = rule["direction"] === "INGRESS";
  const at = timeIn(entry["timestamp"]);
  const disposition = payload["disposition"];
  return {
    ...laidOut(
      { ...ends, packets: null, bytes: null, sourceLabels: isInbound ? remote : machine, destinationLabels: isInbound ? machine : remote },
      { isReply: false, direction: "stated" },
    ),
    first: at,
    last: at,
    verdict: disposition === "ALLOWED" ? "allowed" : disposition === "DENIED" ? "denied" : null,
    answered: disposition === "DENIED" ? false : null,
    rule: textIn(rule["reference"]) ?? null,
    observer: textIn(objectIn(payload["instance"])["vm_name"]) ?? null,
  };
}
