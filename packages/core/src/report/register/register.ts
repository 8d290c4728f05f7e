import type { Document } from "../document.ts";
import { frontMatter } from "../front-matter.ts";
import { timeText } from "../time-text.ts";
import { type Facts, factsOf, type RegisterInputs } from "./facts.ts";
import { broadSection, registerSection, unusedSection } from "./flows.ts";
import { matrixSection } from "./matrix.ts";
import { metricsSection } from "./metrics.ts";
import { changesSection, crossWalkSection, scopeSection, summarySection } from "./scope.ts";
import { enforcementSection, invariantsSection, unregisteredSection, violationsSection } from "./traffic.ts";
import { exceptionsSection, reviewsSection } from "./upkeep.ts";
import { zonesSection } from "./zones.ts";

/** A deliverable, and how many verdicts in it the second engine gave another answer to; one is too many. */
export interface Register {
  readonly document: Document;
  readonly disagreements: number;
}

/** Deliverable 2: the macro-segment policy register. Equal inputs give equal documents. */
export function registerReport(inputs: RegisterInputs): Register {
  const facts = factsOf(inputs);
  return {
    disagreements: facts.secondEngine.disagreements,
    document: {
      title: "Macro-segment policy register",
      front: frontMatter(inputs, {
        phase: "2, macro-segmentation",
        limitations: limitationsOf(facts),
        more: [
          ...(facts.recorded.last === null ? [] : [["last record", timeText(facts.recorded.last)!] as const]),
          ["policy version", inputs.policy.version.slice(0, 12)],
        ],
      }),
      sections: [
        summarySection(facts),
        scopeSection(facts),
        zonesSection(facts),
        matrixSection(facts),
        registerSection(facts),
        invariantsSection(facts),
        enforcementSection,
        violationsSection(facts),
        unregisteredSection(facts),
        unusedSection(facts),
        broadSection(facts),
        exceptionsSection(facts),
        reviewsSection(facts),
        metricsSection(facts),
        changesSection(facts),
        crossWalkSection,
      ],
    },
  };
}

function limitationsOf({ flows, recorded, isReal }: Facts): readonly string[] {
  return [
    ...(isReal ? [] : ["no inventory was named: one workload of every kind stands for those who exist"]),
    flows.length === 0 ? "nothing was ingested for this time" : `${recorded.all.unknown.connections} connections of which nobody can tell`,
    "no point was read back: this is what the policy says, not what is enforced",
    "flow records carry no facts, so rules that demand any open nothing to them",
  ];
}
