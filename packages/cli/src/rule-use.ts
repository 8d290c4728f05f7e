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
    const asked = { archive, world: worldOf(set, inventory), workloads, segments: holderSegments(workloads), since, until: at };
    const simulation = await simulateArchive(asked);
    const told = Object.values(simulation.totals).filter((one) => one !== null);
    return { inventory, use: { ...useIn(simulation, days), unseenEvents: await unseenIn({ directory, file: null }, told) } };
  } finally {
    await archive.close();
  }
}

function useIn({ totals, pairs, blind }: Simulation, days: number): Omit<RuleUse, "unseenEvents"> {
  const all = Object.values(totals).filter((one) => one !== null);
  const firsts = all.flatMap(({ first }) => (first === null ? [] : [first]));
  const lasts = all.flatMap(({ last }) => (last === null ? [] : [last]));
  const span = firsts.length === 0 ? 0 : Math.max(...lasts) - Math.min(...firsts);
  const services = new Map<string, Map<string, number>>();
  for (const { by, service, connections } of pairs)
    for (const rule of by) {
      const own = services.get(rule) ?? new Map<string, number>();
      own.set(service, (own.get(service) ?? 0) + connections);
      services.set(rule, own);
    }
  const most = (own: ReadonlyMap<string, number>): readonly string[] => [...own].sort(([, a], [, b]) => b - a).map(([service]) => service);
  return {
    days,
    daysRecorded: firsts.length === 0 ? 0 : Math.min(days, Math.floor(span / day) + 1),
    services: new Map([...services].map(([rule, own]) => [rule, most(own)])),
    blind: new Set(blind),
  };
}
