import type { Instant } from "@bulkhead/core/base/instant";
import type { PeerTable, Ruleset, Stretch } from "@bulkhead/core/compile/ruleset";
import { type Floor, skeletonText, tableName } from "./skeleton.ts";

/** A rule set as one generation of chains and maps whose names begin with `prefix`. `now` turns absolute ends into kernel timeouts. */
export interface Generation {
  readonly ruleset: Ruleset;
  readonly prefix: string;
  readonly now: Instant;
}

/** The texts of an installation: each is one `nft -f`, one atomic transaction of the kernel. */
export interface Texts {
  /** Loads the generation where nothing reaches it. */
  readonly stage: string;
  /** Lets it decide for a time; without `confirm` the kernel falls back by itself. */
  readonly trial: string;
  readonly confirm: string;
  /** Everything at once, in place of whatever the table holds: first installation, boot, healing. */
  readonly whole: string;
}

/** How a generation is put into force. */
export interface Manner {
  readonly floor: Floor;
  readonly trialMs: number;
  /** How long conversations that are older than the table may live on without an entry in conntrack; 0 for not at all. */
  readonly graceSeconds: number;
}

/** The texts that put a generation into force. */
export function textsOf(generation: Generation, { floor, trialMs, graceSeconds }: Manner): Texts {
  const { prefix } = generation;
  const body = generationText(generation);
  const families = (verdict: string, suffix: string): string => `{ ipv4${suffix} : ${verdict}, ipv6${suffix} : ${verdict} }`;
  const flush = (...maps: readonly string[]): string => maps.map((map) => `flush map inet ${tableName} ${map}\n`).join("");
  const add = (map: string, verdict: string, suffix = ""): string => `add element inet ${tableName} ${map} ${families(verdict, suffix)}\n`;
  const [goIn, goOut] = [`goto ${prefix}in`, `goto ${prefix}out`];
  const live = add("live_in", goIn) + add("live_out", goOut);
  const suffix = ` timeout ${trialMs}ms`;
  return {
    stage: `table inet ${tableName} {\n${body}\n}\n`,
    trial: flush("trial_in", "trial_out") + add("trial_in", goIn, suffix) + add("trial_out", goOut, suffix),
    confirm: flush("trial_in", "trial_out", "live_in", "live_out") + live,
    whole: `table inet ${tableName}\ndelete table inet ${tableName}\ntable inet ${tableName} {\n${skeletonText(floor)}\n${body}\n}\n${live}${graceSeconds > 0 ? graceText(graceSeconds) : ""}`,
  };
}

/** Gives old conversations so many seconds from now. */
export function graceText(seconds: number): string {
  return `flush map inet ${tableName} grace\nadd element inet ${tableName} grace { ipv4 timeout ${seconds}s : accept, ipv6 timeout ${seconds}s : accept }\n`;
}

/** The chains and maps of one generation, without the table around them. */
export function generationText({ ruleset, prefix, now }: Generation): string {
  const server = sideText(ruleset.inbound, { prefix, now, side: "server", peer: "original" });
  const client = sideText(ruleset.outbound, { prefix, now, side: "client", peer: "reply" });
  return [
    ...server,
    ...client,
    // Both directions of every packet are judged by the tuple that conntrack keeps, so a lost permission ends a conversation at once.
    chain(`${prefix}in`, [`ct state untracked goto ${prefix}untracked_in`, `ct direction reply goto ${prefix}client`, `goto ${prefix}server`]),
    chain(`${prefix}out`, [`ct state untracked goto ${prefix}untracked_out`, `ct direction reply goto ${prefix}server`, `goto ${prefix}client`]),
  ].join("\n");
}

interface Side {
  readonly prefix: string;
  readonly now: Instant;
  readonly side: "server" | "client";
  readonly peer: "original" | "reply";
}

const chain = (name: string, rules: readonly string[]): string => `  chain ${name} {\n${rules.map((rule) => `    ${rule}\n`).join("")}  }`;

function sideText(table: PeerTable, side: Side): readonly string[] {
  const { prefix, peer } = side;
  const name = `${prefix}${side.side}`;
  const goTo = (index: number): string => `goto ${name}_${index}`;
  const hosts = (isV6: boolean): string[] =>
    table.hosts.filter(({ address }) => address.includes(":") === isV6).map((one) => `${one.address} : ${goTo(one.class)}`);
  const ranges = (isV6: boolean): string[] =>
    table.ranges
      .filter(({ first }) => first.includes(":") === isV6)
      .map((one) => `${one.first === one.last ? one.first : `${one.first}-${one.last}`} : ${goTo(one.class)}`);
  const maps = [
    map(`${name}_host4`, "type ipv4_addr : verdict;", hosts(false)),
    map(`${name}_host6`, "type ipv6_addr : verdict;", hosts(true)),
    map(`${name}_range4`, "type ipv4_addr : verdict; flags interval;", ranges(false)),
    map(`${name}_range6`, "type ipv6_addr : verdict; flags interval;", ranges(true)),
  ];
  const looked = (four: string, six: string): string[] => [
    `${four} vmap @${name}_host4`,
    `${four} vmap @${name}_range4`,
    `${six} vmap @${name}_host6`,
    `${six} vmap @${name}_range6`,
    goTo(table.otherwise),
  ];
  const header = side.side === "server" ? "saddr" : "daddr";
  return [
    ...table.classes.flatMap((stretches, index) => classText(stretches, `${name}_${index}`, side)),
    ...maps,
    chain(name, looked(`ct ${peer} ip saddr`, `ct ${peer} ip6 saddr`)),
    // Multicast listener reports and redirects are never tracked: their own header tells the peer.
    chain(`${prefix}untracked_${side.side === "server" ? "in" : "out"}`, looked(`ip ${header}`, `ip6 ${header}`)),
  ];
}

function map(name: string, type: string, elements: readonly string[]): string {
  return `  map ${name} {\n    ${type}\n${elements.length === 0 ? "" : `    elements = { ${elements.join(",\n      ")} }\n`}  }`;
}

const withPorts: Readonly<Record<number, string>> = { 6: "tcp", 17: "udp", 132: "sctp" };
const rank = { pass: 0, would: 1, block: 2 } as const;

/** One class of peers: its ports in one map, ICMP and other protocols beside it, and what is left falls to the strictest of all. */
function classText(stretches: readonly Stretch[], name: string, { now, side }: Side): readonly string[] {
  const isTimed = (one: Stretch): boolean => one.until !== null;
  const strictest = stretches.reduce(
    (worst, one) => (rank[one.action] > rank[worst] ? one.action : isTimed(one) ? "block" : worst),
    "pass" as Stretch["action"],
  );
  const verdictOf = (action: Stretch["action"]): string => (action === "pass" ? "accept" : `goto ${action === "would" ? "would" : "deny"}_${side}`);
  const told = stretches.filter((one) => one.action !== strictest || isTimed(one));
  const portElement = (one: Stretch): string =>
    `${withPorts[one.protocol!]} . ${one.low === one.high ? one.low : `${one.low}-${one.high}`}${timeoutOf(one, now)}${commentOf(one)} : ${verdictOf(one.action)}`;
  const ports = (timed: boolean): string[] =>
    told.filter((one) => one.protocol !== null && withPorts[one.protocol] !== undefined && isTimed(one) === timed).map(portElement);
  const type = "typeof meta l4proto . th dport : verdict; flags interval";
  const [lasting, ending] = [ports(false), ports(true)];
  const byPort = (suffix: string): string => `meta l4proto { tcp, udp, sctp } meta l4proto . ct reply proto-src vmap @${name}${suffix}`;
  const named = stretches.filter(({ protocol }) => protocol !== null).map(({ protocol }) => protocol!);
  const others = stretches.find(({ protocol }) => protocol === null);
  const rules = [
    ...(lasting.length > 0 ? [byPort("_ports")] : []),
    ...(ending.length > 0 ? [byPort("_ending")] : []),
    ...told.filter(({ protocol }) => protocol === 1 || protocol === 58).flatMap((one) => icmpRules(one, verdictOf(one.action), now)),
    ...told
      .filter(({ protocol }) => protocol !== null && protocol !== 1 && protocol !== 58 && withPorts[protocol] === undefined)
      .map((one) => `meta l4proto ${one.protocol}${whileInForce(one, now)} ${verdictOf(one.action)}`),
    ...(others !== undefined && others.action !== strictest
      ? [`meta l4proto != { ${[...new Set(named)].sort((a, b) => a - b).join(", ")} }${whileInForce(others, now)} ${verdictOf(others.action)}`]
      : []),
    verdictOf(strictest),
  ];
  return [
    ...(lasting.length > 0 ? [map(`${name}_ports`, `${type}; counter;`, lasting)] : []),
    ...(ending.length > 0 ? [map(`${name}_ending`, `${type},timeout; counter;`, ending)] : []),
    chain(name, rules),
  ];
}

const timeoutOf = ({ until }: Stretch, now: Instant): string => (until === null ? "" : ` timeout ${Math.max(1, Math.floor((until - now) / 1_000_000))}s`);

/** Rule names as a comment of an element: nft takes 128 characters. */
function commentOf({ by }: Stretch): string {
  const text = by.join(" ");
  return text === "" ? "" : ` comment "${text.length > 120 ? `${text.slice(0, 117)}...` : text}"`;
}

// What answers a request has the request's fate, in either direction: RFC 792, RFC 4443.
const answers: Readonly<Record<number, Readonly<Record<number, number>>>> = { 1: { 8: 0, 13: 14, 15: 16, 17: 18 }, 58: { 128: 129, 139: 140 } };

function icmpRules(one: Stretch, verdict: string, now: Instant): readonly string[] {
  const word = one.protocol === 1 ? "icmp" : "icmpv6";
  const replies = Object.entries(answers[one.protocol!]!).filter(([request]) => one.low <= Number(request) && Number(request) <= one.high);
  const isAnswer = (type: number): boolean => Object.values(answers[one.protocol!]!).includes(type);
  const limit = whileInForce(one, now);
  return [
    // A bare answer is nobody's request: conntrack calls it invalid before it comes here, so only the types that ask are looked at as such.
    ...spans(one.low, one.high, isAnswer).map(([low, high]) => `${word} type ${low === high ? low : `${low}-${high}`}${limit} ${verdict}`),
    ...replies.map(([, reply]) => `${word} type ${reply}${limit} ${verdict}`),
  ];
}

/** The stretches of low…high that leave out what `isOut` says. */
function spans(low: number, high: number, isOut: (type: number) => boolean): readonly (readonly [number, number])[] {
  const found: [number, number][] = [];
  for (let type = low; type <= high; type += 1) {
    const last = found.at(-1);
    if (isOut(type)) continue;
    if (last !== undefined && last[1] === type - 1) last[1] = type;
    else found.push([type, type]);
  }
  return found;
}

/** A condition that ends by itself where there is no element to carry a timeout: the kernel's clock. */
function whileInForce({ until }: Stretch, now: Instant): string {
  return until === null || until <= now ? "" : ` meta time < ${Math.floor(until / 1_000_000)}`;
}
