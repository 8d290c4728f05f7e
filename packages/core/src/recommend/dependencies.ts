import { byCodePoint } from "../base/order.ts";
import { pointOf } from "../map/service-point.ts";
import { serviceText } from "../map/service-text.ts";
import type { Flow, FlowEnd } from "../model/flow.ts";
import { type Dependency, type HeldOut, type Side, tripleKey } from "./dependency.ts";
import { suspicionOf } from "./held-out.ts";
import type { Sides } from "./sides.ts";

/** Flows summed to dependencies between sides; what is suspicious or cannot be named is held out. */
export function dependenciesOf(flows: readonly Flow[], sides: Sides): { dependencies: readonly Dependency[]; heldOut: readonly HeldOut[] } {
  const why = suspicionOf(flows, (end) => sides.of(end)?.key ?? null);
  const heldOut: HeldOut[] = [];
  const found = new Map<string, Dependency & { readonly flows: Flow[] }>();
  for (const flow of flows) {
    const reason = why(flow);
    const isNameless = reason === "no labels" && isOutsideSegments(flow, sides);
    const sideOf = (end: FlowEnd): Side | null => sides.of(end) ?? (isNameless ? sides.unplaced(end) : null);
    const [client, server, service] = [sideOf(flow.client), sideOf(flow.server), serviceText(flow)];
    if ((reason !== null && !isNameless) || client === null || server === null) {
      heldOut.push({ why: reason ?? "no labels", flow });
      continue;
    }
    // A rule for a port that no record told would open all of them.
    if (pointOf(flow) === null) {
      heldOut.push({ why: "not expressible", flow });
      continue;
    }
    const key = tripleKey({ client, server, service });
    const known = found.get(key);
    if (known === undefined) found.set(key, { client, server, service, flows: [flow] });
    else known.flows.push(flow);
  }
  return { dependencies: [...found].sort(([a], [b]) => byCodePoint(a, b)).map(([, one]) => one), heldOut };
}

/** Whether it joins nobody but networks and those that no zone claims: a machine without labels needs nobody else's door to be opened. */
const isOutsideSegments = ({ client, server }: Flow, sides: Sides): boolean =>
  [client, server].every((end) => sides.unplaced(end) !== null || sides.of(end)?.peer.kind === "network");
