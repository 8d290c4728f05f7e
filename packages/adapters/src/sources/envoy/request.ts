import { instantOf } from "@bulkhead/core/base/instant";
import type { Connection } from "@bulkhead/core/model/connection";
import { labelsOf } from "../json-fields.ts";
import { addressOf, countOf, type Known, microsOf, portOf, type Told, wrong } from "../record.ts";

/** The operators of Envoy's formats that are read, in the spelling of JSON. */
export const operators = [
  "start_time",
  "protocol",
  "response_code",
  "response_flags",
  "response_code_details",
  "connection_termination_details",
  "bytes_received",
  "bytes_sent",
  "duration",
  "x_forwarded_for",
  "upstream_host",
  "upstream_cluster",
  "upstream_local_address",
  "downstream_local_address",
  "downstream_remote_address",
  "requested_server_name",
  "hostname",
] as const;

/** What a line says under the name of an operator. */
export type Fields = (name: (typeof operators)[number]) => string | undefined;

interface End {
  readonly address: string;
  readonly port: number | null;
}

/** What one access says: who asked whom, for how long, and what became of it. */
export function toldBy(fields: Fields): Told {
  const ends = endsOf(fields);
  if (typeof ends === "string") return wrong("no-address", ends);
  const first = timeOf(fields("start_time"));
  const duration = countOf(fields("duration"));
  const [received, sent] = [countOf(fields("bytes_received")), countOf(fields("bytes_sent"))];
  const isQuic = ends.isDownstream && fields("protocol") === "HTTP/3";
  return {
    kind: "connection",
    known: {
      client: ends.client.address,
      clientPort: ends.client.port,
      server: ends.server.address,
      serverPort: ends.server.port,
      protocol: isQuic ? "udp" : "tcp",
      bytesToServer: received,
      bytesToClient: sent,
      first,
      last: first === null ? null : first + (duration ?? 0) * 1000,
      direction: "stated",
      ...judged(fields),
      observer: fields("hostname") ?? null,
      serverLabels: serviceOf(fields),
      note: [received === null && sent === null ? null : "payload bytes", "one request", ends.note].filter((word) => word !== null).join("; "),
    },
  };
}

/**
 * The connection that both proxies of a request can name: the one between them. The client's proxy made it to the upstream host; the
 * server's proxy took it, and its own way to the application behind it stays on the host.
 */
function endsOf(fields: Fields): { readonly client: End; readonly server: End; readonly isDownstream: boolean; readonly note: string | null } | string {
  const upstream = { client: endOf(fields("upstream_local_address")), server: endOf(fields("upstream_host")) };
  const downstream = { client: endOf(fields("downstream_remote_address")), server: endOf(fields("downstream_local_address")) };
  const isInbound = /^inbound[|_]|^InboundPassthrough/.test(fields("upstream_cluster") ?? "");
  const { client: from, server: to } = upstream;
  if (!isInbound && from !== null && to !== null && !isLoopback(from.address) && !isLoopback(to.address)) {
    const asker = downstream.client;
    return { client: from, server: to, isDownstream: false, note: asker === null || asker.address === from.address ? null : `for ${textOf(asker)}` };
  }
  if (downstream.client !== null && downstream.server !== null) return { client: downstream.client, server: downstream.server, isDownstream: true, note: null };
  const forwarded = endOf(fields("x_forwarded_for")?.split(",").at(-1)?.trim());
  const client = downstream.client ?? forwarded;
  const server = to !== null && !isInbound ? to : (downstream.server ?? to);
  if (server === null) return "the line names no server: nothing upstream was reached, and `DOWNSTREAM_LOCAL_ADDRESS` is not in the format";
  if (client === null) return "the line names no client: add `DOWNSTREAM_REMOTE_ADDRESS` to the format of the log";
  return { client, server, isDownstream: false, note: downstream.client === null ? "client by X-Forwarded-For" : null };
}

const isLoopback = (address: string): boolean => address.startsWith("127.") || address === "::1";

const textOf = ({ address, port }: End): string => (port === null ? address : address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`);

/** `10.0.0.7:80`, `[::1]:80`, or an address alone; null for sockets of files and addresses inside of Envoy. */
function endOf(text: string | undefined): End | null {
  // Waypoints reach pods by an inner address: `envoy://connect_originate/10.0.0.7:80`.
  const outer = text?.replace(/^envoy:\/\/[a-z_]+\//, "");
  if (outer === undefined || outer === "") return null;
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(outer) ?? [];
  const address = addressOf(bracketed ?? plain ?? outer.replace(/^\[|\]$/g, ""));
  if (address === null) return null;
  return { address, port: portOf(port) };
}

/** RFC 3339, or seconds since 1970. */
const timeOf = (text: string | undefined): number | null => (text === undefined ? null : (instantOf(text) ?? microsOf(text)));

// Flags that say that no answer came from upstream, as Envoy's documentation lists them, short and long.
const unanswered: ReadonlySet<string> = new Set(
  (
    "UF UH UO NR URX NC UT LH DF DPE UPE NFCF DO " +
    "UpstreamConnectionFailure NoHealthyUpstream UpstreamOverflow NoRouteFound UpstreamRetryLimitExceeded NoClusterFound UpstreamRequestTimeout " +
    "FailedLocalHealthCheck DnsResolutionFailed DownstreamProtocolError UpstreamProtocolError NoFilterConfigFound DropOverLoad"
  ).split(" "),
);

function judged(fields: Fields): Pick<Known, "verdict" | "rule" | "reason" | "answered"> {
  const flags = (fields("response_flags") ?? "").split(",");
  const details = `${fields("response_code_details") ?? ""} ${fields("connection_termination_details") ?? ""}`;
  const rbac = /rbac_access_denied_matched_policy\[(.*?)\](?=[,}\s]|$)/.exec(details);
  const isDenied =
    rbac !== null || /\brbac_access_denied\b|\bext_authz_denied\b/.test(details) || flags.includes("UAEX") || flags.includes("UnauthorizedExternalService");
  const code = countOf(fields("response_code"));
  const isUnanswered = flags.some((flag) => unanswered.has(flag));
  return {
    verdict: isDenied ? "denied" : null,
    rule: rbac?.[1] === undefined || rbac[1] === "none" ? null : rbac[1],
    reason: reasonOf(fields, details, isDenied),
    answered: isDenied || isUnanswered ? false : (code !== null && code > 0) || (countOf(fields("bytes_sent")) ?? 0) > 0 ? true : null,
  };
}

function reasonOf(fields: Fields, details: string, isDenied: boolean): Connection["reason"] {
  if (isDenied) return /rbac_access_denied|ext_authz_denied/.exec(details)?.[0] ?? fields("response_flags") ?? null;
  return fields("response_flags") ?? null;
}

/** The service that was asked, by the name of the cluster, `outbound|8000||httpbin.foo.svc.cluster.local`, or by the server name of a mesh. */
function serviceOf(fields: Fields): Readonly<Record<string, string>> {
  const host =
    /^outbound\|\d*\|[^|]*\|([^|]+)$/.exec(fields("upstream_cluster") ?? "")?.[1] ??
    /^outbound_\.\d*_\..*?_\.(.+)$/.exec(fields("requested_server_name") ?? "")?.[1];
  if (host === undefined) return labelsOf({ host: fields("requested_server_name") });
  const [, service, namespace] = /^([^.]+)\.([^.]+)\.svc(?:\.|$)/.exec(host) ?? [];
  return service === undefined ? labelsOf({ host }) : labelsOf({ service, namespace });
}
