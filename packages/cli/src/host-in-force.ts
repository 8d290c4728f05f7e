import { readKept } from "@bulkhead/agent/kept";
import { readReadBack } from "@bulkhead/agent/read-back";
import { ipOf, ipText } from "@bulkhead/core/base/ip";
import { interpret } from "@bulkhead/core/compile/interpret";
import type { Action } from "@bulkhead/core/compile/ruleset";
import type { Explanation } from "@bulkhead/core/decide/explain";
import type { HostFloor } from "@bulkhead/core/decide/host-floor";
import type { Question } from "@bulkhead/core/model/question";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** What an agent keeps in its data directory. */
export interface HostInForce {
  readonly host: string;
  readonly digest: string;
  /** Null where an older agent, which did not write it down, installed it. */
  readonly floor: HostFloor | null;
  /** What its rule set does with the question; null where the host is neither end, or the other has no address. */
  readonly action: (explained: Explanation, question: Question) => Action | null;
}

/** What is in force by the data directory of an agent; null where it is none, or nothing is. */
export function hostInForce(directory: string): HostInForce | null {
  if (!existsSync(join(directory, "in-force.json"))) return null;
  const kept = readKept(directory);
  if (kept === null) return null;
  const { ruleset, digest } = kept;
  const back = readReadBack(directory);
  const floor = back?.digest === digest ? back.floor : undefined;
  return {
    host: ruleset.point,
    digest,
    floor: floor === undefined ? null : { host: ruleset.point, management: floor.management },
    action({ client, server }, { over, at }) {
      if (over === null || at === null) return null;
      const isServer = server.kind === "workload" && server.id === ruleset.point;
      if (!isServer && !(client.kind === "workload" && client.id === ruleset.point)) return null;
      const peer = addressOf(isServer ? client : server);
      return peer === null ? null : interpret(ruleset, { direction: isServer ? "inbound" : "outbound", peer, over, at });
    },
  };
}

/** One address of an end, without its realm, as packets have it. */
function addressOf(end: Explanation["client"]): string | null {
  const text = end.kind === "address" ? end.address : end.kind === "workload" ? (end.askedAs ?? end.addresses[0]) : end.asked;
  const ip = text === undefined ? undefined : ipOf(text);
  return ip === undefined ? null : ipText({ ...ip, realm: "" });
}
