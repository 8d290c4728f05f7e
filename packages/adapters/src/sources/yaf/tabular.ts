import { portNamed } from "../protocols.ts";
import { addressOf, countOf, isIcmp, protocolOf, type Told, wrong } from "../record.ts";
import { whenOf } from "../when.ts";
import { knownOf } from "./flow.ts";

// start|end|duration|rtt|proto|sip|sp|dip|dp|iflags|uflags|riflags|ruflags|isn|risn|tag|rtag|pkt|oct|rpkt|roct|…
const columnsMin = 21;
const start = /^\s*\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3,6}\s*\|\s*\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3,6}\s*\|/;

export const isTabular = (line: string): boolean => start.test(line) && line.split("|").length >= columnsMin;

/** What a line of `yafscii --tabular` says, or null when it is none. YAF's times are UTC. */
export function tabularTold(line: string): Told | null {
  if (!start.test(line)) return null;
  const columns = line.split("|", 64).map((column) => column.trim());
  if (columns.length < columnsMin) return wrong("columns", `the line has ${columns.length} columns, a flow has at least ${columnsMin}`);
  const [first, last] = [whenOf(columns[0]).at, whenOf(columns[1]).at];
  if (first === null || last === null) return wrong("bad-time", "start or end is no time");
  const [source, destination] = [addressOf(columns[5]), addressOf(columns[7])];
  if (source === null || destination === null) return wrong("bad-address", "source or destination is no address");
  const number = countOf(columns[4]);
  if (number === null || number > 255) return wrong("bad-protocol", "the protocol is no number below 256");
  const protocol = protocolOf(number);
  const code = countOf(columns[8]);
  return {
    kind: "connection",
    known: knownOf({
      first,
      last,
      protocol,
      source,
      sourcePort: portNamed(columns[6]),
      destination,
      destinationPort: portNamed(columns[8]),
      // YAF keeps type and code where a port stands.
      icmpType: isIcmp(protocol) && code !== null && code <= 65_535 ? code >> 8 : null,
      flags: columns[9]!,
      packets: columns[17],
      bytes: columns[18],
      packetsBack: columns[19],
      bytesBack: columns[20],
      note: null,
    }),
  };
}
