import { type Instant, instantText, second } from "../base/instant.ts";
import { ipText } from "../base/ip.ts";
import { shellWord } from "../base/shell-word.ts";
import type { Flow, FlowEnd } from "../model/flow.ts";
import type { Workload } from "../model/workload.ts";

type Holders = ReadonlyMap<string, Pick<Workload, "leases">>;

/** A command line that lists the records of a flow. */
export function recordsCommand(
  workloads: Holders,
  { client, server, protocol, serverPort, first, last }: Pick<Flow, "client" | "server" | "protocol" | "serverPort" | "first" | "last">,
): string {
  const [asks, answers] = [addressOf(workloads, client, first), addressOf(workloads, server, first)];
  const words = [
    ...(asks === null ? [] : ["--client", asks]),
    ...(answers === null ? [] : ["--server", answers]),
    "--service",
    serverPort === null ? protocol : `${protocol}/${serverPort}`,
    ...(first === null ? [] : ["--since", instantText(first)]),
    ...(last === null ? [] : ["--until", instantText(last + second)]),
  ];
  return ["bulkhead flows", ...words.map(shellWord)].join(" ");
}

function addressOf(workloads: Holders, end: FlowEnd, at: Instant | null): string | null {
  if (end.kind !== "held") return end.address;
  const leases = workloads.get(end.holder)?.leases ?? [];
  const lease = leases.find(({ from, until }) => at !== null && (from ?? -Infinity) <= at && at < (until ?? Infinity));
  // Of several addresses any one may have been it; then the time and the other end must do.
  return lease === undefined || leases.length > 1 ? null : ipText(lease.ip);
}
