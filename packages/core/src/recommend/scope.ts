import type { FlowEnd } from "../model/flow.ts";
import type { HeldOut, ProposalWorkload, Triple } from "./dependency.ts";
import { labelOf } from "./sides.ts";

/** Labels that somebody asks about alone: `app=billing,env=prod`. */
export type Scope = Readonly<Record<string, string>>;

/** Whether these labels are all that the scope names. */
export const isWithin = (labels: Readonly<Record<string, string>>, scope: Scope): boolean =>
  Object.entries(scope).every(([key, value]) => labelOf(labels, key) === value);

/** Whether an end of it, as a rule names it, lies in the scope. */
export const touches =
  (scope: Scope) =>
  ({ client, server }: Pick<Triple, "client" | "server">): boolean =>
    [client, server].some(({ peer }) => peer.kind !== "network" && isWithin(peer.kind === "labels" ? peer.labels : {}, scope));

/** Of what is held out, what has an end in the scope. */
export function heldOutWithin(heldOut: readonly HeldOut[], { workloads, scope }: { readonly workloads: readonly ProposalWorkload[]; readonly scope: Scope }) {
  const own = new Set(workloads.filter(({ labels }) => isWithin(labels, scope)).map(({ id }) => id));
  const isOwn = (end: FlowEnd): boolean =>
    end.kind === "held" ? own.has(end.holder) : end.kind === "contested" && end.holders.some((holder) => own.has(holder));
  return heldOut.filter(({ flow }) => isOwn(flow.client) || isOwn(flow.server));
}
