import type { Document } from "../document.ts";
import { frontMatter } from "../front-matter.ts";
import { observersText } from "../scope-blocks.ts";
import { assetsSection, unknownsSection } from "./assets.ts";
import { type ArchitectureInputs, factsOf } from "./facts.ts";
import { labelledSections, obstaclesSection, reachSection, segmentsSection } from "./obstacles.ts";
import { completenessSection, confirmationsSection, crossWalkSection, scopeSection, summarySection } from "./scope.ts";
import { eastWestSection, industrialSection, northSouthSection } from "./traffic.ts";
import { applicationsSection, interZoneSection, zonesSection } from "./zones.ts";

/** Deliverable 1: the network and application architecture map. Equal inputs give equal documents. */
export function architectureReport(inputs: ArchitectureInputs): Document {
  const facts = factsOf(inputs);
  const limits = [
    `${facts.map.totals.unknownThere} addresses inside belong to nobody`,
    observersText(inputs.sources),
    "encryption is not told by flow records",
  ];
  return {
    title: "Network and application architecture map",
    front: frontMatter(inputs, { phase: "1, discovery", limitations: limits }),
    sections: [
      summarySection(facts),
      scopeSection(facts),
      assetsSection(facts),
      unknownsSection(facts),
      zonesSection(facts),
      applicationsSection(facts),
      interZoneSection(facts),
      eastWestSection(facts),
      northSouthSection(facts),
      ...labelledSections(facts),
      industrialSection(facts),
      reachSection(facts),
      obstaclesSection(facts),
      segmentsSection(facts),
      completenessSection(facts),
      confirmationsSection(facts),
      crossWalkSection,
    ],
  };
}
