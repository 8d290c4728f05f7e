import { columns } from "@bulkhead/core/base/columns";
import type { Instant } from "@bulkhead/core/base/instant";
import { instantText } from "@bulkhead/core/base/instant";
import { sortedOnce } from "@bulkhead/core/base/order";
import type { PeerTable, Ruleset, Stretch } from "@bulkhead/core/compile/ruleset";
import { everyRule } from "@bulkhead/core/decide/every-rule";
import type { PolicySet } from "@bulkhead/core/model/policy-set";
import { protocolNumbers } from "@bulkhead/core/model/service";
import { printable } from "./context.ts";
import { counted } from "./counted.ts";

/** What a rule set was compiled from, and when. */
export interface Origin {
  readonly set: PolicySet;
  /** The directory of the policy as it was written, and the digest of its files. */
  readonly directory: string;
  readonly policyDigest: string;
  /** Which inventory, in words. */
  readonly inventory: string;
  readonly at: Instant;
  /** When the rule set has to be made again; null when nothing is foreseen. */
  readonly nextChange: Instant | null;
  readonly rulesetDigest: string;
}

const digestShown = 12;

/** What nft skips and people look for: from what this was made, whether anything is blocked, and where each rule in it is written. */
export function compiledHead(ruleset: Ruleset, origin: Origin): string {
  const { directory, policyDigest, inventory, at, nextChange, rulesetDigest } = origin;
  const facts = [
    ["policy", `${directory}, sha256 ${policyDigest.slice(0, digestShown)}`],
    ["inventory", inventory],
    ["as of", `${instantText(at)}${nextChange === null ? "" : `, to be compiled again at ${instantText(nextChange)}, when a rule or a lease changes`}`],
    ["rule set", `sha256 ${rulesetDigest.slice(0, digestShown)}, as \`bulkhead agent status\` says`],
    ["blocks", mannerOf(ruleset)],
  ];
  const lines = [
    `${ruleset.point}: what its kernel would be given`,
    ...columns(facts).map((line) => `  ${line}`),
    ...sideLines("who may come in", ruleset.inbound, origin),
    ...sideLines("where it may go", ruleset.outbound, origin),
  ];
  return `${lines.map((line) => `# ${printable(line)}`.trimEnd()).join("\n")}\n`;
}

function mannerOf({ inbound, outbound }: Ruleset): string {
  const actions = new Set([inbound, outbound].flatMap(({ classes }) => classes.flat().map(({ action }) => action)));
  if (actions.has("block")) return "what no rule lets pass, where a stage enforces";
  return actions.has("would")
    ? "nothing: every stage that concerns this point only observes, and what would be blocked is counted"
    : "nothing: no policy concerns this point, and everything passes";
}

/** The rules that open something, with what and for how many, and where they are written. */
function sideLines(title: string, table: PeerTable, { set, directory }: Origin): readonly string[] {
  const names = sortedOnce(table.classes.flat().flatMap(({ by }) => by));
  if (names.length === 0) return [`${title}: no rule opens anything`];
  const places = new Map(everyRule(set).map(({ name, at }) => [name, `${directory}/${at.file}:${at.line}`]));
  const rows = names.map((name) => [name, servicesOf(name, table), peersOf(name, table), places.get(name) ?? ""]);
  return [title, ...columns(rows).map((line) => `  ${line}`)];
}

const servicesMost = 4;

function servicesOf(name: string, { classes }: PeerTable): string {
  const opened = sortedOnce(classes.flat().flatMap((one) => (one.by.includes(name) ? [stretchText(one)] : [])));
  return `${opened.slice(0, servicesMost).join(", ")}${opened.length > servicesMost ? ` and ${opened.length - servicesMost} more` : ""}`;
}

function stretchText({ protocol, low, high }: Stretch): string {
  if (protocol === null) return "any other";
  const name = Object.entries(protocolNumbers).find(([, number]) => number === protocol)?.[0];
  if (name === undefined) return `ip/${protocol}`;
  const isWhole = low === 0 && high === (name.startsWith("icmp") ? 255 : 65_535);
  return `${name}/${isWhole ? "any" : low === high ? low : `${low}-${high}`}`;
}

function peersOf(name: string, { classes, hosts, ranges, otherwise }: PeerTable): string {
  const opens = (index: number): boolean => classes[index]?.some(({ by }) => by.includes(name)) === true;
  const [addresses, networks] = [hosts.filter((one) => opens(one.class)).length, ranges.filter((one) => opens(one.class)).length];
  const parts = [
    ...(addresses > 0 ? [counted(addresses, "address", "addresses")] : []),
    ...(networks > 0 ? [counted(networks, "range")] : []),
    ...(opens(otherwise) ? ["every other address"] : []),
  ];
  return parts.join(", ");
}
