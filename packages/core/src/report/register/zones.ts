import { peerText } from "../../decide/policy-words.ts";
import { boundaryStage } from "../../decide/effect.ts";
import type { Zone } from "../../model/policy-set.ts";
import { written } from "../../posture/upkeep.ts";
import { type Cell, missing, type Section, type Table, words } from "../document.ts";
import { type Facts, listed, placeText } from "./facts.ts";

/** Section 3: a sheet for each zone, the built-in ones among them. */
export function zonesSection(facts: Facts): Section {
  return {
    number: 3,
    id: "zones",
    title: "Zone sheets",
    blocks: [
      words(
        facts.world.hasBoundaries
          ? "By default nothing crosses from zone to zone; a conduit names what may. What moves inside a zone that is open is judged only where a policy guards an end."
          : "The policy declares no zones, so it has no boundaries: everybody is in one of those that are built in.",
      ),
      zoneTable(facts),
      contestedTable(facts),
      missing(
        "Exclusions, management path, enforcement devices, fail mode, logging point",
        "The text of a policy does not carry them: they are declared where points are installed.",
        "Next: `bulkhead agent status` on a host, once one enforces.",
      ),
    ],
  };
}

function zoneTable({ permitted, permittedFlows, set, world, isReal }: Facts): Table {
  const zones = new Map(set.zones.map((zone) => [zone.name, zone]));
  const rows = permitted.zones.map((name): readonly Cell[] => {
    const zone = zones.get(name);
    const register = zone?.register ?? {};
    const members = permitted.alike.filter(({ end }) => end.zone === name).flatMap(({ workloads }) => workloads);
    return [
      name,
      written(register, "because") ?? builtIn[name] ?? null,
      written(register, "trust"),
      written(register, "level"),
      membersText(zone),
      zone === undefined || zone.networks.length === 0 ? null : zone.networks.join(", "),
      name === "outside" ? null : members.length,
      isReal && members.length > 0 ? listed(members) : null,
      written(register, "owner"),
      written(register, "data-class"),
      written(register, "controls"),
      world.hasBoundaries ? "denied" : "no boundary",
      world.hasBoundaries ? "denied" : "no boundary",
      name === "outside" && zone === undefined ? null : (zone?.inside ?? "open"),
      permittedFlows.filter(({ toZone }) => toZone === name).length,
      permittedFlows.filter(({ fromZone }) => fromZone === name).length,
      boundaryStage(world, name),
      written(register, "review"),
      zone === undefined ? null : placeText(zone),
    ];
  });
  return {
    kind: "table",
    cards: { without: [] },
    id: "zone-sheets",
    title: isReal ? "Zones" : "Zones, and how many kinds of workloads the policy tells apart in each",
    columns: [
      "zone",
      "purpose",
      "trust",
      "level",
      "members are",
      "networks",
      isReal ? "workloads" : "kinds of workloads",
      "who",
      "owner",
      "data class",
      "controls",
      "into it by default",
      "out of it by default",
      "inside",
      "permitted flows in",
      "permitted flows out",
      "stage of its boundary",
      "review due",
      "written in",
    ],
    rows,
    empty: "",
  };
}

function membersText(zone: Zone | undefined): string | null {
  const selector = zone?.members ?? null;
  return selector === null ? null : peerText({ kind: "labels", selector });
}

const builtIn: Readonly<Record<string, string>> = {
  unplaced: "built in: workloads that no zone claims",
  outside: "built in: addresses of no workload that no zone claims",
};

function contestedTable({ world, isReal }: Facts): Table {
  const contested = isReal ? [...world.claims].filter(([, { contested: claims }]) => claims.length > 0) : [];
  return {
    kind: "table",
    id: "contested",
    title: "Workloads that two zones or two policies claim: nothing is decided about them",
    columns: ["workload", "claimed by"],
    rows: contested.map(([{ id }, { contested: claims }]) => [id, claims.join(", ")]),
    empty: "None.",
  };
}
