import type { Instant } from "../base/instant.ts";
import type { World } from "../decide/world.ts";
import type { Flow } from "../model/flow.ts";
import type { HolderSegment } from "../model/holder-segment.ts";
import type { FlowArchive } from "../outside.ts";
import { largest, smallest } from "../telemetry/account.ts";
import { changesOf, changesWithin, type Stretch, stretchesOf } from "../decide/stretches.ts";
import { flowJudge } from "./flow-judge.ts";
import { steadyAnswer } from "./steady-answer.ts";

// Each costs an aggregation more; a policy whose rules start and end oftener within the time is told apart no further.
export const stretchesMost = 32;

interface Place {
  readonly archive: Pick<FlowArchive, "conversations">;
  readonly segments: readonly HolderSegment[];
}

interface Apart {
  readonly pieces: readonly { readonly flow: Flow; readonly stretch: Stretch }[];
  /** What has no time of its own, or came between two readings: nobody can tell. */
  readonly left: readonly Flow[];
}

/** The conversations of flows by the stretch in which they began. */
export async function toldApart(
  { archive, segments }: Place,
  flows: readonly Flow[],
  { stretches, since, until }: Stretch & { readonly stretches: readonly Stretch[] },
): Promise<Apart> {
  const rest = new Map(flows.map((flow) => [keyOf(flow), flow.connections]));
  const pieces: Apart["pieces"][number][] = [];
  for (const stretch of stretches) {
    const within: Stretch = { since: largest(since, stretch.since), until: smallest(until, stretch.until) };
    // An open window would bring conversations without a time.
    for (const flow of await archive.conversations({ ...within, since: within.since ?? firstOf(flows), segments })) {
      const key = keyOf(flow);
      const left = rest.get(key);
      if (left === undefined) continue;
      rest.set(key, left - flow.connections);
      pieces.push({ flow, stretch });
    }
  }
  const left = flows.flatMap((flow): readonly Flow[] => {
    const connections = rest.get(keyOf(flow)) ?? 0;
    return connections > 0 ? [{ ...flow, connections, answered: 0, unanswered: 0, untold: connections, oneSided: 0 }] : [];
  });
  return { pieces, left };
}

/** Flows such that each has one answer, as far as it can be told: those across starts and ends of rules that change theirs are told apart. */
export async function withOneAnswer(
  place: Place,
  world: World,
  { flows, since, until }: Stretch & { readonly flows: readonly Flow[] },
): Promise<readonly Flow[]> {
  const [judge, changes] = [flowJudge(world), changesOf(world.set)];
  const changing = changes.length === 0 ? [] : flows.filter((flow) => steadyAnswer(judge, changes, flow) === null);
  if (changing.length === 0) return flows;
  const last = changing.reduce((most, flow) => Math.max(most, flow.last!), 0);
  const stretches = stretchesOf(changesWithin(changes, firstOf(changing), last));
  if (stretches.length > stretchesMost) return flows;
  const { pieces, left } = await toldApart(place, changing, { stretches, since, until });
  const apart = new Set(changing);
  return [...flows.filter((flow) => !apart.has(flow)), ...pieces.map(({ flow }) => flow), ...left];
}

const firstOf = (flows: readonly Flow[]): Instant => flows.reduce((least, flow) => Math.min(least, flow.first!), Infinity);

const keyOf = ({ client, server, protocol, serverPort, icmpType }: Flow): string => JSON.stringify([client, server, protocol, serverPort, icmpType]);
