import type { ProposalWorkload } from "./dependency.ts";
import { labelOf } from "./sides.ts";

/** How finely rules name their ends: by application, by role, or machine by machine. */
export type Granularity = "app" | "role" | "workload";

const named = ["app", "env", "role"];

/** The labels by which rules of this granularity name workloads; null where no label names single machines. */
export function labelsOf(granularity: Granularity, workloads: readonly ProposalWorkload[]): readonly string[] | null {
  switch (granularity) {
    case "app":
      return ["app", "env"];
    case "role":
      return named;
    case "workload": {
      const key = machineLabel(workloads);
      return key === null ? null : [...named, key];
    }
  }
}

/** The first label, by name, that every workload states and no two share. */
function machineLabel(workloads: readonly ProposalWorkload[]): string | null {
  const keys = Object.keys(workloads[0]?.labels ?? {}).filter((key) => !named.includes(key));
  const isUnique = (key: string): boolean => {
    const values = workloads.map(({ labels }) => labelOf(labels, key));
    return !values.includes(null) && new Set(values).size === values.length;
  };
  return keys.toSorted().find(isUnique) ?? null;
}
