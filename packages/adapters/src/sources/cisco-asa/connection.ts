import type { Instant } from "@bulkhead/core/base/instant";
import type { Part } from "../joined-lines.ts";
import { protocolNamed } from "../protocols.ts";
import { hasPorts, type Known, wrong } from "../record.ts";
import { endsOf as wireEnds } from "../wire.ts";
import { type End, endOf, translationIn, userIn } from "./end.ts";

// `real (mapped)(user) to real (mapped)(user) …`: brackets may touch the address or not.
const brackets = "((?: ?\\([^()]{0,300}\\))*)";
const end = "([^\\s()]{1,200})";
const kinds = "(?:Probe |Probe TCP )?(TCP|UDP|SCTP|GRE)(?: state-bypass)?";
const built = new RegExp(`^Built (inbound|outbound|initiator|responder)? ?${kinds} connection (\\S{1,40}) (?:for|from) ${end}${brackets} to ${end}${brackets}`);
const torn = new RegExp(`^Teardown ${kinds} connection (\\S{1,40}) (?:for|from) ${end}${brackets} to ${end}${brackets}(.*)$`);
const icmpShape = new RegExp(
  `^(Built|Teardown) (?:(inbound|outbound) )?ICMP connection for faddr ${end}${brackets} gaddr ${end}${brackets} laddr ${end}${brackets}(.*)$`,
);
const shapeless = /^(Built|Teardown) (?:\S+ ){0,2}(TCP|UDP|SCTP|GRE|ICMP)\b.* connection/;

/** Messages 302013 to 302036, 302303 to 302306: a connection that is built or torn down. Null for a message that is neither. */
export function connectionPart(number: string, text: string, at: Instant | null): Part | null {
  // Stubs of a cluster tell of a connection that its owner tells of too.
  if (/ (director|backup|forwarder) stub /.test(text.slice(0, 60)) || text.startsWith("Pre-allocate")) return null;
  const icmp = icmpShape.exec(text);
  if (icmp !== null) return icmpPart(icmp, at);
  const begin = built.exec(text);
  if (begin !== null) return builtPart(begin);
  const over = torn.exec(text);
  if (over !== null) return tornPart(over, at);
  return shapeless.test(text) ? wrong("bad-message", `message ${number} does not read as the connection it should name`) : null;
}

function builtPart([, way = "", kind, id, a, aBrackets, b, bBrackets]: RegExpExecArray): Part {
  const [one, two] = [endOf(a!), endOf(b!)];
  if (one === null || two === null) return unreadable;
  // Inbound connections are opened from the less trusted side, which is named first; outbound ones from the other.
  const isTurned = way === "outbound";
  const [clientBrackets, serverBrackets] = isTurned ? [bBrackets, aBrackets] : [aBrackets, bBrackets];
  const [client, server] = isTurned ? [two, one] : [one, two];
  return {
    kind: "opening",
    key: `${kind} ${id}`,
    known: {
      ...endsFrom(client, server, kind!),
      direction: way === "" ? "unknown" : "stated",
      verdict: "allowed",
      clientLabels: userOf([clientBrackets, serverBrackets]),
      note: translationNote([
        [client, clientBrackets, "client"],
        [server, serverBrackets, "server"],
      ]),
    },
  };
}

function tornPart([, kind, id, a, aBrackets, b, bBrackets, rest = ""]: RegExpExecArray, at: Instant | null): Part {
  const [one, two] = [endOf(a!), endOf(b!)];
  if (one === null || two === null) return unreadable;
  const protocol = protocolNamed(kind, one.address)!;
  const ports = hasPorts(protocol) ? { sourcePort: one.port, destinationPort: two.port } : {};
  const { known, isTurned } = wireEnds({ source: one.address, destination: two.address, protocol, ...ports });
  const [oneUser, twoUser] = [userIn(aBrackets), userIn(bBrackets)];
  const [, bytes] = /\bbytes (\d{1,15})\b/.exec(rest) ?? [];
  const [, ended] = /\bbytes \d+ ([A-Z][^()]{2,60}?)(?: from \S+)?(?: \([^()]*\))?\s*$/.exec(rest) ?? [];
  const notes = [...(ended === undefined ? [] : [`ended by ${ended.trim()}`]), ...(bytes === undefined ? [] : [`${bytes} bytes in both directions together`])];
  return {
    kind: "closing",
    key: `${kind} ${id}`,
    known: {
      ...known,
      clientLabels: isTurned ? twoUser : oneUser,
      serverLabels: isTurned ? oneUser : twoUser,
      answered: answeredBy(ended),
      note: notes.length === 0 ? null : notes.join("; "),
      ...timesOf(rest, at),
    },
  };
}

function icmpPart([, verb, way, faddr, fBrackets, , , laddr, lBrackets, rest = ""]: RegExpExecArray, at: Instant | null): Part {
  const [foreign, local] = [endOf(faddr!), endOf(laddr!)];
  if (foreign === null || local === null) return unreadable;
  // Without a word of who opened, the local end is named first, as others read it.
  const isTurned = way !== "inbound";
  const [client, server] = isTurned ? [local, foreign] : [foreign, local];
  const [, type] = /\btype (\d{1,3})\b/.exec(rest) ?? [];
  const known: Known = {
    ...endsFrom(client, server, "icmp"),
    icmpType: type === undefined ? null : Number(type),
    direction: way === undefined ? "unknown" : "stated",
    clientLabels: userOf(isTurned ? [lBrackets, fBrackets] : [fBrackets, lBrackets]),
  };
  const key = `icmp ${faddr} ${laddr}`;
  return verb === "Built"
    ? { kind: "opening", key, known: { ...known, verdict: "allowed" } }
    : { kind: "closing", key, known: { ...known, ...timesOf(rest, at) } };
}

/** Who opened: the user named beside the client, else the one of the whole connection, who stands last. */
function userOf([clientBrackets, serverBrackets]: readonly [string | undefined, string | undefined]): Readonly<Record<string, string>> {
  const user = userIn(clientBrackets);
  return "user" in user ? user : userIn(serverBrackets);
}

const unreadable: Part = wrong("bad-address", "an end of the connection is no address");

function endsFrom(client: End, server: End, kind: string): Pick<Known, "client" | "server" | "protocol" | "clientPort" | "serverPort"> {
  const protocol = protocolNamed(kind, client.address)!;
  const ports = hasPorts(protocol) ? { clientPort: client.port, serverPort: server.port } : {};
  return { client: client.address, server: server.address, protocol, ...ports };
}

/** A handshake that ended answered; one that timed out did not. */
function answeredBy(ended: string | undefined): boolean | null {
  if (ended === undefined) return null;
  if (ended.startsWith("SYN Timeout")) return false;
  return /^TCP FINs|^FIN Timeout|^Half-closed/i.test(ended) ? true : null;
}

/** When it began and ended, if it ended at `at`. An ASA counts hours on, or writes days before them. */
function timesOf(rest: string, at: Instant | null): Pick<Known, "first" | "last"> {
  const [, days = "0", hours, minutes, seconds] = /\bduration (?:(\d{1,5})d ?)?(\d{1,6}):(\d\d):(\d\d)\b/.exec(rest) ?? [];
  if (at === null || hours === undefined) return { last: at };
  const lasted = (((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000_000;
  return { first: Math.max(0, at - lasted), last: at };
}

function translationNote(sides: readonly (readonly [real: End, brackets: string | undefined, side: string])[]): string | null {
  const notes = sides.flatMap(([real, words, side]) => {
    const translated = translationIn(words);
    const mapped = translated === null ? null : endOf(translated);
    if (mapped === null || (mapped.address === real.address && mapped.port === real.port)) return [];
    return [`${side} translated, ${translated}`];
  });
  return notes.length === 0 ? null : notes.join("; ");
}
