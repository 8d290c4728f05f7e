import type { FlowFormat } from "@bulkhead/core/outside";
import { type AzureLog, azureDecoder, tuplesOf } from "../azure-tuples.ts";
import { jsonHead } from "../json-decoder.ts";
import { listIn, objectIn, textIn } from "../json-fields.ts";
import { microsOfCount } from "../record.ts";

const protocols: ReadonlyMap<string | undefined, string> = new Map([
  ["T", "tcp"],
  ["U", "udp"],
]);

const log: AzureLog = {
  source: "azure-nsg",
  // Version 1 ends with the decision; version 2 adds the state and four counts.
  columns: [8, 13],
  groupsOf(record) {
    const properties = objectIn(record["properties"]);
    return tuplesOf(properties["flows"], textIn(record["macAddress"]) ?? null, (group) => listIn(group["flows"]).map(objectIn));
  },
  tupleOf: ([time, source, destination, sourcePort, destinationPort, protocol, , decision, state = "", ...counts]) => ({
    at: microsOfCount(time, 1_000_000),
    source,
    destination,
    sourcePort,
    destinationPort,
    protocol: protocols.get(protocol) ?? null,
    isDenied: decision === "D" ? true : decision === "A" ? false : null,
    state,
    counts,
    note: null,
  }),
};

/** Azure's flow logs of network security groups, versions 1 and 2; superseded by those of virtual networks, and still in many archives. */
export const azureNsg: FlowFormat = {
  name: "azure-nsg",
  tells: {
    reads: "Azure NSG flow logs, versions 1 and 2",
    opener: ["stated"],
    answered: "sometimes",
    verdict: "always",
    rule: "always",
    reason: "never",
    counts: ["both", "none"],
    connections: ["beginnings", "records"],
    bytes: ["ip"],
    sampling: "whole",
    labels: [],
    times: "instant",
    gaps: "TCP and UDP only; a connection is several records (begins, goes on, ends), each with what came since the last; version 1 counts nothing",
  },
  recognises(head) {
    const text = jsonHead(head);
    return /"flowTuples"\s*:/.test(text) && /"category"\s*:\s*"NetworkSecurityGroupFlowEvent"|"properties"\s*:/.test(text);
  },
  decoder: (input) => azureDecoder(log, input),
};
