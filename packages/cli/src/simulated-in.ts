import type { Instant } from "@bulkhead/core/base/instant";
import type { HolderSegment } from "@bulkhead/core/model/holder-segment";
import type { PolicySet } from "@bulkhead/core/model/policy-set";
import type { FlowArchive, Outline } from "@bulkhead/core/outside";
import { keptSensors } from "@bulkhead/adapters/sources/sensors";
import { loadInventory } from "@bulkhead/adapters/inventories/state";
import { keptPages } from "@bulkhead/adapters/stores/kept-pages";
import { openArchive } from "@bulkhead/adapters/stores/open";
import { type World, worldOf } from "@bulkhead/core/decide/world";
import { holderSegments } from "@bulkhead/core/inventory/holders";
import { scannersAmong } from "@bulkhead/core/map/scanners";
import { pageVersion } from "@bulkhead/core/simulate/page";
import { type SegmentSight, segmentSights } from "@bulkhead/core/simulate/segment-sight";
import { type EndingRule, endingRules } from "@bulkhead/core/simulate/ending-rules";
import { verdictsOf, type Verdicts } from "@bulkhead/core/simulate/segment-verdict";
import { type KeptPages, simulateArchive } from "@bulkhead/core/simulate/simulate-archive";
import { marked, type MarkedPair, type Suspects, suspectsAmong } from "@bulkhead/core/simulate/suspects";
import { bulkheadVersion } from "./bulkhead-version.ts";
import { cyclesAt } from "./calendar.ts";
import { counted } from "./counted.ts";
import { declaredGaps } from "./declared-gaps.ts";
import { watchedIn, type WatchedTime, watchedUntil } from "./watched-in.ts";

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

/** The verdicts on a policy, with what somebody who reads them asks next. */
export interface Judged extends Verdicts {
  readonly pairs: readonly MarkedPair[];
  readonly suspects: Omit<Suspects, "pairs">;
  readonly ending: readonly EndingRule[];
}

/** Simulates what a data directory holds, says what of it was kept from earlier runs, and judges it by what could be observed. */
export async function simulatedIn(directory: string, asked: SimulationAsked, { show, say }: Shown): Promise<Judged> {
  const inventory = await loadInventory(directory);
  const world = worldOf(asked.set, inventory);
  const kept = keptPages(directory, { question: questionOf(asked.set, inventory), say });
  const archive = await openArchive(directory);
  const stopped = (): void => {
    show("");
    say("stopped: the days that were judged are kept, and the same command goes on there");
    // Nobody listens any more, so it ends us as it would have.
    process.kill(process.pid, "SIGINT");
  };
  process.once("SIGINT", stopped);
  try {
    const asking = { archive, world, workloads: inventory.workloads, segments: holderSegments(inventory.workloads), kept, ...asked };
    show("adding up what was recorded …");
    const simulation = await simulateArchive({
      ...asking,
      gaps: await declaredGaps(directory),
      onProgress: async (days, of) => {
        show(`judged ${days} of ${counted(of, "day")}`);
        // Lets an interrupt in.
        await new Promise((resolve) => setImmediate(resolve));
      },
    });
    const { found, kept: anew } = kept.counts();
    if (found > 0) say(`of ${counted(found + anew, "day")} ${found} ${found === 1 ? "was" : "were"} judged by an earlier run, ${anew} now`);
    show("estimating what is still to come …");
    const { sights, suspects } = await sightsIn(directory, asking);
    const { pairs, ...named } = suspects;
    const verdicts = verdictsOf(asked.set, simulation, sights);
    return { ...verdicts, pairs: marked(simulation.pairs, { pairs }), suspects: named, ending: endingRules(asked.set, simulation) };
  } finally {
    process.removeListener("SIGINT", stopped);
    show("");
    await archive.close();
  }
}

interface Asking extends SimulationAsked {
  readonly archive: FlowArchive;
  readonly world: World;
  readonly segments: readonly HolderSegment[];
  readonly kept: KeptPages;
}

interface Sights {
  readonly sights: readonly SegmentSight[];
  readonly suspects: Suspects;
}

/** What was in sight of each segment, and who is suspect; kept, too, for as long as nothing that it rests on is another. */
async function sightsIn(directory: string, asking: Asking): Promise<Sights> {
  const { archive, world, segments, kept, since, until, calendar } = asking;
  const place = { directory, file: calendar };
  const outline = await archive.outline({ since: null, until, segments });
  const end = watchedUntil(await archive.sources(), until);
  if (end === null) return { sights: [], suspects: nobody };
  const name = JSON.stringify(["sights and suspects", outline.days, since, until, end, await cyclesAt(place, end), keptSensors(directory)]);
  const known = kept.read(name);
  if (known !== null) return JSON.parse(known) as Sights;
  const seen = await watchedIn(place, until);
  const found =
    seen === null
      ? { sights: [], suspects: nobody }
      : { sights: segmentSights(world, seen.watched, { since, until, flows: seen.flows }), suspects: await suspectsIn(asking, seen, outline) };
  kept.write(name, JSON.stringify(found));
  return found;
}

const none = { answered: 0, names: [], more: 0 };
const nobody: Suspects = { scanners: none, unknowns: none, pairs: [] };

/** Who scans is told by all that was watched, as the map tells it; what of it would be denied, by the time that is judged. */
async function suspectsIn({ archive, world, segments, since, until }: Asking, seen: WatchedTime, whole: Outline): Promise<Suspects> {
  const asked = { since, until, segments };
  const { broadcast } = since === null ? whole : await archive.outline(asked);
  const flows = since === null && seen.before === null ? seen.flows : await archive.conversations(asked);
  return suspectsAmong(world, { flows, scanners: scannersAmong(seen.flows, () => ""), broadcast: new Set(broadcast) });
}

/** All that an answer rests on but the traffic: another text is another question. */
const questionOf = (set: PolicySet, inventory: object): string =>
  JSON.stringify([bulkheadVersion, pageVersion, set, inventory], (_, value: unknown) => (typeof value === "bigint" ? String(value) : value));
