import { bothOnce } from "../base/order.ts";
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
    observers: bothOnce(a.observers, b.observers),
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

/** A volume that grows in place: where millions are summed, a new object for each is most of the cost. */
export type GrowingVolume = { -readonly [Key in keyof Omit<Volume, "reasons">]: Volume[Key] } & { readonly reasons: Partial<Record<Reason, number>> };

/** A growing volume that begins as this one, and leaves it as it is. */
export function growingFrom(volume: Volume): GrowingVolume {
  return { ...volumeOf(volume), reasons: { ...volume.reasons } };
}

/** Makes the total what `plus` says of both. */
export function grow(total: GrowingVolume, more: Volume): void {
  total.connections += more.connections;
  total.answered += more.answered;
  total.unanswered += more.unanswered;
  total.untold += more.untold;
  total.denied += more.denied;
  total.bytesToServer = sum(total.bytesToServer, more.bytesToServer);
  total.bytesToClient = sum(total.bytesToClient, more.bytesToClient);
  total.first = smallest(total.first, more.first);
  total.last = largest(total.last, more.last);
  total.observers = bothOnce(total.observers, more.observers);
  total.sampling = largest(total.sampling, more.sampling);
  total.oneSided += more.oneSided;
  for (const reason in more.reasons) total.reasons[reason as Reason] = (total.reasons[reason as Reason] ?? 0) + more.reasons[reason as Reason]!;
}

function reasonsOf(a: Volume["reasons"], b: Volume["reasons"]): Volume["reasons"] {
  const total: Partial<Record<Reason, number>> = { ...a };
  for (const [reason, count] of Object.entries(b) as [Reason, number][]) total[reason] = (total[reason] ?? 0) + count;
  return total;
}
