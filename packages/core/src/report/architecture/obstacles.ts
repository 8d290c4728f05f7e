import { identitiesOf, identityFigures } from "../../inventory/identities.ts";
import type { MapEdge } from "../../map/application-map.ts";
import { missing, type Section, words } from "../document.ts";
import { edgeTable } from "./edge-table.ts";
import type { Facts } from "./facts.ts";

// A server that answers on as many high ports takes them as they come (RPC, passive FTP): rules by port cannot follow.
const dynamicLeast = 12;
const highPort = 49_152;

/** Section 14: what will stand in the way of segmentation, by rules over assets and flows. */
export function obstaclesSection(facts: Facts): Section {
  const { believed, map, seen } = facts;
  const rows = [
    ...dynamicServers(facts),
    ...broadcastUsers(facts),
    ...believed.workloads.filter(({ id, owner }) => seen.has(id) && owner === null).map(({ id }) => [id, "no owner", "nobody can say what it needs"]),
    ...believed.workloads
      .filter(({ id, labels }) => seen.has(id) && Object.keys(labels).length === 0)
      .map(({ id }) => [id, "no labels", "no rule can name it but by its own name"]),
  ];
  return {
    number: 14,
    id: "obstacles",
    title: "Obstacles",
    blocks: [
      {
        kind: "table",
        id: "obstacles",
        title: "What stands in the way",
        columns: ["where", "obstacle", "why it matters"],
        rows,
        empty: "None was found by these rules.",
      },
      words(
        `${believed.workloads.filter(({ point }) => !point).length} of ${believed.workloads.length} assets have no enforcement point; ${believed.workloads.filter(({ identity }) => identity === null).length} have no machine identity that a source states.`,
      ),
      ...(map.totals.connections === 0 ? [missing("Obstacles in traffic", "No conversation was seen.", "Next: `bulkhead ingest PATH…`.")] : []),
    ],
  };
}

function dynamicServers({ map }: Facts): readonly (readonly string[])[] {
  const ports = new Map<string, Set<string>>();
  for (const { to, service, scan } of map.edges) {
    const [, protocol, port] = /^(tcp|udp)\/(\d+)$/.exec(service) ?? [];
    if (protocol === undefined || Number(port) < highPort || scan) continue;
    ports.set(to, (ports.get(to) ?? new Set()).add(service));
  }
  const inside = new Set(map.groups.filter(({ kind }) => kind === "workloads").map(({ id }) => id));
  return [...ports]
    .filter(([id, all]) => all.size >= dynamicLeast && inside.has(id))
    .map(([id, all]) => [
      map.nameOf(id),
      "dynamic ports",
      `answers on ${all.size} ports from ${highPort} up: rules by port cannot follow; pin the range or name the process`,
    ]);
}

function broadcastUsers({ map }: Facts): readonly (readonly string[])[] {
  const broadcast = new Set(map.groups.filter(({ kind }) => kind === "broadcast").map(({ id }) => id));
  const users = new Map<string, Set<string>>();
  for (const { from, to, service } of [...map.edges, ...map.attempts]) if (broadcast.has(to)) users.set(from, (users.get(from) ?? new Set()).add(service));
  return [...users].map(([id, services]) => [
    map.nameOf(id),
    "broadcast or multicast",
    `uses ${[...services].sort().slice(0, 5).join(", ")}: it may depend on a flat network`,
  ]);
}

/** Section 15: candidates for segments, an application in an environment each, and how closed they already are. */
export function segmentsSection(facts: Facts): Section {
  const { map, believed } = facts;
  const segmentOf = new Map(map.groups.map(({ id, labels }) => [id, JSON.stringify([labels["app"] ?? null, labels["env"] ?? null])]));
  const crossing = new Map<string, { inside: number; inward: number; outward: number }>();
  const at = (key: string) => {
    const known = crossing.get(key) ?? { inside: 0, inward: 0, outward: 0 };
    crossing.set(key, known);
    return known;
  };
  for (const { from, to, scan } of map.edges) {
    if (scan) continue;
    const [a, b] = [segmentOf.get(from)!, segmentOf.get(to)!];
    if (a === b) at(a).inside += 1;
    else {
      at(a).outward += 1;
      at(b).inward += 1;
    }
  }
  const members = new Map<string, number>();
  for (const { labels } of believed.workloads) {
    if (!Object.hasOwn(labels, "app")) continue;
    const key = JSON.stringify([labels["app"], labels["env"] ?? null]);
    members.set(key, (members.get(key) ?? 0) + 1);
  }
  return {
    number: 15,
    id: "segments",
    title: "Candidate segments",
    blocks: [
      words(
        "An application in one environment is a candidate: its owner can say what it needs, and one team can be asked. Few dependencies from outside make a good pilot; where none was seen inside there is nothing to try it on, so it stands behind.",
      ),
      {
        kind: "table",
        id: "segments",
        title: "Candidates: those with dependencies inside before those without, the fewest from outside first",
        columns: ["app", "env", "workloads", "dependencies inside", "from outside it", "to outside it"],
        rows: [...members]
          .map(([key, count]) => ({
            names: JSON.parse(key) as readonly (string | null)[],
            count,
            ...(crossing.get(key) ?? { inside: 0, inward: 0, outward: 0 }),
          }))
          .sort((a, b) => Number(a.inside === 0) - Number(b.inside === 0) || a.inward - b.inward || b.count - a.count)
          .map(({ names, count, inside, inward, outward }) => [names[0]!, names[1]!, count, inside, inward, outward]),
        empty: "No asset has the label `app`. Next: `bulkhead inventory suggest`.",
      },
      words("Next: `bulkhead recommend --scope app=NAME,env=NAME --out DIR` writes the policy that this traffic would need."),
    ],
  };
}

/** Section 13: what can be reached while nothing is enforced. */
export function reachSection(facts: Facts): Section {
  const there = facts.believed.workloads.filter(({ point }) => point).length;
  return {
    number: 13,
    id: "reach",
    title: "Reachability now",
    blocks: [
      words(there === 0 ? "No enforcement point is known: whoever can route to a service can reach it." : `${there} assets have an enforcement point.`),
      missing(
        "Paths to each high value asset, blast radius",
        "They follow from a policy, and this report is made before there is one.",
        "Next: `bulkhead reach DIR` with a policy.",
      ),
    ],
  };
}

/** Section 10 and 11: what only labels and identity sources could tell. */
export function labelledSections(facts: Facts): readonly Section[] {
  const { believed, map } = facts;
  const carriers = believed.workloads.filter(({ labels }) => Object.hasOwn(labels, "data"));
  const kinds = new Map(carriers.map(({ id, labels }) => [id, labels["data"]!]));
  const groups = new Map(
    map.groups.map(({ id, workloads }) => [id, [...new Set(workloads.flatMap((one) => (kinds.has(one) ? [kinds.get(one)!] : [])))].sort().join(", ")]),
  );
  const dataOf = (side: "from" | "to") => ({ name: "its data", of: (edge: MapEdge) => groups.get(edge[side]) ?? null });
  const edges = map.edges.filter(({ from, to }) => (groups.get(from) ?? "") !== "" || (groups.get(to) ?? "") !== "");
  return [
    {
      number: 10,
      id: "data-flows",
      title: "Data flows",
      blocks:
        carriers.length === 0
          ? [missing("Data types, their carriers and where they leave", "No asset has the label `data`.", "Next: state it in an inventory, and import that.")]
          : [
              edgeTable(map, {
                id: "data-flows",
                title: "Flows that touch carriers of labelled data",
                edges,
                columns: ["client", dataOf("from"), "server", dataOf("to"), "service", "connections", "records"],
                empty: "None of them was seen to talk.",
              }),
            ],
    },
    identitySection(facts),
  ];
}

/** Section 11: who can show who it is, and how. */
function identitySection({ believed }: Facts): Section {
  const { workloads, unplaced } = identitiesOf(believed.workloads, believed.credentials);
  const { byTier, staticKey, sharing } = identityFigures(workloads);
  const strange = workloads.filter(({ hasStaticKey, shares }) => hasStaticKey === true || shares.length > 0);
  const tiers = ["3", "2", "1", "0"] as const;
  return {
    number: 11,
    id: "identity",
    title: "Identity infrastructure",
    blocks: [
      {
        kind: "table",
        id: "table-e",
        title: "Table E. Machine identities by tier",
        columns: ["tier", "assets"],
        rows: [...tiers.map((tier) => [`tier ${tier}`, byTier[tier]] as const), ["cannot be determined", byTier.unknown]],
        empty: "No inventory was imported.",
      },
      words(
        `Tier 0 is an address only, 1 bound to the network, 2 asserted by a platform, 3 cryptographic, mutual and short-lived. A static key: ${staticKey.yes} yes, ${staticKey.no} none stated, ${staticKey.unknown} cannot be determined. ${sharing} share a credential; ${unplaced.length} credentials are of no known workload.`,
      ),
      {
        kind: "table",
        id: "credentials",
        title: "Static keys and shared credentials",
        columns: ["asset", "identity", "static key", "shares", "with"],
        rows: strange.map(({ workload, name, hasStaticKey, shares }) => [
          workload,
          name,
          hasStaticKey === true ? "yes" : hasStaticKey === false ? "none stated" : null,
          shares.map(({ credential }) => credential).join(", "),
          shares.map(({ among, others }) => `${among.slice(0, 3).join(", ")}${others > 3 ? ` and ${others - 3} more` : ""}`).join("; "),
        ]),
        empty: "No source states one. Next: `bulkhead inventory import` of directory, cloud, cluster and certificate exports.",
      },
    ],
  };
}
