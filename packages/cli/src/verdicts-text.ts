import { addTo } from "@bulkhead/core/base/lists";
import { number } from "@bulkhead/core/base/number";
import type { SegmentVerdict, Verdicts } from "@bulkhead/core/simulate/segment-verdict";
import { printable } from "./context.ts";

const groupsShown = 25;
const namesShown = 12;

const sentences: Readonly<Record<Verdicts["word"], string>> = {
  "would break": "would break: connections that somebody may depend on would be denied",
  unknown: "unknown: nothing that somebody may depend on would be denied, and not all was observed",
  safe: "safe: nothing that somebody may depend on would be denied, and all of it was observed",
};
const order = Object.keys(sentences);

/** The verdict on everything; why it is no better is said segment by segment, where it is said of one. */
export function verdictText({ word, incomplete, segments, totals }: Verdicts): string {
  if (Object.values(totals).every((one) => one === null)) return "unknown: nothing was observed";
  return [sentences[word], ...(segments.every((one) => one.word === "safe") ? incomplete.map((one) => `  ${printable(one)}`) : [])].join("\n");
}

/** Segments that have one verdict for the same reasons together, so that what is alike is read once. */
export function segmentsText(segments: readonly SegmentVerdict[]): string {
  if (segments.length === 0) return "";
  const [first, ...others] = segments.filter(({ totals }) => Object.values(totals).some((one) => one !== null));
  const common = first === undefined || others.length === 0 ? [] : first.incomplete.filter((why) => others.every(({ incomplete }) => incomplete.includes(why)));
  const alike = new Map<string, SegmentVerdict[]>();
  for (const one of segments) addTo(alike, JSON.stringify([one.word, deniedText(one), one.incomplete]), one);
  const groups = [...alike.values()].sort(([a], [b]) => order.indexOf(a!.word) - order.indexOf(b!.word) || answeredIn(b!) - answeredIn(a!));
  const rest = groups.slice(groupsShown).flat().length;
  return [
    segments.some(({ incomplete }) => incomplete.length > 0) ? "By segment, and what of it was not observed" : "By segment",
    ...(common.length > 0 ? ["  of every segment that was seen", ...common.map(whyText)] : []),
    ...groups.slice(0, groupsShown).flatMap((group) => linesOf(group, common)),
    ...(rest > 0 ? [`  and ${number(rest)} more segments (--json lists them)`] : []),
  ].join("\n");
}

const answeredIn = ({ totals }: SegmentVerdict): number => totals.denied?.answered ?? 0;
const whyText = (why: string): string => `      ${printable(why)}`;

function linesOf(group: readonly SegmentVerdict[], common: readonly string[]): readonly string[] {
  const first = group[0]!;
  const names = group.slice(0, namesShown).map(({ segment }) => printable(segment));
  const rest = group.length > names.length ? ` and ${number(group.length - names.length)} more` : "";
  return [`  ${first.word}: ${names.join(", ")}${rest}${deniedText(first)}`, ...first.incomplete.filter((why) => !common.includes(why)).map(whyText)];
}

function deniedText({ word, totals: { denied } }: SegmentVerdict): string {
  if (denied === null) return word === "would break" ? "; rules change while connections are open" : "";
  const counted = (what: string): string => `; ${number(denied.connections)} ${denied.connections === 1 ? what : `${what}s`}`;
  // Neighbour discovery is among them where some were answered.
  if (denied.connections === denied.attempts)
    return denied.answered === 0
      ? `${counted("attempt")} that nobody answered would be denied`
      : `${counted("connection")} would be denied on which nobody depends`;
  return `${counted("connection")} would be denied, ${number(denied.answered)} of them answered`;
}
