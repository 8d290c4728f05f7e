import type { FlowFormat } from "@bulkhead/core/outside";
import { jsonDecoder, jsonHead } from "../json-decoder.ts";
import { jsonOrLines } from "../json-or-lines.ts";
import { lineDecoder, nothing, wrong } from "../record.ts";
import { fieldsOfJson } from "./json.ts";
import { toldBy } from "./request.ts";
import { fieldsOfLine, isLine } from "./text.ts";

/** Access logs of Envoy and of Istio's proxies: the documented text formats, and JSON with the documented names. */
export const envoy: FlowFormat = {
  name: "envoy",
  tells: {
    reads: "Envoy access logs: Envoy's and Istio's default text, and JSON with the names of the operators",
    opener: ["stated"],
    answered: "sometimes",
    verdict: "sometimes",
    rule: "sometimes",
    reason: "sometimes",
    counts: ["both", "none"],
    bytes: ["payload"],
    sampling: "whole",
    labels: ["host", "namespace", "service"],
    times: "first and last",
    gaps: "one record is one request, of which many share a connection; bytes are of bodies; without `DOWNSTREAM_REMOTE_ADDRESS` the client is who `X-Forwarded-For` names",
  },
  recognises(head) {
    const text = jsonHead(head);
    if (text !== "") return isJson(text) || isLine(firstLine(text));
    return isLine(firstLine(new TextDecoder("latin1").decode(head)));
  },
  decoder: (input) =>
    jsonOrLines({
      lines: () =>
        lineDecoder("envoy", input, (line) => {
          if (line.trim() === "") return nothing;
          const fields = fieldsOfLine(line);
          return fields === null ? wrong("format", "the line is in none of the documented formats of Envoy and Istio") : toldBy(fields);
        }),
      json: () => jsonDecoder({ source: "envoy", into: [], tell: (value) => [toldBy(fieldsOfJson(value))] }, input),
    }),
};

const firstLine = (text: string): string => text.trimStart().split(/\r?\n/, 1)[0] ?? "";

const isJson = (text: string): boolean =>
  text.startsWith("{") &&
  /"(?:downstream_remote_address|downstream_direct_remote_address|DOWNSTREAM_REMOTE_ADDRESS|downstreamRemoteAddress|upstream_host|upstream_cluster)"\s*:/.test(
    text,
  ) &&
  /"(?:response_code|response_flags|RESPONSE_CODE|RESPONSE_FLAGS|responseCode|responseFlags|start_time|bytes_sent)"\s*:/.test(text);
