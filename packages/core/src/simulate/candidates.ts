import { addTo } from "../base/lists.ts";
import { byCodePoint } from "../base/order.ts";
import { nameable, peerText } from "../decide/policy-words.ts";
import { selecting } from "../decide/selecting.ts";
import type { Peer, PolicySet, Selector } from "../model/policy-set.ts";
import type { Workload } from "../model/workload.ts";

/** An end of a question in the words of people, and what a policy test says for it; null where no test can name it. */
export interface NamedEnd {
  readonly text: string;
  readonly inTest: string | null;
}

/** Somebody whom a question can name; a bare address has no workload. */
export interface Somebody {
  readonly text: string;
  readonly workload: Workload | null;
  /** Whether the inventory has it. Of an address: that somebody has held it, whom a test would ask about. */
  readonly isReal: boolean;
  /** The classes in the two worlds; null where what differs is not about it, or nobody can tell who it is. */
  readonly classes: readonly [number, number] | null;
}

/** Who stands for everybody with the same classes in the two worlds. */
export interface Candidate {
  readonly text: string;
  readonly classes: readonly [number, number];
  readonly name: NamedEnd;
}

// Of a class, so many ways to name it are tried.
const standsMost = 8;

/**
 * One of each class: whoever comes first among those that a test can name, else the first. With an inventory a test asks about everybody who has
 * the labels that it names, so they all have to be of that class.
 */
export function candidatesIn(set: PolicySet, all: readonly Somebody[]): readonly Candidate[] {
  const classes = new Map<string, Stand[]>();
  for (const one of all) {
    const { text, classes: own } = one;
    if (own === null) continue;
    const known = classes.get(own.join(" "));
    if (known !== undefined && known.length >= standsMost) continue;
    const stand = { text, classes: own, ...namedIn(set, one) };
    if (known === undefined || (stand.name.inTest !== null && known.every(({ name }) => name.inTest !== stand.name.inTest)))
      addTo(classes, own.join(" "), stand);
  }
  const stands = [...classes.values()].flat();
  const meaning = selecting(stands.map(({ selector }) => selector));
  const isOther = (own: Somebody["classes"], stand: Stand): boolean => own?.join(" ") !== stand.classes.join(" ");
  const mixed = new Set(
    all.flatMap(({ workload, isReal, classes: own }) =>
      workload === null || !isReal
        ? []
        : meaning(workload.labels)
            .map((number) => stands[number]!)
            .filter((stand) => isOther(own, stand)),
    ),
  );
  return [...classes.values()].map((some) => some.find((one) => one.name.inTest !== null && !mixed.has(one)) ?? untestable(some[0]!));
}

interface Stand extends Candidate {
  /** Whom a test means that names it so; null where that is nobody real. */
  readonly selector: Selector | null;
}

const untestable = ({ name, ...stand }: Stand): Stand => ({ ...stand, name: { ...name, inTest: null } });

function namedIn(set: PolicySet, { text, workload, isReal }: Somebody): Pick<Stand, "name" | "selector"> {
  // In YAML what ends with a colon is a key.
  if (workload === null) return { name: { text, inTest: isReal ? null : text.includes(":") ? JSON.stringify(text) : text }, selector: null };
  const terms = Object.entries(workload.labels)
    .sort(([a], [b]) => byCodePoint(a, b))
    .map(([key, value]) => ({ key, values: [value] }));
  const called = terms.length === 0 ? "a workload without labels" : peerText(labelled(terms));
  if (workload.identity !== null)
    return { name: { text: `${called} as ${workload.identity.name} (tier ${workload.identity.tier})`, inTest: null }, selector: null };
  const inTest = nameable(set, workload);
  return { name: { text: called, inTest: inTest.length === 0 ? null : peerText(labelled(inTest)) }, selector: { terms: inTest } };
}

const labelled = (terms: Selector["terms"]): Peer => ({ kind: "labels", selector: { terms } });
