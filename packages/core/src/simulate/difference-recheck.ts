import { addTo } from "../base/lists.ts";
import { chances } from "../base/stratified-sample.ts";
import { type Engine, rechecking, sampleFor, type SecondEngine } from "../decide/second-engine.ts";
import type { World } from "../decide/world.ts";
import type { Answer, Question } from "../model/question.ts";
import type { SharedClass } from "./difference-classes.ts";
import type { Comparison } from "./difference-comparison.ts";
import { type During, instantIn, overlap } from "../decide/asked-ends.ts";
import { isSoUnknown } from "../decide/known-facts.ts";
import type { Block } from "./difference-lines.ts";
import { meetingOf } from "./difference-rows.ts";
import { type Said, transitionIn } from "./difference-transition.ts";

type BothSaid = Readonly<Record<"before" | "after", Said>>;

export interface DifferenceRechecking {
  /** Asks again for what a line says of a question; what the second engine says. */
  readonly ask: (question: Question, said: BothSaid) => Readonly<Record<"before" | "after", Answer>>;
  /** Asks again for questions drawn from all that can be asked, whether a line tells of them or none does; then what came of it all. */
  readonly result: (comparison: Comparison) => SecondEngine;
}

// Where no more can be told apart than four times what is drawn, each is asked.
const drawnMost = 1000;
const wholeTimes = 4;
const seed = 1;

/** Asks the verdicts of a difference again. */
export function differenceRechecking({
  before,
  after,
  engine,
}: {
  readonly before: World;
  readonly after: World;
  readonly engine?: Engine;
}): DifferenceRechecking {
  const again = rechecking(engine);
  const ask = (question: Question, said: BothSaid | null): Readonly<Record<"before" | "after", Answer>> => {
    const [was, is] = again.ask({
      question,
      of: [
        { world: before, policy: "old", said: said?.before ?? null },
        // Where no line tells of a question, the new policy answers it as the old one does.
        { world: after, policy: "new", said: said?.after ?? null },
      ],
    });
    return { before: was!, after: is! };
  };
  return {
    ask,
    result(comparison) {
      const { classes, space, stretches, blocks } = comparison;
      const most = sampleFor(after, drawnMost);
      const places = classes.length ** 2 * space.count * stretches.length;
      const isWhole = places <= wholeTimes * most;
      const chance = chances(seed);
      const told = toldBy(comparison);
      for (const place of isWhole ? everyPlace(comparison) : drawnPlaces(comparison, chance, most)) {
        const [question, block] = [questionAt(comparison, place, chance), told(place)];
        if (question !== null && block !== undefined) ask(question, block === null ? null : transitionIn(block.transition));
      }
      if (isWhole) return again.result({ sample: null });
      const ofLines = `the witness of each line, one more question of ${blocks.length > most ? `${most} lines` : "each"}, and `;
      const how = `${blocks.length === 0 ? "" : ofLines}${most} of all that can be asked`;
      return again.result({ verdicts: places, sample: { how, seed } });
    },
  };
}

/** Whom a question is about, over what and when: numbers of classes, of an interval and of a stretch. Nothing is known of the facts. */
interface Place {
  readonly client: number;
  readonly server: number;
  readonly interval: number;
  readonly time: number;
}

function* everyPlace({ classes, space, stretches }: Comparison): Generator<Place> {
  const circumstances = Array.from({ length: space.count }, (_, interval) => [...stretches.keys()].map((time) => ({ interval, time }))).flat();
  for (const client of classes.keys()) for (const server of classes.keys()) for (const one of circumstances) yield { client, server, ...one };
}

/** Places of lines, and places anywhere. */
function* drawnPlaces({ classes, space, stretches, blocks }: Comparison, chance: (below: number) => number, most: number): Generator<Place> {
  const one = <Item>(list: readonly Item[]): Item => list[chance(list.length)]!;
  for (let count = 0; count < Math.min(blocks.length, most); count += 1) {
    const { clients, servers, intervals, times } = blocks.length <= most ? blocks[count]! : one(blocks);
    yield { client: one(clients), server: one(servers), interval: one(intervals), time: one(times) };
  }
  for (let count = 0; count < most; count += 1)
    yield { client: chance(classes.length), server: chance(classes.length), interval: chance(space.count), time: chance(stretches.length) };
}

/** The block that tells of a place; null where none does, undefined of clients of whom nothing is said. */
function toldBy({ blocks, untold }: Comparison): (place: Place) => Block | null | undefined {
  const blocksOf = new Map<number, Block[]>();
  for (const block of blocks) for (const client of block.clients) addTo(blocksOf, client, block);
  const silent = new Set(untold);
  return ({ client, server, interval, time }) => {
    if (silent.has(client)) return undefined;
    const found = blocksOf
      .get(client)
      ?.find((block) => block.times.includes(time) && block.intervals.includes(interval) && isSoUnknown(block.conditions) && block.servers.includes(server));
    return found ?? null;
  };
}

/** A question of a place that two of its people can ask; null where nobody is there together. */
function questionAt({ classes, space, stretches }: Comparison, { client, server, interval, time }: Place, chance: (below: number) => number): Question | null {
  const [from, to, during] = [classes[client]!, classes[server]!, stretches[time]!];
  const meeting = drawnMeeting([from, to], during, chance) ?? meetingOf({ client: from, server: to, during });
  return meeting === null ? null : { from: meeting.from.text, to: meeting.to.text, over: space.samples[interval]!, at: instantIn(meeting.when), facts: {} };
}

/** Any two, if they meet: so it is not always the first of a class that is asked about. */
function drawnMeeting(ends: readonly [SharedClass, SharedClass], during: During, chance: (below: number) => number): ReturnType<typeof meetingOf> {
  const [from, to] = ends.map(({ members }) => members[chance(members.length)]!);
  const when = overlap([during, from!, to!]);
  return when === null ? null : { from: from!, to: to!, when };
}
