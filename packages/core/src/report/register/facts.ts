/** register/ is deliverable 2 (REQUIREMENTS §10.2): zones, what may cross them and who answers for it, held against what was recorded. */
import { addedUp, type SecondEngine } from "../../decide/second-engine.ts";
import { type World, worldOf } from "../../decide/world.ts";
import type { Flow } from "../../model/flow.ts";
import type { PolicySet, Rule } from "../../model/policy-set.ts";
import type { Inventory } from "../../model/workload.ts";
import type { ArchivedSource } from "../../outside.ts";
import { type Invariants, invariantsOf } from "../../posture/invariants.ts";
import { type Permitted, permittedIn } from "../../posture/permitted.ts";
import { type PermittedFlow, permittedFlows } from "../../posture/permitted-flows.ts";
import { type Recorded, recordedIn, type Use } from "../../posture/recorded.ts";
import { ownersIn } from "../../posture/upkeep.ts";
import { type ZonePair, zoneMatrix } from "../../posture/zone-matrix.ts";
import type { Gap } from "../../simulate/simulation.ts";
import type { Told } from "../front-matter.ts";
import type { CannotTell } from "../scope-blocks.ts";

/** A policy as it stood in its files. */
export interface Revision {
  readonly set: PolicySet;
  /** The SHA-256 of each file. */
  readonly files: readonly { readonly path: string; readonly digest: string }[];
  /** The SHA-256 of the list of them. */
  readonly version: string;
}

/** Everything that the register is computed from, and nothing else: the same inputs give the same bytes. `generatedAt` is also when the policy is asked. */
export interface RegisterInputs extends Told {
  readonly policy: Revision;
  /** What the change log starts from; null where nobody asked for one. */
  readonly before: Revision | null;
  readonly inventory: Inventory;
  /** Whether these people exist, or stand for one of every kind that the policy tells apart. */
  readonly isReal: boolean;
  readonly flows: readonly Flow[];
  readonly sources: readonly ArchivedSource[];
  readonly cannotTell: CannotTell;
  readonly gaps: readonly Gap[];
}

/** What several sections need, computed once. */
export interface Facts extends RegisterInputs {
  readonly set: PolicySet;
  readonly world: World;
  readonly permitted: Permitted;
  readonly permittedFlows: readonly PermittedFlow[];
  readonly matrix: readonly ZonePair[];
  readonly invariants: Invariants;
  readonly recorded: Recorded;
  readonly ownerOf: (rule: Rule) => string | null;
  readonly secondEngine: SecondEngine;
}

export function factsOf(inputs: RegisterInputs): Facts {
  const { set } = inputs.policy;
  const world = worldOf(set, inputs.inventory);
  const permitted = permittedIn(world, inputs.generatedAt);
  const flows = permittedFlows(permitted);
  const invariants = invariantsOf(permitted);
  const recorded = recordedIn({ world, flows: inputs.flows, permitted: flows, gaps: inputs.gaps });
  return {
    ...inputs,
    set,
    world,
    permitted,
    permittedFlows: flows,
    matrix: zoneMatrix(permitted, flows),
    invariants,
    recorded,
    ownerOf: ownersIn(set),
    secondEngine: addedUp([permitted, invariants, recorded].map(({ secondEngine }) => secondEngine)),
  };
}

const never: Use = { connections: 0, bytes: null, first: null, last: null };

/** What of the recorded ran into a rule; null where nobody can tell. */
export function useOf({ recorded, flows }: Facts, { name }: Rule): Use | null {
  return flows.length === 0 || recorded.blind.has(name) || recorded.untold.rules.has(name) ? null : (recorded.rules.get(name) ?? never);
}

/** What of the recorded used a permitted flow; null where nobody can tell. */
export function flowUse({ recorded, flows }: Facts, flow: PermittedFlow): Use | null {
  const isBlind = [flow.conduit, flow.rule].some((rule) => rule !== null && recorded.blind.has(rule.name));
  return flows.length === 0 || isBlind || recorded.untold.flows.has(flow) ? null : (recorded.uses.get(flow) ?? never);
}

/** Where something is written. */
export const placeText = ({ at }: Pick<Rule, "at">): string => `${at.file}:${at.line}`;

// Whoever wants all of them takes the files of the policy, or `bulkhead diff`.
const listedMost = 8;

/** The first of some names, and how many more. */
export const listed = (names: readonly string[]): string =>
  names.slice(0, listedMost).join(", ") + (names.length > listedMost ? ` and ${names.length - listedMost} more` : "");
