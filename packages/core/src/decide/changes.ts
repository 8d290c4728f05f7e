import { ipText } from "../base/ip.ts";
import type { Peer, Policy, Rule } from "../model/policy-set.ts";
import type { Answer } from "../model/question.ts";
import { endOf, type KnownEnd } from "./ends.ts";
import { anyOf, judge, type Matter } from "./judgement.ts";
import { peerFor, peerText, pointText } from "./policy-words.ts";
import { isEgressClosed, isOpenedByArchitects } from "./verdict.ts";
import { answerTo, type Case, withoutNames } from "./what-if.ts";
import { worldOf } from "./world.ts";

/** One thing that somebody would have to do, in words; `write` is policy text, line by line, where there is some to write. */
export interface Step {
  readonly what: string;
  readonly write: readonly string[];
}

/** Steps that together give another answer; decided again with all of them. */
export interface Change {
  readonly steps: readonly Step[];
  readonly answer: Answer;
}

interface Stepped {
  readonly step: Step;
  readonly after: Case;
}

const mostSteps = 6;
const at = { file: "", line: 0, column: 0, length: 1 };

/** How a denied question would be let in: whoever has to agree, one step each; empty where nothing was found that works. */
export function openings(one: Case): readonly Change[] {
  const changes = [stepwise(one), byException(one)].filter((change) => change !== null);
  return [...findingOut(one), ...changes.filter(({ answer }) => answer.verdict === "allow")];
}

/** Before anything is opened for an address that is nobody's and not public: who is it? What it is then decides the answer. */
function findingOut(one: Case): readonly Change[] {
  const matter = matterOf(one);
  const nobodies = matter === null ? [] : [matter.client, matter.server].filter(({ workload, networks }) => workload === null && networks.size === 0);
  return nobodies.map(({ addresses }) => ({
    steps: [{ what: `find out who ${ipText(addresses[0]!)} is: put it in the inventory, or name its network and say to which zone that belongs`, write: [] }],
    answer: { verdict: "unknown", layer: "unresolved", by: [], effect: "unknown" },
  }));
}

function stepwise(one: Case): Change | null {
  const steps: Step[] = [];
  let now = one;
  for (let count = 0; count < mostSteps; count += 1) {
    const answer = answerTo(now);
    const next = answer.verdict === "deny" ? nextStep(now, answer) : null;
    if (next === null) return { steps, answer };
    steps.push(next.step);
    now = next.after;
  }
  return null;
}

/** What would take away the layer that denies now. */
function nextStep(now: Case, { layer, by }: Answer): Stepped | null {
  if (layer === "forbid") return { step: { what: `end ${by.join(" and ")}, or narrow what it names`, write: [] }, after: withoutNames(now, by) };
  const matter = matterOf(now);
  if (matter === null) return null;
  return layer === "boundary" ? conduitStep(now, matter) : segmentStep(now, matter);
}

/** The question between two known ends, or null. */
export function matterOf({ set, inventory, question }: Case): Matter | null {
  const world = worldOf(set, inventory);
  const [client, server] = [endOf(world, question.from, question.at), endOf(world, question.to, question.at)];
  if (client.kind !== "known" || server.kind !== "known" || question.over === null || question.at === null) return null;
  return { client, server, over: question.over, at: question.at, facts: question.facts };
}

function ruleOf(name: string, matter: Matter, peers: { readonly from: Peer; readonly to: Peer }): Rule {
  const { protocol, port } = matter.over;
  const services = [{ protocol, low: port, high: port }];
  const over = [pointText(matter.over)];
  return {
    name,
    from: [peers.from],
    to: [peers.to],
    over,
    services,
    where: [],
    start: null,
    end: null,
    written: { from: null, until: null },
    register: {},
    at,
  };
}

function conduitStep(now: Case, matter: Matter): Stepped {
  const [from, to] = [matter.client.zone, matter.server.zone];
  const rule = ruleOf("conduit/proposed", matter, { from: { kind: "zone", names: [from] }, to: { kind: "zone", names: [to] } });
  return {
    step: {
      what: `the architects open a conduit from zone ${from} to zone ${to}${[from, to].includes("outside") ? " (outside is everybody whom no zone holds, the internet too)" : ""}`,
      write: ["conduits:", "  - name: …", `    from: ${from}`, `    to: ${to}`, `    over: [${rule.over.join()}]`, "    owner: …", "    because: …"],
    },
    after: { ...now, set: { ...now.set, conduits: [...now.set.conduits, rule] } },
  };
}

/** The owner who has to agree first: of the server where it is guarded and nothing of its own lets in, else of the client. */
function segmentStep(now: Case, matter: Matter): Stepped | null {
  const { client, server } = matter;
  const judgement = judge(worldOf(now.set, now.inventory), matter);
  if (isOpenedByArchitects(judgement)) return null;
  const isServers = server.isGuarded && !anyOf(judgement.server);
  const isClients = !isServers && (!server.isGuarded || isEgressClosed(client));
  if (!isServers && !isClients) return null;
  return ownStep(now, matter, isServers ? "server" : "client");
}

function ownStep(now: Case, matter: Matter, side: "client" | "server"): Stepped | null {
  const end = matter[side];
  const [from, to] = [peerFor(now.set, matter.client), peerFor(now.set, matter.server)];
  if (from === null || to === null) return null;
  const policy = end.policy ?? policyFor(end);
  if (policy === null) return null;
  const rule = ruleOf(`${policy.name}/proposed-for-the-${side}`, matter, { from, to });
  const grown = { ...policy, allow: [...policy.allow, rule] };
  const policies = end.policy === null ? [...now.set.policies, grown] : now.set.policies.map((other) => (other.name === policy.name ? grown : other));
  const who = `${policy.owner}${side === "server" ? " lets it in" : ", for its members as clients, says that they need it"}`;
  const what =
    end.policy === null
      ? `${end.workload!.id} gets a policy of its own (zone ${end.zone} is closed, and no scope selects it), and that policy has the rule`
      : `${who}: a rule in policy ${policy.name} (${policy.at.file})`;
  const write = ["allow:", "  - name: …", `    from: ${peerText(from)}`, `    to: ${peerText(to)}`, `    over: [${rule.over.join()}]`, "    because: …"];
  return { step: { what, write }, after: { ...now, set: { ...now.set, policies } } };
}

/** A policy that would guard exactly the workloads with these labels. */
function policyFor({ workload }: KnownEnd): Policy | null {
  const labels = workload?.labels ?? {};
  const terms = Object.keys(labels)
    .sort()
    .map((key) => ({ key, values: [labels[key]!] }));
  if (terms.length === 0) return null;
  return { name: "proposed", owner: "its owner", scope: { terms }, egressClosed: false, allow: [], exceptions: [], register: {}, at };
}

/** For a time: an exception of the architects opens boundary and segment at once, and ends by itself. Never a forbid. */
function byException(one: Case): Change | null {
  const matter = matterOf(one);
  if (matter === null) return null;
  const [from, to] = [peerFor(one.set, matter.client), peerFor(one.set, matter.server)];
  if (from === null || to === null) return null;
  const rule = ruleOf("exception/proposed", matter, { from, to });
  const answer = answerTo({ ...one, set: { ...one.set, exceptions: [...one.set.exceptions, rule] } });
  const what = "or for a time: an exception of the architects, with approver, ticket and end, is enough alone";
  return { steps: [{ what, write: [] }], answer };
}

/** How a question that is allowed would be denied: rules taken away, or an end guarded. */
export function closings(one: Case, answer: Answer): readonly Change[] {
  const alone = answer.by.map((name) => taken(one, [name]));
  const together = answer.by.length > 1 && !alone.some((change) => change.answer.verdict === "deny") ? [taken(one, answer.by)] : [];
  return [...alone, ...together, ...guarding(one, answer)].filter((change) => change.answer.verdict === "deny");
}

const taken = (one: Case, names: readonly string[]): Change => ({
  steps: [{ what: `take away ${names.join(" and ")}`, write: [] }],
  answer: answerTo(withoutNames(one, names)),
});

function guarding(one: Case, { layer }: Answer): readonly Change[] {
  const server = matterOf(one)?.server;
  const policy = layer === "open" && server !== undefined && server.policy === null ? policyFor(server) : null;
  if (policy === null || server === undefined) return [];
  const scope = peerText({ kind: "labels", selector: policy.scope });
  const what = `guard ${server.workload!.id}: a policy whose scope selects it lets in only what its rules name`;
  const answer = answerTo({ ...one, set: { ...one.set, policies: [...one.set.policies, policy] } });
  return [{ steps: [{ what, write: ["policy: …", "owner: …", `scope: ${scope}`] }], answer }];
}
