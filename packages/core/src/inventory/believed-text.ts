import { editableCsv } from "../base/csv.ts";
import { instantText } from "../base/instant.ts";
import { ipText } from "../base/ip.ts";
import { sortedOnce } from "../base/order.ts";
import type { Believed, BelievedWorkload } from "./believe.ts";

const timeOf = (at: number | null): string | null => (at === null ? null : instantText(at));

/** What is believed as JSON that `decide --inventory` reads; conflicts of these workloads and points stand beside them. */
export function believedJson({ workloads, points, quarantined, conflicts }: Believed): string {
  const listed = new Set([...workloads, ...points].map(({ id }) => id));
  return JSON.stringify({
    workloads: workloads.map(({ leases, believed, ...one }) => ({
      ...one,
      addresses: leases.map(({ ip, from, until }) => ({ address: ipText(ip), from: timeOf(from), until: timeOf(until) })),
      believed: Object.fromEntries(Object.entries(believed).map(([name, { source, at }]) => [name, { source, at: instantText(at) }])),
    })),
    points,
    quarantined,
    conflicts: conflicts.filter(({ workload }) => listed.has(workload)),
  });
}

/** The believed workloads as CSV that can be imported again: a row for each lease, labels as `label.KEY`. */
export function believedCsv(workloads: readonly BelievedWorkload[]): string {
  const labels = sortedOnce(workloads.flatMap((one) => Object.keys(one.labels)));
  const attributes = sortedOnce(workloads.flatMap((one) => Object.keys(one.attributes)));
  const head = ["id", ...labels.map((key) => `label.${key}`), ...attributes, "address", "from", "until"];
  const rows = workloads.flatMap((one) => {
    const start = [one.id, ...labels.map((key) => one.labels[key] ?? ""), ...attributes.map((key) => one.attributes[key] ?? "")];
    if (one.leases.length === 0) return [[...start, "", "", ""]];
    return one.leases.map(({ ip, from, until }) => [...start, ipText(ip), timeOf(from) ?? "", timeOf(until) ?? ""]);
  });
  return editableCsv([head, ...rows]);
}
