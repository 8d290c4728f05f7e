import type { Say } from "@bulkhead/core/inventory/problem";
import type { DeclaredDependency } from "@bulkhead/core/inventory/declared";

/** Reads the dependencies that documents of one format declare. Never throws on any input. */
export interface DeclaredFormat {
  readonly name: string;
  recognises(document: unknown): boolean;
  read(documents: readonly unknown[], say: Say): readonly DeclaredDependency[];
}
