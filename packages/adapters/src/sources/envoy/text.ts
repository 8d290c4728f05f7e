import { textIn } from "../json-fields.ts";
import type { Fields } from "./request.ts";

// A client writes the path, its agent's name and the authority as it likes, quotes and spaces included, and Envoy escapes nothing. What is
// read stands before or behind that, and is found from the line's two ends.
const start = /^\[([^\]]{1,64})\] "(.*?(?:HTTP\/[\d.]+|-))" (\d{1,3}) (\S+) /;
const counts = /^(?:(\S+) (\S+) )?"(?:[^"]*)" (?:"[^"]*" )?(\d+|-) (\d+|-) (\d+|-) (?:(\S+) )?"([^"]*)" "/;
const plainCounts = /^(\d+|-) (\d+|-) (\d+|-) (\S+) "([^"]*)" "/;
const istioEnd = / "([^"]*)" ([^\s"]+) ([^\s"]+) ([^\s"]+) ([^\s"]+) ([^\s"]+) ([^\s"]+)(?: [^\s"]+){0,4}$/;
const envoyEnd = / "([^"]*)"$/;
// Two hosts, a cluster and a server name: each under 300 characters.
const endMax = 4096;

/** The operators whose values stand in a line, in one of the documented formats; null when it is in none. */
export function fieldsOfLine(line: string): Fields | null {
  const text = line.trimEnd();
  const head = start.exec(text);
  if (head === null) return null;
  const rest = text.slice(head[0].length);
  const end = text.slice(-endMax);
  const istio = istioEnd.exec(end);
  const plain = istio === null ? envoyEnd.exec(end) : null;
  if (istio === null && plain === null) return null;
  const found = istio === null ? plainCountsOf(rest) : istioCountsOf(rest);
  if (found === null) return null;
  const [, time, request, code, flags] = head;
  const tail = istio ?? plain ?? [];
  const fields: Readonly<Record<string, string | undefined>> = {
    start_time: time,
    protocol: request?.slice(request.lastIndexOf(" ") + 1),
    response_code: code,
    response_flags: flags,
    ...found,
    upstream_host: tail[1],
    upstream_cluster: tail[2],
    upstream_local_address: tail[3],
    downstream_local_address: tail[4],
    downstream_remote_address: tail[5],
    requested_server_name: tail[6],
  };
  return (name) => {
    return textIn(fields[name]);
  };
}

/** Istio's: since 1.9 with the response code's details and why the connection ended, before with a status of its mixer. */
function istioCountsOf(rest: string): Readonly<Record<string, string | undefined>> | null {
  const found = counts.exec(rest);
  if (found === null) return null;
  const [, details, termination, received, sent, duration, , forwarded] = found;
  return {
    response_code_details: details,
    connection_termination_details: termination,
    bytes_received: received,
    bytes_sent: sent,
    duration,
    x_forwarded_for: forwarded,
  };
}

function plainCountsOf(rest: string): Readonly<Record<string, string | undefined>> | null {
  const found = plainCounts.exec(rest);
  if (found === null) return null;
  const [, received, sent, duration, , forwarded] = found;
  return { bytes_received: received, bytes_sent: sent, duration, x_forwarded_for: forwarded };
}

/** Whether a line is in one of the formats. */
export const isLine = (line: string): boolean => fieldsOfLine(line) !== null;

/** Whether a line begins as an access does: the time in brackets, the request in quotes. */
export const isAccess = (line: string): boolean => /^\[[^\]]{1,64}\] "/.test(line);
