import { someOf } from "../base/some-of.ts";
import { byCodePoint } from "../base/order.ts";
import { number } from "../base/number.ts";
import { isPeer, isSelected, placeless } from "../decide/match.ts";
import { pointText } from "../decide/policy-words.ts";
import { groupingBy } from "../map/group.ts";
import type { Policy, Rule } from "../model/policy-set.ts";
import type { Workload } from "../model/workload.ts";
import { type AnomaliesAsked, type Anomaly, ofRule, type RuleUse } from "./anomaly.ts";

// Of two groups, one that was not seen yet is no sign of anything.
const namedLeast = 3;
const shownMost = 5;

/** Rules of segments that name by label many more groups than ever used them. What is common is meant for everybody, and what was not seen yet may still come. */
export function anomaliesOfPeers({ set, inventory, use }: AnomaliesAsked): readonly Anomaly[] {
  if (inventory === null || use === null || use.unseenEvents.length > 0) return [];
  const grouping = groupingBy(use.by, inventory.workloads, new Set());
  const groupsOf = (some: readonly Workload[]): readonly string[] =>
    [...new Set(some.map(({ id }) => grouping.of({ kind: "held", holder: id })))].sort(byCodePoint);
  return set.policies.flatMap((policy) =>
    policy.allow.flatMap((rule) =>
      (["from", "to"] as const).flatMap((side) => {
        const users = use.groups.get(rule.name)?.[side];
        if (users === undefined) return [];
        const named = groupsOf(meantBy(rule, { policy, side, workloads: inventory.workloads }));
        const used = named.filter((group) => users.has(group));
        return named.length < namedLeast || used.length === 0 || used.length * 2 >= named.length ? [] : widePeer(rule, { side, named, used, use });
      }),
    ),
  );
}

interface Meant {
  readonly policy: Policy;
  readonly side: "from" | "to";
  readonly workloads: readonly Workload[];
}

/** Whom a side names by labels; none where it names others, too. Servers are the members of the segment, where it names any. */
function meantBy(rule: Rule, { policy, side, workloads }: Meant): readonly Workload[] {
  if (!rule[side].every(({ kind }) => kind === "labels")) return [];
  const meant = workloads.filter((workload) => rule[side].some((peer) => isPeer(peer, placeless(workload), 0)));
  const own = side === "to" ? meant.filter(({ labels }) => isSelected(policy.scope, labels)) : [];
  return own.length > 0 ? own : meant;
}

interface Wide {
  readonly side: "from" | "to";
  readonly named: readonly string[];
  readonly used: readonly string[];
  readonly use: RuleUse;
}

function widePeer(rule: Rule, { side, named, used, use }: Wide): Anomaly {
  const { days, daysRecorded } = use;
  const words = side === "from" ? ["lets in", "clients", "came from"] : ["opens", "servers", "went to"];
  const seen = use.services.get(rule.name) ?? [];
  const unseen = rule.services.flatMap(({ protocol, low, high }) =>
    protocol === null || low !== high || seen.includes(pointText({ protocol, port: low })) ? [] : pointText({ protocol, port: low }),
  );
  const nothing = unseen.length === 0 ? "" : `, and nothing used ${listed(unseen)}`;
  return ofRule("wide-peer", rule, {
    message: `\`${rule.name}\` ${words[0]} ${number(named.length)} groups of ${words[1]}; what was recorded on ${daysRecorded} of ${days} days ${words[2]} ${number(used.length)} of them: ${listed(used)}${nothing}`,
    help: `name those that need it, or ask its owner about the others: ${listed(named.filter((group) => !used.includes(group)))}`,
  });
}

const listed = (all: readonly string[]): string => someOf(all, shownMost);
