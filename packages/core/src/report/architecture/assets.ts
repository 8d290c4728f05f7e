import { ipText } from "../../base/ip.ts";
import { sortedOnce } from "../../base/order.ts";
import type { BelievedWorkload } from "../../inventory/believe.ts";
import { deedsText, isThere } from "../../map/unknown-ends.ts";
import { type Section, words } from "../document.ts";
import { timeText } from "../time-text.ts";
import type { Facts } from "./facts.ts";

const addressesMost = 6;

/** Section 3: every asset with what is known of it, and which sources say so. */
export function assetsSection(facts: Facts): Section {
  const { workloads } = facts.believed;
  const own = ["class", "owner", "os", "criticality", "hva", "fisma"];
  const columns = ["asset", ...own, "app", "env", "role", "zone", "addresses now", "first seen", "last seen", "point", "identity tier", "sources"];
  const rows = workloads.map((one) => {
    const seen = facts.seen.get(one.id);
    return [
      one.id,
      ...own.map((name) => (name === "owner" ? one.owner : attribute(one, name))),
      ...["app", "env", "role", "zone"].map((key) => (Object.hasOwn(one.labels, key) ? one.labels[key]! : null)),
      addressesOf(one, facts.until ?? facts.generatedAt),
      timeText(seen?.first ?? null),
      timeText(seen?.last ?? null),
      one.point ? "yes" : "no",
      one.identity?.tier ?? null,
      sortedOnce(Object.values(one.believed).map(({ source }) => source)).join(", "),
    ];
  });
  return {
    number: 3,
    id: "assets",
    title: "Asset inventory",
    blocks: [
      { kind: "table", id: "table-a", title: "Table A. Assets", columns, rows, empty: "No inventory was imported. Next: `bulkhead inventory import FILE`." },
    ],
  };
}

const attribute = ({ attributes }: BelievedWorkload, name: string): string | null => (Object.hasOwn(attributes, name) ? attributes[name]! : null);

function addressesOf({ leases }: BelievedWorkload, at: number): string {
  const held = sortedOnce(leases.filter(({ from, until }) => (from ?? -Infinity) <= at && at < (until ?? Infinity)).map(({ ip }) => ipText(ip)));
  const more = held.length > addressesMost ? ` and ${held.length - addressesMost} more` : "";
  return held.slice(0, addressesMost).join(", ") + more;
}

/** Section 4: who talks and is in no inventory, who is in it and was never seen, and what sources contradict each other about. */
export function unknownsSection(facts: Facts): Section {
  const { map, believed, seen } = facts;
  const unknowns = map.unknowns.filter(({ group }) => group === "unknown" || group === "contested");
  const silent = believed.workloads.filter(({ id }) => !seen.has(id));
  const text =
    unknowns.length === 0
      ? "Every address inside that was seen belongs to an asset."
      : `${unknowns.filter(isThere).length} addresses inside answered or spoke and belong to nobody, or to several.`;
  const quiet = unknowns.length - unknowns.filter(isThere).length + map.unknownsOmitted;
  return {
    number: 4,
    id: "unknowns",
    title: "Unknowns",
    blocks: [
      words(text),
      ...(quiet === 0 ? [] : [words(`${quiet} more were called and never answered or spoke: perhaps nobody is there. \`bulkhead map --json\` lists them.`)]),
      {
        kind: "table",
        id: "unknown-ends",
        title: "Seen, in no inventory",
        columns: ["address", "claimed by", "opened", "was called", "what it did"],
        rows: unknowns
          .filter(isThere)
          .map((end) => [end.address, end.holders.length === 0 ? null : end.holders.join(", "), end.asClient, end.asServer, deedsText(end)]),
        empty: "None.",
      },
      {
        kind: "table",
        id: "never-seen",
        title: "In an inventory, never seen to speak or answer",
        columns: ["asset", "owner", "app", "env", "addresses now"],
        rows: silent.map((one) => [
          one.id,
          one.owner,
          one.labels["app"] ?? null,
          one.labels["env"] ?? null,
          addressesOf(one, facts.until ?? facts.generatedAt),
        ]),
        empty: "None.",
      },
      {
        kind: "table",
        id: "conflicts",
        title: "Contradictions of sources",
        columns: ["asset", "what", "believed", "of", "other value", "other source"],
        rows: believed.conflicts.map(({ workload, attribute: what, believed: first, other }) => [
          workload,
          what,
          first.value,
          first.source,
          other.value,
          other.source,
        ]),
        empty: "None.",
      },
    ],
  };
}
