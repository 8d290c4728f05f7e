import { ipText } from "../base/ip.ts";
import type { Answer } from "../model/question.ts";
import { closingEdits, openingEdits } from "./change-edits.ts";
import { matterOf, outsideText, policyFor, policyText, ruleFor, ruleText, type Step, stepwise } from "./change-steps.ts";
import type { Matter } from "./judgement.ts";
import { nameable, peerFor } from "./policy-words.ts";
import { answerTo, type Case, withoutNames } from "./what-if.ts";

/** In the order of their size: what is smaller comes first. */
const kinds = ["fact", "date", "port", "peer", "label", "rule", "exception", "forbid", "guard", "quarantine"] as const;

/** Steps that together give another answer; decided again with all of them. */
export interface Change {
  /** What is changed: what is known, a date, a service or a peer of a rule that exists, labels; or what is new, or gone. */
  readonly kind: (typeof kinds)[number];
  readonly steps: readonly Step[];
  readonly answer: Answer;
}

const ofKindMost = 2;
// Where more rules than this say the same, none of them alone is what to change.
const tellingMost = 20;

/** How a denied question would be let in, the smallest change first; empty where nothing was found that works. */
export function openings(one: Case, answer: Answer): readonly Change[] {
  const matter = matterOf(one);
  if (matter === null) return [];
  const edits = openingEdits(one, matter, answer).map(({ kind, step, after }): Change => ({ kind, steps: [step], answer: answerTo(after) }));
  const whole = stepwise(one);
  const all = [...edits, ...(whole === null ? [] : [{ kind: "rule" as const, ...whole }]), ...byException(one, matter)];
  return [...findingOut(one, matter), ...smallestFirst(all.filter((change) => change.answer.verdict === "allow"))];
}

/** Few steps before many, what exists before what is new; of one kind a few. */
function smallestFirst(changes: readonly Change[]): readonly Change[] {
  const size = ({ kind, steps }: Change): number => steps.length * kinds.length + kinds.indexOf(kind);
  const sorted = changes.toSorted((a, b) => size(a) - size(b));
  return sorted.filter((change, at) => sorted.slice(0, at).filter(({ kind }) => kind === change.kind).length < ofKindMost);
}

/** Before anything is opened for an address that is nobody's and not public, or for a workload without labels: who is it? What it is then decides the answer. */
function findingOut({ set }: Case, { client, server }: Matter): readonly Change[] {
  const answer: Answer = { verdict: "unknown", layer: "unresolved", by: [], effect: "unknown" };
  return [client, server].flatMap(({ workload, networks, addresses }): readonly Change[] => {
    const what =
      workload !== null
        ? nameable(set, workload).length === 0 &&
          `find out what ${workload.id} is, and give it its labels: without any${Object.keys(workload.labels).length === 0 ? "" : " that policy can name"}, no rule can mean it and nothing else`
        : networks.size === 0 && `find out who ${ipText(addresses[0]!)} is: put it in the inventory, or name its network and say to which zone that belongs`;
    return what === false ? [] : [{ kind: "fact", steps: [{ what, write: [] }], answer }];
  });
}

/** For a time: an exception of the architects opens boundary and segment at once, and ends by itself. Never a forbid. */
function byException(one: Case, matter: Matter): readonly Change[] {
  const [from, to] = [peerFor(one.set, matter.client), peerFor(one.set, matter.server)];
  if (from === null || to === null) return [];
  const rule = ruleFor("exception/proposed", matter, { from, to });
  const answer = answerTo({ ...one, set: { ...one.set, exceptions: [...one.set.exceptions, rule] } });
  const write = ruleText("exceptions", rule, ["owner", "approved-by", "ticket", "because", "from-date", "until"]);
  return [{ kind: "exception", steps: [{ what: `for a time: an exception of the architects is enough alone${outsideText(rule)}`, write }], answer }];
}

/** How a question that is allowed would be denied, the smallest change first. */
export function closings(one: Case, answer: Answer): readonly Change[] {
  const matter = matterOf(one);
  if (matter === null) return [];
  const by = answer.by.length > tellingMost ? [] : answer.by;
  const alone = by.map((name) => taken(one, [name]));
  const together = answer.by.length > 1 && !alone.some((change) => change.answer.verdict === "deny") ? [taken(one, answer.by)] : [];
  const edits = closingEdits(one, matter, by).map(({ kind, step, after }): Change => ({ kind, steps: [step], answer: answerTo(after) }));
  const all = [...alone, ...together, ...edits, ...forbidding(one, matter), ...guarding(one, matter, answer), ...quarantining(one, matter)];
  return smallestFirst(all.filter((change) => change.answer.verdict === "deny"));
}

const taken = (one: Case, names: readonly string[]): Change => ({
  kind: "rule",
  steps: [{ what: `take away ${names.join(" and ")}`, write: [] }],
  answer: answerTo(withoutNames(one, names)),
});

/** A guard rail: nothing that anybody allows outweighs it. */
function forbidding(one: Case, matter: Matter): readonly Change[] {
  const [from, to] = [peerFor(one.set, matter.client), peerFor(one.set, matter.server)];
  if (from === null || to === null) return [];
  const rule = ruleFor("forbid/proposed", matter, { from, to });
  const answer = answerTo({ ...one, set: { ...one.set, forbids: [...one.set.forbids, rule] } });
  return [{ kind: "forbid", steps: [{ what: "the architects forbid it, whatever anybody allows", write: ruleText("forbid", rule, ["because"]) }], answer }];
}

function guarding(one: Case, { server }: Matter, { layer }: Answer): readonly Change[] {
  const policy = layer === "open" && server.policy === null ? policyFor(one.set, server) : null;
  if (policy === null) return [];
  const what = `guard ${server.workload!.id}: a policy whose scope selects it lets in only what its rules name`;
  const answer = answerTo({ ...one, set: { ...one.set, policies: [...one.set.policies, policy] } });
  return [{ kind: "guard", steps: [{ what, write: policyText(policy) }], answer }];
}

/** State, not policy: for an incident. */
function quarantining(one: Case, { client }: Matter): readonly Change[] {
  const { workload } = client;
  if (workload === null) return [];
  const answer = answerTo({ ...one, inventory: { ...one.inventory, quarantined: [...one.inventory.quarantined, workload.id] } });
  const what = `in an incident: quarantine ${workload.id}; everything of it is denied in both directions, at once, but the management path`;
  return [{ kind: "quarantine", steps: [{ what, write: [] }], answer }];
}
