import { portNamed } from "../protocols.ts";
import { addressOf, isIcmp, protocolOf, type Told, wrong } from "../record.ts";
import { whenOf } from "../when.ts";
import { knownOf } from "./flow.ts";

// 2026-11-25 12:00:00.123 - 12:00:03.500 (3.377 sec) tcp 10.0.0.7:40123 => 10.0.0.9:443 0a1b2c3d:11223344 S/APF:AS/APF (12/1840 <-> 10/5123) rtt 4 ms
const shape =
  /^\s*(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d\.\d{3,6})(?: - (?:(\d{4}-\d\d-\d\d) )?(\d\d:\d\d:\d\d\.\d{3,6}) \((\d{1,9}(?:\.\d{1,6})?) sec\))? (tcp|udp|sctp|icmp6?|ip) (?:(\d{1,3}) )?(?:\[(\d{1,3}):\d{1,3}\] )?(\S{2,60}) => (\S{2,60}) (.{0,400})$/;

export const isSentence = (line: string): boolean => shape.test(line) && /\(\d+\/\d+ <?->/.test(line);

/** What a line of plain yafscii says, or null when it is none. YAF's times are UTC. */
export function sentenceTold(line: string): Told | null {
  const [, date, time, , , lasted = "0", name, number, type, from, to, rest] = shape.exec(line) ?? [];
  if (date === undefined) return null;
  const first = whenOf(`${date} ${time}`).at;
  if (first === null) return wrong("bad-time", "the start is no time");
  const protocol = name === "ip" ? protocolOf(Math.min(Number(number ?? 0), 255)) : name!;
  const [source, destination] = [endOf(from!, protocol), endOf(to!, protocol)];
  if (source === null || destination === null) return wrong("bad-address", "source or destination is no address");
  const [, packets, bytes, packetsBack, bytesBack] = /\((\d{1,16})\/(\d{1,16}) (?:->|<-> (\d{1,16})\/(\d{1,16}))\)/.exec(rest!) ?? [];
  if (packets === undefined) return wrong("columns", "the counts of the flow are missing");
  const [, flags = ""] = /(?:^|\s)([EC]?[FSRPAUEC0]{0,8})\/[FSRPAUEC0]{0,8}(?=[:\s(])/.exec(rest!) ?? [];
  return {
    kind: "connection",
    known: knownOf({
      first,
      last: first + Math.round(Number(lasted) * 1000) * 1000,
      protocol,
      source: source.address,
      sourcePort: source.port,
      destination: destination.address,
      destinationPort: destination.port,
      icmpType: isIcmp(protocol) && type !== undefined && Number(type) < 256 ? Number(type) : null,
      flags,
      packets,
      bytes,
      packetsBack,
      bytesBack,
      note: null,
    }),
  };
}

/** `10.0.0.7:443` or `2001:db8::1:443`; without ports for protocols that have none. */
function endOf(text: string, protocol: string): { readonly address: string; readonly port: number | null } | null {
  const hasPort = protocol === "tcp" || protocol === "udp" || protocol === "sctp";
  const cut = text.lastIndexOf(":");
  const address = addressOf(hasPort ? text.slice(0, cut).replace(/^\[|\]$/g, "") : text);
  return address === null ? null : { address, port: hasPort ? portNamed(text.slice(cut + 1)) : null };
}
