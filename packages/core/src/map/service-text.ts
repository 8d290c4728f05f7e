import type { Flow } from "../model/flow.ts";

const withPorts: ReadonlySet<string> = new Set(["tcp", "udp", "sctp"]);
const icmp: Readonly<Record<string, string>> = { icmp: "icmp4", icmp6: "icmp6" };

/** The service of a flow in the words of MEANING §1: `tcp/5432`, `icmp4/8`, `icmp/any` for a type that nobody told, `ip/47`. */
export function serviceText({ protocol, serverPort, icmpType }: Pick<Flow, "protocol" | "serverPort" | "icmpType">): string {
  if (withPorts.has(protocol)) return `${protocol}/${serverPort ?? "any"}`;
  const family = icmp[protocol];
  if (family === undefined) return `ip/${protocol}`;
  return icmpType === null ? "icmp/any" : `${family}/${icmpType}`;
}
