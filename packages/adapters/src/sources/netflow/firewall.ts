import type { Connection } from "@bulkhead/core/model/connection";
import { fourText, sixText } from "../address-texts.ts";
import { slot } from "./elements.ts";
import type { Values } from "./template.ts";

type Verdict = Pick<Connection, "verdict" | "reason" | "rule">;

const none: Verdict = { verdict: null, reason: null, rule: null };

// IANA's firewallEvent. That a flow is made or goes on means that it may pass; that it ended means nothing, and an alert neither.
const verdictOfEvent: Readonly<Record<number, Connection["verdict"]>> = { 1: "allowed", 3: "denied", 5: "allowed" };
// Cisco's NF_F_FW_EXT_EVENT (ASA NetFlow implementation guide).
const reasons: Readonly<Record<number, string>> = {
  1001: "ingress access list",
  1002: "egress access list",
  1003: "access to an interface of the firewall",
  1004: "first packet is no SYN",
};
// RFC 7270 §4.12; only what a list decided is a verdict, the rest are troubles of the network.
const dropped: Readonly<Record<number, string>> = {
  129: "ACL deny",
  130: "ACL drop",
  131: "unroutable",
  132: "adjacency",
  133: "fragmentation needed",
  134: "bad header checksum",
  135: "bad total length",
  136: "bad header length",
  137: "bad TTL",
  138: "policer",
  139: "WRED",
  140: "RPF",
  141: "for us",
  142: "bad output interface",
  143: "hardware",
};

/** What a firewall, a router or a network policy decided about the flow, by which rule. */
export function verdictOf(values: Values): Verdict {
  const { numbers } = values;
  const event = numbers[slot.firewallEvent]!;
  const forwarding = numbers[slot.forwarding]!;
  const rule = numbers[slot.rule]!;
  if (event < 0 && forwarding < 0 && rule < 0) return numbers[slot.ingressAction]! >= 0 || numbers[slot.egressAction]! >= 0 ? verdictOfPolicy(values) : none;
  const status = forwarding & 0xff;
  if (event < 0 && forwarding >= 0 && status >= 128 && status < 192) {
    const reason = dropped[status] ?? "dropped";
    return { verdict: status === 129 || status === 130 ? "denied" : null, reason, rule: ruleOf(values) };
  }
  const verdict = verdictOfEvent[event] ?? null;
  const code = numbers[slot.firewallReason]!;
  return { verdict, reason: verdict === "denied" && code > 0 ? (reasons[code] ?? `event ${code}`) : null, rule: ruleOf(values) };
}

/** The rule by name, or by the three hashes under which the ASA logs its access list, entry and object. */
function ruleOf(values: Values): string | null {
  const named = textOf(values, slot.rule);
  if (named !== null) return named;
  for (const acl of [slot.aclIn, slot.aclOut]) {
    const at = values.numbers[acl]!;
    if (at < 0 || values.sizes[acl] !== 12) continue;
    const hashes = [0, 4, 8].map((offset) => values.view.getUint32(at + offset));
    if (hashes[0] !== 0) return hashes.map((hash) => `0x${hash.toString(16).padStart(8, "0")}`).join(" ");
  }
  return null;
}

const actions: Readonly<Record<number, Connection["verdict"]>> = { 1: "allowed", 2: "denied", 3: "denied" };

/** Antrea: two network policies, the sender's and the receiver's; either can deny. */
function verdictOfPolicy(values: Values): Verdict {
  const [leaves, enters] = [actions[values.numbers[slot.egressAction]!] ?? null, actions[values.numbers[slot.ingressAction]!] ?? null];
  const [egress, ingress] = [textOf(values, slot.egressPolicy), textOf(values, slot.ingressPolicy)];
  if (leaves === "denied") return { verdict: "denied", reason: null, rule: egress };
  if (enters === "denied") return { verdict: "denied", reason: null, rule: ingress };
  return { verdict: leaves ?? enters, reason: null, rule: ingress ?? egress };
}

const named = {
  source: [
    ["user", slot.user],
    ["namespace", slot.sourceNamespace],
    ["pod", slot.sourcePod],
    ["node", slot.sourceNode],
  ],
  destination: [
    ["namespace", slot.destinationNamespace],
    ["pod", slot.destinationPod],
    ["node", slot.destinationNode],
    ["service", slot.destinationService],
  ],
} as const;

/** Whether a record may name users or pods. */
export const hasNames = ({ numbers }: Values): boolean =>
  numbers[slot.user]! >= 0 || numbers[slot.sourcePod]! >= 0 || numbers[slot.destinationPod]! >= 0 || numbers[slot.sourceNode]! >= 0;

/** What the record calls one of its ends. */
export function labelsOf(values: Values, end: keyof typeof named): Readonly<Record<string, string>> {
  const labels = named[end].flatMap(([key, at]) => {
    const text = textOf(values, at);
    return text === null ? [] : [[key, text] as const];
  });
  return Object.fromEntries(labels);
}

const utf8 = new TextDecoder();
// Names end here; the longest of Kubernetes has 253.
const textMax = 256;

/** A text without its padding; null where there is none. */
function textOf({ numbers, sizes, bytes }: Values, at: number): string | null {
  const from = numbers[at]!;
  if (from < 0) return null;
  const text = utf8.decode(bytes.subarray(from, from + Math.min(sizes[at]!, textMax)));
  const cut = text.indexOf("\0");
  const trimmed = (cut < 0 ? text : text.slice(0, cut)).trim();
  return trimmed === "" ? null : trimmed;
}

interface Remarks {
  readonly isOfExport: boolean;
  readonly isInner: boolean;
  readonly isUnsaid: boolean;
}

/** What is unusual about the record. */
export function noteOf(values: Values, { isOfExport, isInner, isUnsaid }: Remarks): string | null {
  const { numbers } = values;
  const isTranslated = numbers[slot.translatedSourceFour]! > 0 || numbers[slot.translatedDestinationFour]! > 0 || numbers[slot.translatedSourceSix]! >= 0;
  const isCountedElsewhere = numbers[slot.bytes]! < 0 && numbers[slot.bytesTotal]! < 0;
  if (!isOfExport && !isInner && !isUnsaid && !isTranslated && !isCountedElsewhere) return null;
  const remarks = [
    ...(isInner ? ["VXLAN inner"] : []),
    ...(isTranslated ? translationOf(values) : []),
    ...(isCountedElsewhere ? countedOf(numbers) : []),
    ...(isOfExport ? ["times of the export"] : []),
    ...(isUnsaid ? ["protocol not told"] : []),
  ];
  return remarks.length === 0 ? null : remarks.join("; ");
}

function countedOf(numbers: Float64Array): readonly string[] {
  // IANA defines 231 and 232 as what TCP or UDP carried.
  if (numbers[slot.initiatorBytes]! >= 0 || numbers[slot.responderBytes]! >= 0) return ["payload bytes"];
  if (numbers[slot.bytesOut]! >= 0) return [];
  return numbers[slot.bytesOfFrames]! >= 0 ? ["frame bytes"] : [];
}

/** Where the flow went on under other addresses. */
function translationOf({ numbers, bytes }: Values): readonly string[] {
  const end = (four: number, six: number): string | null =>
    numbers[four]! > 0 ? fourText(numbers[four]!) : numbers[six]! >= 0 ? sixText(bytes, numbers[six]!) : null;
  const port = (at: number): string => (numbers[at]! > 0 ? ` port ${numbers[at]}` : "");
  const source = end(slot.translatedSourceFour, slot.translatedSourceSix);
  const destination = end(slot.translatedDestinationFour, slot.translatedDestinationSix);
  return [
    ...(source === null || isUnchanged(source, { numbers, bytes }, "source") ? [] : [`source translated to ${source}${port(slot.translatedSourcePort)}`]),
    ...(destination === null || isUnchanged(destination, { numbers, bytes }, "destination")
      ? []
      : [`destination translated to ${destination}${port(slot.translatedDestinationPort)}`]),
  ];
}

// The ASA fills in the translated addresses also where nothing was translated.
function isUnchanged(text: string, { numbers, bytes }: Pick<Values, "numbers" | "bytes">, end: "source" | "destination"): boolean {
  const [four, six] =
    end === "source" ? [numbers[slot.sourceFour]!, numbers[slot.sourceSix]!] : [numbers[slot.destinationFour]!, numbers[slot.destinationSix]!];
  return text === (four >= 0 ? fourText(four) : six >= 0 ? sixText(bytes, six) : "");
}
