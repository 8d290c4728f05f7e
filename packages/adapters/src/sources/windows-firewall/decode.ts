import type { Connection } from "@bulkhead/core/model/connection";
import type { FlowFormat } from "@bulkhead/core/outside";
import { firstLines } from "../first-lines.ts";
import { noteOf } from "../notes.ts";
import { noticeWords } from "../notice-words.ts";
import { portNamed, protocolNamed } from "../protocols.ts";
import { lineDecoder } from "../line-decoder.ts";
import { addressOf, countOf, hasPorts, type Known, nothing, type Told, wrong } from "../record.ts";
import { type When, whenOf, zoneless } from "../when.ts";
import { endsOf, handshakeIn, icmpTypeOf, statedEnds, type Wire } from "../wire.ts";

const usual = "date time action protocol src-ip dst-ip src-port dst-port size tcpflags tcpsyn tcpack tcpwin icmptype icmpcode info path".split(" ");
const needed = ["action", "protocol", "src-ip", "dst-ip"];

/** The Windows firewall's own text log, pfirewall.log, by the columns that its header names. */
export const windowsFirewall: FlowFormat = {
  name: "windows-firewall",
  tells: {
    reads: "pfirewall.log of Windows XP to 11, by its `#Fields`",
    opener: ["handshake", "stated", "port", "unknown"],
    answered: "sometimes",
    verdict: "sometimes",
    rule: "never",
    reason: "never",
    counts: ["one", "none"],
    connections: ["events", "windows"],
    bytes: ["ip"],
    sampling: "unsaid",
    labels: [],
    times: "instant",
    gaps: "`INFO-EVENTS-LOST` says how many events are missing; only dropped packets have a size; times are local, without a zone; which rule decided is not written",
  },
  recognises: (head) => firstLines(head).some(isHeader),
  decoder(input) {
    const word = noticeWords();
    let fields: readonly string[] = usual;
    return lineDecoder("windows-firewall", input, (line) => {
      const text = line.replaceAll("\0", "").trim();
      if (text === "") return nothing;
      if (!text.startsWith("#")) return toldBy(text, fields, word);
      if (isHeader(text)) fields = text.slice("#Fields:".length).trim().toLowerCase().split(/\s+/);
      return nothing;
    });
  },
};

const isHeader = (line: string): boolean => /^#Fields:/i.test(line) && needed.every((name) => line.toLowerCase().includes(` ${name} `));

type Field = (name: string) => string | undefined;

function toldBy(line: string, fields: readonly string[], word: (text: string) => string): Told {
  const values = line.split(/\s+/, 64);
  const field: Field = (name) => {
    const value = values[fields.indexOf(name)];
    return value === "-" ? undefined : value;
  };
  const action = field("action")?.toUpperCase();
  if (action === "INFO-EVENTS-LOST") return { kind: "notice", reason: word(`INFO-EVENTS-LOST (${countOf(field("info")) ?? "unknown"} events)`) };
  if (action === undefined || !(action in verdicts)) return wrong("bad-action", "the action is none that the firewall writes");
  const [source, destination] = [addressOf(field("src-ip")), addressOf(field("dst-ip"))];
  if (source === null || destination === null) return wrong("bad-address", "src-ip or dst-ip is no address");
  const protocol = protocolNamed(field("protocol"), source);
  if (protocol === null) return wrong("bad-protocol", "the protocol cannot be read");
  const when = whenOf(`${field("date") ?? ""} ${field("time") ?? ""}`);
  if (when.at === null) return wrong("bad-time", "date and time are no time");
  return { kind: "connection", known: knownOf(field, { source, destination, protocol }, { action, when }) };
}

const verdicts: Readonly<Record<string, Connection["verdict"]>> = Object.assign(
  Object.create(null) as object,
  {
    OPEN: "allowed",
    "OPEN-INBOUND": "allowed",
    ALLOW: "allowed",
    DROP: "denied",
    CLOSE: null,
  } as const,
);

function knownOf(field: Field, ends: Wire, { action, when }: { readonly action: string; readonly when: When }): Known {
  const { protocol } = ends;
  const ports = hasPorts(protocol) ? { sourcePort: portNamed(field("src-port")), destinationPort: portNamed(field("dst-port")) } : {};
  const isPacket = action === "DROP";
  const size = countOf(field("size"));
  const wire: Wire = {
    ...ends,
    ...ports,
    icmpType: icmpTypeOf(countOf(field("icmptype"))),
    handshake: protocol === "tcp" ? handshakeIn(field("tcpflags")) : null,
    packets: isPacket ? 1 : null,
    // What it let through has a size of 0 in newer versions: none was measured.
    bytes: isPacket && size !== null && size > 0 ? size : null,
  };
  // Opened and allowed is a connection, written from the side of who began it; so is not a packet, or an end.
  const isOpened = action !== "DROP" && action !== "CLOSE";
  const { known, isTurned } = endsOf(wire);
  return {
    ...(isOpened ? statedEnds(wire) : known),
    first: when.at,
    last: when.at,
    verdict: verdicts[action] ?? null,
    answered: isPacket && !isTurned ? false : null,
    note: noteOf(action === "CLOSE" ? "the end of a connection" : null, zoneless),
  };
}
