import { bareKinds, type VerdictChange, verdictChanges } from "./verdict-change.ts";
import { peerText } from "../decide/policy-words.ts";
import { everyRule } from "../decide/every-rule.ts";
import type { Peer, Policy, PolicySet, Rule } from "../model/policy-set.ts";
import { type AnomaliesAsked, type Anomaly, ofRule } from "./anomaly.ts";
import { editedRules, withRule } from "./related-rules.ts";
import { madeRule } from "./made-rule.ts";

type Isolate = (set: PolicySet) => PolicySet;
/** Whether a rule (or what it is rewritten to) makes a difference in a set. */
type Effect = (rule: Rule, is?: Rule | null, within?: Isolate) => VerdictChange["kind"];

/** Rules, and peers of rules, without which no question would get another verdict, each with the reason. */
export function* anomaliesOfEffect(asked: AnomaliesAsked): Generator<Anomaly | null> {
  const effect = effectIn(asked);
  const { set } = asked;
  for (const rule of set.forbids) yield forbidAnomaly(set, rule, effect);
  const forbids = new Set(set.forbids);
  for (const rule of everyRule(set)) {
    if (forbids.has(rule)) continue;
    // What is over opens nothing, and is told as that.
    if (rule.end !== null && rule.end <= asked.at) continue;
    const kind = effect(rule);
    if (kind === "untold") yield untold(rule);
    else if (kind === "same") yield openingAnomaly(set, rule, effect);
    else yield* idlePeers(rule, effect);
  }
}

function effectIn({ set, at, inventory }: AnomaliesAsked): Effect {
  const common = { from: at, workloads: inventory?.workloads ?? [], bare: bareKinds(set) };
  return (rule, is = null, within = (one) => one) => {
    const before = within(set);
    return verdictChanges({ before, ...common })({ after: withRule(before, rule, is), touched: is === null ? [rule] : [rule, is] }).kind;
  };
}

const untold = (rule: Rule): Anomaly =>
  ofRule("untold", rule, {
    message: `whether \`${rule.name}\` makes a difference could not be told: there are more kinds of questions than can be gone through`,
    help: "declare the label values in the schema, or split the rule",
  });

/** A forbid is a guard rail, whatever is denied today: only another forbid makes it needless. */
function forbidAnomaly(set: PolicySet, rule: Rule, effect: Effect): Anomaly | null {
  const others =
    (some: readonly Rule[]): Isolate =>
    (one) =>
      allOpen({ ...one, forbids: some });
  if (effect(rule, null, others(set.forbids)) !== "same") return null;
  const one = set.forbids.find((other) => other !== rule && effect(rule, null, others([rule, other])) === "same");
  return said(rule, { by: one === undefined ? null : [one], effect, isolated: others });
}

interface SaidBy {
  /** One other rule that says it alone; null where several together do. */
  readonly by: readonly Rule[] | null;
  readonly effect: Effect;
  readonly isolated: (some: readonly Rule[]) => Isolate;
}

function said(rule: Rule, { by, effect, isolated }: SaidBy): Anomaly {
  const [other] = by ?? [];
  if (other === undefined)
    return ofRule("redundant", rule, {
      message: `\`${rule.name}\` makes no difference: other rules together say it already`,
      help: "take it away, or narrow the others",
    });
  const isMutual = effect(other, null, isolated([rule, other])) === "same";
  return isMutual
    ? ofRule("duplicate", rule, {
        message: `\`${rule.name}\` and \`${other.name}\` say the same`,
        help: "keep one of them: no traffic tells them apart",
        others: [other.name],
      })
    : ofRule("redundant", rule, {
        message: `\`${rule.name}\` makes no difference: \`${other.name}\` says it already, and more`,
        help: `take \`${rule.name}\` away, or narrow \`${other.name}\``,
        others: [other.name],
      });
}

/** Why an opening rule makes no difference. */
function openingAnomaly(set: PolicySet, rule: Rule, effect: Effect): Anomaly {
  const only =
    (some: readonly Rule[]): Isolate =>
    (one) =>
      onlyOf(one, rule, some);
  if (effect(rule, null, only([rule])) === "same")
    return ofRule("never-counts", rule, {
      message: `\`${rule.name}\` can never count: ${whyNever(set, rule)}`,
      help: "take it away, or name whom it is meant for",
    });
  if (effect(rule, null, (one) => ({ ...one, forbids: [] })) !== "same") return shadowed(set, rule, effect);
  const other = rivalsOf(set, rule).find((one) => effect(rule, null, only([rule, one])) === "same");
  if (other !== undefined) return said(rule, { by: [other], effect, isolated: only });
  const isConduit = set.conduits.includes(rule);
  const ways = isConduit ? segmentsOpen : boundariesOpen;
  if (effect(rule, null, ways) !== "same") return noWay(rule, isConduit);
  // A forbid may stand behind a way that nobody opens.
  const along: Effect = (one, is, within = (same) => same) => effect(one, is, (whole) => ways(within(whole)));
  const isShadowed = along(rule, null, (one) => ({ ...one, forbids: [] })) !== "same";
  return isShadowed ? shadowed(set, rule, along) : said(rule, { by: null, effect, isolated: only });
}

/** The rules that could say alone what a rule says. */
function rivalsOf(set: PolicySet, rule: Rule): readonly Rule[] {
  const own = set.policies.find((policy) => rulesOf(policy).includes(rule));
  const places = set.conduits.includes(rule) ? [set.conduits] : own === undefined ? [set.commons] : [rulesOf(own), set.commons];
  return [...places.flat(), ...set.exceptions].filter((one) => one !== rule);
}

const rulesOf = ({ allow, exceptions }: Policy): readonly Rule[] => [...allow, ...exceptions];

const noWay = (rule: Rule, isConduit: boolean): Anomaly =>
  ofRule("no-way", rule, {
    message: isConduit
      ? `\`${rule.name}\` opens nothing: nothing that could cross there is allowed by a rule of the segments`
      : `\`${rule.name}\` opens nothing: no conduit lets across what it allows`,
    help: isConduit ? "ask the owners of the servers for a rule, or take the conduit away" : "ask the architects for a conduit, or take the rule away",
  });

function shadowed(set: PolicySet, rule: Rule, effect: Effect): Anomaly {
  const alone = set.forbids.filter((forbid) => effect(rule, null, (one) => ({ ...one, forbids: [forbid] })) === "same");
  const names = (alone.length > 0 ? alone : set.forbids).map(({ name }) => name);
  return ofRule("shadowed", rule, {
    message: `\`${rule.name}\` opens nothing: ${names.map((name) => `\`${name}\``).join(" and ")} ${alone.length === 0 && names.length > 1 ? "together forbid" : "forbids"} all that it allows`,
    help: "take it away, or ask the architects to narrow the forbid",
    others: names,
  });
}

function whyNever(set: PolicySet, rule: Rule): string {
  const policy = set.policies.find((one) => rulesOf(one).includes(rule));
  if (policy === undefined) return set.conduits.includes(rule) ? "no end of it lies in two different zones" : "no guarded end is on either side of it";
  return `no server of it is a member of \`${policy.name}\`, and its members need no rule of their own for those servers, whose owners decide`;
}

/** Peers without which a rule would mean the same, each with the wide one beside it that says it already, where there is one. */
function* idlePeers(rule: Rule, effect: Effect): Generator<Anomaly> {
  for (const side of ["from", "to"] as const) {
    const peers = rule[side].length > 1 ? rule[side] : [];
    const idle = peers.filter((peer) => effect(rule, { ...rule, [side]: peers.filter((one) => one !== peer) }) === "same");
    const wider = peers.filter((peer) => !idle.includes(peer));
    for (const peer of idle) {
      const [where, by] = [`\`${peerText(peer)}\` in the ${side} of \`${rule.name}\` adds nothing`, wideBeside(rule, { side, peer, wider, effect })];
      yield ofRule(
        "idle-peer",
        rule,
        by === undefined
          ? { message: `${where}: who it names is let in or kept out already`, help: "take it out, or name whom it is meant for" }
          : { message: `${where}: \`${peerText(by)}\` already says it`, help: `take it out; if \`${peerText(by)}\` was not meant, take that out` },
      );
    }
  }
}

interface Beside {
  readonly side: "from" | "to";
  readonly peer: Peer;
  readonly wider: readonly Peer[];
  readonly effect: Effect;
}

/** The peer in whose presence another, which would count in a rule of its own, adds nothing. */
function wideBeside(rule: Rule, { side, peer, wider, effect }: Beside): Peer | undefined {
  const [own, ...both] = [[peer], ...wider.map((one) => [one, peer])].map((peers) => ({ ...rule, [side]: peers }));
  const makes = (is: Rule, without: Rule | null): boolean => effect(is, without, (set) => withRule(set, rule, is)) !== "same";
  if (!makes(own!, null)) return undefined;
  return wider.find((one, at) => !makes(both[at]!, { ...rule, [side]: [one] }));
}

const wide = (name: string): Rule => madeRule(name, { from: [{ kind: "anyone" }], to: [{ kind: "anyone" }] });

/** A set in which nothing but some rules of the same kind as one stands in the way of what they allow. */
function onlyOf(set: PolicySet, rule: Rule, some: readonly Rule[]): PolicySet {
  const bare = editedRules({ ...set, forbids: [] }, (one) => (some.includes(one) ? one : null));
  if (set.conduits.includes(rule)) return segmentsOpen(bare);
  // An exception of the architects opens boundary and segment alone.
  if (set.exceptions.includes(rule)) return bare;
  const own = set.policies.findIndex((policy) => rulesOf(policy).includes(rule));
  if (own < 0) return boundariesOpen(bare);
  // The owners of all other servers and clients have done their part.
  const policies = bare.policies.map((policy, at) => (at === own ? policy : { ...policy, egressClosed: false, allow: [wide(`${policy.name}/\u0000wide`)] }));
  return boundariesOpen({ ...bare, policies });
}

const boundariesOpen: Isolate = (set) => ({ ...set, conduits: [...set.conduits, wide("conduit/\u0000wide")] });
const segmentsOpen: Isolate = (set) => ({ ...set, commons: [...set.commons, wide("common/\u0000wide")] });
const allOpen: Isolate = (set) => boundariesOpen(segmentsOpen(set));
