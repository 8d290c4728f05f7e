import { instantText } from "../base/instant.ts";
import type { Peer, Rule, Selector } from "../model/policy-set.ts";
import type { Answer } from "../model/question.ts";
import type { Workload } from "../model/workload.ts";
import type { Change } from "./changes.ts";
import type { Stepped } from "./change-steps.ts";
import type { Matter } from "./judgement.ts";
import { isPeer } from "./match.ts";
import { type Miss, missingOne, type SelectorTerm, type SideMiss } from "./near-miss.ts";
import { nameable, peerText, pointText } from "./policy-words.ts";
import { type Case, openingRules, withRule } from "./what-if.ts";

type Edit = Stepped & Pick<Change, "kind">;

/** What could be done to rules, labels and knowledge that exist, so that a rule that misses by one thing matches. */
export function openingEdits(one: Case, matter: Matter, answer: Answer): readonly Edit[] {
  return missingOne(one, matter, answer).flatMap(({ rule, miss }) => editsFor(one, { rule, miss, matter }));
}

interface Missing {
  readonly rule: Rule;
  readonly miss: Miss;
  readonly matter: Matter;
}

function editsFor(one: Case, missing: Missing): readonly Edit[] {
  const { rule, miss, matter } = missing;
  const place = placeOf(rule);
  const written = (what: string, write: string, change: Partial<Rule>): Stepped => ({
    step: { what, write: [write] },
    after: withRule(one, rule.name, (old) => ({ ...old, ...change })),
  });
  switch (miss.kind) {
    case "date": {
      const isEnded = rule.end !== null && rule.end <= matter.at;
      const what = isEnded ? `prolong ${place}, which ended at ${instantText(rule.end)}` : `let ${place} begin earlier than ${instantText(rule.start!)}`;
      return [{ kind: "date", ...written(what, isEnded ? "until: …" : "from-date: …", { start: null, end: null }) }];
    }
    case "port": {
      const services = [...rule.services, { protocol: matter.over.protocol, low: matter.over.port, high: matter.over.port }];
      const what = `add ${pointText(matter.over)} to ${place}: then everybody whom it names may open that, too`;
      return [{ kind: "port", ...written(what, `over: [${[...rule.over, pointText(matter.over)].join(", ")}]`, { services }) }];
    }
    case "from":
    case "to":
      return [...peerEdit(one, { rule, miss, matter }), ...labelEdit(one, { miss, matter })];
    // No change of the world, but of what is known of it: told apart.
    case "untold":
    case "unmet":
      return [];
  }
}

const placeOf = ({ name, at }: Rule): string => `${name} (${at.file}:${at.line})`;

/** One more value of one label in a rule. */
function peerEdit(one: Case, { rule, miss, matter }: Missing & { readonly miss: SideMiss }): readonly Edit[] {
  const [term, { peer }] = [miss.wrong[0], miss];
  if (term === undefined || miss.wrong.length > 1 || peer.kind !== "labels") return [];
  const { workload } = matter[miss.kind === "from" ? "client" : "server"];
  const value = workload === null ? undefined : nameable(one.set, workload).find(({ key }) => key === term.key)?.values[0];
  if (value === undefined) return [];
  const terms = peer.selector.terms.map((other) => (other === term ? { ...term, values: [...term.values, value] } : other));
  const wider: Peer = { kind: "labels", selector: { terms } };
  const peers = rule[miss.kind].map((other) => (other === peer ? wider : other));
  const text = peers.length === 1 ? peerText(wider) : `[${peers.map(peerText).join(", ")}]`;
  return [
    {
      kind: "peer",
      step: {
        what: `let ${miss.kind} of ${placeOf(rule)} name ${term.key} ${value}, too: then every such workload is meant`,
        write: [`${miss.kind}: ${text}`],
      },
      after: withRule(one, rule.name, (old) => ({ ...old, [miss.kind]: peers })),
    },
  ];
}

/** The labels that a rule asks for, at the workload that lacks them. */
function labelEdit(one: Case, { miss, matter }: { readonly miss: SideMiss; readonly matter: Matter }): readonly Edit[] {
  const { workload } = matter[miss.kind === "from" ? "client" : "server"];
  // Who differs in two labels is somebody else.
  if (workload === null || miss.wrong.length !== 1) return [];
  const labels = Object.fromEntries(miss.wrong.map(({ key, values }) => [key, values[0]!]));
  return [{ kind: "label", ...relabelled(one, workload, labels) }];
}

/** A workload with other labels; null takes one away. */
function relabelled(one: Case, workload: Workload, labels: Readonly<Record<string, string | null>>): Stepped {
  const wanted = Object.entries(labels);
  const next = Object.assign(Object.create(null) as Record<string, string>, workload.labels);
  for (const [key, value] of wanted)
    if (value === null) delete next[key];
    else next[key] = value;
  const written = wanted.map(([key, value]) => (value === null ? `no ${key}` : `${key}=${value}`)).join(" ");
  const authorities = wanted.flatMap(([key]) => one.set.labels.find((label) => label.key === key)?.authority ?? []);
  const whose = authorities.length === 0 ? "its inventory" : [...new Set(authorities)].join(" and ");
  return {
    step: {
      what: `${whose} corrects the labels of ${workload.id}, if they are wrong: ${written}. Every rule then speaks of it by them; \`bulkhead relabel\` says what else opens and closes`,
      write: [],
    },
    after: {
      ...one,
      inventory: { ...one.inventory, workloads: one.inventory.workloads.map((other) => (other.id === workload.id ? { ...other, labels: next } : other)) },
    },
  };
}

/** What could be done to the rules and labels by which a question is allowed, so that it no longer is. */
export function closingEdits(one: Case, matter: Matter, by: readonly string[]): readonly Edit[] {
  return openingRules(one.set)
    .filter(({ name }) => by.includes(name))
    .flatMap((rule) => [...withoutPort(one, matter, rule), ...endedAt(one, matter, rule), ...withoutLabel(one, matter, rule)]);
}

/** The rule with an end, at the instant that was asked about. */
function endedAt(one: Case, { at }: Matter, rule: Rule): readonly Edit[] {
  // A rule ends after it begins.
  if (rule.start !== null && rule.start >= at) return [];
  const step = { what: `let ${placeOf(rule)} end at that instant`, write: [`until: ${instantText(at)}`] };
  return [{ kind: "date", step, after: withRule(one, rule.name, (old) => ({ ...old, end: at })) }];
}

/** The rule without this service, where it names others. */
function withoutPort(one: Case, { over }: Matter, rule: Rule): readonly Edit[] {
  // A range or a name that stays may cover it, too: what that text stands for stays, and the answer says whether anything is closed.
  const own = rule.services.findIndex(({ protocol, low, high }) => protocol === over.protocol && low === over.port && high === over.port);
  const rest = rule.services.filter((_, index) => index !== own);
  const texts = rule.over.filter((text) => text !== pointText(over));
  // What is written by name or as a range is not cut into pieces.
  if (rest.length === 0 || texts.length !== rule.over.length - 1) return [];
  const what = `take ${pointText(over)} out of ${placeOf(rule)}: then nobody whom it names may open that`;
  return [{ kind: "port", step: { what, write: [`over: [${texts.join(", ")}]`] }, after: withRule(one, rule.name, (old) => ({ ...old, services: rest })) }];
}

/** The client without a label by which a rule means it. */
function withoutLabel(one: Case, { client }: Matter, rule: Rule): readonly Edit[] {
  const { workload } = client;
  if (workload === null) return [];
  const meant = rule.from.find((peer) => peer.kind === "labels" && isPeer(peer, client, 2)) as { readonly selector: Selector } | undefined;
  const terms: readonly SelectorTerm[] = meant?.selector.terms ?? [];
  const isRequired = (key: string): boolean => one.set.labels.some((label) => label.key === key && label.required);
  // Those of the scope are what guards it.
  const isOfScope = (key: string): boolean => client.policy?.scope.terms.some((term) => term.key === key) === true;
  return terms.filter(({ key }) => !isRequired(key) && !isOfScope(key)).map(({ key }) => ({ kind: "label", ...relabelled(one, workload, { [key]: null }) }));
}
