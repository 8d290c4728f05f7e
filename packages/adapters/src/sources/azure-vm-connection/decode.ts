import type { FlowFormat } from "@bulkhead/core/outside";
import { jsonDecoder, jsonHead } from "../json-decoder.ts";
import { type JsonObject, labelsOf, portIn, textIn, timeIn, wholeIn } from "../json-fields.ts";
import { addressOf, hasPorts, isIcmp, type Told, wrong } from "../record.ts";

/** Connections as Azure's VM insights sums them on a machine, the table VMConnection: who, with which program, minute by minute. */
export const azureVmConnection: FlowFormat = {
  name: "azure-vm-connection",
  tells: {
    reads: "the table VMConnection of Azure's VM insights, exported as JSON",
    opener: ["stated"],
    answered: "sometimes",
    verdict: "never",
    rule: "never",
    reason: "never",
    counts: ["both"],
    connections: ["intervals"],
    bytes: ["payload"],
    sampling: "whole",
    labels: ["host", "process"],
    times: "instant",
    gaps: "TCP and UDP only, without client ports and packets; the connections of a minute are one record",
  },
  recognises(head) {
    const text = jsonHead(head);
    return (
      /"Type"\s*:\s*"VMConnection"/.test(text) ||
      ["SourceIp", "DestinationIp", "DestinationPort", "ProcessName", "Direction"].every((name) => text.includes(`"${name}"`))
    );
  },
  decoder: (input) => jsonDecoder({ source: "azure-vm-connection", into: ["value"], tell: (row) => [toldBy(row)] }, input),
};

function toldBy(row: JsonObject): Told {
  if (row["Type"] !== undefined && row["Type"] !== "VMConnection") return { kind: "nothing" };
  const [client, server] = [addressOf(textIn(row["SourceIp"])), addressOf(textIn(row["DestinationIp"]))];
  if (client === null || server === null) return wrong("bad-address", "`SourceIp` or `DestinationIp` is no address");
  const protocol = textIn(row["Protocol"])?.toLowerCase();
  if (protocol === undefined || (!hasPorts(protocol) && !isIcmp(protocol))) return wrong("bad-protocol", "the protocol cannot be read");
  // The monitored machine is the server of what comes in.
  const isServer = row["Direction"] === "inbound";
  const [sent, received] = [wholeIn(row["BytesSent"]), wholeIn(row["BytesReceived"])];
  const machine = labelsOf({ host: textIn(row["Computer"]), process: textIn(row["ProcessName"]) });
  const other = labelsOf({ host: textIn(row["RemoteDnsCanonicalNames"]) });
  const established = wholeIn(row["LinksEstablished"]);
  const at = timeIn(row["TimeGenerated"]) ?? timeIn(row["TimeGenerated [UTC]"]);
  return {
    kind: "connection",
    known: {
      client,
      server,
      protocol,
      serverPort: hasPorts(protocol) ? portIn(row["DestinationPort"]) : null,
      bytesToServer: isServer ? received : sent,
      bytesToClient: isServer ? sent : received,
      first: at,
      last: at,
      direction: "stated",
      answered: established !== null && established > 0 ? true : (wholeIn(row["LinksFailed"]) ?? 0) > 0 ? false : null,
      observer: textIn(row["Computer"]) ?? null,
      clientLabels: isServer ? other : machine,
      serverLabels: isServer ? machine : other,
      note: established === null || established < 2 ? "payload bytes" : `payload bytes; ${established} connections in one minute`,
    },
  };
}
