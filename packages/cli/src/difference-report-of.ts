import type { Instant } from "@bulkhead/core/base/instant";
import { addedUp, type SecondEngine } from "@bulkhead/core/decide/second-engine";
import { type World, worldOf } from "@bulkhead/core/decide/world";
import type { PolicySet, Rule } from "@bulkhead/core/model/policy-set";
import { type Granted, grantedOf, publicAccess } from "@bulkhead/core/simulate/access-checks";
import { contestedText, contestedWorkloads, type ContestedWorkloads } from "@bulkhead/core/simulate/contested-workloads";
import { type Difference, differenceOf } from "@bulkhead/core/simulate/difference";
import { peopleChanged } from "@bulkhead/core/simulate/people-changed";
import { stagesChanged } from "@bulkhead/core/simulate/stages-changed";
import { testsChanged } from "@bulkhead/core/simulate/tests-changed";
import { type Touched, touchedFlows } from "@bulkhead/core/simulate/touched-flows";
import type { People } from "./difference-inputs.ts";
import type { Check, DifferenceReport } from "./difference-report.ts";

export interface ReportAsked {
  readonly before: PolicySet;
  readonly after: PolicySet;
  readonly people: People;
  readonly at: Instant;
  readonly since: Instant | null;
  /** The directory of the new policy, as it was typed. */
  readonly directory: string;
  readonly checks: ChecksAsked;
}

export interface ChecksAsked {
  readonly isNewForbidden: boolean;
  readonly notGranted: { readonly flag: string; readonly forbids: readonly Rule[] } | null;
  readonly isPublicForbidden: boolean;
}

/** Everything that is said about a change from one policy to another. */
export async function reportOf({ before, after, people, at, since, directory, checks }: ReportAsked): Promise<DifferenceReport> {
  const worlds = { before: worldOf(before, people.before), after: worldOf(after, people.after) };
  const difference = differenceOf({ ...worlds, from: at, by: people.by });
  const contested = contestedWorkloads(worlds.after, worlds.before).map(unclearText);
  const asked = checksOf(checks, { difference, contested, world: worlds.after, isReal: people.isReal, at, by: people.by });
  const flows = people.directory === null ? null : await flowsOf(people.directory, { ...worlds, people, at, since });
  return {
    difference: {
      ...difference,
      untold: [...new Set([...contested, ...difference.untold, ...asked.flatMap(({ untold }) => untold)])],
      secondEngine: addedUp([difference, ...asked, ...(flows === null ? [] : [flows])].flatMap(({ secondEngine }) => secondEngine ?? [])),
    },
    isReal: people.isReal,
    hasPoints: [people.before, people.after].some(({ workloads, points }) => workloads.some(({ point }) => point) || points.some(({ live }) => live)),
    hasCauses: people.before !== people.after && before !== after,
    people: people.before === people.after ? null : peopleChanged(people.before, people.after),
    stages: stagesChanged(before, after),
    tests: testsChanged(before, after, { at, inventory: people.isReal ? people.after : null }),
    flows: flows === null ? null : { looked: flows.looked, since, touched: flows.touched },
    checks: asked.map(({ flag, lines, untold }) => ({ flag, isKept: lines.length > 0 ? false : untold.length > 0 ? null : true, lines })),
    typed: { directory, words: people.words },
  };
}

const unclearText = (one: ContestedWorkloads): string => `${contestedText(one)}; what they may do cannot be told`;

interface Around {
  readonly difference: Difference;
  /** Who became contested by the change. */
  readonly contested: readonly string[];
  readonly world: World;
  readonly isReal: boolean;
  readonly at: Instant;
  readonly by: readonly string[];
}

function checksOf(
  asked: ChecksAsked,
  { difference, contested, world, isReal, at, by }: Around,
): readonly (Pick<Check, "flag"> & Omit<Granted, "secondEngine"> & { readonly secondEngine?: SecondEngine })[] {
  // Of what a policy grants, those who were contested before can tell no more. Of kinds that nobody may have, only the change is judged.
  const unclear = isReal ? contestedWorkloads(world).map(unclearText) : contested;
  const granted = (flag: string, forbids: readonly Rule[]) => {
    const { untold, ...granted } = grantedOf(world, forbids, { from: at, by });
    return { ...granted, flag, untold: [...untold, ...unclear] };
  };
  const gained = difference.lines.filter(({ change }) => change === "gained");
  return [
    ...(asked.isNewForbidden ? [{ flag: "--no-new-access", lines: gained, untold: [...contested, ...difference.untold] }] : []),
    ...(asked.notGranted === null ? [] : [granted(asked.notGranted.flag, asked.notGranted.forbids)]),
    ...(asked.isPublicForbidden ? [granted("--no-public-access", [publicAccess])] : []),
  ];
}

interface FlowsAsked {
  readonly before: World;
  readonly after: World;
  readonly people: People;
  readonly at: Instant;
  readonly since: Instant | null;
}

async function flowsOf(directory: string, { before, after, people, at, since }: FlowsAsked): Promise<Touched & { readonly looked: number }> {
  const { flows } = await (await import("./seen.ts")).seenIn(directory, { since });
  // Who was relabelled stands under the labels that it had; who is new, under its own.
  return {
    looked: flows.length,
    ...touchedFlows(flows, { before, after, at, by: people.by, workloads: [...people.after.workloads, ...people.before.workloads] }),
  };
}
