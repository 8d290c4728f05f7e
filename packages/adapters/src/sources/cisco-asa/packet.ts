import type { Connection } from "@bulkhead/core/model/connection";
import { protocolNamed } from "../protocols.ts";
import { countOf, hasPorts, isIcmp, type Told, wrong } from "../record.ts";
import { endsOf as wireEnds, handshakeOf, icmpTypeOf } from "../wire.ts";
import { endOf, userIn } from "./end.ts";
import { shapes } from "./shapes.ts";

/** What a message about one packet says: mostly that it was denied. Null for a message that is no flow. */
export function packetTold(number: string, text: string): Told | null {
  const known = shapes.get(number);
  if (known === undefined) return null;
  for (const { pattern, verdict, reason, protocol } of known) {
    const groups = pattern.exec(text)?.groups;
    if (groups === undefined) continue;
    return told(groups, { verdict, reason, protocol });
  }
  return wrong("bad-message", `message ${number} does not read as a packet's ends`);
}

type Groups = Readonly<Record<string, string | undefined>>;
type Meaning = { readonly verdict: Connection["verdict"] | "said"; readonly reason: string | null; readonly protocol: string | null };

function told(groups: Groups, { verdict, reason, protocol: fixed }: Meaning): Told {
  const [source, destination] = [endOf(withPort(groups["s"]!, groups["sport"])), endOf(withPort(groups["d"]!, groups["dport"]))];
  if (source === null || destination === null) return wrong("bad-address", "source or destination is no address");
  const word = fixed ?? groups["p"];
  const isUntold = word === undefined || /^ip$/i.test(word);
  // 0 is no protocol that a packet to a port carries: what is denied as `IP` names none.
  const protocol = isUntold ? "0" : protocolNamed(word, source.address);
  if (protocol === null) return wrong("bad-protocol", "the protocol cannot be read");
  const { known, isTurned } = wireEnds({
    source: source.address,
    destination: destination.address,
    protocol,
    ...(hasPorts(protocol) ? { sourcePort: source.port, destinationPort: destination.port } : {}),
    icmpType: isIcmp(protocol) ? icmpTypeIn(groups) : null,
    handshake: protocol === "tcp" ? handshakeOf((groups["flags"] ?? "").toUpperCase().split(/\s+/)) : null,
  });
  const [sourceUser, destinationUser] = [userIn(groups["su"] ?? asBrackets(groups["user"])), userIn(groups["du"])];
  const said = verdict === "said" ? verdictOf(groups["word"]) : verdict;
  const hits = Number(groups["hits"] ?? 1);
  return {
    kind: "connection",
    known: {
      ...known,
      verdict: said,
      // A packet that was dropped reached nobody; one that answers was an answer.
      answered: said === "denied" && !isTurned ? false : null,
      rule: groups["rule"] ?? null,
      reason: said === "denied" ? reason : null,
      clientLabels: isTurned ? destinationUser : sourceUser,
      serverLabels: isTurned ? sourceUser : destinationUser,
      note: isUntold ? "the protocol is not told" : hits > 1 ? `${hits} hits in one message` : null,
    },
  };
}

const withPort = (end: string, port: string | undefined): string => (port === undefined ? end : `${end}/${port}`);
const asBrackets = (user: string | undefined): string | undefined => (user === undefined ? undefined : `(${user})`);

function verdictOf(word: string | undefined): Connection["verdict"] {
  if (word === "permitted" || word === "est-allowed") return "allowed";
  return word === "denied" ? "denied" : null;
}

/** The type of an ICMP message; access lists write it where ports stand. */
function icmpTypeIn({ type, sport }: Groups): number | null {
  return icmpTypeOf(countOf(type ?? sport));
}
