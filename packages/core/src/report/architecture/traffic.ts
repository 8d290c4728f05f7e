import { interconnectionReport } from "../../map/interconnections.ts";
import { sharedServices } from "../map-layout.ts";
import { missing, type Section, words } from "../document.ts";
import { timeText } from "../time-text.ts";
import { edgeColumns, edgeTable } from "./edge-table.ts";
import type { Facts } from "./facts.ts";

// IANA's registry of service names, the ones by which machines are administered.
const administration: ReadonlySet<string> = new Set(
  [22, 23, 135, 139, 445, 512, 513, 514, 623, 2375, 3389, 5900, 5985, 5986, 6443, 10250].map((port) => `tcp/${port}`),
);
// Protocols that say user names or contents in clear (SP 800-52, CISA's guidance on legacy protocols).
const clear: ReadonlySet<string> = new Set([
  "tcp/20",
  "tcp/21",
  "tcp/23",
  "udp/69",
  "tcp/80",
  "tcp/110",
  "tcp/143",
  "tcp/389",
  "tcp/512",
  "tcp/513",
  "tcp/514",
  "udp/161",
  "tcp/1433",
  "tcp/3306",
  "tcp/5900",
]);
// Registered ports of industrial protocols (REQUIREMENTS §7.1).
const industrial: ReadonlyMap<string, string> = new Map([
  ["tcp/502", "Modbus"],
  ["tcp/20000", "DNP3"],
  ["udp/20000", "DNP3"],
  ["tcp/44818", "EtherNet/IP"],
  ["udp/2222", "EtherNet/IP implicit"],
  ["tcp/102", "S7, IEC 61850"],
  ["tcp/4840", "OPC UA"],
  ["tcp/2404", "IEC 60870-5-104"],
  ["udp/47808", "BACnet"],
  ["tcp/1911", "Niagara Fox"],
  ["tcp/18245", "GE SRTP"],
]);

/** Section 8: what stays inside one zone, and three kinds of it that need an eye. */
export function eastWestSection(facts: Facts): Section {
  const { map, zoneKey } = facts;
  const zone = new Map(map.groups.map(({ id, kind, labels }) => [id, kind === "workloads" ? (labels["zone"] ?? labels["env"] ?? "no label") : null]));
  const inside = map.edges.filter(({ from, to }) => (zone.get(from) ?? null) !== null && zone.get(from) === zone.get(to));
  const all = inside.reduce((sum, { connections }) => sum + connections, 0);
  return {
    number: 8,
    id: "east-west",
    title: "East-west: inside zones",
    blocks: [
      words(
        `${inside.length.toLocaleString("en-US")} dependencies stay inside one ${zoneKey === "zone" ? "zone" : "environment"}, with ${all.toLocaleString("en-US")} connections.`,
      ),
      edgeTable(facts.map, {
        id: "administration",
        title: "Administration protocols, wherever they go",
        edges: map.edges.filter(({ service }) => administration.has(service)),
      }),
      edgeTable(facts.map, {
        id: "shared",
        title: "Shared services: names, time, monitoring, logs",
        edges: map.edges.filter(({ service }) => sharedServices.has(service)),
      }),
      edgeTable(facts.map, { id: "clear", title: "Protocols without encryption, by their port", edges: map.edges.filter(({ service }) => clear.has(service)) }),
    ],
  };
}

/** Section 9: what comes from and goes to the outside. */
export function northSouthSection(facts: Facts): Section {
  const kind = new Map(facts.map.groups.map((group) => [group.id, group.kind]));
  const outside = facts.map.edges.filter(({ from, to }) => kind.get(from) === "internet" || kind.get(to) === "internet");
  return {
    number: 9,
    id: "north-south",
    title: "North-south and external",
    blocks: [
      edgeTable(facts.map, { id: "exposed", title: "Opened from the internet", edges: outside.filter(({ from }) => kind.get(from) === "internet") }),
      edgeTable(facts.map, { id: "outbound", title: "Opened to the internet", edges: outside.filter(({ to }) => kind.get(to) === "internet") }),
      ...agreementBlocks(facts),
    ],
  };
}

/** What was seen between systems beside the agreements about it. */
function agreementBlocks({ believed, flows, until, generatedAt }: Facts): Section["blocks"] {
  const { systems, agreements, workloads } = believed;
  if (systems.length === 0)
    return [
      missing(
        "Interconnection agreements (CA-3, IG 7)",
        "No system with its boundary was imported, so nothing can be held against an agreement.",
        "Next: `bulkhead inventory import FILE` with the columns system, boundary, level, hva, owner, and then the agreements.",
      ),
    ];
  const report = interconnectionReport({ systems, agreements, workloads, flows, now: until ?? generatedAt });
  return [
    {
      kind: "table",
      id: "systems",
      title: "Systems and their boundaries",
      columns: ["system", "FIPS 199 level", "HVA", "owner", "assets"],
      rows: report.systems.map(({ id, level, hva, owner, workloads: assets }) => [id, level, hva ? "yes" : "no", owner, assets]),
      empty: "None.",
    },
    {
      kind: "table",
      id: "interconnections",
      title: "Seen between systems, beside the agreements (CA-3, IG 7)",
      columns: ["from system", "to system", "service", "connections", "first seen", "last seen", "agreements", "expired agreements"],
      rows: report.interconnections.map((one) => [
        one.from,
        one.to,
        one.service,
        one.connections,
        timeText(one.first),
        timeText(one.last),
        one.agreements.length === 0 ? "none" : one.agreements.join(", "),
        one.expired.length === 0 ? null : one.expired.join(", "),
      ]),
      empty: "Nothing was seen between systems.",
    },
    {
      kind: "table",
      id: "agreements",
      title: "Agreements",
      columns: ["agreement", "from system", "to system", "state", "connections seen", "last seen"],
      rows: report.agreements.map(({ agreement, isExpired, connections, last }) => [
        agreement.id,
        agreement.from,
        agreement.to,
        isExpired ? "expired" : connections === 0 ? "never seen" : "in use",
        connections,
        timeText(last),
      ]),
      empty: "No agreement was imported.",
    },
  ];
}

/** Section 12: industrial protocols by their ports. */
export function industrialSection(facts: Facts): Section {
  const edges = facts.map.edges.filter(({ service }) => industrial.has(service));
  return {
    number: 12,
    id: "ot",
    title: "Operational technology",
    blocks: [
      edgeTable(facts.map, {
        id: "industrial",
        title: "Industrial protocols, by their registered ports",
        edges,
        columns: ["client", "server", "service", { name: "protocol", of: ({ service }) => industrial.get(service) ?? null }, ...edgeColumns.slice(3)],
      }),
      ...(edges.length === 0
        ? []
        : [
            missing(
              "Function codes, levels, safety separation",
              "The flow records that were read do not name functions.",
              "Next: ingest Zeek's ICSNPP logs; `bulkhead functions` tells them.",
            ),
          ]),
    ],
  };
}
