/** ansible/ reads static inventories (INI, YAML) and what `ansible-inventory --list` prints. */
import { addTo } from "@bulkhead/core/base/lists";
import type { Say } from "@bulkhead/core/inventory/problem";
import { gathering } from "../gathered.ts";
import { hostIds } from "../host-names.ts";
import { isMeant, meantTags } from "../meant-keys.ts";
import { addressesIn } from "../powershell.ts";
import { type InventoryReading, nothingRead } from "../reading.ts";
import { ipOf } from "@bulkhead/core/base/ip";

type Variables = Readonly<Record<string, unknown>>;

interface Group {
  readonly hosts: Set<string>;
  readonly children: Set<string>;
  readonly variables: Record<string, unknown>;
}

/** What an inventory says, in whatever form it was written. */
export interface AnsibleGroups {
  group(name: string): Group;
  host(name: string, variables: Variables): void;
  reading(): InventoryReading;
}

export function ansibleGroups(say: Say): AnsibleGroups {
  const groups = new Map<string, Group>();
  const hosts = new Map<string, Variables>();
  const group = (name: string): Group => {
    const known = groups.get(name) ?? { hosts: new Set<string>(), children: new Set<string>(), variables: bare() };
    groups.set(name, known);
    return known;
  };
  return {
    group,
    host: (name, variables) => void hosts.set(name, { ...hosts.get(name), ...variables }),
    reading() {
      for (const { hosts: named } of groups.values()) for (const name of named) if (!hosts.has(name)) hosts.set(name, {});
      const memberships = membershipsOf(groups);
      const gathered = gathering(say);
      const idOf = hostIds(hosts.keys());
      for (const [name, variables] of hosts) {
        const around = memberships.get(name) ?? [];
        // The host's own word comes first, then the nearest group's, at last that of `all`.
        const tags = [variables, ...around.map((one) => groups.get(one)?.variables ?? {})].flatMap((one) =>
          Object.entries(one).filter(([key]) => isMeant(key)),
        );
        const { labels, attributes } = meantTags(tags);
        gathered.add({
          id: ipOf(name) === undefined ? idOf(name) : `unnamed-${name}`,
          where: `host \`${name.slice(0, 80)}\``,
          labels: {
            ...labels,
            groups: [...around]
              .filter((one) => one !== "all" && one !== "ungrouped")
              .sort()
              .join(" "),
          },
          attributes: { ...attributes, fqdn: name.includes(".") && ipOf(name) === undefined ? name.toLowerCase() : undefined },
          addresses: addressesOf(name, variables),
        });
      }
      return { ...nothingRead, sightings: gathered.sightings() };
    },
  };
}

const bare = (): Record<string, unknown> => Object.create(null) as Record<string, unknown>;

/** The groups around each host, the nearest first; groups that hold each other are walked once. */
function membershipsOf(groups: ReadonlyMap<string, Group>): ReadonlyMap<string, readonly string[]> {
  const parents = new Map<string, string[]>();
  for (const [name, { children }] of groups) for (const child of children) addTo(parents, child, name);
  const around = new Map<string, readonly string[]>();
  const aboveOf = (name: string): readonly string[] => {
    const known = around.get(name);
    if (known !== undefined) return known;
    const found = new Set([name]);
    for (const one of found) for (const parent of parents.get(one) ?? []) found.add(parent);
    // `all` is around everything, whatever is written.
    found.delete("all");
    const list = [...found, ...(groups.has("all") ? ["all"] : [])];
    around.set(name, list);
    return list;
  };
  const memberships = new Map<string, Set<string>>();
  for (const [name, { hosts }] of groups)
    for (const host of hosts) {
      const known = memberships.get(host) ?? new Set<string>();
      memberships.set(host, known);
      for (const one of aboveOf(name)) known.add(one);
    }
  return new Map([...memberships].map(([host, names]) => [host, [...names].sort((a, b) => Number(a === "all") - Number(b === "all"))]));
}

/** Where it is reached, and where its cached facts say that it is. */
function addressesOf(name: string, variables: Variables): readonly string[] {
  const told = ["ansible_host", "ansible_ssh_host", "ansible_all_ipv4_addresses", "ansible_all_ipv6_addresses"].flatMap((key) => addressesIn(variables[key]));
  const all = [name, ...told].filter((text) => ipOf(text) !== undefined);
  return [...new Set(all)];
}
