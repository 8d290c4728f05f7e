import { sortedOnce } from "../base/order.ts";
import type { Reason, Volume } from "../model/flow.ts";
import { largest, smallest, sum } from "./account.ts";

/** The sum of two volumes; nothing is lost and nothing counted twice (law 16). */
export function plus(a: Volume, b: Volume): Volume {
  return {
    connections: a.connections + b.connections,
    answered: a.answered + b.answered,
    unanswered: a.unanswered + b.unanswered,
    untold: a.untold + b.untold,
    denied: a.denied + b.denied,
    bytesToServer: sum(a.bytesToServer, b.bytesToServer),
    bytesToClient: sum(a.bytesToClient, b.bytesToClient),
    first: smallest(a.first, b.first),
    last: largest(a.last, b.last),
    observers: isSame(a.observers, b.observers) ? a.observers : sortedOnce([...a.observers, ...b.observers]),
    sampling: largest(a.sampling, b.sampling),
    oneSided: a.oneSided + b.oneSided,
    reasons: reasonsOf(a.reasons, b.reasons),
  };
}

/** What is summed of a conversation or a flow, without its ends and service. */
export function volumeOf(of: Volume): Volume {
  const { connections, answered, unanswered, untold, denied, bytesToServer, bytesToClient, first, last, observers, sampling, oneSided, reasons } = of;
  return { connections, answered, unanswered, untold, denied, bytesToServer, bytesToClient, first, last, observers, sampling, oneSided, reasons };
}

const isSame = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((text, at) => text === b[at]);

function reasonsOf(a: Volume["reasons"], b: Volume["reasons"]): Volume["reasons"] {
  const total: Partial<Record<Reason, number>> = { ...a };
  for (const [reason, count] of Object.entries(b) as [Reason, number][]) total[reason] = (total[reason] ?? 0) + count;
  return total;
}
