import { instantOf } from "@bulkhead/core/base/instant";
import { labelsOf, textIn } from "../json-fields.ts";
import { equalPairs, type Pairs } from "../pairs.ts";
import { addressOf, portOf, type Told, wrong } from "../record.ts";

/** Whether a line is a connection that ztunnel, the node's proxy of Istio's ambient mode, has finished. */
export const isZtunnel = (line: string): boolean => /\saccess\s.*\bsrc\.addr="?[\d[]/.test(line.slice(0, 1000));

/** What ztunnel says of a connection: both ends with their pods, by their own addresses behind its tunnel, and why it was refused. */
export function toldByZtunnel(line: string): Told {
  const pairs = equalPairs(line);
  const [client, server] = [endOf(pairs.get("src.addr")), endOf(pairs.get("dst.hbone_addr") ?? pairs.get("dst.addr"))];
  if (client === null || server === null) return wrong("no-address", "`src.addr` or `dst.addr` is no address");
  const last = instantOf(/^\S+/.exec(line)?.[0] ?? "") ?? null;
  const lasted = microsOfDuration(pairs.get("duration"));
  const error = textIn(pairs.get("error"));
  const isDenied = error !== undefined && /policy rejection|policies exist, but none allowed|explicitly denied/.test(error);
  return {
    kind: "connection",
    known: {
      client: client.address,
      clientPort: client.port,
      server: server.address,
      serverPort: server.port,
      protocol: "tcp",
      first: last === null || lasted === null ? last : last - lasted,
      last,
      direction: "stated",
      answered: error === undefined ? true : isDenied ? false : null,
      verdict: isDenied ? "denied" : null,
      rule: isDenied ? (/explicitly denied by: (\S+)/.exec(error)?.[1] ?? null) : null,
      reason: error ?? null,
      clientLabels: labels(pairs, "src"),
      serverLabels: labels(pairs, "dst"),
      note: /^(in|out)bound$/.test(pairs.get("direction") ?? "") ? `${pairs.get("direction")}, as its node saw it` : null,
    },
  };
}

function endOf(text: string | undefined): { readonly address: string; readonly port: number | null } | null {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([\d.]+)):(\d{1,5})$/.exec(text ?? "") ?? [];
  const address = addressOf(bracketed ?? plain);
  return address === null ? null : { address, port: portOf(port) };
}

const units: Readonly<Record<string, number>> = { ns: 0.001, µs: 1, us: 1, ms: 1000, s: 1_000_000, m: 60_000_000 };

function microsOfDuration(text: string | undefined): number | null {
  const [, number, unit = ""] = /^(\d{1,12}(?:\.\d{1,9})?)(ns|µs|us|ms|s|m)$/.exec(text ?? "") ?? [];
  return number === undefined ? null : Math.trunc(Number(number) * units[unit]!);
}

function labels(pairs: Pairs, side: "src" | "dst"): Readonly<Record<string, string>> {
  const [service, namespace] = (side === "dst" ? pairs.get("dst.service") : undefined)?.split(".") ?? [];
  return labelsOf({ pod: textIn(pairs.get(`${side}.workload`)), namespace: textIn(pairs.get(`${side}.namespace`) ?? namespace), service: textIn(service) });
}
