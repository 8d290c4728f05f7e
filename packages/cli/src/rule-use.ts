import { openArchive } from "@bulkhead/adapters/stores/open";
import { loadInventory } from "@bulkhead/adapters/inventories/state";
import { day, type Instant } from "@bulkhead/core/base/instant";
import { worldOf } from "@bulkhead/core/decide/world";
import { holderSegments } from "@bulkhead/core/inventory/holders";
import type { PolicySet } from "@bulkhead/core/model/policy-set";
import type { Inventory } from "@bulkhead/core/model/workload";
import type { RuleUse } from "@bulkhead/core/simulate/anomaly";
import { simulateArchive } from "@bulkhead/core/simulate/simulate-archive";
import type { Simulation } from "@bulkhead/core/simulate/simulation";
import { unseenIn } from "./calendar.ts";
import { daysOf } from "./seen.ts";

/** What the traffic of the last days says of the rules of a policy, and who was there. */
export async function ruleUse(
  directory: string,
  { set, at, days }: { readonly set: PolicySet; readonly at: Instant; readonly days: number },
): Promise<{ readonly inventory: Inventory; readonly use: RuleUse }> {
  const archive = await openArchive(directory);
  try {
    const inventory = await loadInventory(directory);
    const { workloads } = inventory;
    const since = at - days * day;
    const segments = holderSegments(workloads);
    const simulation = await simulateArchive({ archive, world: worldOf(set, inventory), workloads, segments, since, until: at });
    const recorded = await archive.outline({ since, until: at, segments });
    // The day in which the time begins is seen in part only.
    const wholeDays = daysOf(recorded).filter((one) => one * day >= since);
    const unseenEvents = await unseenIn({ directory, file: null }, async () => wholeDays);
    return { inventory, use: { ...useIn(simulation), days, daysRecorded: wholeDays.length, unseenEvents } };
  } finally {
    await archive.close();
  }
}

/** An attempt that nobody answered is no use, whatever the rule said to it. */
function useIn({ pairs, blind, by }: Simulation): Pick<RuleUse, "services" | "by" | "groups" | "blind"> {
  const services = new Map<string, Map<string, number>>();
  const groups = new Map<string, Record<"from" | "to", Set<string>>>();
  for (const { by: rules, from, to, service, connections, attempts } of pairs)
    for (const rule of rules) {
      const own = services.get(rule) ?? new Map<string, number>();
      services.set(rule, own);
      if (connections === attempts) continue;
      own.set(service, (own.get(service) ?? 0) + connections - attempts);
      const ends = groups.get(rule) ?? { from: new Set(), to: new Set() };
      ends.from.add(from);
      ends.to.add(to);
      groups.set(rule, ends);
    }
  const most = (own: ReadonlyMap<string, number>): readonly string[] => [...own].sort(([, a], [, b]) => b - a).map(([service]) => service);
  return { services: new Map([...services].map(([rule, own]) => [rule, most(own)])), by, groups, blind: new Set(blind) };
}
