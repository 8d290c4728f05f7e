import type { LabelReport, Suggestion, SuggestionInput } from "@bulkhead/core/map/labels/suggestions";
import { counted } from "./counted.ts";

// More than anybody reads at once; --json and --csv have all of them.
const shownMost = 40;

/** What the labels lack and where they look wrong, in lines for a terminal. */
export function suggestionLines({ keys, workloads, missing, doubtful, misspelt, duplicates, unknown }: LabelReport): readonly string[] {
  const parts = [
    part(
      `Missing labels (${missing.length})`,
      missing.map((one) => lineOf(one, `${one.key}=${one.value}`)),
    ),
    part(
      `Labels that look wrong (${doubtful.length})`,
      doubtful.map((one) => lineOf(one, `${one.key}=${one.stated}, probably ${one.value}`)),
    ),
    part(
      `Values that look misspelt (${misspelt.length})`,
      misspelt.map(
        ({ key, value, meant, why, workloads: ids }) =>
          `${key}=${value}, probably ${meant}: ${why} (${ids.slice(0, 3).join(", ")}${ids.length > 3 ? ", …" : ""})`,
      ),
    ),
    part(
      `Machines that look listed twice (${duplicates.length})`,
      duplicates.map(({ id, sameAs, why, confidence }) => `${id} and ${sameAs}: ${why} (${percent(confidence)})`),
    ),
  ];
  const silent = unknown.length === 0 ? "" : `; of ${counted(unknown.length, "missing label")} nothing says what it is`;
  const end = `${counted(workloads, "workload")} looked at by ${keys.join(", ")}${silent}`;
  return [...parts.flatMap((lines) => (lines.length === 0 ? [] : [...lines, ""])), end];
}

/** Why nothing is suggested, in one sentence: what was looked at, and what is not there to learn from. */
export function nothingSuggested({ keys, unknown }: LabelReport, { workloads, flows }: Pick<SuggestionInput, "workloads" | "flows">): string {
  const named = keys.join(", ");
  if (!workloads.some(({ labels }) => keys.some((key) => labels[key] !== undefined)))
    return `nothing to suggest: no workload has a label of ${named}, and what is suggested is what similar workloads have; label some and import them`;
  const looked = `looked at names and networks${flows.length === 0 ? " alone, because no connection was ingested" : ", at peers, and at what each answers and opens"}`;
  return unknown.length === 0
    ? `nothing to suggest: every workload has ${named}, and nothing speaks strongly against one of them (${looked})`
    : `nothing to suggest: no value is more likely than not for ${unknown.length === 1 ? "the missing label" : `the ${unknown.length} missing labels`} (${looked})`;
}

const part = (title: string, lines: readonly string[]): readonly string[] => {
  const rest = lines.length - shownMost;
  return lines.length === 0
    ? []
    : [title, ...lines.slice(0, shownMost).map((line) => `  ${line}`), ...(rest > 0 ? [`  … and ${rest} more (--json lists them)`] : [])];
};

const lineOf = ({ workload, confidence, reasons }: Suggestion, what: string): string =>
  `${workload}  ${what} (${percent(confidence)}): ${reasons.slice(0, 3).join("; ")}`;
const percent = (share: number): string => `${Math.round(share * 100)} %`;
