import { everyRule } from "../decide/every-rule.ts";
import type { Rule } from "../model/policy-set.ts";
import { type AnomaliesAsked, type Anomaly, ofRule, type RuleUse } from "./anomaly.ts";

// The ports that services of systems are given; a range as wide names no service.
const portsNamed = 1024;
const shownMost = 5;

/** Rules that opened or denied nothing that was recorded, and rules far wider than a service. */
export function anomaliesOfUse({ set, use, at }: AnomaliesAsked): readonly Anomaly[] {
  const forbids = new Set(set.forbids);
  return everyRule(set).flatMap((rule): readonly Anomaly[] => {
    if (rule.end !== null && rule.end <= at) return [];
    const used = use?.services.get(rule.name) ?? [];
    const found: Anomaly[] = [];
    // A guard rail that nobody runs into does its work.
    if (use !== null && use.daysRecorded > 0 && used.length === 0 && !forbids.has(rule) && !use.blind.has(rule.name)) found.push(unused(rule, use));
    const width = forbids.has(rule) ? null : widthOf(rule);
    if (width !== null)
      found.push(
        ofRule("too-broad", rule, {
          message: `\`${rule.name}\` opens ${width}${used.length > 0 ? `; what was recorded used ${some(used)}` : ""}`,
          help:
            used.length > 0 && used.length <= shownMost
              ? `name what is used: \`over: [${used.join(", ")}]\``
              : "name the services and the servers that are needed",
        }),
      );
    return found;
  });
}

/** What is declared and did not come yet may be what the rule is for. */
function unused(rule: Rule, { days, daysRecorded, unseenEvents }: RuleUse): Anomaly {
  const message = `\`${rule.name}\` decided nothing in the ${daysRecorded} of ${days} days that are recorded`;
  if (unseenEvents.length > 0)
    return ofRule("untold", rule, {
      message: `${message}, but in none of them came what is declared: ${some(unseenEvents)}`,
      help: "ask its owner whether it is for one of these, and look again when they were seen (`bulkhead calendar`)",
    });
  const dark = daysRecorded < days ? "; what came on the others nobody can tell" : "";
  return ofRule("never-used", rule, {
    message: `${message}${dark}`,
    help: "ask its owner whether it is still needed, and whether its traffic is seen by a source at all",
  });
}

const some = (list: readonly string[]): string =>
  (list.length > shownMost ? [...list.slice(0, shownMost), `and ${list.length - shownMost} more`] : list).join(", ");

/** What an opening rule names that no service and no group is; null where it is narrow. */
function widthOf({ services, from, to }: Rule): string | null {
  const width = serviceWidth(services);
  if (width !== null) return width;
  const isEverybody = (side: Rule["from"]): boolean => side.some(({ kind }) => kind === "anyone" || kind === "workloads");
  return isEverybody(from) && isEverybody(to) ? "everything to everybody" : null;
}

/** How many services are opened at once, in words; null where they are named. */
export function serviceWidth(services: Rule["services"]): string | null {
  if (services.some(({ protocol }) => protocol === null)) return "every service";
  const range = services.find(({ low, high }) => high - low >= portsNamed);
  return range === undefined ? null : `${range.high - range.low + 1} ports`;
}
