import { everyRule } from "../decide/every-rule.ts";
import { type AdministrationService, administrationServices } from "../model/administration.ts";
import type { Rule } from "../model/policy-set.ts";
import type { Service } from "../model/service.ts";
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
    if (width !== null) found.push(tooWide(rule, width, used));
    else if (!forbids.has(rule)) found.push(...administrationForAll(rule, use));
    return found;
  });
}

const tooWide = (rule: Rule, width: string, used: readonly string[]): Anomaly =>
  ofRule("too-broad", rule, {
    message: `\`${rule.name}\` opens ${width}${used.length > 0 ? `; what was recorded used ${some(used)}` : ""}`,
    help:
      used.length > 0 && used.length <= shownMost ? `name what is used: \`over: [${used.join(", ")}]\`` : "name the services and the servers that are needed",
  });

// A file share or a web interface may be meant for everybody; a shell, a desktop or a remote command is not.
const commanding: ReadonlySet<string> = new Set(["ssh", "telnet", "rdp", "vnc", "winrm"]);

/** A rule that opens services of administration to anyone or to the internet, and demands nothing of them. */
function administrationForAll(rule: Rule, use: RuleUse | null): readonly Anomaly[] {
  const who = rule.from.some(({ kind }) => kind === "anyone")
    ? "anyone"
    : rule.from.some((peer) => peer.kind === "network" && peer.names.includes("internet"))
      ? "the internet"
      : null;
  const opened = administrationServices.filter((one) => commanding.has(one.name) && rule.services.some((service) => overlaps(service, one)));
  if (who === null || opened.length === 0 || rule.where.length > 0) return [];
  const isAll = rule.services.every((service) => opened.some((one) => overlaps(service, one)));
  const users = isAll ? [...(use?.groups.get(rule.name)?.from ?? [])] : [];
  return [
    ofRule("too-broad", rule, {
      message: `\`${rule.name}\` lets ${who} in over ${opened.map(({ name }) => name).join(" and ")}, by which machines are administered${users.length > 0 ? `; what was recorded came from ${some(users)}` : ""}`,
      help: "name those from where they are administered, such as a jump host",
    }),
  ];
}

const overlaps = ({ protocol, low, high }: Service, one: AdministrationService): boolean => protocol === one.protocol && low <= one.high && one.low <= high;

/** What is declared and did not come yet may be what the rule is for. */
function unused(rule: Rule, { days, daysRecorded, unseenEvents, services }: RuleUse): Anomaly {
  const nothing = services.has(rule.name) ? "let in only what nobody answered" : "decided nothing";
  const message = `\`${rule.name}\` ${nothing} in the ${daysRecorded} of ${days} days that are recorded`;
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
