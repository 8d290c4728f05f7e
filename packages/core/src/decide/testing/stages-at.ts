import type { PolicySet, Stage, Stages } from "../../model/policy-set.ts";
import { somewhere } from "./small-pools.ts";

/** The zones that have a boundary: those of the set and the built-in ones. */
export const boundaryNames = (set: PolicySet): readonly string[] => [...new Set([...set.zones.map(({ name }) => name), "outside", "unplaced"])];

/** Every stage of a set the same. */
export const stagesAt = (set: PolicySet, stage: Stage): Stages => ({
  zones: boundaryNames(set).map((name) => ({ name, boundary: stage, inside: stage, at: somewhere })),
  segments: set.policies.map(({ name }) => ({ name, in: stage, out: stage, at: somewhere })),
});
