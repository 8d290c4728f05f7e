/** recommend/ proposes policy from what was seen: the fewest readable rules that deny none of their own evidence. */
import type { Flow } from "../model/flow.ts";

/** What a recommendation needs of a workload. */
export interface ProposalWorkload {
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly owner: string | null;
  /** What else the inventory states; `os` says which machines are alike. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** One side of what was seen, as a rule can name it. */
export interface Side {
  readonly key: string;
  readonly peer: SidePeer;
  readonly zone: string;
  /** The policy that would guard it, or null. */
  readonly segment: string | null;
}

/** By its labels, its network, or, where labels would name many others, by the zone of those that no zone claims. */
export type SidePeer =
  | { readonly kind: "labels"; readonly labels: Readonly<Record<string, string>> }
  | { readonly kind: "network"; readonly network: string }
  | { readonly kind: "zone"; readonly zone: string };

/** One side of a rule: several values of a label, several networks, a zone, every workload. */
export type RulePeer =
  | { readonly kind: "labels"; readonly labels: Readonly<Record<string, readonly string[]>> }
  | { readonly kind: "network"; readonly networks: readonly string[] }
  | { readonly kind: "zone"; readonly zone: string }
  | { readonly kind: "workloads" };

/** What was seen between two sides over one service: the evidence of a rule. */
export interface Dependency {
  readonly client: Side;
  readonly server: Side;
  readonly service: string;
  readonly flows: readonly Flow[];
}

/** Who used what of whom, seen or likely. */
export type Triple = Pick<Dependency, "client" | "server" | "service">;

/** What nobody saw, but what most of those alike do. */
export interface Likely {
  readonly client: Side;
  readonly server: Side;
  readonly service: string;
  /** `9 of 11 with these roles do it` */
  readonly because: string;
}

/** Why something that was seen is not recommended. */
export type HeldOutReason =
  | "never answered"
  | "scanner"
  | "many ports"
  | "not in the inventory"
  | "no labels"
  | "label missing"
  | "not expressible"
  | "denied by a policy that is there"
  | "no machine"
  | "one-off administration"
  | "one machine of many"
  | "told by one side";

/** Something that was seen and is not allowed by the recommendation. */
export interface HeldOut {
  readonly why: HeldOutReason;
  readonly flow: Flow;
}

/** A rule to be. Its evidence is found by asking the policy, when all rules are written. */
export interface RuleDraft {
  readonly kind: "conduit" | "common" | "allow";
  /** The policy that holds it; null for the architects' rules. */
  readonly segment: string | null;
  readonly name: string;
  readonly from: readonly RulePeer[];
  readonly to: readonly RulePeer[];
  readonly services: readonly string[];
  readonly because: string;
  /** The environments that an allow joins, `dev -> prod`; null where it stays in one, or one is not known. */
  readonly crosses: string | null;
  /** Why it is likely though nobody saw it; null for what was seen. */
  readonly likely: string | null;
}

/** What stands behind a rule: nothing of it is denied, and some of it would be without the rule. */
export interface RuleEvidence {
  /** Connections, and the least number of days on which they were seen. */
  readonly flows: number;
  readonly days: number;
  readonly first: number | null;
  readonly last: number | null;
  /** Pairs of ends that it allows between workloads of the inventory and that were not seen. */
  readonly excess: number;
  readonly pairs: number;
}

/** One key for the same client, server and service. */
export const tripleKey = ({ client, server, service }: Triple): string => JSON.stringify([client.key, server.key, service]);

/** One key for the same service between the same zones. */
export const crossingKey = ({ client, server, service }: Triple): string => JSON.stringify([client.zone, server.zone, service]);

/** Each side once. */
export const eachOnce = (sides: readonly Side[]): readonly Side[] => [...new Map(sides.map((side) => [side.key, side])).values()];
