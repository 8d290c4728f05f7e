import { instantText, type Instant } from "@bulkhead/core/base/instant";
import { pointText } from "@bulkhead/core/decide/policy-words";
import type { JudgedMutant } from "@bulkhead/core/simulate/mutation-testing";
import type { VerdictWitness } from "@bulkhead/core/simulate/verdict-change";
import { printable } from "./context.ts";
import { counted } from "./counted.ts";

type Fate = JudgedMutant["fate"];
const fates: readonly Fate[] = ["tests", "flows", "equivalent", "live", "beyond", "untold"];

// More than these are read by a machine.
const shownMost = 50;
const rest = (all: readonly JudgedMutant[]): readonly string[] => (all.length > shownMost ? [`  and ${all.length - shownMost} more (--json lists them)`] : []);

/** How many mutants met which fate. */
export const fatesOf = (mutants: readonly JudgedMutant[]): Readonly<Record<Fate, number>> =>
  Object.fromEntries(fates.map((fate) => [fate, mutants.filter((one) => one.fate === fate).length])) as Record<Fate, number>;

export interface MutantsAsked {
  readonly directory: string;
  readonly at: Instant;
  /** Whether recorded flows could notice anything. */
  readonly areFlowsAsked: boolean;
}

/** What nobody noticed, with a test that would; numbers first. */
export function mutantsText(mutants: readonly JudgedMutant[], { directory, at, areFlowsAsked }: MutantsAsked): string {
  const { tests, flows, equivalent, live, beyond, untold } = fatesOf(mutants);
  const rules = new Set(mutants.map(({ name }) => name)).size;
  const sum = [
    `${tests + flows} of ${counted(tests + flows + live, "change")} noticed, to ${counted(rules, "rule")} and guard${rules === 1 ? "" : "s"}, one at a time:`,
    areFlowsAsked
      ? `  ${tests} by tests, ${flows} by recorded flows, ${live} by nobody`
      : `  ${tests} by tests, ${live} by nobody; no recorded flows were asked, --data names a directory with some`,
    `  beside them ${equivalent} change no verdict; ${beyond} only where no test can ask; ${untold} could not be told`,
  ].join("\n");
  const placed = ({ at: place }: JudgedMutant): string => printable(`${directory}/${place.file}:${place.line}`);
  const block = (one: JudgedMutant): string =>
    [`${placed(one)}: ${printable(`${one.name} ${one.what}`)}: nobody notices`, ...(one.witness === null ? [] : witnessLines(one.witness))].join("\n");
  const list = (title: string, fate: Fate, text: (one: JudgedMutant) => string): readonly string[] => {
    const some = mutants.filter((one) => one.fate === fate);
    return some.length === 0 ? [] : [[title, ...some.slice(0, shownMost).map(text), ...rest(some)].join("\n")];
  };
  const unnoticed = mutants.filter((one) => one.fate === "live");
  return `${[
    sum,
    ...unnoticed.slice(0, shownMost).map(block),
    ...rest(unnoticed),
    ...list(
      "Only where no test can ask (a time, a fact, an identity, a stage, a workload without labels, or labels that others have, too)",
      "beyond",
      (one) => `  ${placed(one)}: ${printable(`${one.name} ${one.what}`)}${circumstance(one.witness, at)}`,
    ),
    ...list(
      "Could not be told: more kinds of questions than can be gone through",
      "untold",
      (one) => `  ${placed(one)}: ${printable(`${one.name} ${one.what}`)}`,
    ),
  ].join("\n\n")}\n`;
}

function witnessLines(witness: VerdictWitness): readonly string[] {
  const { from, to, over, before, after } = witness;
  const test = testOf(witness);
  return [
    `  ${printable(`${from.text} → ${to.text} over ${pointText(over)}`)}: ${before.verdict}, and would be ${after.verdict}`,
    ...(test === null ? [] : [`  a test that would: ${printable(`- ${test}`)}`]),
  ];
}

/** The test that tells a change from the policy, as it stands in a file; null where no test can ask. */
function testOf({ from, to, over, before, isTestable }: VerdictWitness): string | null {
  if (!isTestable) return null;
  return `{ from: ${from.inTest}, to: ${to.inTest}, over: ${pointText(over)}, expect: ${before.verdict} }`;
}

function circumstance(witness: VerdictWitness | null, at: Instant): string {
  if (witness === null) return "";
  const facts = Object.entries(witness.facts).map(([name, value]) => `${name} ${String(value)}`);
  const when = witness.at === at ? [] : [`at ${instantText(witness.at)}`];
  return ` (${printable([`${witness.from.text} → ${witness.to.text}`, `over ${pointText(witness.over)}`, ...when, ...facts].join(", "))})`;
}

/** Mutants as machines read them. */
export function mutantsJson(mutants: readonly JudgedMutant[], { areFlowsAsked }: Pick<MutantsAsked, "areFlowsAsked">): unknown {
  return {
    counts: fatesOf(mutants),
    flowsAsked: areFlowsAsked,
    mutants: mutants.map(({ name, at, mutation, what, fate, witness }) => ({
      rule: name,
      file: at.file,
      line: at.line,
      mutation,
      what,
      fate,
      witness:
        witness === null
          ? null
          : {
              from: witness.from.text,
              to: witness.to.text,
              over: pointText(witness.over),
              at: instantText(witness.at),
              facts: witness.facts,
              before: witness.before.verdict,
              after: witness.after.verdict,
              test: testOf(witness),
            },
    })),
  };
}
