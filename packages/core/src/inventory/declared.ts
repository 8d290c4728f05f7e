import type { Instant } from "../base/instant.ts";

/** Who is meant by one end of a declaration: a workload by one of these ids; where the inventory has none of them, those with all these labels. */
export interface DeclaredEnd {
  /** As the source calls it. */
  readonly name: string;
  readonly ids: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/** That somebody, or a file of theirs, says that one thing depends on another: evidence beside what was seen, and no permission. */
export interface DeclaredDependency {
  readonly from: DeclaredEnd;
  readonly to: DeclaredEnd;
  /** `tcp/5432`, `tcp/8000-8010`, `any`; several where the port of a service and that of its workload differ. */
  readonly services: readonly string[];
  /** Where it is said: `Deployment shop/frontend: CART_ADDR`, `line 7`. */
  readonly where: string;
  readonly by: string | null;
  readonly at: Instant | null;
}

/** Everything that one source declared, the last time that it was imported. */
export interface DeclaredExport {
  readonly source: string;
  readonly at: Instant;
  readonly dependencies: readonly DeclaredDependency[];
}
