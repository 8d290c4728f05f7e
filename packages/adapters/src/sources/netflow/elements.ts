/** netflow/ reads what routers and probes export: NetFlow 1, 5, 7, 9 and IPFIX; elements.ts knows their fields, template.ts their layouts, export.ts their messages. */

/** How the bytes of a field are read: an unsigned number, NTP time in microseconds, a floating-point number, or as they lie. */
export type Kind = "number" | "ntp" | "float" | "four" | "six" | "text" | "bytes";

/**
 * What we take of a record, by name: its kind, and the elements that say it, the best first. An element is `number` of IANA's registry (which
 * version 9 shares), or `enterprise/number`. Names follow RFC 7012; `reverse` is RFC 5103's.
 */
const wanted = {
  sourceFour: ["four", "8"],
  destinationFour: ["four", "12"],
  sourceSix: ["six", "27"],
  destinationSix: ["six", "28"],
  sourcePort: ["number", "7", "182", "180"],
  destinationPort: ["number", "11", "183", "181"],
  protocol: ["number", "4", "193"],
  tcpFlags: ["number", "6"],
  // CERT's YAF tells the flags of the first packet apart.
  firstFlags: ["number", "6871/14"],
  laterFlags: ["number", "6871/15"],
  bytes: ["number", "1"],
  packets: ["number", "2"],
  bytesTotal: ["number", "85"],
  packetsTotal: ["number", "86"],
  // Counted on the way out of the router, behind whatever it changed: where nothing else is counted.
  bytesOut: ["number", "23", "171"],
  packetsOut: ["number", "24", "172"],
  bytesOfFrames: ["number", "352", "353"],
  bytesBack: ["number", "29305/1"],
  packetsBack: ["number", "29305/2"],
  bytesBackTotal: ["number", "29305/85"],
  packetsBackTotal: ["number", "29305/86"],
  initiatorBytes: ["number", "231"],
  responderBytes: ["number", "232"],
  initiatorPackets: ["number", "298"],
  responderPackets: ["number", "299"],
  startSeconds: ["number", "150"],
  endSeconds: ["number", "151"],
  startMillis: ["number", "152"],
  endMillis: ["number", "153"],
  startMicros: ["ntp", "154"],
  endMicros: ["ntp", "155"],
  startNanos: ["ntp", "156"],
  endNanos: ["ntp", "157"],
  startBefore: ["number", "158"],
  endBefore: ["number", "159"],
  startUptime: ["number", "22"],
  endUptime: ["number", "21"],
  bootMillis: ["number", "160"],
  lastingMillis: ["number", "161"],
  lastingMicros: ["number", "162"],
  eventSeconds: ["number", "322"],
  eventMillis: ["number", "323"],
  eventMicros: ["ntp", "324"],
  eventNanos: ["ntp", "325"],
  icmpFour: ["number", "32"],
  icmpSix: ["number", "139"],
  icmpTypeFour: ["number", "176"],
  icmpTypeSix: ["number", "178"],
  biflowDirection: ["number", "239"],
  // 40005 is what the ASA sent before 233 was registered.
  firewallEvent: ["number", "233", "40005"],
  firewallReason: ["number", "33002"],
  aclIn: ["bytes", "33000"],
  aclOut: ["bytes", "33001"],
  forwarding: ["number", "89"],
  translatedSourceFour: ["four", "225", "40001"],
  translatedDestinationFour: ["four", "226", "40002"],
  translatedSourceSix: ["six", "281"],
  translatedDestinationSix: ["six", "282"],
  translatedSourcePort: ["number", "227", "40003"],
  translatedDestinationPort: ["number", "228", "40004"],
  // 40000 the ASA's, 56702 PAN-OS's.
  user: ["text", "371", "40000", "56702"],
  exporterFour: ["four", "130", "403"],
  exporterSix: ["six", "131", "404"],
  samplingInterval: ["number", "34"],
  samplerId: ["number", "48", "302"],
  samplerInterval: ["number", "50"],
  sampledPackets: ["number", "305"],
  skippedPackets: ["number", "306"],
  sampleSize: ["number", "309"],
  population: ["number", "310"],
  samplingProbability: ["float", "311"],
  ingress: ["number", "10"],
  // The head of a sampled packet (RFC 5477): from the IP header on, or from the frame on.
  packetSection: ["bytes", "313"],
  frameSection: ["bytes", "315", "104"],
  // Cisco's client and server, in version 9 and in IPFIX.
  clientFour: ["four", "45004", "9/12236"],
  serverFour: ["four", "45005", "9/12237"],
  clientSix: ["six", "45006", "9/12238"],
  serverSix: ["six", "45007", "9/12239"],
  clientPort: ["number", "45008", "9/12240"],
  serverPort: ["number", "45009", "9/12241"],
  // VMware's distributed switch: the conversation inside VXLAN.
  innerSourceFour: ["four", "6876/881"],
  innerDestinationFour: ["four", "6876/882"],
  innerSourceSix: ["six", "6876/883"],
  innerDestinationSix: ["six", "6876/884"],
  innerSourcePort: ["number", "6876/886"],
  innerDestinationPort: ["number", "6876/887"],
  innerProtocol: ["number", "6876/880"],
  // A list of sub-templates of several kinds (RFC 6313).
  subTemplates: ["bytes", "293"],
  // Barracuda's firewall.
  rule: ["text", "10704/4"],
  // Antrea.
  sourceNamespace: ["text", "56506/100"],
  sourcePod: ["text", "56506/101"],
  destinationNamespace: ["text", "56506/102"],
  destinationPod: ["text", "56506/103"],
  sourceNode: ["text", "56506/104"],
  destinationNode: ["text", "56506/105"],
  destinationService: ["text", "56506/109"],
  ingressPolicy: ["text", "56506/110"],
  egressPolicy: ["text", "56506/112"],
  ingressAction: ["number", "56506/139"],
  egressAction: ["number", "56506/140"],
} as const satisfies Record<string, readonly [Kind, ...string[]]>;

export type SlotName = keyof typeof wanted;

const names = Object.keys(wanted) as readonly SlotName[];

/** Where each value stands among the values of a record. */
export const slot = Object.fromEntries(names.map((name, at) => [name, at])) as Readonly<Record<SlotName, number>>;
export const slotCount = names.length;
export const kindOf: readonly Kind[] = names.map((name) => wanted[name][0]);

interface Place {
  readonly slot: number;
  /** Of two elements that say the same, the one with the lower rank is taken. */
  readonly rank: number;
}

const places: ReadonlyMap<number, Place> = new Map(
  names.flatMap((name) => wanted[name].slice(1).map((element, rank) => [keyOf(...elementOf(element)), { slot: slot[name], rank }] as const)),
);

/** Where a field belongs, or undefined when it is none of ours. */
export function placeOf(enterprise: number, element: number): Place | undefined {
  return places.get(keyOf(enterprise, element));
}

function keyOf(enterprise: number, element: number): number {
  return enterprise * 65_536 + element;
}

function elementOf(text: string): [enterprise: number, element: number] {
  const [first = "", second] = text.split("/");
  return second === undefined ? [0, Number(first)] : [Number(first), Number(second)];
}
