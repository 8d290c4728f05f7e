import type { Attempt, Outcome } from "./door-line.ts";

/** What a lab that runs is asked: one JSON line, one answer. */
export type Request =
  | { readonly kind: "state" }
  | { readonly kind: "enforce"; readonly policy: string }
  | { readonly kind: "unenforce" }
  /** With `doors`, every host opens these for the time of the measurement, beside its own servers. */
  | { readonly kind: "measure"; readonly doors: readonly string[]; readonly attempts: readonly Measured[] }
  | { readonly kind: "down" };

export interface Measured extends Attempt {
  /** The id of the host that tries. */
  readonly from: string;
  /** The id of the host that holds the address. */
  readonly to: string;
}

export interface LabState {
  readonly topology: string;
  readonly topologyFile: string;
  /** The directory with a copy of the policy that was offered last, or null when none is in force. */
  readonly policy: string | null;
  readonly until: string;
  /** The process that keeps the lab. */
  readonly pid: number;
}

/** How a host took an offer. */
export interface Taken {
  readonly host: string;
  readonly digest: string | null;
  readonly refused: string | null;
}

export interface Answers {
  readonly state: LabState;
  readonly enforce: readonly Taken[];
  readonly unenforce: readonly Taken[];
  readonly measure: readonly Outcome[];
  readonly down: null;
}

/** What comes back on the line. */
export type Reply<K extends keyof Answers> =
  { readonly kind: "done"; readonly answer: Answers[K] } | { readonly kind: "failed"; readonly message: string; readonly next: string };
