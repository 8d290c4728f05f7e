import { instantText, midnightOf } from "../base/instant.ts";
import type { Span } from "../base/diagnostic.ts";
import { differingInOne, rulePartWords, unordered } from "../decide/differing-in-one.ts";
import { everyRule } from "../decide/every-rule.ts";
import { isPeer, isSelected, placeless } from "../decide/match.ts";
import { peerText } from "../decide/policy-words.ts";
import { runPolicyTests } from "../decide/policy-tests.ts";
import { openReason } from "../model/open-reason.ts";
import type { Peer, PolicySet, PolicyTest, Rule, TestEnd } from "../model/policy-set.ts";
import type { Inventory } from "../model/workload.ts";
import { type AnomaliesAsked, type Anomaly, ofRule, placed } from "./anomaly.ts";
import { soon } from "./ending-rules.ts";
import { relatedRules, type Touched, withRule } from "./related-rules.ts";

/** Rules that are over or nearly so, and reviews that are due. */
export function anomaliesOfTime({ set, at }: AnomaliesAsked): readonly Anomaly[] {
  return everyRule(set).flatMap((rule): readonly Anomaly[] => {
    const { name, end, written, register } = rule;
    if (end !== null && end <= at)
      return [ofRule("ended", rule, { message: `\`${name}\` ended (until ${written.until}); it changes nothing any more`, help: "take it out" })];
    const review = typeof register["review"] === "string" ? midnightOf(register["review"]) : undefined;
    return [
      ...(end !== null && end <= at + soon
        ? [ofRule("ending", rule, { message: `\`${name}\` ends at ${instantText(end)}`, help: "let it end, or ask its approver in time" })]
        : []),
      ...(review !== undefined && review <= at
        ? [
            ofRule("review-due", rule, {
              message: `the review of \`${name}\` was due on ${String(register["review"])}`,
              help: "review it, and set the next date",
            }),
          ]
        : []),
    ];
  });
}

// What people write where they must write something.
const isFiller = (text: unknown): boolean => /^[^\p{L}\p{N}]*(to ?do|tbd|tba|fixme|xxx+|n\/?a|none|asdf)?[^\p{L}\p{N}]*$/iu.test(String(text));

/** Forbids and zones that nobody is answerable for (everything else has an owner by the language), owners and reasons that are none. */
export function anomaliesOfOwners({ set }: AnomaliesAsked): readonly Anomaly[] {
  const help = "write `owner: …`";
  const isUnowned = ({ register }: Pick<Rule, "register">): boolean => register["owner"] === undefined || isFiller(register["owner"]);
  const forbids = new Set(set.forbids);
  return [
    ...everyRule(set)
      .filter((rule) => (forbids.has(rule) || rule.register["owner"] !== undefined) && isUnowned(rule))
      .map((rule) => ofRule("no-owner", rule, { message: `\`${rule.name}\` has no owner`, help })),
    ...set.zones.filter(isUnowned).map(({ name, at }) => placed("no-owner", { name: `zone/${name}`, at, message: `the zone \`${name}\` has no owner`, help })),
    ...set.policies
      .filter(isUnowned)
      .map(({ name, at }) => placed("no-owner", { name: `policy/${name}`, at, message: `the policy \`${name}\` has no owner`, help })),
    ...everyRule(set)
      .filter(({ register }) => isFiller(register["because"]))
      .map((rule) =>
        ofRule("no-reason", rule, {
          message: `\`${rule.name}\` gives no reason: its because is \`${String(rule.register["because"])}\``,
          help: "write what would stop working without it",
        }),
      ),
  ];
}

/** What names nobody of an inventory; and names that are declared and used nowhere. */
export function anomaliesOfNames({ set, inventory }: AnomaliesAsked): readonly Anomaly[] {
  return [...(inventory === null ? [] : namingNobody(set, inventory)), ...unusedNames(set)];
}

function namingNobody(set: PolicySet, inventory: Inventory): readonly Anomaly[] {
  // Whoever is contested is there, too, if only by labels and identity.
  const ends = inventory.workloads.map(placeless);
  const isNobody = (peer: Peer): boolean => (peer.kind === "labels" || peer.kind === "identity") && !ends.some((end) => isPeer(peer, end, 0));
  const help = "mend the labels, import who is missing, or take it out";
  const selectors = [
    ...set.policies.map(({ name, scope, at }) => ({ name: `policy/${name}`, selector: scope, at, what: `the scope of \`${name}\`` })),
    ...set.zones.flatMap(({ name, members, at }) => (members === null ? [] : [{ name: `zone/${name}`, selector: members, at, what: `the zone \`${name}\`` }])),
  ];
  return [
    ...everyRule(set).flatMap((rule) =>
      (["from", "to"] as const).flatMap((side) =>
        rule[side]
          .filter(isNobody)
          .map((peer) => ofRule("nobody", rule, { message: `the ${side} of \`${rule.name}\` refers to nobody of the inventory: ${peerText(peer)}`, help })),
      ),
    ),
    ...selectors
      .filter(({ selector }) => !inventory.workloads.some(({ labels }) => isSelected(selector, labels)))
      .map(({ name, at, what }) => placed("nobody", { name, at, message: `${what} selects nobody of the inventory`, help })),
  ];
}

function unusedNames(set: PolicySet): readonly Anomaly[] {
  const peers = everyRule(set).flatMap(({ from, to }) => [...from, ...to]);
  const networks = new Set([
    ...peers.flatMap((peer) => (peer.kind === "network" ? peer.names : [])),
    ...set.zones.flatMap((zone) => zone.networks),
    ...set.tests.flatMap(({ from, to }) => [from, to].flatMap((end) => (end.kind === "network" ? [end.name] : []))),
  ]);
  const services = new Set([...everyRule(set).flatMap(({ over }) => over), ...set.tests.flatMap(({ over }) => over.split(", "))]);
  const help = "use it, or take it out";
  return [
    // What is ours, or expects workloads, means something by itself.
    ...set.networks
      .filter(({ name, own, expectsWorkloads }) => !own && !expectsWorkloads && !networks.has(name))
      .map(({ name, at }) => placed("unused-name", { name, at, message: `the network \`${name}\` is used nowhere`, help })),
    ...set.services
      .filter(({ name }) => !services.has(name))
      .map(({ name, at }) => placed("unused-name", { name, at, message: `the service \`${name}\` is used nowhere`, help })),
  ];
}

/** Rules without which a failing test would pass. */
export function anomaliesOfTests({ set, at, inventory }: AnomaliesAsked): readonly Anomaly[] {
  const failing = (one: PolicySet): readonly Span[] => runPolicyTests(one, { at, inventory }).map((diagnostic) => diagnostic.at);
  const isFailing = (one: PolicySet): boolean => failing(one).length > 0;
  const places = new Set(failing(set));
  return set.tests.flatMap((test) => {
    if (!places.has(test.at)) return [];
    const alone = { ...set, tests: [test] };
    return everyRule(relatedRules(set, [askedBy(test)]))
      .filter((rule) => !isFailing(withRule(alone, rule, null)))
      .map((rule) =>
        ofRule("contradicts-test", rule, {
          message: `\`${rule.name}\` contradicts the test at ${test.at.file}:${test.at.line}, which expects ${test.expect}`,
          help: "mend the one that is wrong",
        }),
      );
  });
}

/** What a test asks, as the rules that could match it are found. */
function askedBy({ from, to, services }: PolicyTest): Touched {
  const peerOf = (end: TestEnd): Peer => {
    // Who holds an address is known to the inventory alone.
    if (end.kind !== "labels") return { kind: "anyone" };
    return { kind: "labels", selector: { terms: Object.entries(end.labels).map(([key, value]) => ({ key, values: [value] })) } };
  };
  return { from: [peerOf(from)], to: [peerOf(to)], services };
}

/** Rules of one place that differ in one part only and have one reason: one rule would say them all. */
export function anomaliesOfForm({ set }: AnomaliesAsked): readonly Anomaly[] {
  const places = [set.forbids, set.conduits, set.commons, ...set.policies.map(({ allow }) => allow)];
  return places.flatMap((rules) =>
    differingInOne(rules, meantBesides).flatMap(({ part, rules: [first, ...others] }) => {
      const word = rulePartWords[part];
      const names = others.map(({ name }) => name);
      const shown = [first!.name, ...names.slice(0, 4)].map((name) => `\`${name}\``).join(", ");
      return ofRule("could-be-one", first!, {
        message: `${shown}${names.length > 4 ? ` and ${names.length - 4} more` : ""} differ only in their ${word}: one rule would say them all`,
        help: `write all of it under \`${word}\` of one of them`,
        others: names,
      });
    }),
  );
}

/** What a rule means beyond its ends and services, and why it is there. Until a person has said why, nobody can tell whether one reason holds for two. */
function meantBesides({ where, start, end, register }: Rule): unknown {
  return String(register["because"]).startsWith(openReason) ? null : [unordered(where), start, end, unordered(Object.entries(register))];
}
