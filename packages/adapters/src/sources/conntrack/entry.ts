import type { Part } from "../joined-lines.ts";
import { noteOf, zoneRemark } from "../notes.ts";
import { portNamed } from "../protocols.ts";
import { addressOf, countOf, hasPorts, isIcmp, type Known, microsOf, protocolOf, wrong } from "../record.ts";
import { whenOf } from "../when.ts";

// `[1600000000.123456]	[NEW] ipv4     2 tcp      6 120 SYN_SENT src=…`: only name and number of the protocol are always there.
const shape =
  /^\s*(?:\[(\d{1,10}(?:\.\d{1,9})?)\s*\]\s*)?(?:\[(NEW|UPDATE|DESTROY)\]\s*)?(?:(?:ipv4|ipv6)\s+\d{1,3}\s+)?([a-z][\w-]{1,15})\s+(\d{1,3})\s+(?:\d{1,10}\s+)?(?:[A-Z_\d]{2,20}\s+)?(?:\[\w+\]\s+)?(src=.*)$/;

export const isConntrack = (line: string): boolean => {
  const [, , , , , rest = ""] = shape.exec(line) ?? [];
  return (rest.match(/\bsrc=[\da-f.:]+ dst=[\da-f.:]+/g)?.length ?? 0) === 2;
};

/** One way of an entry: what its packets have as source and destination. */
interface Tuple {
  readonly source: string;
  readonly destination: string;
  readonly sourcePort: number | null;
  readonly destinationPort: number | null;
  readonly type: number | null;
  readonly packets: number | null;
  readonly bytes: number | null;
}

/** What a line of the table or of the events says; null for a line that is neither. */
export function conntrackPart(line: string): Part | null {
  const [, stamp, event, , number, rest] = shape.exec(line) ?? [];
  if (rest === undefined) return null;
  if (Number(number) > 255) return wrong("bad-protocol", "the protocol is no number below 256");
  const protocol = protocolOf(Number(number));
  const cut = rest.indexOf(" src=");
  if (cut < 0) return wrong("columns", "the entry has only one way");
  const [there, back] = [tupleOf(rest.slice(0, cut), protocol), tupleOf(rest.slice(cut), protocol)];
  if (there === null || back === null) return wrong("bad-address", "an end of the entry is no address");
  const known = knownOf({ there, back, protocol }, rest, { stamp, event });
  if (event === undefined) return { kind: "connection", known };
  const [, id] = /\bid=(\d{1,20})\b/.exec(rest) ?? [];
  const [, zone = ""] = /\bzone(?:-orig)?=(\d{1,10})\b/.exec(rest) ?? [];
  const ends = `${there.source} ${there.sourcePort} ${there.destination} ${there.destinationPort} ${/\bid=(\d+)/.exec(rest.slice(0, cut))?.[1] ?? ""}`;
  // The id of an ICMP echo is written like the id of the entry.
  const key = id === undefined || isIcmp(protocol) ? `${protocol} ${ends} ${zone}` : `id ${id}`;
  return { kind: event === "DESTROY" ? "closing" : event === "NEW" ? "opening" : "ongoing", key, known };
}

interface Ways {
  readonly there: Tuple;
  readonly back: Tuple;
  readonly protocol: string;
}

function knownOf(
  { there, back, protocol }: Ways,
  rest: string,
  { stamp, event }: { readonly stamp: string | undefined; readonly event: string | undefined },
): Known {
  const at = microsOf(stamp);
  const [, start] = /\[start=([^\]]{1,40})\]/.exec(rest) ?? [];
  const [, stop] = /\[stop=([^\]]{1,40})\]/.exec(rest) ?? [];
  const [started, stopped] = [whenOf(start), whenOf(stop)];
  const isAnswered = !rest.includes("[UNREPLIED]");
  return {
    client: there.source,
    server: there.destination,
    protocol,
    clientPort: there.sourcePort,
    serverPort: there.destinationPort,
    icmpType: there.type,
    packetsToServer: there.packets,
    bytesToServer: there.bytes,
    packetsToClient: back.packets,
    bytesToClient: back.bytes,
    // The original direction is that of the first packet the kernel saw.
    direction: "first-packet",
    answered: isAnswered,
    first: started.at ?? (event === "DESTROY" ? beganAt(at, rest) : event === "NEW" || event === undefined ? at : null),
    last: stopped.at ?? at,
    note: noteOf(
      zoneRemark(started.at === null ? stopped : started),
      back.source === there.destination && back.sourcePort === there.destinationPort ? null : `server translated, ${endText(back.source, back.sourcePort)}`,
      back.destination === there.source && back.destinationPort === there.sourcePort
        ? null
        : `client translated, ${endText(back.destination, back.destinationPort)}`,
    ),
  };
}

/** When an entry that ends now began: with `nf_conntrack_timestamp` it says how many seconds ago. */
function beganAt(at: number | null, rest: string): number | null {
  const [, seconds] = /\bdelta-time=(\d{1,9})\b/.exec(rest) ?? [];
  return at === null || seconds === undefined ? null : Math.max(0, at - Number(seconds) * 1_000_000);
}

const endText = (address: string, port: number | null): string => (port === null ? address : `${address.includes(":") ? `[${address}]` : address}:${port}`);

function tupleOf(text: string, protocol: string): Tuple | null {
  const field = (name: string): string | undefined => new RegExp(`(?:^| )${name}=(\\S{1,64})`).exec(text)?.[1];
  const [source, destination] = [addressOf(field("src")), addressOf(field("dst"))];
  if (source === null || destination === null) return null;
  const ports = hasPorts(protocol) ? [portNamed(field("sport")), portNamed(field("dport"))] : [null, null];
  const type = isIcmp(protocol) ? countOf(field("type")) : null;
  return {
    source,
    destination,
    sourcePort: ports[0] ?? null,
    destinationPort: ports[1] ?? null,
    type: type !== null && type < 256 ? type : null,
    packets: countOf(field("packets")),
    bytes: countOf(field("bytes")),
  };
}
