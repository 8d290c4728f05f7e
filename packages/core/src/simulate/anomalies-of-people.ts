import type { Span } from "../base/diagnostic.ts";
import { grouped } from "../base/lists.ts";
import { number } from "../base/number.ts";
import { type World, worldOf } from "../decide/world.ts";
import { groupingBy } from "../map/group.ts";
import type { Zone } from "../model/policy-set.ts";
import type { Workload } from "../model/workload.ts";
import { type AnomaliesAsked, type Anomaly, placed } from "./anomaly.ts";
import type { ContestedSide } from "./contested-rules.ts";
import { contestedText, contestedWorkloads } from "./contested-workloads.ts";

const groupsMost = 5;

/** Workloads that two claim at once, and workloads that nobody guards beside others that somebody does. */
export function anomaliesOfPeople({ set, inventory }: AnomaliesAsked): readonly Anomaly[] {
  if (inventory === null) return [];
  const world = worldOf(set, inventory);
  return [...contested(world), ...unguarded(world)];
}

function contested(world: World): readonly Anomaly[] {
  const { zones, policies } = world.set;
  const places = new Map<string, Span>([
    ...zones.map(({ name, at }) => [`zone/${name}`, at] as const),
    ...policies.map(({ name, at }) => [`policy/${name}`, at] as const),
  ]);
  return contestedWorkloads(world).map((one) =>
    placed("contested", {
      name: one.names.at(-1)!,
      at: places.get(one.names.at(-1)!)!,
      message: `${contestedText(one)}; what they may do cannot be told, so no rule that names them is called needless or unused`,
      help: "give the selectors different values under a common key",
      others: one.names.slice(0, -1),
    }),
  );
}

/** Without an inventory: rules of which nothing can be told, because all whom they could name two claim at once. */
export function namingContested(torn: readonly Anomaly[], contestedIn: (name: string) => ContestedSide | null): readonly Anomaly[] {
  const groups = grouped(torn, ({ name }) =>
    contestedIn(name)!
      .names.map((one) => `\`${one}\``)
      .join(" and "),
  );
  return [...groups].map(([claimants, some]) => {
    const rest = some.length > 1 ? ` and of ${number(some.length - 1)} more ${some.length === 2 ? "rule" : "rules"}` : "";
    const [{ name, at }] = some as readonly [Anomaly];
    const message = `on a side of \`${name}\`${rest} everybody would be claimed by ${claimants} at once; what they do cannot be told`;
    return placed("contested", { name, at, message, help: "give the selectors different values under a common key" });
  });
}

/** A zone is walked segment by segment; whoever was left out has no owner that keeps anybody away. */
function unguarded(world: World): readonly Anomaly[] {
  const { workloads } = world.inventory;
  const grouping = groupingBy(["app", "env", "role"], workloads, new Set());
  return world.set.zones.flatMap((zone) => {
    const members = zone.inside === "closed" ? [] : membersOf(world, zone);
    const left = members.filter((workload) => world.claims.get(workload)!.policy === null);
    if (left.length === 0 || left.length === members.length) return [];
    const groups = [...new Set(left.map(({ id }) => grouping.of({ kind: "held", holder: id })))];
    const rest = groups.length > groupsMost ? ` and ${number(groups.length - groupsMost)} more groups` : "";
    return placed("unguarded", {
      name: `zone/${zone.name}`,
      at: zone.at,
      message: `${number(left.length)} of ${number(members.length)} workloads of the zone \`${zone.name}\` ${left.length === 1 ? "is" : "are"} guarded by nobody, the others by segments: ${groups.slice(0, groupsMost).join(", ")}${rest}`,
      help: "write a segment whose `scope` selects them, or `inside: closed` in the zone",
    });
  });
}

const membersOf = ({ claims }: World, { name }: Zone): readonly Workload[] =>
  [...claims].flatMap(([workload, claim]) => (claim.zone === name && claim.contested.length === 0 ? [workload] : []));
