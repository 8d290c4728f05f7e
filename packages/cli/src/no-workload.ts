import { sortedOnce } from "@bulkhead/core/base/order";
import { shellWord } from "@bulkhead/core/base/shell-word";
import { nearest } from "@bulkhead/core/language/hints";
import { counted } from "./counted.ts";

type Labelled = { readonly labels: Readonly<Record<string, string>> };

const listedMost = 8;

/** Says that no workload has these labels, KEY=VALUE, and what would be next. */
export function noWorkload(terms: readonly string[], workloads: readonly Labelled[]): string {
  if (workloads.length === 0) return "no workload is known here\nnext: `bulkhead inventory import FILE` reads a list of them\n";
  const asked = terms.map((term) => `\`${term}\``).join(" and ");
  return `none of ${counted(workloads.length, "workload")} has the label${terms.length === 1 ? "" : "s"} ${asked}\nnext: ${nextOf(terms, workloads)}\n`;
}

function nextOf(terms: readonly string[], workloads: readonly Labelled[]): string {
  const keys = sortedOnce(workloads.flatMap(({ labels }) => Object.keys(labels)));
  for (const term of terms) {
    const [key = "", value = ""] = term.split(/=(.*)/s);
    if (!keys.includes(key)) return meantOr(key, keys, (one) => `${one}=${value}`) ?? `their labels are ${listed(keys)}`;
    const values = sortedOnce(workloads.flatMap(({ labels }) => (Object.hasOwn(labels, key) ? [labels[key]!] : [])));
    if (!values.includes(value)) return meantOr(value, values, (one) => `${key}=${one}`) ?? `${key} is ${listed(values)}`;
  }
  return "each of them is somebody's, and nobody has all; leave one out";
}

function meantOr(word: string, known: readonly string[], write: (meant: string) => string): string | null {
  const meant = nearest(word, known);
  return meant === null ? null : `did you mean \`--where ${shellWord(write(meant))}\`?`;
}

const listed = (names: readonly string[]): string =>
  `${names.slice(0, listedMost).join(", ") || "none"}${names.length > listedMost ? ` and ${names.length - listedMost} more` : ""}`;
