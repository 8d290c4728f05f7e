import type { FlowFormat } from "@bulkhead/core/outside";
import { type AzureLog, azureDecoder, tuplesOf } from "../azure-tuples.ts";
import { jsonHead } from "../json-decoder.ts";
import { listIn, objectIn, textIn } from "../json-fields.ts";
import { countOf, microsOfCount, protocolOf } from "../record.ts";

// Why traffic between machines is not encrypted, as the published list has it.
const unencrypted: ReadonlyMap<string, string> = new Map(
  Object.entries({
    NX: "not encrypted",
    NX_HW_NOT_SUPPORTED: "not encrypted: the hardware does not support it",
    NX_SW_NOT_READY: "not encrypted: the software was not ready",
    NX_NOT_ACCEPTED: "not encrypted: no policy that accepts it",
    NX_NOT_SUPPORTED: "not encrypted: not supported",
    NX_LOCAL_DST: "not encrypted: the destination is on the same host",
    NX_FALLBACK: "not encrypted: fallen back to plain",
  }),
);

const log: AzureLog = {
  source: "azure-vnet",
  columns: 13,
  groupsOf(record) {
    const flows = listIn(objectIn(record["flowRecords"])["flows"]).map(objectIn);
    const observer = textIn(record["macAddress"]) ?? null;
    return flows.flatMap((flow) => tuplesOf(flow["flowGroups"], observer, (group) => [group]));
  },
  tupleOf([time, source, destination, sourcePort, destinationPort, protocol, , state = "", encryption = "", ...counts]) {
    const number = countOf(protocol);
    return {
      at: microsOfCount(time, 1000),
      source,
      destination,
      sourcePort,
      destinationPort,
      protocol: number === null || number > 255 ? null : protocolOf(number),
      isDenied: state === "D" ? true : /^[BCE]$/.test(state) ? false : null,
      state,
      counts,
      note: encryption === "X" ? "encrypted" : (unencrypted.get(encryption) ?? null),
    };
  },
};

/** Azure's flow logs of virtual networks, version 4. */
export const azureVnet: FlowFormat = {
  name: "azure-vnet",
  tells: {
    reads: "Azure virtual network flow logs, version 4",
    opener: ["stated"],
    answered: "sometimes",
    verdict: "always",
    rule: "always",
    reason: "never",
    counts: ["both", "none"],
    connections: ["beginnings"],
    bytes: ["ip"],
    sampling: "whole",
    labels: [],
    times: "instant",
    gaps: "a connection is several records (begins, goes on, ends), each with what came since the last; private endpoints and some platform services are not logged",
  },
  recognises(head) {
    const text = jsonHead(head);
    return /"flowLogVersion"\s*:|"flowRecords"\s*:|"category"\s*:\s*"FlowLogFlowEvent"/.test(text) && /"flowRecords"\s*:|"flowGroups"\s*:/.test(text);
  },
  decoder: (input) => azureDecoder(log, input),
};
