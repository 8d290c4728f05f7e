import { day as dayLength, type Instant } from "../base/instant.ts";
import type { World } from "../decide/world.ts";
import type { Labelled } from "../map/group.ts";
import type { Flow } from "../model/flow.ts";
import type { HolderSegment } from "../model/holder-segment.ts";
import type { ArchivedDay, FlowArchive } from "../outside.ts";
import { largest, smallest } from "../telemetry/account.ts";
import { type Page, pageIn, pageText } from "./page.ts";
import type { Stretch } from "../decide/stretches.ts";
import { type SimulateOptions, simulating, type Simulating } from "./simulate.ts";
import type { Gap, Simulation } from "./simulation.ts";
import { stretchesMost, toldApart } from "./told-apart.ts";

export interface ArchiveSimulation {
  readonly archive: Pick<FlowArchive, "conversations" | "conversationsByDay" | "outline">;
  readonly world: World;
  /** For the groups of the statements. */
  readonly workloads: readonly Labelled[];
  readonly segments: readonly HolderSegment[];
  readonly since: Instant | null;
  readonly until: Instant | null;
  readonly gaps?: readonly Gap[];
  readonly engine?: SimulateOptions["engine"];
  /** What earlier simulations of the same policy and inventory kept, a text for each name. */
  readonly kept?: KeptPages;
  /** Told between portions, so that it can be shown; what it returns is waited for, so that it can stop. */
  readonly onProgress?: (days: number, of: number) => Promise<void> | void;
}

export interface KeptPages {
  read(name: string): string | null;
  write(name: string, text: string): void;
}

const portion = 20_000;
// A question costs the engine some 35 ms whatever it brings (2026-11): small days are asked for together.
const daysTogether = 8;
const flowsTogether = 100_000;
// A little more than two years one by one. Records whose clocks are wrong may name any number of days: the earliest are then one part.
const partsMost = 800;

/** Some days of the traffic, as a rule one. */
interface Part {
  /** What its flows depend on. */
  readonly name: string;
  /** Null where it is not one day. */
  readonly day: number | null;
  readonly flowsMost: number;
  readonly since: Instant | null;
  readonly until: Instant | null;
  readonly isUndated: boolean;
}

/** Simulates what an archive holds, day by day: what was kept of a day is counted again, and only the others are read. */
export async function simulateArchive(asked: ArchiveSimulation): Promise<Simulation> {
  const { archive, world, workloads, segments, since, until, kept, onProgress } = asked;
  const { days, broadcast } = await archive.outline({ since, until, segments });
  const running = simulating(world, workloads, { since, until, gaps: asked.gaps ?? [], engine: asked.engine, broadcast: new Set(broadcast) });
  const parts = partsOf(days, { since, until });
  const pages = new Map<number, string | null>();
  const pageOf = (at: number): string | null => {
    const page = pages.get(at) ?? kept?.read(nameOf(parts[at]!)) ?? null;
    pages.set(at, page);
    return page;
  };
  const nameOf = ({ name, since: from, until: end }: Part): string => JSON.stringify([name, from, end, broadcast]);
  const flowsOf = flowsReading(asked, parts, (at) => pageOf(at) !== null);
  for (const [at, part] of parts.entries()) {
    const show = () => onProgress?.(at, parts.length);
    await show();
    const known = pageOf(at);
    pages.delete(at);
    if (known !== null) running.addPage(pageIn(known));
    else {
      const page = await judged(asked, running, { part, flows: await flowsOf(at) }, show);
      // What the second engine contradicts is computed again.
      if (page.secondEngine.disagreements === 0) kept?.write(nameOf(part), pageText(page));
    }
  }
  await onProgress?.(parts.length, parts.length);
  return running.result();
}

/** Reads the flows of a part, and with them those of the days behind it that are not kept, as long as they are few. */
function flowsReading(
  { archive, segments }: ArchiveSimulation,
  parts: readonly Part[],
  isKept: (at: number) => boolean,
): (at: number) => Promise<readonly Flow[]> {
  let ahead: ReadonlyMap<number, readonly Flow[]> = new Map();
  return async (at) => {
    const { day, since, until, isUndated } = parts[at]!;
    if (day === null) return archive.conversations({ since, until, isUndated, segments });
    const read = ahead.get(day);
    if (read !== undefined) return read;
    const end = togetherFrom(parts, at, isKept);
    if (end === at) return archive.conversations({ since, until, segments });
    const found = await archive.conversationsByDay({ since, until: parts[end]!.until, segments });
    ahead = new Map(found.map(({ day: one, flows }) => [one, flows]));
    return ahead.get(day) ?? [];
  };
}

/** The last of the parts that are asked for together with one. */
function togetherFrom(parts: readonly Part[], at: number, isKept: (at: number) => boolean): number {
  let [end, flows] = [at, parts[at]!.flowsMost];
  while (end + 1 < parts.length && end + 1 < at + daysTogether && !isKept(end + 1)) {
    flows += parts[end + 1]!.flowsMost;
    if (flows > flowsTogether) break;
    end += 1;
  }
  return end;
}

function partsOf(days: readonly ArchivedDay[], { since, until }: Stretch): readonly Part[] {
  const dated = days.flatMap(({ day, ...one }) => (day === null ? [] : [{ day, ...one }]));
  const [early, single] = [dated.slice(0, -partsMost), dated.slice(-partsMost)];
  const partOf = (one: Pick<Part, "name" | "day" | "flowsMost">, { since: from, until: end }: Stretch): Part => ({
    ...one,
    since: largest(since, from),
    until: smallest(until, end),
    isUndated: false,
  });
  const earlyName = early.map(({ digest }) => digest).join(" ");
  return [
    ...days
      .filter(({ day }) => day === null)
      .map(({ digest }): Part => ({ name: digest, day: null, flowsMost: Infinity, since: null, until: null, isUndated: true })),
    ...(early.length === 0 ? [] : [partOf({ name: earlyName, day: null, flowsMost: Infinity }, { since: null, until: (early.at(-1)!.day + 1) * dayLength })]),
    ...single.map(({ day, digest, flowsMost }) => partOf({ name: digest, day, flowsMost }, { since: day * dayLength, until: (day + 1) * dayLength })),
  ];
}

interface Given {
  readonly part: Part;
  readonly flows: readonly Flow[];
}

async function judged(asked: ArchiveSimulation, running: Simulating, { part, flows }: Given, show: () => Promise<void> | void): Promise<Page> {
  const changing: Flow[] = [];
  for (const [at, flow] of flows.entries()) {
    if ((at + 1) % portion === 0) await show();
    if (!running.add(flow)) changing.push(flow);
  }
  if (changing.length > 0) await tellApart(asked, running, part, changing);
  return running.turn();
}

/** Judges flows whose answer changed while they were seen: their conversations again, stretch by stretch. */
async function tellApart({ archive, segments }: ArchiveSimulation, running: Simulating, { since, until }: Part, changing: readonly Flow[]): Promise<void> {
  const [first, last] = [
    changing.reduce((least, flow) => Math.min(least, flow.first!), Infinity),
    changing.reduce((most, flow) => Math.max(most, flow.last!), 0),
  ];
  // A conversation may last into later stretches; it began within the day.
  const stretches = running.stretches(first, last).filter((one) => one.since === null || until === null || one.since < until);
  if (stretches.length > stretchesMost) {
    for (const flow of changing) running.addChanging(flow);
    return;
  }
  if (stretches.length === 1) {
    for (const flow of changing) running.addWithin(flow, stretches[0]!);
    return;
  }
  const { pieces, left } = await toldApart({ archive, segments }, changing, { stretches, since, until });
  for (const { flow, stretch } of pieces) running.addWithin(flow, stretch);
  for (const flow of left) running.addChanging(flow);
}
