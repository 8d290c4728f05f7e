import type { Instant } from "../base/instant.ts";
import type { World } from "../decide/world.ts";
import type { Labelled } from "../map/group.ts";
import type { Flow } from "../model/flow.ts";
import type { HolderSegment } from "../model/holder-segment.ts";
import type { FlowArchive } from "../outside.ts";
import { broadcastAddresses } from "../telemetry/noise.ts";
import { type SimulateOptions, simulating, type Simulating, type Stretch } from "./simulate.ts";
import type { Gap, Simulation } from "./simulation.ts";

export interface ArchiveSimulation {
  readonly archive: Pick<FlowArchive, "conversations">;
  readonly world: World;
  /** For the groups of the statements. */
  readonly workloads: readonly Labelled[];
  readonly segments: readonly HolderSegment[];
  readonly since: Instant | null;
  readonly until: Instant | null;
  readonly gaps?: readonly Gap[];
  readonly engine?: SimulateOptions["engine"];
  /** Told between portions, so that it can be shown; what it returns is waited for, so that it can stop. */
  readonly onProgress?: (judged: number, of: number) => Promise<void> | void;
}

const portion = 20_000;
// Each costs an aggregation more; a policy whose rules start and end oftener within the window is told apart no further.
const stretchesMost = 32;

/** Simulates what an archive holds: one aggregation, and one more for each stretch between changes of rules that changed an answer. */
export async function simulateArchive(asked: ArchiveSimulation): Promise<Simulation> {
  const { archive, world, workloads, segments, since, until, onProgress } = asked;
  const flows = await archive.conversations({ since, until, segments });
  const running = simulating(world, workloads, { since, until, gaps: asked.gaps ?? [], engine: asked.engine, broadcast: broadcastAddresses(flows) });
  const changing: Flow[] = [];
  for (const [at, flow] of flows.entries()) {
    if (at % portion === 0) await onProgress?.(at, flows.length);
    if (!running.add(flow)) changing.push(flow);
  }
  await onProgress?.(flows.length, flows.length);
  if (changing.length > 0) await tellApart(asked, running, changing);
  return running.result();
}

/** Judges flows whose answer changed while they were seen: their conversations again, stretch by stretch. */
async function tellApart({ archive, segments, since, until }: ArchiveSimulation, running: Simulating, changing: readonly Flow[]): Promise<void> {
  const [first, last] = [
    changing.reduce((least, flow) => Math.min(least, flow.first!), Infinity),
    changing.reduce((most, flow) => Math.max(most, flow.last!), 0),
  ];
  const stretches = running.stretches(first, last);
  if (stretches.length > stretchesMost) {
    for (const flow of changing) running.addChanging(flow);
    return;
  }
  const rest = new Map(changing.map((flow) => [keyOf(flow), flow.connections]));
  for (const stretch of stretches) {
    const within: Stretch = { since: latest(since, stretch.since), until: earliest(until, stretch.until) };
    // An open window would bring conversations without a time.
    for (const flow of await archive.conversations({ ...within, since: within.since ?? first, segments })) {
      const key = keyOf(flow);
      const left = rest.get(key);
      if (left === undefined) continue;
      rest.set(key, left - flow.connections);
      running.addWithin(flow, stretch);
    }
  }
  // What has no time of its own, or came between the two readings, stays counted.
  for (const flow of changing) {
    const left = rest.get(keyOf(flow)) ?? 0;
    if (left > 0) running.addChanging({ ...flow, connections: left, answered: 0, unanswered: 0, untold: left, oneSided: 0 });
  }
}

const keyOf = ({ client, server, protocol, serverPort, icmpType }: Flow): string => JSON.stringify([client, server, protocol, serverPort, icmpType]);
const latest = (a: Instant | null, b: Instant | null): Instant | null => (a === null ? b : b === null ? a : Math.max(a, b));
const earliest = (a: Instant | null, b: Instant | null): Instant | null => (a === null ? b : b === null ? a : Math.min(a, b));
