import type { Span } from "../base/diagnostic.ts";
import type { Instant } from "../base/instant.ts";
import type { Prefix } from "../base/prefix.ts";
import type { Service } from "./service.ts";
import type { Tier } from "./workload.ts";

/** All keys must match; each accepts one or more values. Sorted by key, values as written. */
export interface Selector {
  readonly terms: readonly { readonly key: string; readonly values: readonly string[] }[];
}

/** One side of a rule; a list of peers means any of them. */
export type Peer =
  | { readonly kind: "labels"; readonly selector: Selector }
  | { readonly kind: "zone"; readonly names: readonly string[] }
  | { readonly kind: "network"; readonly names: readonly string[] }
  | { readonly kind: "identity"; readonly patterns: readonly string[] }
  | { readonly kind: "workloads" }
  | { readonly kind: "anyone" };

/** What a rule demands of the facts of a question; values are compared exactly and by type. */
export type Demand =
  | { readonly kind: "encrypted"; readonly value: boolean }
  | { readonly kind: "fact"; readonly fact: "function" | "process" | "user" | "name"; readonly values: readonly string[] }
  | { readonly kind: "tier"; readonly least: Tier };

/** The register's fields: they change no verdict. Keys as written: because, owner, approved-by, ticket, review, agreement, data-class, controls, level, trust. */
export type Register = Readonly<Record<string, string | readonly string[]>>;

/** What conduits, common rules, forbids, allows and exceptions have in common. */
export interface Rule {
  /** The full name: `billing/api-reads-ledger`, `conduit/mail-out`, `forbid/no-dev-in-prod`. */
  readonly name: string;
  readonly from: readonly Peer[];
  readonly to: readonly Peer[];
  /** The services as written, for format and register. */
  readonly over: readonly string[];
  /** What they stand for. */
  readonly services: readonly Service[];
  readonly where: readonly Demand[];
  /** Start (inclusive) and end (exclusive); null is open. The texts as written stand beside them. */
  readonly start: Instant | null;
  readonly end: Instant | null;
  readonly written: { readonly from: string | null; readonly until: string | null };
  readonly register: Register;
  readonly at: Span;
}

export interface LabelKey {
  readonly key: string;
  readonly required: boolean;
  readonly values: readonly string[] | null;
  readonly authority: string | null;
  readonly at: Span;
}

export interface NamedService {
  readonly name: string;
  readonly written: readonly string[];
  readonly services: readonly Service[];
  readonly at: Span;
}

export interface Network {
  readonly name: string;
  readonly prefixes: readonly Prefix[];
  readonly own: boolean;
  readonly expectsWorkloads: boolean;
  readonly at: Span;
}

export interface Zone {
  readonly name: string;
  readonly members: Selector | null;
  readonly networks: readonly string[];
  readonly inside: "open" | "closed";
  readonly register: Register;
  readonly at: Span;
}

/** A named, owned file for one micro-segment. */
export interface Policy {
  readonly name: string;
  readonly owner: string;
  readonly scope: Selector;
  readonly egressClosed: boolean;
  readonly allow: readonly Rule[];
  readonly exceptions: readonly Rule[];
  readonly register: Register;
  readonly at: Span;
}

export type Stage = "observe" | "warn" | "enforce";

export interface Stages {
  readonly zones: readonly { readonly name: string; readonly boundary: Stage | null; readonly inside: Stage | null; readonly at: Span }[];
  readonly segments: readonly { readonly name: string; readonly in: Stage | null; readonly out: Stage | null; readonly at: Span }[];
}

/** A test written in the policy: a hypothetical workload with exactly these labels, a network, or an address. */
export interface PolicyTest {
  readonly from: TestEnd;
  readonly to: TestEnd;
  readonly over: string;
  readonly services: readonly Service[];
  readonly expect: "allow" | "deny" | "unknown";
  readonly by: string | null;
  readonly at: Span;
  /** The file's own policy, or null. */
  readonly policy: string | null;
}

export type TestEnd =
  | { readonly kind: "labels"; readonly labels: Readonly<Record<string, string>> }
  | { readonly kind: "network"; readonly name: string }
  | { readonly kind: "address"; readonly text: string };

/** Everything a directory of policy says. Order never matters: every list is as read, in file order. */
export interface PolicySet {
  readonly labels: readonly LabelKey[];
  readonly services: readonly NamedService[];
  readonly networks: readonly Network[];
  readonly zones: readonly Zone[];
  readonly conduits: readonly Rule[];
  readonly forbids: readonly Rule[];
  readonly commons: readonly Rule[];
  /** The architects' exceptions; those of a policy stand in it. */
  readonly exceptions: readonly Rule[];
  readonly policies: readonly Policy[];
  readonly stages: Stages;
  readonly tests: readonly PolicyTest[];
}
