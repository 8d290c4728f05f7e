import type { Peer, Policy, PolicySet, Rule, Selector, Zone } from "../model/policy-set.ts";
import type { Span } from "../base/diagnostic.ts";
import { prefixText } from "../base/prefix.ts";
import { nearest } from "./hints.ts";
import { overlapping } from "./overlapping.ts";
import { quoted, type Reading, report } from "./reading.ts";
import { couldOverlap, isWithin } from "./selector.ts";

/** The static rules that concern several places at once; everything else is checked where it is read. */
export function checkSet(reading: Reading, set: PolicySet): void {
  checkPrefixes(reading, set);
  for (const policy of set.policies) {
    const rules = [...policy.allow, ...policy.exceptions];
    const strangers = rules.filter((rule) => !hasMember(reading, policy, rule));
    checkStrangers(reading, policy, strangers.length < rules.length ? strangers.map((rule) => [rule]) : [strangers]);
    for (const rule of rules) checkAnyOf(reading, policy, rule);
    for (const rule of rules) if (!strangers.includes(rule)) checkTo(reading, { set, policy, rule });
  }
  for (const rule of set.forbids) checkForbid(reading, rule);
  const scoped = set.policies.map((policy) => ({ what: "policy", name: policy.name, selector: policy.scope }));
  const zoned = set.zones.flatMap((zone) => (zone.members === null ? [] : [{ what: "zone", name: zone.name, selector: zone.members }]));
  checkOverlaps(reading, scoped);
  checkOverlaps(reading, zoned);
}

const placeOf = (reading: Reading, thing: object, otherwise: Span): Span => reading.places.get(thing) ?? otherwise;

/** The same prefix in networks of two zones: the longest decides, and two are equally long. */
function checkPrefixes(reading: Reading, set: PolicySet): void {
  const claims = new Map<string, Zone>();
  for (const { zone, name } of set.zones.flatMap((one) => one.networks.map((network) => ({ zone: one, name: network })))) {
    const prefixes = name === "internet" ? ["0.0.0.0/0", "::/0"] : (reading.networks.get(name)?.prefixes.map(prefixText) ?? []);
    const taken = prefixes.find((text) => (claims.get(text) ?? zone) !== zone);
    if (taken !== undefined) reportTaken(reading, { zone, name, prefix: taken, other: claims.get(taken)! });
    for (const text of prefixes) if (!claims.has(text)) claims.set(text, zone);
  }
}

interface Taken {
  readonly zone: Zone;
  readonly name: string;
  readonly prefix: string;
  readonly other: Zone;
}

function reportTaken(reading: Reading, { zone, name, prefix, other }: Taken): void {
  report(reading, "prefix-of-two-zones", placeOf(reading, zone, zone.at), [
    `the network ${quoted(name)} brings the prefix ${quoted(prefix)} into the zone ${quoted(zone.name)}, which the zone ${quoted(other.name)} claims already`,
    "leave it in one zone, or make one of the prefixes longer",
  ]);
}

/** Whether a peer could select a member of a scope (MEANING §2). */
function couldSelect(reading: Reading, peer: Peer, scope: Selector): boolean {
  switch (peer.kind) {
    case "anyone":
    case "workloads":
    case "identity":
      return true;
    case "network":
      return false;
    case "labels":
      return couldOverlap(peer.selector, scope);
    case "zone":
      return peer.names.some((name) => {
        const members = reading.zones.get(name)?.members;
        return name === "unplaced" || (members !== undefined && members !== null && couldOverlap(members, scope));
      });
  }
}

const hasMember = (reading: Reading, { scope }: Policy, { from, to }: Rule): boolean => [...from, ...to].some((peer) => couldSelect(reading, peer, scope));

/** Rules that can select no member of their policy; where that is all of several rules, the mistake is in the scope, and is told once. */
function checkStrangers(reading: Reading, { scope, name, at }: Policy, groups: readonly (readonly Rule[])[]): void {
  for (const [rule, ...others] of groups) {
    if (rule === undefined) continue;
    const meant = scopeMeant(scope, rule);
    const place = others.length > 0 ? placeOf(reading, scope, at) : rule.at;
    report(reading, "no-member", place, [
      others.length > 0
        ? `none of the ${others.length + 1} rules of ${quoted(name)} can select a member of it`
        : `neither side of ${quoted(rule.name)} can select a member of ${quoted(name)}`,
      meant === null
        ? "name a member on one side, or move the rule into the policy of its server"
        : `the scope has ${quoted(meant.has)}; did you mean ${quoted(meant.meant)}?`,
    ]);
  }
}

/** The value of the scope that is only a slip away from the one of the rule. */
function scopeMeant(scope: Selector, { from, to }: Rule): { readonly has: string; readonly meant: string } | null {
  const terms = [...to, ...from].flatMap((peer) => (peer.kind === "labels" ? peer.selector.terms : []));
  for (const { key, values } of scope.terms) {
    const near = nearest(
      values[0]!,
      terms.filter((term) => term.key === key).flatMap((term) => term.values),
    );
    if (near !== null && !values.includes(near)) return { has: `${key}: ${values[0]!}`, meant: `${key}: ${near}` };
  }
  return null;
}

/** A side such as `[{ app: shop }, { env: prod }]` opens to all of prod; who writes the labels of a scope apart means them together. */
function checkAnyOf(reading: Reading, { scope }: Policy, rule: Rule): void {
  for (const side of [rule.from, rule.to]) {
    const terms = side.flatMap((peer) => (peer.kind === "labels" && peer.selector.terms.length === 1 ? peer.selector.terms : []));
    const keys = new Set(terms.map(({ key }) => key));
    if (terms.length < 2 || terms.length < side.length || keys.size < terms.length) continue;
    if (![...keys].every((key) => scope.terms.some((term) => term.key === key))) continue;
    const words = terms.map(({ key, values }) => `${key}: ${values.length === 1 ? values[0]! : `[${values.join(", ")}]`}`);
    report(reading, "any-of-labels", placeOf(reading, side[0]!, rule.at), [
      `a list means any of its peers: this is every workload with ${words.map(quoted).join(", or every one with ")}`,
      `write ${quoted(`{ ${words.join(", ")} }`)} if all of it is meant`,
    ]);
  }
}

/** Warnings about a `to` that means something else than it seems to. */
function checkTo(reading: Reading, { set, policy, rule }: { readonly set: PolicySet; readonly policy: Policy; readonly rule: Rule }): void {
  for (const peer of rule.to) {
    const at = placeOf(reading, peer, rule.at);
    switch (peer.kind) {
      case "labels":
        checkLabelTo(reading, { set, policy, rule }, peer.selector);
        break;
      case "workloads":
      case "anyone":
      case "zone":
        if (couldSelect(reading, peer, policy.scope))
          report(reading, "need-opens-segment", at, [
            `the \`to\` of ${quoted(rule.name)} is so wide that it also opens the segment ${quoted(policy.name)} itself`,
            "name the members in `to` if they are meant; otherwise name the servers that are needed",
          ]);
        break;
      case "network":
      case "identity":
        break;
    }
  }
}

function checkLabelTo(reading: Reading, { set, policy, rule }: { readonly set: PolicySet; readonly policy: Policy; readonly rule: Rule }, to: Selector): void {
  const at = placeOf(reading, to, rule.at);
  if (isWithin(to, policy.scope)) return;
  if (couldOverlap(to, policy.scope)) {
    report(reading, "to-less-than-scope", at, [
      `the \`to\` of ${quoted(rule.name)} names less than the scope, but opens only for members of ${quoted(policy.name)}`,
      "write the labels of the scope too, so that the rule says what it does",
    ]);
    return;
  }
  const owner = set.policies.find((other) => other !== policy && isWithin(to, other.scope));
  if (owner === undefined || policy.egressClosed) return;
  report(reading, "need-does-not-count", at, [
    `${quoted(rule.name)} opens nothing: its servers belong to ${quoted(owner.name)}, whose owner decides who may come in`,
    `ask for a rule in ${quoted(owner.name)}, and delete this one; or perhaps its \`from\` and \`to\` are swapped`,
  ]);
}

/** A forbid that selects by a label which can be lost is escaped by losing it. */
function checkForbid(reading: Reading, rule: Rule): void {
  if (reading.labels.size === 0) return;
  for (const peer of [...rule.from, ...rule.to]) {
    if (peer.kind !== "labels") continue;
    for (const term of peer.selector.terms) {
      if (reading.labels.get(term.key)?.required !== false) continue;
      report(reading, "forbid-by-loose-label", placeOf(reading, term, rule.at), [
        `${quoted(rule.name)} selects by ${quoted(term.key)}, which is not required: a workload that loses the label escapes`,
        `make ${quoted(term.key)} required in the label schema, or forbid by a required label`,
      ]);
    }
  }
}

interface Claim {
  readonly what: string;
  readonly name: string;
  readonly selector: Selector;
}

/** Each claim is warned about once, with up to three of those before it. */
function checkOverlaps(reading: Reading, claims: readonly Claim[]): void {
  const overlapsOf = overlapping(claims.map(({ selector }) => selector));
  claims.forEach(({ what, name, selector }, number) => {
    const others = overlapsOf(number, 3).map((other) => claims[other]!.name);
    const at = reading.places.get(selector);
    if (others.length === 0 || at === undefined) return;
    report(reading, "overlap", at, [
      `a workload could belong to the ${what} ${quoted(name)} and to ${others.map(quoted).join(", ")} at once, and would be contested`,
      "give the selectors different values under a common key",
    ]);
  });
}
