import { deedsText, isThere } from "../map/unknown-ends.ts";
import { sizeOf } from "../map/dot.ts";
import type { ApplicationMap, MapEdge, MapGroup, UnknownEnd } from "../map/application-map.ts";
import { sharedServices } from "./map-layout.ts";
import type { Finding, PicturedEdge, PicturedGroup, PicturedMap } from "./pictured-map.ts";

const mostFindings = 12;

/** The application map in the words of a picture: titles, lanes, findings, and one row for each client, server and service, its attempts included. */
export function pictured(map: ApplicationMap): PicturedMap {
  const groups = map.groups.map((group) => picturedGroup(group, map));
  const alive = map.unknowns.filter((end) => (end.group === "unknown" || end.group === "contested") && isThere(end));
  const { unknownThere, unknownSilent: silent } = map.totals;
  const edges = picturedEdges(map);
  const findings = [
    ...map.scanners.map(scannerFinding),
    ...alive.map(unknownFinding),
    ...crossings(edges, groups),
    ...(silent > 0
      ? [
          {
            title: silent === 1 ? "1 address never answered" : `${silent} addresses never answered`,
            text: "Called, in no inventory, and perhaps nobody is there.",
          },
        ]
      : []),
  ];
  return {
    groups,
    edges,
    workloads: { known: map.totals.workloads, talked: map.totals.talked },
    unknownCount: map.groups.reduce((sum, { kind, there }) => sum + (kind === "unknown" ? there : 0), 0),
    findings: findings.slice(0, mostFindings),
    findingsOmitted: Math.max(0, findings.length - mostFindings) + unknownThere - alive.length,
  };
}

/** What reaches from one environment into another, the rarest first. */
function crossings(edges: readonly PicturedEdge[], groups: readonly PicturedGroup[]): readonly Finding[] {
  const group = new Map(groups.map((one) => [one.id, one]));
  return edges
    .filter(({ service, connections, unanswered, scan }) => !scan && unanswered < connections && !sharedServices.has(service))
    .toSorted((a, b) => a.connections - b.connections)
    .flatMap(({ from, to, service, connections, unanswered }) => {
      const [client, server] = [group.get(from), group.get(to)];
      if (client === undefined || server === undefined || client.env === null || server.env === null || client.env === server.env) return [];
      return [
        {
          title: `${client.env} reaches into ${server.env}`,
          text: `${client.title} (${client.lane}) opened ${service} of ${server.title} (${server.lane}), ${times(connections - unanswered)}.`,
        },
      ];
    });
}

function picturedGroup(one: MapGroup, { by, groups, unknowns }: ApplicationMap): PicturedGroup {
  const { id, kind, labels, workloads, addresses } = one;
  // Who has a box of its own is no member of the unknown.
  const apart = new Set(groups.map(({ address }) => address));
  const members = kind === "workloads" ? workloads : unknowns.filter(({ group, address }) => group === id && !apart.has(address)).map(({ address }) => address);
  const counted = { id, members, memberCount: kind === "workloads" ? workloads.length : addresses, size: sizeOf(one) };
  switch (kind) {
    case "workloads": {
      const stated = by.filter((key) => Object.hasOwn(labels, key)).map((key) => labels[key] ?? "");
      const title = (Object.hasOwn(labels, "role") ? labels["role"] : stated.at(-1)) ?? "no labels";
      const lane = by.filter((key) => key !== "role" && Object.hasOwn(labels, key)).map((key) => labels[key] ?? "");
      return { ...counted, kind, title, lane: lane.join(" · ") || "no labels", env: labels["env"] ?? null };
    }
    case "internet":
      return { ...counted, kind: "outside", title: "Internet", lane: "outside", env: null };
    case "unknown":
      if (one.address !== null) return { ...counted, kind, ...aloneOf(one.address, unknowns), env: null };
      return { ...counted, kind, title: "Unknown inside", lane: "not in the inventory", env: null };
    case "broadcast":
      return { ...counted, kind: "apart", title: "Broadcast, multicast", lane: "no machine", env: null };
    case "nowhere":
      return { ...counted, kind: "apart", title: "Loopback, link-local", lane: "no machine", env: null };
    case "contested":
      return { ...counted, kind: "unknown", title: "Claimed by several", lane: "not in the inventory", env: null };
  }
}

/** An unknown machine that stands apart: its network as its lane, and what it is by what it does. */
function aloneOf(address: string, unknowns: readonly UnknownEnd[]): Pick<PicturedGroup, "title" | "lane" | "size" | "members"> {
  const end = unknowns.find((one) => one.address === address);
  const [first, ...others] = end?.answers.names ?? [];
  const more = others.length + (end?.answers.more ?? 0);
  const size =
    first !== undefined
      ? `answers ${first}${more > 0 ? ` +${more}` : ""}`
      : (end?.asClient ?? 0) === 0
        ? "was called"
        : (end?.asServer ?? 0) === 0
          ? "only opens"
          : "opens; never answers";
  return { title: address, lane: `${neighbourhoodOf(address)} · not in the inventory`, size, members: [address] };
}

// A guess for the eye only: most networks are a /24, or a /64 in IPv6.
function neighbourhoodOf(address: string): string {
  const [bare = "", realm] = address.split("%");
  const words = bare.includes(":") ? `${bare.split(":").slice(0, 4).join(":")}::/64` : `${bare.split(".").slice(0, 3).join(".")}.0/24`;
  return realm === undefined ? words : `${words}%${realm}`;
}

function picturedEdges({ edges, attempts }: ApplicationMap): readonly PicturedEdge[] {
  const rows = new Map<string, PicturedEdge>();
  for (const edge of [...edges, ...attempts]) {
    const key = JSON.stringify([edge.from, edge.to, edge.service]);
    const [known, row] = [rows.get(key), rowOf(edge)];
    rows.set(
      key,
      known === undefined
        ? row
        : { ...known, connections: known.connections + row.connections, unanswered: known.unanswered + row.unanswered, scan: known.scan && row.scan },
    );
  }
  return [...rows.values()];
}

function rowOf({ from, to, service, connections, unanswered, bytesToServer, bytesToClient, first, last, observers, scan }: MapEdge): PicturedEdge {
  const bytes = bytesToServer === null && bytesToClient === null ? null : (bytesToServer ?? 0) + (bytesToClient ?? 0);
  return { from, to, service, connections, unanswered, bytes, first, last, observers, scan };
}

function scannerFinding({ name, servers, services, connections, unanswered }: ApplicationMap["scanners"][number]): Finding {
  const share = Math.round((unanswered / Math.max(1, connections)) * 100);
  return {
    title: `${name} looks around`,
    text: `It tried ${services} ${services === 1 ? "service" : "services"} on ${servers} ${servers === 1 ? "machine" : "machines"} ${times(connections)}, ${share} % without an answer. That is how a scanner behaves, or somebody who broke in.`,
  };
}

function unknownFinding(end: UnknownEnd): Finding {
  const { address, asClient, asServer, holders } = end;
  const did = [asClient > 0 ? `opened connections ${times(asClient)}` : "", asServer > 0 ? `was called ${times(asServer)}` : ""]
    .filter((text) => text !== "")
    .join(" and ");
  const text = `It ${did}: ${deedsText(end)}.`;
  if (holders.length > 0) return { title: `${address} is claimed by several`, text: `${holders.join(", ")} claim it. ${text}` };
  return { title: `${address} is in no inventory`, text };
}

const times = (count: number): string => (count === 1 ? "once" : `${count} times`);
