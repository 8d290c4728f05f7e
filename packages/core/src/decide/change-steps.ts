import type { Peer, Policy, PolicySet, Rule } from "../model/policy-set.ts";
import type { Answer } from "../model/question.ts";
import { endOf, type KnownEnd } from "./ends.ts";
import { anyOf, judge, type Matter } from "./judgement.ts";
import { nameable, peerFor, peerText, pointText } from "./policy-words.ts";
import { isEgressClosed, isOpenedByArchitects } from "./verdict.ts";
import { answerTo, type Case, withoutNames } from "./what-if.ts";
import { worldOf } from "./world.ts";

/** One thing that somebody would have to do, in words; `write` is policy text, line by line, where there is some to write. */
export interface Step {
  readonly what: string;
  readonly write: readonly string[];
}

/** A step, and the case after it. */
export interface Stepped {
  readonly step: Step;
  readonly after: Case;
}

const mostSteps = 6;
const at = { file: "", line: 0, column: 0, length: 1 };

/** What everybody who has to agree would write, one step each, until it is allowed; null where nothing was found that works. */
export function stepwise(one: Case): { readonly steps: readonly Step[]; readonly answer: Answer } | null {
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
  if (layer === "forbid") return { step: { what: endText(by), write: [] }, after: withoutNames(now, by) };
  const matter = matterOf(now);
  if (matter === null) return null;
  return layer === "boundary" ? conduitStep(now, matter) : segmentStep(now, matter);
}

const quarantine = "quarantine/";

/** Quarantines are ended, forbids ended or narrowed. */
function endText(by: readonly string[]): string {
  const held = by.filter((name) => name.startsWith(quarantine)).map((name) => name.slice(quarantine.length));
  const forbids = by.filter((name) => !name.startsWith(quarantine));
  return [
    ...(held.length === 0 ? [] : [`end the quarantine of ${held.join(" and ")}`]),
    ...(forbids.length === 0 ? [] : [`end ${forbids.join(" and ")}, or narrow what it names`]),
  ].join(", and ");
}

/** The question between two known ends, or null. */
export function matterOf({ set, inventory, question }: Case): Matter | null {
  const world = worldOf(set, inventory);
  const [client, server] = [endOf(world, question.from, question.at), endOf(world, question.to, question.at)];
  if (client.kind !== "known" || server.kind !== "known" || question.over === null || question.at === null) return null;
  return { client, server, over: question.over, at: question.at, facts: question.facts };
}

/** A rule for this question and no other service, between two peers. */
export function ruleFor(name: string, { over }: Matter, peers: { readonly from: Peer; readonly to: Peer }): Rule {
  return {
    name,
    from: [peers.from],
    to: [peers.to],
    over: [pointText(over)],
    services: [{ protocol: over.protocol, low: over.port, high: over.port }],
    where: [],
    start: null,
    end: null,
    written: { from: null, until: null },
    register: {},
    at,
  };
}

/** A rule as policy text, in a section; what only a person knows is left open. */
export function ruleText(section: string, { from, to, over }: Rule, open: readonly string[]): readonly string[] {
  const side = ([peer]: readonly Peer[]): string => (peer!.kind === "zone" && section === "conduits" ? peer!.names.join() : peerText(peer!));
  return [
    `${section}:`,
    "  - name: …",
    `    from: ${side(from)}`,
    `    to: ${side(to)}`,
    `    over: [${over.join(", ")}]`,
    ...open.map((key) => `    ${key}: …`),
  ];
}

function conduitStep(now: Case, matter: Matter): Stepped {
  const [from, to] = [matter.client.zone, matter.server.zone];
  const rule = ruleFor("conduit/proposed", matter, { from: { kind: "zone", names: [from] }, to: { kind: "zone", names: [to] } });
  return {
    step: {
      what: `the architects open a conduit from zone ${from} to zone ${to}${outsideText(rule)}`,
      write: ruleText("conduits", rule, ["owner", "because"]),
    },
    after: { ...now, set: { ...now.set, conduits: [...now.set.conduits, rule] } },
  };
}

/** What has to be added of a rule that names the zone outside. */
export const outsideText = ({ from, to }: Rule): string =>
  [...from, ...to].some((peer) => peer.kind === "zone" && peer.names.includes("outside")) ? " (outside is everybody whom no zone holds, the internet too)" : "";

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
  const policy = end.policy ?? policyFor(now.set, end);
  if (from === null || to === null || policy === null) return null;
  const rule = ruleFor(`${policy.name}/proposed-for-the-${side}`, matter, { from, to });
  const grown = { ...policy, allow: [...policy.allow, rule] };
  const policies = end.policy === null ? [...now.set.policies, grown] : now.set.policies.map((other) => (other.name === policy.name ? grown : other));
  const who = `${policy.owner}${side === "server" ? " lets it in" : ", for its members as clients, says that they need it"}`;
  const what =
    end.policy === null
      ? `${end.workload!.id} gets a policy of its own (zone ${end.zone} is closed, and no scope selects it), and that policy has the rule`
      : `${who}: a rule in policy ${policy.name} (${policy.at.file})`;
  const write = [...(end.policy === null ? policyText(policy) : []), ...ruleText("allow", rule, ["because"])];
  return { step: { what, write }, after: { ...now, set: { ...now.set, policies } } };
}

/** The head of a policy file, as text. */
export const policyText = ({ scope }: Policy): readonly string[] => ["policy: …", "owner: …", `scope: ${peerText({ kind: "labels", selector: scope })}`];

/** A policy that would guard the workloads with these labels; null for one without any that policy text can name. */
export function policyFor(set: PolicySet, { workload }: KnownEnd): Policy | null {
  const terms = workload === null ? [] : nameable(set, workload);
  if (terms.length === 0) return null;
  return { name: "proposed", owner: "its owner", scope: { terms }, egressClosed: false, allow: [], exceptions: [], register: {}, at };
}
