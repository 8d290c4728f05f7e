import { pcap } from "@bulkhead/adapters/sources/pcap/decode";
import { readFileSync } from "node:fs";
import { ipOf } from "../../base/ip.ts";
import type { Flow } from "../../model/flow.ts";
import type { Inventory } from "../../model/workload.ts";
import { attributionOf, flowsOf } from "../../telemetry/attribute.ts";
import { conversationsOf } from "../../telemetry/conversations.ts";
import type { ProposalWorkload } from "../dependency.ts";

const shop = new URL("../../../../../examples/shop/", import.meta.url);

/** The recorded shop, read without a store: its flows, its workloads, its inventory as `decide` wants it. */
export function recordedShop(): { flows: readonly Flow[]; workloads: readonly ProposalWorkload[]; inventory: Inventory } {
  const rows = readFileSync(new URL("inventory.csv", shop), "utf8")
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split(","));
  const decoder = pcap.decoder({ file: "core-router.pcap" });
  const decoded = [...decoder.push(readFileSync(new URL("recording/core-router.pcap", shop))), ...decoder.end()];
  const connections = decoded.flatMap((one) => (one.kind === "connection" ? [one.connection] : []));
  const at = ([id = "", , app = "", env = "", role = "", owner = "", , , , address = ""]: readonly string[]) => ({
    id,
    labels: { app, env, role },
    owner,
    address,
  });
  const workloads = rows.map(at);
  const segments = workloads.map(({ id, address }) => ({ address, from: null, until: null, holders: [id] }));
  return {
    flows: flowsOf(conversationsOf(connections), attributionOf(segments)),
    workloads,
    inventory: {
      workloads: workloads.map(({ id, labels, address }) => ({
        id,
        labels,
        leases: [{ ip: ipOf(address)!, from: null, until: null }],
        identity: null,
        point: false,
      })),
      points: [],
      quarantined: [],
    },
  };
}
