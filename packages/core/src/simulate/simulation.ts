/** simulate/ says what a policy would have done to recorded traffic, and how much of that traffic was seen. */
import type { Instant } from "../base/instant.ts";
import type { SecondEngine } from "../decide/second-engine.ts";
import type { Answer, Layer } from "../model/question.ts";

/** What a policy means for a conversation: allowed by rule, open because nobody guards, denied, or nobody can tell. They are never added up. */
export type Outcome = "allowed" | "open" | "denied" | "unknown";

export const outcomes: readonly Outcome[] = ["allowed", "open", "denied", "unknown"];

/** How many conversations a statement rests on, and how well they were seen. */
export interface Counted {
  readonly connections: number;
  readonly answered: number;
  readonly unanswered: number;
  /** Those of the unanswered that could not do without an answer (TCP, SCTP, the echo of ICMP), or that somebody denied; and neighbour discovery, which always passes. */
  readonly attempts: number;
  readonly untold: number;
  /** Those that the stages and points of today would block. */
  readonly blocked: number;
  readonly first: Instant | null;
  readonly last: Instant | null;
  readonly observed: Observed;
  /** The way to the records: a command line that lists those of one of its flows. */
  readonly records: string;
}

/** How much of the traffic behind a statement was observed. */
export interface Observed {
  readonly observers: readonly string[];
  /** Conversations whose flow a single observer told of, day by day. */
  readonly byOneObserver: number;
  /** Conversations of which only one direction was recorded. */
  readonly oneDirection: number;
  /** Conversations of flows that a sampling observer told of, day by day: there were more. */
  readonly sampled: number;
  /** The coarsest sampling, N for 1 in N. */
  readonly sampling: number | null;
  /** Declared gaps of sensors between its first and its last: what happened in them may be missing. */
  readonly gaps: number;
}

/** A time in which a sensor, by its operators' word, saw nothing. */
export interface Gap {
  readonly sensor: string;
  readonly since: Instant;
  readonly until: Instant;
}

/** Traffic between two groups over one service that got one answer. */
export interface PairStatement extends Counted {
  readonly from: string;
  readonly to: string;
  readonly service: string;
  readonly outcome: Outcome;
  readonly layer: Layer | "changing";
  readonly by: readonly string[];
}

export interface RuleStatement extends Counted {
  readonly rule: string;
  readonly outcome: Outcome;
}

export interface LayerStatement extends Counted {
  readonly layer: Layer | "changing";
  readonly outcome: Outcome;
}

/** The traffic of the members of one segment, with each other and with everybody else. */
export interface SegmentTraffic {
  /** The name of its policy. */
  readonly segment: string;
  /** Null where there is none. */
  readonly totals: Readonly<Record<Outcome, Counted | null>>;
}

/** Conversations that began under one answer and were open under another. */
export interface Spanning {
  readonly from: string;
  readonly to: string;
  readonly service: string;
  readonly segments: readonly string[];
  readonly connections: number;
  readonly began: { readonly at: Instant; readonly answer: Answer };
  /** When it would first have been denied while it was open; null where never. */
  readonly denied: { readonly at: Instant; readonly answer: Answer } | null;
  /** When it was last seen. */
  readonly ended: { readonly at: Instant; readonly answer: Answer };
}

/** Recorded traffic under a policy. */
export interface Simulation {
  readonly since: Instant | null;
  readonly until: Instant | null;
  readonly by: readonly string[];
  /** Declared gaps of sensors that the traffic spans. Without a declaration nobody knows. */
  readonly gaps: readonly Gap[];
  /** Null where there is none. */
  readonly totals: Readonly<Record<Outcome, Counted | null>>;
  readonly pairs: readonly PairStatement[];
  readonly rules: readonly RuleStatement[];
  readonly layers: readonly LayerStatement[];
  /** Of every segment of the policy, by name. */
  readonly segments: readonly SegmentTraffic[];
  readonly spanning: readonly Spanning[];
  /** Rules that determined nothing in this traffic. */
  readonly unused: readonly string[];
  /** Rules that demand facts which no flow record carries: here they open nothing, and a forbid among them holds always. */
  readonly blind: readonly string[];
  /** Of the verdicts on flows, each at its first instant. */
  readonly secondEngine: SecondEngine;
}
