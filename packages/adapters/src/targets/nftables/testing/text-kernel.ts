/** testing/ is a second reading of the texts that this folder writes: small, and made without looking at how they are made. */
import { ipOf } from "@bulkhead/core/base/ip";

/** The first packet of a conversation as a hook sees it. */
export interface Packet {
  readonly chain: string;
  readonly peer: string;
  readonly protocol: number;
  /** The server's port, or the ICMP type. */
  readonly port: number;
  /** Seconds since the text was loaded, and since 1970. */
  readonly afterSeconds: number;
  readonly atSeconds: number;
}

interface Entry {
  readonly key: string;
  readonly seconds: number;
  readonly verdict: string;
}

const names: Readonly<Record<string, number>> = { tcp: 6, udp: 17, sctp: 132, icmp: 1, icmpv6: 58 };

/** What the chains and maps of a text do with a packet: `accept`, or the chain outside the text where it ends. */
export function verdictOfText(text: string, packet: Packet): string {
  const maps = new Map<string, readonly Entry[]>();
  const chains = new Map<string, readonly string[]>();
  for (const [, name, body] of text.matchAll(/^ {2}map (\S+) \{\n([\s\S]*?)^ {2}\}/gm)) maps.set(name!, entriesOf(body!));
  for (const [, name, body] of text.matchAll(/^ {2}chain (\S+) \{\n([\s\S]*?)^ {2}\}/gm)) chains.set(name!, body!.trim().split(/\n\s*/));
  let at = packet.chain;
  for (;;) {
    const rules = chains.get(at);
    if (rules === undefined) return at;
    const verdict = rules.map((rule) => verdictOfRule(rule, packet, maps)).find((one) => one !== null);
    if (verdict === undefined || verdict === null) throw new Error(`${at} says nothing of ${JSON.stringify(packet)}`);
    if (verdict === "accept") return verdict;
    at = verdict.slice("goto ".length);
  }
}

function entriesOf(body: string): readonly Entry[] {
  const written = /elements = \{ ([\s\S]*) \}/.exec(body)?.[1];
  return (written ?? "")
    .split(/,\s+/)
    .filter((one) => one !== "")
    .map((one) => {
      const [, key, seconds, verdict] = /^(\S+(?: \. \S+)?)(?: timeout (\d+)s)?(?: comment "[^"]*")? : (.+)$/.exec(one) ?? [];
      if (key === undefined) throw new Error(`an element that cannot be read: ${one}`);
      return { key, seconds: seconds === undefined ? Infinity : Number(seconds), verdict: verdict! };
    });
}

function verdictOfRule(rule: string, packet: Packet, maps: ReadonlyMap<string, readonly Entry[]>): string | null {
  let rest = rule;
  const eat = (shape: RegExp): readonly string[] | null => {
    const found = shape.exec(rest);
    if (found !== null) rest = rest.slice(found[0].length).trim();
    return found;
  };
  for (;;) {
    if (rest === "accept" || rest.startsWith("goto ")) return rest;
    // First packets are tracked, and go in the original direction.
    if (eat(/^ct state untracked|^ct direction reply/) !== null) return null;
    const protocols = eat(/^meta l4proto (!= )?(?:\{ ([^}]*) \}|(\d+))/);
    const icmp = protocols === null ? eat(/^(icmp|icmpv6) type (\d+)(?:-(\d+))?/) : null;
    const ends = icmp === null && protocols === null ? eat(/^meta time < (\d+)/) : null;
    const looked = protocols ?? icmp ?? ends ?? eat(/^(?:meta l4proto \. ct reply proto-src|ct (?:original|reply) (ip6?) saddr) vmap @(\S+)/);
    if (looked === null) throw new Error(`a rule that cannot be read: ${rule}`);
    if (protocols !== null) {
      const listed = (protocols[2] ?? protocols[3]!).split(", ").map((word) => names[word] ?? Number(word));
      if (listed.includes(packet.protocol) === (protocols[1] !== undefined)) return null;
      // `meta l4proto X meta l4proto . ct …` is a condition and then a look-up.
      continue;
    }
    if (icmp !== null) {
      const low = Number(icmp[2]);
      if (names[icmp[1]!] !== packet.protocol || packet.port < low || packet.port > Number(icmp[3] ?? low)) return null;
      continue;
    }
    if (ends !== null) {
      if (packet.atSeconds >= Number(ends[1])) return null;
      continue;
    }
    if (looked[1] !== undefined && (looked[1] === "ip6") !== packet.peer.includes(":")) return null;
    const entries = maps.get(looked[2]!);
    if (entries === undefined) throw new Error(`no map ${looked[2]}`);
    const found = entries.find(
      ({ key, seconds }) => packet.afterSeconds < seconds && (looked[1] === undefined ? isService(key, packet) : isWithin(key, packet.peer)),
    );
    return found?.verdict ?? null;
  }
}

function isService(key: string, { protocol, port }: Packet): boolean {
  const [name, range] = key.split(" . ");
  const [low, high] = range!.split("-").map(Number);
  return names[name!] === protocol && low! <= port && port <= (high ?? low!);
}

function isWithin(key: string, peer: string): boolean {
  const [low, high] = key.split("-").map((text) => ipOf(text)!.value);
  const { value } = ipOf(peer)!;
  return low! <= value && value <= (high ?? low!);
}
