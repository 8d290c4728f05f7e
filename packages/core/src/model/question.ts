import type { Instant } from "../base/instant.ts";
import type { ServicePoint } from "./service.ts";

/** What an observer knew beyond ends and service; absent is unknown. Values keep their JSON type: one of another type meets no demand. */
export interface Facts {
  readonly encrypted?: unknown;
  readonly function?: unknown;
  readonly process?: unknown;
  readonly user?: unknown;
  readonly name?: unknown;
}

/** May this client open this service of this server at this instant? A null cannot be read, and makes the answer unresolved. */
export interface Question {
  /** A workload id or an address, as written. */
  readonly from: string;
  readonly to: string;
  readonly over: ServicePoint | null;
  readonly at: Instant | null;
  readonly facts: Facts;
}

export type Verdict = "allow" | "deny" | "unknown";
export type Layer = "forbid" | "exception" | "boundary" | "segment" | "open" | "contested" | "unresolved";
export type Effect = "pass" | "block" | "unknown";

/** MEANING §2 and §3: the verdict, the layer that gave it, the determining names sorted by code point, and what happens on the wire. */
export interface Answer {
  readonly verdict: Verdict;
  readonly layer: Layer;
  readonly by: readonly string[];
  readonly effect: Effect;
}
