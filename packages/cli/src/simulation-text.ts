import { instantText } from "@bulkhead/core/base/instant";
import { number } from "@bulkhead/core/base/number";
import type { Suspected } from "@bulkhead/core/simulate/suspects";
import { type Counted, outcomes, type Outcome } from "@bulkhead/core/simulate/simulation";
import { printable } from "./context.ts";
import { counted } from "./counted.ts";
import type { Judged } from "./simulated-in.ts";
import { secondEngineText } from "./second-engine-text.ts";
import { segmentsText, verdictText } from "./verdicts-text.ts";

const shownMost = 25;
const listedMost = 12;
const observersShown = 4;

const wayToRecords = "below each, a command that lists the records of one of its flows";

const words: Readonly<Record<Outcome, string>> = {
  allowed: "allowed by rule",
  open: "open, nobody guards it",
  denied: "would be denied",
  unknown: "cannot be told",
};

/** A simulation for people: what would be denied first, then what cannot be told, then the rest. */
export function simulationText(simulation: Judged): string {
  const parts = [
    `${verdictText(simulation)}\n${totalsOf(simulation)}`,
    listOf("Declared events not seen in this window; what they need was not judged", simulation.unseenEvents),
    // Of nothing there is nothing to tell.
    ...(sumOf(simulation) === null ? [] : statementsOf(simulation)),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function statementsOf(simulation: Judged): readonly string[] {
  return [
    segmentsText(simulation.segments),
    pairsOf(simulation, "denied", `${suspectsText(simulation)}Would be denied; ${wayToRecords}`),
    pairsOf(simulation, "unknown", `Cannot be told; ${wayToRecords}`),
    pairsOf(simulation, "open", "Open: no rule decides, because neither end is guarded"),
    rulesOf(simulation),
    layersOf(simulation),
    spanningOf(simulation),
    endingOf(simulation),
    listOf(`${counted(simulation.unused.length, "rule")}, conduits and common rules counted, determined nothing in this traffic`, simulation.unused),
    listOf("Rules that demand facts which no flow record carries; allows among them open nothing here, forbids always hold", simulation.blind),
    secondEngineText(simulation.secondEngine),
  ];
}

function totalsOf(simulation: Judged): string {
  const { totals } = simulation;
  const all = outcomes.reduce((sum, outcome) => sum + (totals[outcome]?.connections ?? 0), 0);
  const lines = outcomes.map((outcome) => {
    const found = totals[outcome];
    const blocked = found !== null && found.blocked > 0 ? `; ${number(found.blocked)} of them blocked by today's stages` : "";
    return `  ${words[outcome].padEnd(24)} ${number(found?.connections ?? 0)} / ${number(all)}${found === null ? "" : `, ${answeredText(found)}${blocked}`}`;
  });
  const since = simulation.since === null ? "" : ` since ${instantText(simulation.since)}`;
  const until = simulation.until === null ? "" : ` before ${instantText(simulation.until)}`;
  return [
    `${number(all)} ${all === 1 ? "connection that was" : "connections that were"} recorded${since}${until}, under this policy`,
    ...lines,
    ...(all === 0 ? [] : [`  ${observedText(sumOf(simulation))}`]),
  ].join("\n");
}

function sumOf({ totals, gaps }: Judged): Counted | null {
  const all = outcomes.map((outcome) => totals[outcome]).filter((one) => one !== null);
  const [first] = all;
  if (first === undefined) return null;
  const sum = (pick: (one: Counted) => number): number => all.reduce((total, one) => total + pick(one), 0);
  return {
    ...first,
    connections: sum(({ connections }) => connections),
    observed: {
      observers: [...new Set(all.flatMap(({ observed }) => observed.observers))].sort(),
      byOneObserver: sum(({ observed }) => observed.byOneObserver),
      oneDirection: sum(({ observed }) => observed.oneDirection),
      sampled: sum(({ observed }) => observed.sampled),
      gaps: gaps.length,
      sampling: all.reduce<number | null>((most, { observed }) => (observed.sampling === null ? most : Math.max(most ?? 0, observed.sampling)), null),
    },
  };
}

/** What the statement rests on: nothing that nobody saw is in it. */
function observedText(counted: Counted | null): string {
  if (counted === null) return "nothing was observed";
  const { connections, observed } = counted;
  const of = (count: number): string => `${number(count)} / ${number(connections)}`;
  const sampled = observed.sampled > 0 ? `, ${of(observed.sampled)} sampled (1 in ${observed.sampling}: there were more)` : "";
  const gapped = observed.gaps > 0 ? `; sensors declare ${number(observed.gaps)} ${observed.gaps === 1 ? "gap" : "gaps"} in this time` : "";
  return `seen by ${someOf(observed.observers)}: ${of(observed.byOneObserver)} by one observer only, ${of(observed.oneDirection)} in one direction only${sampled}${gapped}`;
}

function someOf(observers: readonly string[]): string {
  if (observers.length === 0) return "nobody who said so";
  const rest = observers.length > observersShown ? ` and ${number(observers.length - observersShown)} more` : "";
  return `${observers.slice(0, observersShown).map(printable).join(", ")}${rest}`;
}

const answeredText = ({ answered, unanswered, untold }: Counted): string =>
  `${number(answered)} answered, ${number(unanswered)} never answered${untold > 0 ? `, ${number(untold)} untold` : ""}`;

function pairsOf(simulation: Judged, outcome: Outcome, title: string): string {
  const { pairs } = simulation;
  const found = pairs
    .filter((pair) => pair.outcome === outcome)
    .sort((a, b) => Number(isSuspect(a)) - Number(isSuspect(b)) || b.answered - a.answered || dependedOn(b) - dependedOn(a) || b.connections - a.connections);
  if (found.length === 0) return "";
  const rest = found.length > shownMost ? [`  and ${number(found.length - shownMost)} more (--json lists them)`] : [];
  return [title, ...found.slice(0, shownMost).map((pair) => pairText(pair, sumOf(simulation))), ...rest].join("\n");
}

type Pair = Judged["pairs"][number];
const isSuspect = ({ ofScanners = 0, ofUnknowns = 0, connections }: Pair): boolean => ofScanners + ofUnknowns === connections;

function suspectText({ ofScanners = 0, ofUnknowns = 0, connections }: Pair): string {
  const of = (count: number): string => (count === connections ? "" : `${number(count)} `);
  return `${ofScanners > 0 ? `; ${of(ofScanners)}of a scanner` : ""}${ofUnknowns > 0 ? `; ${of(ofUnknowns)}of an unknown end` : ""}`;
}

/** Whose the answered denials are, where that is known: a good policy denies an intruder, too. */
function suspectsText({ totals: { denied }, suspects: { scanners, unknowns } }: Judged): string {
  const of = [
    ...(scanners.answered > 0
      ? [`${number(scanners.answered)} are of ${namesOf(scanners)}, which the map calls ${scanners.names.length === 1 ? "a scanner" : "scanners"}`]
      : []),
    ...(unknowns.answered > 0 ? [`${number(unknowns.answered)} of ends that no inventory knows: ${namesOf(unknowns)}`] : []),
  ];
  return of.length === 0 ? "" : `Of the ${number(denied?.answered ?? 0)} answered denials ${of.join(", and ")}\n\n`;
}

function namesOf({ names, more }: Suspected): string {
  const rest = Math.max(0, names.length - observersShown) + more;
  return `${names.slice(0, observersShown).map(printable).join(", ")}${rest > 0 ? ` and ${number(rest)} more` : ""}`;
}

function endingOf({ ending }: Judged): string {
  if (ending.length === 0) return "";
  const rest = ending.length > listedMost ? [`  and ${number(ending.length - listedMost)} more (--json lists them)`] : [];
  return [
    "Rules that allowed something in this time, and are over or end within 30 days of its last connection",
    ...ending
      .slice(0, listedMost)
      .map(({ rule, end, connections }) => `  ${printable(rule)}: ends at ${instantText(end)}; ${number(connections)} allowed by it`),
    ...rest,
  ].join("\n");
}

// What breaks must not lie behind the attempts of a scanner.
const dependedOn = ({ connections, attempts }: Counted): number => connections - attempts;

function pairText(pair: Pair, all: Counted | null): string {
  const by = pair.by.length === 0 ? "" : ` by ${pair.by.join(", ")}`;
  return [
    `  ${printable(`${pair.from} → ${pair.to} ${pair.service}`)}: ${number(pair.connections)}, ${answeredText(pair)}; ${pair.layer}${printable(by)}; ${span(pair)}${suspectText(pair)}`,
    ...(isSeenAlike(pair, all) ? [] : [`      ${observedText(pair)}`]),
    ...(pair.outcome === "open" ? [] : [`      ${printable(pair.records)}`]),
  ].join("\n");
}

/** Whether the sentence about all of the traffic says already how this part of it was seen. */
function isSeenAlike(part: Counted, all: Counted | null): boolean {
  if (all === null || part.observed.gaps > 0 || part.observed.observers.join("\n") !== all.observed.observers.join("\n")) return false;
  return (["byOneObserver", "oneDirection", "sampled"] as const).every(
    (aspect) => part.observed[aspect] * all.connections === all.observed[aspect] * part.connections,
  );
}

function rulesOf({ rules }: Judged): string {
  if (rules.length === 0) return "";
  const sorted = [...rules].sort((a, b) => b.connections - a.connections);
  const rest = sorted.length > shownMost ? [`  and ${number(sorted.length - shownMost)} more (--json lists them)`] : [];
  return [
    "By rule",
    ...sorted.slice(0, shownMost).map((one) => `  ${printable(one.rule)}: ${number(one.connections)} ${words[one.outcome]}; ${span(one)}`),
    ...rest,
  ].join("\n");
}

function layersOf({ layers }: Judged): string {
  if (layers.length === 0) return "";
  return ["By layer", ...layers.map((one) => `  ${one.layer}: ${number(one.connections)} ${words[one.outcome]}; ${span(one)}`)].join("\n");
}

function spanningOf({ spanning }: Judged): string {
  if (spanning.length === 0) return "";
  const lines = spanning
    .slice(0, listedMost)
    .map(
      ({ from, to, service, began, denied, ended }) =>
        `  ${printable(`${from} → ${to} ${service}`)}: ${began.answer.verdict} when it began (${instantText(began.at)}), ${denied === null ? "" : `deny from ${instantText(denied.at)}, `}${ended.answer.verdict} when it was last seen (${instantText(ended.at)})`,
    );
  const rest = spanning.length > listedMost ? [`  and ${number(spanning.length - listedMost)} more (--json lists them)`] : [];
  return ["Began under one answer, open under another", ...lines, ...rest].join("\n");
}

function listOf(title: string, names: readonly string[]): string {
  if (names.length === 0) return "";
  const rest = names.length > listedMost ? ` and ${number(names.length - listedMost)} more` : "";
  return `${title}: ${names.slice(0, listedMost).map(printable).join(", ")}${rest}`;
}

/** When it was seen, to the second; the day once where both are of one. */
function span({ first, last }: Counted): string {
  if (first === null || last === null) return "at an unknown time";
  const [from, until] = [secondText(first), secondText(last)];
  if (from === until) return from;
  return `${from} – ${until.slice(0, dayLength) === from.slice(0, dayLength) ? until.slice(dayLength) : until}`;
}

const dayLength = "2026-11-25T".length;
const secondText = (at: number): string => instantText(Math.floor(at / 1_000_000) * 1_000_000);
