import type { Instant } from "../base/instant.ts";
import { runPolicyTests } from "../decide/policy-tests.ts";
import type { PolicySet } from "../model/policy-set.ts";
import type { Inventory } from "../model/workload.ts";
import { type Mutant, mutantsOf } from "./mutants.ts";
import type { FlowNotice } from "./flow-notice.ts";
import { verdictChanges, type VerdictChange, type Changed, type VerdictWitness } from "./verdict-change.ts";

/** What became of a mutant. */
export interface JudgedMutant extends Pick<Mutant, "name" | "at" | "mutation" | "what"> {
  /**
   * `tests` and `flows` say who noticed it. `equivalent`: no question at all gets another verdict. `live`: some question does, and nobody noticed.
   * `beyond`: likewise, but only such questions as no test can ask. `untold`: there are more kinds of questions than can be gone through.
   */
  readonly fate: "tests" | "flows" | "equivalent" | "live" | "beyond" | "untold";
  /** A question that tells it from the policy, where nobody noticed. */
  readonly witness: VerdictWitness | null;
}

export interface MutationAsked {
  /** A set whose tests pass. */
  readonly set: PolicySet;
  readonly at: Instant;
  readonly inventory: Inventory | null;
  /** Whether a recorded flow gets another verdict; null where none are recorded. */
  readonly flows: FlowNotice | null;
}

/** Judges every mutant of a set, one after the other. */
export function* mutationTesting({ set, at, inventory, flows }: MutationAsked): Generator<JudgedMutant> {
  const change = verdictChanges({ before: set, from: at, workloads: inventory?.workloads ?? [], quarantined: inventory?.quarantined ?? [] });
  for (const mutant of mutantsOf(set)) {
    const { name, mutation, what } = mutant;
    const told = { name, at: mutant.at, mutation, what };
    // A test asks for the meaning, and stages do not touch it.
    if (mutation !== "stage" && isNoticedAt(mutant.set, { at, inventory })) yield { ...told, fate: "tests", witness: null };
    else if (flows !== null && flows(mutant)) yield { ...told, fate: "flows", witness: null };
    else yield { ...told, ...unnoticed(mutant, { set, at, inventory, change }) };
  }
}

const isNoticedAt = (mutated: PolicySet, asking: Pick<MutationAsked, "at" | "inventory">): boolean =>
  runPolicyTests(mutated, { ...asking, causesMost: 0 }).length > 0;

interface Around extends Omit<MutationAsked, "flows"> {
  readonly change: (changed: Changed) => VerdictChange;
}

function unnoticed({ set: after, touched, mutation }: Mutant, { set: before, at, inventory, change }: Around): Pick<JudgedMutant, "fate" | "witness"> {
  const isOnWire = mutation === "stage";
  const found = change({ after, touched, isOnWire });
  switch (found.kind) {
    case "same":
      return { fate: "equivalent", witness: null };
    case "untold":
      return { fate: "untold", witness: null };
    case "changed":
      return isOnWire ? { fate: "beyond", witness: found.witness } : ofWitness(found.witness, { before, after, at, inventory });
  }
}

function ofWitness(
  witness: VerdictWitness,
  { before, after, at, inventory }: { readonly before: PolicySet; readonly after: PolicySet } & Pick<MutationAsked, "at" | "inventory">,
): Pick<JudgedMutant, "fate" | "witness"> {
  if (witness.isTestable) return { fate: "live", witness };
  // A test has no time of its own: asked then, one that would pass and fail otherwise holds the border in place.
  const failing = (set: PolicySet): string =>
    runPolicyTests(set, { at: witness.at, inventory })
      .map((one) => `${one.at.file}:${one.at.line}:${one.at.column}`)
      .join(" ");
  if (witness.at !== at && failing(before) !== failing(after)) return { fate: "tests", witness: null };
  return { fate: "beyond", witness };
}
