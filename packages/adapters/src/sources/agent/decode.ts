import { instantOf } from "@bulkhead/core/base/instant";
import type { FlowFormat } from "@bulkhead/core/outside";
import { lineDecoder } from "../line-decoder.ts";
import { addressOf, nothing, protocolOf, type Told, wrong } from "../record.ts";

/** What bulkhead's own agents write: who talked with whom in an interval, from the kernel's counters on one host. */
export const agentFlows: FlowFormat = {
  name: "agent",
  tells: {
    reads: "what bulkhead's own agents saw on their host",
    opener: ["stated"],
    answered: "sometimes",
    verdict: "never",
    rule: "never",
    reason: "never",
    counts: ["both"],
    connections: ["beginnings", "intervals"],
    bytes: ["ip"],
    sampling: "whole",
    labels: [],
    times: "window",
    gaps: "client ports are summed: an interval in which several connections began counts as one; what found no room in the kernel's tables is told by the agent as `unrecorded`, not here",
  },
  recognises: (head) => new TextDecoder("latin1").decode(head.subarray(0, 64)).startsWith('{"bulkhead":"flows/1",'),
  decoder: (input) => lineDecoder("agent", input, (line) => (line.trim() === "" ? nothing : toldBy(line))),
};

function toldBy(line: string): Told {
  let one: Record<string, unknown>;
  try {
    one = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return wrong("json", "the line is not JSON");
  }
  if (typeof one !== "object" || one === null || one["bulkhead"] !== "flows/1") return wrong("json", "the line is no record of an agent");
  const [client, server] = [addressOf(textOf(one["client"])), addressOf(textOf(one["server"]))];
  if (client === null || server === null) return wrong("bad-address", "client or server is no address");
  const number = countOf(one["protocol"]);
  if (number === null || number > 255) return wrong("bad-protocol", "the protocol cannot be read");
  const protocol = protocolOf(number);
  const port = countOf(one["port"]);
  const isIcmp = number === 1 || number === 58;
  const opened = countOf(one["opened"]) ?? 0;
  const back = countOf(one["packetsToClient"]);
  return {
    kind: "connection",
    known: {
      client,
      server,
      protocol,
      serverPort: isIcmp || port === null || port > 65_535 ? null : port,
      icmpType: isIcmp && port !== null && port < 256 ? port : null,
      first: timeOf(one["from"]),
      last: timeOf(one["until"]),
      packetsToServer: countOf(one["packetsToServer"]),
      bytesToServer: countOf(one["bytesToServer"]),
      packetsToClient: back,
      bytesToClient: countOf(one["bytesToClient"]),
      // The kernel's conversation table knows who sent the first packet.
      direction: "stated",
      answered: back === null ? null : back > 0,
      observer: textOf(one["observer"]) ?? null,
      note: opened === 1 ? null : opened === 0 ? "goes on from an earlier interval" : `${opened} connections in one interval`,
    },
  };
}

const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
const countOf = (value: unknown): number | null => (typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : null);
const timeOf = (value: unknown): number | null => (typeof value === "string" ? (instantOf(value) ?? null) : null);
