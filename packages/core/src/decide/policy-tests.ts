import type { Diagnostic } from "../base/diagnostic.ts";
import { ipText } from "../base/ip.ts";
import { shellWord } from "../base/shell-word.ts";
import { catalogue } from "../language/codes.ts";
import type { PolicySet, PolicyTest, Rule, TestEnd } from "../model/policy-set.ts";
import type { Answer } from "../model/question.ts";
import type { Service, ServicePoint } from "../model/service.ts";
import type { Inventory, Workload } from "../model/workload.ts";
import { decide } from "./decide.ts";
import { classesOf } from "./end-class.ts";
import { workloadEnd } from "./ends.ts";
import { isSelected } from "./match.ts";
import { likelyCause } from "./likely-cause.ts";
import { networkSamples } from "./network-samples.ts";
import { pointText } from "./policy-words.ts";
import { openingRules } from "./what-if.ts";
import { type World, worldOf } from "./world.ts";

/** When the tests ask, and about whom beside the hypothetical; null asks about nobody real. */
export interface Asking {
  readonly at: number;
  readonly inventory: Inventory | null;
  /** For how many failing tests a cause is looked for. */
  readonly causesMost?: number;
}

/** One side of a question of a test: the text that `decide` is asked with, and how people call it. */
interface Asked {
  readonly text: string;
  readonly called: string;
  readonly isReal: boolean;
}

interface Disagreement {
  readonly from: Asked;
  readonly to: Asked;
  readonly over: ServicePoint;
  readonly answer: Answer;
  /** The world in which it was found. */
  readonly world: World;
}

// Looking for a cause goes through all rules and tests; when hundreds fail, they have one.
const causesUsual = 20;

/** Runs the tests that a policy set holds: one diagnostic, at its place, for each that has another answer than it expects. */
export function runPolicyTests(set: PolicySet, { at, inventory, causesMost = causesUsual }: Asking): readonly Diagnostic[] {
  if (set.tests.length === 0) return [];
  const hypothetical = hypotheticalWorld(set);
  const real = inventory === null ? null : realWorld(set, inventory, hypothetical);
  const points = servicePoints(set);
  const found = set.tests.flatMap((one, index) => {
    const over = one.services.flatMap(points);
    const ends = [endsOf(hypothetical, one.from, `${index} from`), endsOf(hypothetical, one.to, `${index} to`)] as const;
    const said = firstDisagreement(one, over, { world: hypothetical, at, ends }) ?? (real === null ? null : realDisagreement(one, over, { real, at, ends }));
    return said === null ? [] : [{ one, said, points: over.length }];
  });
  return found.map(({ one, said, points }, number) => {
    const answered = { ...said, from: said.from.text, to: said.to.text, at };
    return failed(one, said, { points, cause: number < causesMost ? likelyCause(said.world, one, answered) : null });
  });
}

// No id of an inventory holds a control character that it could be typed with; so nobody is shadowed.
const idOf = (place: string): string => `\u0000test ${place}`;

/** Nobody but the workloads that the tests describe. */
function hypotheticalWorld(set: PolicySet): World {
  const workloads = set.tests.flatMap(({ from, to }, index) =>
    ([["from", from] as const, ["to", to] as const] as const).flatMap(([side, end]): readonly Workload[] =>
      end.kind === "labels" ? [{ id: idOf(`${index} ${side}`), labels: end.labels, leases: [], identity: null, point: false }] : [],
    ),
  );
  return worldOf(set, { workloads, points: [], quarantined: [] });
}

function endsOf(world: World, end: TestEnd, place: string): readonly Asked[] {
  switch (end.kind) {
    case "labels":
      return [{ text: idOf(place), called: labelsText(end.labels), isReal: false }];
    case "network":
      return networkSamples(world, end.name).map((ip) => ({ text: ipText(ip), called: `${ipText(ip)} in ${end.name}`, isReal: false }));
    case "address":
      return [{ text: end.text, called: end.text, isReal: false }];
  }
}

const labelsText = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");

interface Real {
  readonly world: World;
  /** The real workloads that a test's labels match, one of each kind that policy can tell apart. */
  readonly matching: (end: TestEnd) => readonly Asked[];
}

/** The inventory, and beside it the workloads that the tests describe. */
function realWorld(set: PolicySet, inventory: Inventory, hypothetical: World): Real {
  const world = worldOf(set, { ...inventory, workloads: [...inventory.workloads, ...hypothetical.inventory.workloads] });
  const forbids = new Set(set.forbids);
  const classes = classesOf(world, [...set.forbids, ...openingRules(set)], (rule: Rule) => forbids.has(rule));
  const classOf = (workload: Workload): string => {
    const end = workloadEnd(world, workload, null);
    return end.kind === "known" ? String(classes.classOf(end)) : workload.id;
  };
  return {
    world,
    matching(end) {
      if (end.kind !== "labels") return [];
      const selector = { terms: Object.entries(end.labels).map(([key, value]) => ({ key, values: [value] })) };
      const found = inventory.workloads.filter(({ labels }) => isSelected(selector, labels));
      const each = new Map(found.toReversed().map((workload) => [classOf(workload), workload]));
      return [...each.values()].toReversed().map(({ id }) => ({ text: id, called: id, isReal: true }));
    },
  };
}

interface Around {
  readonly world: World;
  readonly at: number;
  readonly ends: readonly [readonly Asked[], readonly Asked[]];
}

function realDisagreement(one: PolicyTest, over: readonly ServicePoint[], { real, at, ends }: Omit<Around, "world"> & { readonly real: Real }) {
  const [from, to] = [real.matching(one.from), real.matching(one.to)];
  const sides = [from.length > 0 ? from : ends[0], to.length > 0 ? to : ends[1]] as const;
  return firstDisagreement(one, over, { world: real.world, at, ends: sides });
}

function firstDisagreement(one: PolicyTest, points: readonly ServicePoint[], { world, at, ends }: Around): Disagreement | null {
  for (const from of ends[0])
    for (const to of ends[1]) {
      const answers = points.map((over) => ({ from, to, over, answer: decide(world, { from: from.text, to: to.text, over, at, facts: {} }) }));
      const found = answers.find(({ answer }) => isOtherwise(one, answer));
      if (found !== undefined) return { ...found, world };
    }
  return null;
}

const isOtherwise = ({ expect, by }: PolicyTest, answer: Answer): boolean =>
  answer.verdict !== expect || (by !== null && answer.layer !== by && !answer.by.includes(by));

function failed(
  { expect, by, at, from, to }: PolicyTest,
  found: Disagreement,
  { points, cause }: { readonly points: number; readonly cause: string | null },
): Diagnostic {
  const { answer } = found;
  const differs = [
    ...(found.from.isReal || from.kind === "network" ? [`from ${found.from.called}`] : []),
    ...(found.to.isReal || to.kind === "network" ? [`to ${found.to.called}`] : []),
    ...(points > 1 ? [`over ${pointText(found.over)}`] : []),
  ];
  const expected = by === null ? expect : `${expect} by ${by}`;
  const given = `${answer.verdict} by ${[answer.layer, ...answer.by.map(shownName)].join(", ")}`;
  return {
    code: "test-failed",
    severity: catalogue["test-failed"].severity,
    at,
    message: clean(`this test expects ${expected}, and the answer is ${given}${differs.length > 0 ? ` (${differs.join(", ")})` : ""}`),
    help: clean(
      `${cause === null ? "" : `${cause}; `}\`bulkhead explain DIR --from ${asArgument(found.from)} --to ${asArgument(found.to)} --over ${pointText(found.over)}\` says why`,
    ),
  };
}

const shownName = (name: string): string => (name.startsWith("\u0000") ? "the workload of this test" : name);
const asArgument = ({ text, called }: Asked): string => shellWord(text.startsWith("\u0000") ? called : text);
const clean = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "�").slice(0, 500);

/** The points of a service that rules can tell apart: where a service of a rule begins, or has ended. */
function servicePoints(set: PolicySet): (service: Service) => readonly ServicePoint[] {
  const ruled = [...set.forbids, ...openingRules(set)].flatMap(({ services }) => services);
  // Sorted once: ten thousand rules would be gone through for each of thousands of tests.
  const cuts = new Map<number, Set<number>>();
  for (const { protocol, low, high } of ruled) {
    if (protocol === null) continue;
    const known = cuts.get(protocol) ?? new Set<number>();
    cuts.set(protocol, known.add(low).add(high + 1));
  }
  const sorted = new Map([...cuts].map(([protocol, ports]) => [protocol, [...ports].sort((a, b) => a - b)]));
  const unnamed = [...Array(256).keys()].find((protocol) => !cuts.has(protocol)) ?? 255;
  const inside = (protocol: number, low: number, high: number): readonly ServicePoint[] =>
    [low, ...(sorted.get(protocol) ?? []).filter((port) => low < port && port <= high)].map((port) => ({ protocol, port }));
  return ({ protocol, low, high }) =>
    protocol === null ? [...cuts.keys(), unnamed].sort((a, b) => a - b).flatMap((one) => inside(one, 0, lastPort(one))) : inside(protocol, low, high);
}

const lastPort = (protocol: number): number => (protocol === 6 || protocol === 17 || protocol === 132 ? 65_535 : protocol === 1 || protocol === 58 ? 255 : 0);
