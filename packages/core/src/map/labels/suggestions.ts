import { byCodePoint } from "../../base/order.ts";
import { readPrefix } from "../../base/prefix.ts";
import type { KnownNetwork } from "../../inventory/sighting.ts";
import type { Flow } from "../../model/flow.ts";
import { conductsOf } from "./conduct.ts";
import { conductEvidence } from "./conduct-evidence.ts";
import { type Duplicate, duplicates } from "./duplicates.ts";
import { type Evidence, labelOf, type Subject } from "./evidence.ts";
import { type Misspelling, misspellings } from "./misspellings.ts";
import { nameEvidence } from "./name-evidence.ts";
import { peerEvidence } from "./peer-evidence.ts";
import { placeEvidence } from "./place-evidence.ts";
import { predictorOf } from "./prediction.ts";
import { areOneWord } from "./words.ts";

/** A value for a label that a workload lacks, or instead of one that it has. */
export interface Suggestion {
  readonly workload: string;
  readonly key: string;
  readonly value: string;
  /** What the inventory states now; null where nothing. */
  readonly stated: string | null;
  readonly confidence: number;
  readonly reasons: readonly string[];
}

export interface LabelReport {
  readonly keys: readonly string[];
  readonly workloads: number;
  readonly missing: readonly Suggestion[];
  /** Labels that everything else speaks against. */
  readonly doubtful: readonly Suggestion[];
  readonly misspelt: readonly Misspelling[];
  readonly duplicates: readonly Duplicate[];
  /** Workloads that lack a key and of which nothing is known that would suggest a value. */
  readonly unknown: readonly { readonly workload: string; readonly key: string }[];
}

export interface SuggestionInput {
  readonly workloads: readonly Subject[];
  readonly flows: readonly Flow[];
  readonly networks?: readonly KnownNetwork[];
  readonly keys?: readonly string[];
  /** Kinds of evidence to leave out, to see what the others are worth. */
  readonly without?: readonly Evidence["name"][];
}

// Below, a suggestion is a guess that costs more to check than to make oneself.
const suggestedFrom = 0.5;
// A label that somebody gave is doubted only when nearly nothing speaks for it.
const doubtedFrom = 0.85;
// A value that nobody else has cannot be recognised, so that evidence always speaks against it.
const uniqueDoubtedFrom = 0.98;
// Of those who share a label, how many others may look wrong, too: one in five is a batch of mistakes, more is a label that cannot be told.
const mistakenMost = 0.2;

/** What the labels of an inventory lack, and where they are probably wrong. Says so; changes nothing. */
export function labelReport({ workloads, flows, networks = [], keys = ["app", "env", "role"], without = [] }: SuggestionInput): LabelReport {
  const prefixes = networks.flatMap(({ prefix }) => {
    const read = readPrefix(prefix ?? "");
    return read.kind === "prefix" ? [read.prefix] : [];
  });
  const conducts = conductsOf(flows);
  const misspelt = misspellings(keys, workloads);
  const slips = new Set(misspelt.flatMap(({ key, workloads: ids }) => ids.map((id) => `${key} ${id}`)));
  const asked = keys.flatMap((key) => {
    const all = [
      nameEvidence(key, workloads),
      placeEvidence(key, workloads, prefixes),
      peerEvidence(key, workloads, conducts),
      conductEvidence(key, workloads, conducts),
    ];
    // Peers are of one's own app and env; a role is made of talking with other roles.
    const evidence = all.filter(({ name }) => !without.includes(name) && !(key === "role" && name === "peers"));
    return answersOf(key, evidence, workloads);
  });
  const suggested = asked.flatMap(({ suggestion }) => suggestion ?? []);
  const doubles = duplicates(workloads);
  // What is another name of a known workload has that one's labels.
  const others = new Set(doubles.map(({ id }) => id));
  return {
    keys,
    workloads: workloads.length,
    missing: sorted(suggested.filter(({ workload, stated, confidence }) => stated === null && confidence >= suggestedFrom && !others.has(workload))),
    doubtful: sorted(doubtsAmong(suggested).filter((one) => !slips.has(`${one.key} ${one.workload}`))),
    misspelt,
    duplicates: doubles,
    unknown: asked
      .filter(({ workload, isStated, suggestion }) => !isStated && !others.has(workload) && (suggestion === null || suggestion.confidence < suggestedFrom))
      .map(({ workload, key }) => ({ workload, key })),
  };
}

interface Answer {
  readonly workload: string;
  readonly key: string;
  readonly isStated: boolean;
  readonly suggestion: Suggestion | null;
}

function answersOf(key: string, evidence: readonly Evidence[], workloads: readonly Subject[]): readonly Answer[] {
  const predict = predictorOf(key, evidence, workloads);
  return workloads.map((subject) => {
    const stated = labelOf(subject, key) ?? null;
    const found = predict(subject);
    return { workload: subject.id, key, isStated: stated !== null, suggestion: found === null ? null : { workload: subject.id, key, stated, ...found } };
  });
}

/** Labels that evidence speaks against, where those who share the label are known by it: what is mistaken for others as a rule proves nothing. */
function doubtsAmong(suggested: readonly Suggestion[]): readonly Suggestion[] {
  const holders = new Map<string, { all: number; mistaken: number }>();
  const isOther = ({ key, stated, value, confidence }: Suggestion): boolean =>
    stated !== null && stated !== value && !areOneWord(key, [stated, value]) && confidence >= doubtedFrom;
  for (const one of suggested) {
    const name = `${one.key} ${one.stated ?? ""}`;
    const known = holders.get(name) ?? { all: 0, mistaken: 0 };
    holders.set(name, { all: known.all + 1, mistaken: known.mistaken + (isOther(one) ? 1 : 0) });
  }
  return suggested.filter((one) => {
    if (!isOther(one)) return false;
    const { all, mistaken } = holders.get(`${one.key} ${one.stated ?? ""}`)!;
    return all === 1 ? one.confidence >= uniqueDoubtedFrom : (mistaken - 1) / (all - 1) <= mistakenMost;
  });
}

const sorted = (suggestions: readonly Suggestion[]): readonly Suggestion[] =>
  [...suggestions].sort((a, b) => b.confidence - a.confidence || byCodePoint(a.workload, b.workload) || byCodePoint(a.key, b.key));
