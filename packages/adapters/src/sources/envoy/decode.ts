import type { FlowFormat } from "@bulkhead/core/outside";
import { jsonDecoder, jsonHead } from "../json-decoder.ts";
import { jsonOrLines } from "../json-or-lines.ts";
import { type JsonObject, objectIn } from "../json-fields.ts";
import { lineDecoder } from "../line-decoder.ts";
import { nothing, type Told, wrong } from "../record.ts";
import { fieldsOfJson } from "./json.ts";
import { toldBy } from "./request.ts";
import { fieldsOfLine, isAccess, isLine } from "./text.ts";
import { isZtunnel, toldByZtunnel } from "./ztunnel.ts";

/** Access logs of Envoy and of Istio's proxies: the documented text formats, and JSON with the documented names. */
export const envoy: FlowFormat = {
  name: "envoy",
  tells: {
    reads: "Envoy access logs: Envoy's and Istio's default text, and JSON with the names of the operators; connections of Istio's ztunnel",
    opener: ["stated"],
    answered: "sometimes",
    verdict: "sometimes",
    rule: "sometimes",
    reason: "sometimes",
    counts: ["both", "none"],
    connections: ["records", "events"],
    bytes: ["payload"],
    sampling: "whole",
    labels: ["host", "namespace", "pod", "service"],
    times: "first and last",
    gaps: "one record is one request, of which many share a connection; bytes are of bodies; without `DOWNSTREAM_REMOTE_ADDRESS` the client is who `X-Forwarded-For` names",
  },
  recognises(head) {
    const lines = new TextDecoder("latin1").decode(head).split(/\r?\n/, linesMax);
    return isJson(jsonHead(head)) || lines.some((line) => (line.startsWith("{") ? isJson(line) : isLine(line) || isZtunnel(line)));
  },
  decoder: (input) =>
    jsonOrLines({
      lines: () =>
        lineDecoder("envoy", input, (line) => {
          // A proxy writes its own messages between its accesses.
          if (line.startsWith("{")) return toldByJsonLine(line);
          if (isZtunnel(line)) return toldByZtunnel(line);
          if (!isAccess(line)) return nothing;
          const fields = fieldsOfLine(line);
          return fields === null ? wrong("format", "the line is in none of the documented formats of Envoy and Istio") : toldBy(fields);
        }),
      json: () => jsonDecoder({ source: "envoy", into: [], tell: (value) => [toldByJson(value)] }, input),
    }),
};

// A proxy that starts says some dozens of lines before its first access.
const linesMax = 200;

function toldByJsonLine(line: string): Told {
  try {
    return toldByJson(objectIn(JSON.parse(line)));
  } catch {
    return wrong("json", "the line is not JSON");
  }
}

/** An access; other JSON is a message of the proxy. */
function toldByJson(value: JsonObject): Told {
  const fields = fieldsOfJson(value);
  return (["downstream_remote_address", "upstream_host", "response_flags", "upstream_cluster"] as const).some((name) => fields(name) !== undefined)
    ? toldBy(fields)
    : nothing;
}

const isJson = (text: string): boolean =>
  text.startsWith("{") &&
  /"(?:downstream_remote_address|downstream_direct_remote_address|DOWNSTREAM_REMOTE_ADDRESS|downstreamRemoteAddress|upstream_host|upstream_cluster)"\s*:/.test(
    text,
  ) &&
  /"(?:response_code|response_flags|RESPONSE_CODE|RESPONSE_FLAGS|responseCode|responseFlags|start_time|bytes_sent)"\s*:/.test(text);
