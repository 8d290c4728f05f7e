import { editableCsv } from "../../base/csv.ts";
import { byCodePoint } from "../../base/order.ts";
import type { LabelReport } from "./suggestions.ts";

interface Row {
  readonly values: Map<string, string>;
  readonly reasons: string[];
  confidence: number;
}

/**
 * The suggestions as CSV to edit and to import: a row for each workload, the suggested labels as `label.KEY`, another name of a workload as
 * `same-as`; columns that begin with `#` are for whoever reads it, and no label when it is imported.
 */
export function suggestionsCsv({ keys, missing, doubtful, misspelt, duplicates }: LabelReport): string {
  const rows = new Map<string, Row>();
  const add = (id: string, column: string, value: string, { confidence, why }: { readonly confidence: number; readonly why: string }): void => {
    const row: Row = rows.get(id) ?? { values: new Map(), reasons: [], confidence: 1 };
    rows.set(id, row);
    row.values.set(column, value);
    row.reasons.push(`${column.replace("label.", "")}: ${why}`);
    row.confidence = Math.min(row.confidence, confidence);
  };
  for (const { workload, key, value, confidence, reasons } of missing) add(workload, `label.${key}`, value, { confidence, why: reasons.join("; ") });
  for (const { workload, key, value, stated, confidence, reasons } of doubtful)
    add(workload, `label.${key}`, value, { confidence, why: `instead of ${stated}; ${reasons.join("; ")}` });
  for (const { key, meant, value, why, workloads } of misspelt)
    for (const id of workloads) add(id, `label.${key}`, meant, { confidence: 0.9, why: `instead of ${value}; ${why}` });
  for (const { id, sameAs, confidence, why } of duplicates) add(id, "same-as", sameAs, { confidence, why });
  const columns = [...keys.map((key) => `label.${key}`), "same-as"];
  const lines = [...rows]
    .sort(([a], [b]) => byCodePoint(a, b))
    .map(([id, { values, reasons, confidence }]) => [id, ...columns.map((column) => values.get(column) ?? ""), confidence.toFixed(2), reasons.join(" | ")]);
  return editableCsv([["id", ...columns, "#confidence", "#because"], ...lines]);
}
