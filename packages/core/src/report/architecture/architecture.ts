import type { Document } from "../document.ts";
import { assetsSection, unknownsSection } from "./assets.ts";
import { type ArchitectureInputs, factsOf, timeText } from "./facts.ts";
import { labelledSections, obstaclesSection, reachSection, segmentsSection } from "./obstacles.ts";
import { completenessSection, confirmationsSection, crossWalkSection, scopeSection, summarySection } from "./scope.ts";
import { eastWestSection, industrialSection, northSouthSection } from "./traffic.ts";
import { applicationsSection, interZoneSection, zonesSection } from "./zones.ts";

// What only people know; empty lines show that nobody said it.
const asked = [
  "agency",
  "system",
  "FISMA system id",
  "FIPS 199 level",
  "HVA",
  "authorisation boundary",
  "distribution",
  "scope statement",
  "author",
  "reviewer",
  "system owner",
];

/** Deliverable 1: the network and application architecture map. Equal inputs give equal documents. */
export function architectureReport(inputs: ArchitectureInputs): Document {
  const facts = factsOf(inputs);
  const stated = new Map(Object.entries(inputs.front));
  const limits = [
    `${facts.map.totals.unknownThere} addresses inside belong to nobody`,
    inputs.sources.length === 0
      ? "nothing was ingested"
      : `seen by ${[...new Set(inputs.sources.map(({ observer, source }) => observer ?? source))].slice(0, 6).join(", ")}`,
    "encryption is not told by flow records",
  ];
  return {
    title: "Network and application architecture map",
    front: [
      ...asked.map((name) => [name, stated.get(name) ?? "not stated"] as const),
      ["phase", "1, discovery"],
      ["from", timeText(inputs.since) ?? "the first record"],
      ["until", timeText(inputs.until) ?? "the last record"],
      ["generated", timeText(inputs.generatedAt)!],
      ["bulkhead", inputs.version],
      ["limitations", limits.join("; ")],
    ],
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
