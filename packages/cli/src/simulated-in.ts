import type { BelievedWorkload } from "@bulkhead/core/inventory/believe";
import type { PolicySet } from "@bulkhead/core/model/policy-set";
import type { Simulation } from "@bulkhead/core/simulate/simulation";
import type { Instant } from "@bulkhead/core/base/instant";
import { loadInventory } from "@bulkhead/adapters/inventories/state";
import { keptPages } from "@bulkhead/adapters/stores/kept-pages";
import { openArchive } from "@bulkhead/adapters/stores/open";
import { worldOf } from "@bulkhead/core/decide/world";
import { holderSegments } from "@bulkhead/core/inventory/holders";
import { pageVersion } from "@bulkhead/core/simulate/page";
import { segmentSights } from "@bulkhead/core/simulate/segment-sight";
import { verdictsOf, type Verdicts } from "@bulkhead/core/simulate/segment-verdict";
import { simulateArchive } from "@bulkhead/core/simulate/simulate-archive";
import { bulkheadVersion } from "./bulkhead-version.ts";
import { counted } from "./counted.ts";
import { declaredGaps } from "./declared-gaps.ts";
import { watchedIn } from "./watched-in.ts";

/** What is asked of a data directory. */
export interface SimulationAsked {
  readonly set: PolicySet;
  readonly since: Instant | null;
  readonly until: Instant | null;
  /** A file with declared events; null is what the data directory keeps. */
  readonly calendar: string | null;
}

/** Where progress is shown, and sentences are said. */
export interface Shown {
  readonly show: (text: string) => void;
  readonly say: (sentence: string) => void;
}

/** Simulates what a data directory holds, says what of it was kept from earlier runs, and judges it by what could be observed. */
export async function simulatedIn(directory: string, asked: SimulationAsked, shown: Shown): Promise<Verdicts> {
  const inventory = await loadInventory(directory);
  const world = worldOf(asked.set, inventory);
  const simulation = await countedIn(directory, { ...asked, world, workloads: inventory.workloads, question: questionOf(asked.set, inventory) }, shown);
  shown.show("estimating what is still to come …");
  const seen = await watchedIn({ directory, file: asked.calendar }, asked.until);
  return verdictsOf(simulation, seen === null ? [] : segmentSights(world, seen.watched, asked.since));
}

interface Counting extends SimulationAsked {
  readonly world: ReturnType<typeof worldOf>;
  readonly workloads: readonly BelievedWorkload[];
  readonly question: string;
}

async function countedIn(directory: string, { world, workloads, since, until, question }: Counting, { show, say }: Shown): Promise<Simulation> {
  const archive = await openArchive(directory);
  try {
    const kept = keptPages(directory, { question, say });
    show("adding up what was recorded …");
    const simulation = await simulateArchive({
      archive,
      world,
      workloads,
      segments: holderSegments(workloads),
      gaps: await declaredGaps(directory),
      since,
      until,
      kept,
      onProgress: async (days, of) => {
        show(`judged ${days} of ${counted(of, "day")}`);
        // Lets an interrupt in.
        await new Promise((resolve) => setImmediate(resolve));
      },
    });
    const { found, kept: anew } = kept.counts();
    if (found > 0) say(`of ${counted(found + anew, "day")} ${found} ${found === 1 ? "was" : "were"} judged by an earlier run, ${anew} now`);
    return simulation;
  } finally {
    show("");
    await archive.close();
  }
}

/** All that an answer rests on but the traffic: another text is another question. */
const questionOf = (set: PolicySet, inventory: object): string =>
  JSON.stringify([bulkheadVersion, pageVersion, set, inventory], (_, value: unknown) => (typeof value === "bigint" ? String(value) : value));
