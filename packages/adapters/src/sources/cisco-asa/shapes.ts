import type { Connection } from "@bulkhead/core/model/connection";

/** How a message about one packet is written, and what it means. `said` is a verdict that the message has in words. */
export interface Shape {
  readonly pattern: RegExp;
  readonly verdict: Connection["verdict"] | "said";
  readonly reason: string | null;
  /** The protocol where the message means one without naming it. */
  readonly protocol: string | null;
}

// Pieces of a message, written as Cisco's manual does: {s} and {d} are the ends, {su} and {du} users in brackets behind them.
const pieces: Readonly<Record<string, string>> = {
  s: "(?<s>[^\\s(),;]{1,200})",
  d: "(?<d>[^\\s(),;]{1,200}?)(?=[.:]?(?:[\\s(),;]|$))",
  su: "(?<su>(?: ?\\((?!type )[^()]{0,300}\\))*)",
  du: "(?<du>(?: ?\\((?!type )[^()]{0,300}\\))*)",
  p: "(?<p>[\\w-]{1,20})",
  if: "\\S{1,100}",
  flags: "(?<flags>[A-Z ]{1,60}?) *",
  type: "(?<type>\\d{1,3})",
  list: "(?<rule>\\S{1,250})",
  n: "\\d{1,20}",
  w: "\\w{1,60}",
};

const shapeTexts: readonly (readonly [numbers: string, text: string, verdict: Shape["verdict"], reason?: string | null, protocol?: string])[] = [
  ["106001", "Inbound TCP connection denied from {s} to {d} flags {flags} on", "denied", null, "tcp"],
  ["106002", "{p} [Cc]onnection denied by outbound list {list} src {s}{su} dest {d}{du}", "denied"],
  ["106006", "Deny inbound UDP from {s}{su} to {d}{du} on", "denied", null, "udp"],
  ["106007", "Deny inbound UDP from {s}{su} to {d}{du} due to DNS", "denied", "DNS", "udp"],
  ["106010 106014", "Deny inbound (?:protocol )?{p} src {s}{su} dst {d}{du}(?: \\(type {type}, code {n}\\))?", "denied"],
  ["106011", "Deny inbound \\(No xlate\\) {p}(?: {n})? ?src {s}{su} dst {d}{du}(?: \\(type {type}, code {n}\\))?", "denied", "no translation"],
  ["106012", "Deny (?:{p}) from {s} to {d}, IP options", "denied", "IP options"],
  ["106013", "Dropping echo request from {s} to PAT address {d}", "denied", "PAT address", "icmp"],
  ["106015", "Deny TCP \\(no connection\\) from {s} to {d} flags {flags} on", "denied", "no connection", "tcp"],
  ["106016", "Deny (?:{p}) spoof from \\(?{s}\\)? to {d} on", "denied", "spoofed address"],
  ["106017", "Deny (?:{p}) due to Land Attack from {s} to {d}", "denied", "land attack"],
  ["106018", "ICMP packet type {type} denied by outbound list {list} src {s}{su} dest {d}{du}", "denied", null, "icmp"],
  ["106020", "Deny (?:{p}) teardrop fragment \\(size = {n}, offset = {n}\\) from {s} to {d}", "denied", "teardrop fragment"],
  ["106021", "Deny (?:protocol )?{p} reverse path check from {s} to {d} on", "denied", "reverse path check"],
  ["106022", "Deny (?:protocol )?{p} connection spoof from {s} to {d} on", "denied", "spoofed connection"],
  [
    "106023",
    'Deny (?:protocol )?{p} src {s}{su} dst {d}{du}(?: ?\\[[^\\[\\]]{0,300}\\]){0,2}(?: \\(type {type}, code {n}\\))? by access[-_]group "?(?<rule>[^"\\s]{1,250})',
    "denied",
  ],
  [
    "106100",
    "access-list {list} (?<word>\\S{1,20}) {p} [^\\s/]{1,100}/(?<s>[^\\s()]{1,100})\\((?<sport>[\\w-]{1,40})\\){su} -> [^\\s/]{1,100}/(?<d>[^\\s()]{1,100})\\((?<dport>[\\w-]{1,40})\\){du} hit-cnt (?<hits>\\d{1,9})",
    "said",
  ],
  [
    "106102 106103",
    "access-list {list} (?<word>\\S{1,20}) {p} for user '?(?<user>[^\\s']{1,200})'? [^\\s/]{1,100}/(?<s>[^\\s()]{1,100})[( ](?<sport>[\\w-]{1,40})\\)? (?:-> )?[^\\s/]{1,100}/(?<d>[^\\s()]{1,100})[( ](?<dport>[\\w-]{1,40})\\)? hit-cnt (?<hits>\\d{1,9})",
    "said",
  ],
  ["110002", "Failed to locate egress interface for (?:protocol )?{p} from {s} to {d}", "denied", "no egress interface"],
  ["110003", "Routing failed to locate next[- ]hop for (?:protocol )?{p} from {s} to {d}", "denied", "no next hop"],
  [
    "201010 201011 201012 201013",
    "[\\w -]{0,60}limit exceeded {n}/{n} for (?:input|output|{w}) packet from {s} to {d} on",
    "denied",
    "connection limit exceeded",
    "tcp",
  ],
  ["209003 209004 209005", "[^:]{0,200}: src = {s}, dest = {d}, proto = {p}", "denied", "invalid fragment"],
  [
    "305005",
    "No translation group found for (?:protocol )?{p}(?: {n})? src {s}{su} dst {d}{du}(?: \\(type {type}, code {n}\\))?",
    "denied",
    "no translation group",
  ],
  [
    "305006",
    "[\\w ]{1,60}translation creation failed for (?:protocol )?{p}(?: {n})? src {s}{su} dst {d}{du}(?: \\(type {type}, code {n}\\))?",
    "denied",
    "translation failed",
  ],
  [
    "305013",
    "Asymmetric NAT rules matched for forward and reverse flows; Connection (?:for )?(?:protocol )?{p} src {s}{su} dst {d}{du}(?: \\(type {type}, code {n}\\))? denied",
    "denied",
    "NAT reverse path",
  ],
  ["313004", "Denied ICMP type={type}, from (?:laddr )?{s} on interface {if} to {d}", "denied", "no matching session", "icmp"],
  ["313005", "No matching connection for ICMP error message: {p} src {s}{su} dst {d}{du} \\(type {type}, code {n}\\)", "denied", "no matching connection"],
  ["313009", "Denied invalid ICMP code {n}, for {s}{su} to {d}{du}.{0,300}?ICMP type {type}", "denied", "invalid ICMP code", "icmp"],
  ["402117", "IPSEC: Received a non-IPsec packet \\(protocol= ?{p}\\) from {s} to {d}", "denied", "not encrypted"],
  ["402119", "IPSEC: Received an? {p} packet \\([^()]{0,200}\\) from {s}{su} to {d}", "denied", "replayed"],
  ["402114 402115 402116 402118", "IPSEC: Received an? {p} packet \\([^()]{0,200}\\) from {s}{su} to {d}", "denied", "IPsec check"],
  ["410001", "Dropped {p} DNS {w} from {s} to {d}", "denied", "DNS inspection"],
  ["419001", "Dropping TCP packet from {s} to {d}, reason: (?:.*)", "denied", "segment size", "tcp"],
  ["419002", "(?:Received )?[Dd]uplicate TCP SYN from {s}{su} to {d}{du} with", null, null, "tcp"],
  ["500003", "Bad TCP hdr length \\([^()]{0,100}\\) from {s} to {d}", "denied", "bad TCP header", "tcp"],
  ["500004", "Invalid transport field for protocol={p}, from {s} to {d}", "denied", "invalid transport field"],
  ["602303 602304", "IPSEC: An (?:inbound|outbound) [\\w -]{1,60} SA \\([^()]{0,100}\\) between {s} and {d}", null, null, "esp"],
  ["710001", "{p} access requested from {s} to {d}", null],
  ["710002", "{p} access permitted from {s} to {d}", "allowed"],
  ["710003", "{p} access denied by ACL from {s} to {d}", "denied", "access to the firewall"],
  ["710004", "{p} connection limit exceeded from {s} to {d}", "denied", "connection limit exceeded"],
  ["710005 710006", "{p} request discarded from {s} to {d}", "denied", "no such service"],
];

/** The shapes of each message number. */
export const shapes: ReadonlyMap<string, readonly Shape[]> = new Map(
  shapeTexts.flatMap(([numbers, text, verdict, reason = null, protocol = null]) =>
    numbers.split(" ").map((number) => [number, [shapeOf(text, { verdict, reason, protocol })]] as const),
  ),
);

function shapeOf(text: string, meaning: Omit<Shape, "pattern">): Shape {
  const source = text.replace(/\{(s|d|su|du|p|if|flags|type|list|n|w)\}/g, (_, name: string) => pieces[name]!);
  return { ...meaning, pattern: new RegExp(`^${source}`) };
}
