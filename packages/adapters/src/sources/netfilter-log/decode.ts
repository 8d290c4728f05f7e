import type { Connection } from "@bulkhead/core/model/connection";
import type { FlowFormat } from "@bulkhead/core/outside";
import { firstLines } from "../first-lines.ts";
import { noteOf, zoneRemark } from "../notes.ts";
import { equalPairs, type Pairs } from "../pairs.ts";
import { portNamed, protocolNamed } from "../protocols.ts";
import { lineDecoder } from "../line-decoder.ts";
import { addressOf, countOf, hasPorts, noLabels, nothing, type Told, wrong } from "../record.ts";
import { type Around, aroundOf, journalLine } from "./around.ts";
import { runningYear, type YearOf } from "../when.ts";
import { endsOf, handshakeOf, icmpTypeOf } from "../wire.ts";

// Whatever prefix a rule has stands right before it, often without a blank.
const start = /IN=[\w.:@-]{0,15} (?:PHYSIN=\S{0,15} )?OUT=/;

/** Packets that a rule of nftables or iptables logs to the kernel's log: one record a packet. */
export const netfilterLog: FlowFormat = {
  name: "netfilter-log",
  tells: {
    reads: "the kernel's log of nftables' `log` and iptables' `LOG`, and ulogd's; over syslog, from `dmesg`, from `journalctl -k`, also as JSON",
    opener: ["handshake", "stated", "port", "unknown"],
    answered: "sometimes",
    verdict: "sometimes",
    rule: "sometimes",
    reason: "never",
    counts: ["one"],
    connections: ["windows"],
    bytes: ["ip"],
    sampling: "unsaid",
    labels: ["user"],
    times: "instant",
    gaps: "only packets that a rule logs; `limit` leaves packets out and does not say so; the verdict is known only when the rule's prefix names it; without a year in the time there is no time, unless `--year` says it or `bulkhead listen` hears it come",
  },
  recognises: (head) => firstLines(head).some((line) => start.test(line) && /\bSRC=[\da-f.:]+ DST=[\da-f.:]+ LEN=\d+/i.test(line)),
  decoder(input) {
    const yearOf = runningYear(input.year);
    return lineDecoder("netfilter-log", input, (line) => (line.trim() === "" ? nothing : toldBy(line, yearOf)));
  },
};

function toldBy(line: string, yearOf: YearOf | null): Told {
  const journal = journalLine(line);
  const whole = journal?.message ?? line;
  const found = start.exec(whole);
  if (found === null) return { kind: "notice", reason: "a line that is no packet of netfilter" };
  const { envelope, prefix } = aroundOf(whole.slice(0, found.index), yearOf);
  const rest = whole.slice(found.index);
  // An ICMP error quotes the packet it is about in brackets.
  const quoted = rest.indexOf(" [SRC=");
  const text = quoted < 0 ? rest : rest.slice(0, quoted);
  const pairs = equalPairs(text);
  if (!pairs.has("SRC") && !pairs.has("DST")) return { kind: "notice", reason: "a packet without addresses" };
  return packetTold(pairs, text, { envelope: journal?.envelope ?? envelope, prefix });
}

function packetTold(pairs: Pairs, text: string, { envelope, prefix }: Around): Told {
  const [source, destination] = [addressOf(pairs.get("SRC")), addressOf(pairs.get("DST"))];
  if (source === null || destination === null) return wrong("bad-address", "SRC or DST is no address");
  const protocol = protocolNamed(pairs.get("PROTO"), source);
  if (protocol === null) return wrong("bad-protocol", "PROTO is no protocol");
  const flags = text.match(/ (SYN|ACK|FIN|RST)(?= |$)/g)?.map((flag) => flag.trim()) ?? [];
  const { known, isTurned } = endsOf({
    source,
    destination,
    protocol,
    ...(hasPorts(protocol) ? { sourcePort: portNamed(pairs.get("SPT")), destinationPort: portNamed(pairs.get("DPT")) } : {}),
    icmpType: icmpTypeOf(countOf(pairs.get("TYPE"))),
    handshake: protocol === "tcp" ? handshakeOf(flags) : null,
    packets: 1,
    bytes: countOf(pairs.get("LEN")),
  });
  const verdict = verdictOf(prefix);
  const user = pairs.get("UID");
  const labels = user === undefined ? noLabels : { user: `uid ${user}` };
  return {
    kind: "connection",
    known: {
      ...known,
      first: envelope.when.at,
      last: envelope.when.at,
      observer: envelope.host,
      verdict,
      // What was dropped reached nobody, unless it was an answer itself.
      answered: verdict === "denied" && !isTurned ? false : null,
      rule: ruleOf(prefix),
      // The user is known only of packets that this host sends.
      clientLabels: isTurned ? noLabels : labels,
      serverLabels: isTurned ? labels : noLabels,
      note: noteOf(zoneRemark(envelope.when)),
    },
  };
}

/** The prefix without the punctuation that people put around it. */
function ruleOf(prefix: string): string | null {
  const rule = prefix.replace(/^[[\s]+/, "").replace(/[\]\s:,=>-]+$/, "");
  return rule === "" ? null : rule;
}

const denying = new Set(["drop", "dropped", "drops", "block", "blocked", "deny", "denied", "reject", "rejected", "discard", "refused"]);
const allowing = new Set(["accept", "accepted", "allow", "allowed", "pass", "passed", "permit", "permitted"]);

/** The verdict that a prefix names in words; null when it names none, or both. */
function verdictOf(prefix: string): Connection["verdict"] {
  const words = prefix.toLowerCase().split(/[^a-z]+/);
  const [isDenied, isAllowed] = [words.some((word) => denying.has(word)), words.some((word) => allowing.has(word))];
  if (isDenied === isAllowed) return null;
  return isDenied ? "denied" : "allowed";
}
