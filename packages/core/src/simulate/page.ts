import type { SecondEngine } from "../decide/second-engine.ts";
import { numbering } from "../map/numbering.ts";
import type { FlowEnd } from "../model/flow.ts";
import type { Meaning, PairTally } from "./pair-tallies.ts";
import type { Spanning } from "./simulation.ts";
import type { Example } from "./tally.ts";

/** What one part of the traffic, a day as a rule, adds to a simulation: it can be kept, and counted again. */
export interface Page {
  readonly pairs: readonly PairTally[];
  readonly spanning: readonly Spanning[];
  readonly secondEngine: SecondEngine;
}

// Another form is another number: what an earlier version kept is then read anew.
export const pageVersion = 7;

interface Written extends Pick<Page, "spanning" | "secondEngine"> {
  /** Whatever is said often, once each; numbers below are places in it. */
  readonly texts: readonly string[];
  readonly pairs: readonly Row[];
}

type Counts = readonly [
  connections: number,
  answered: number,
  unanswered: number,
  untold: number,
  blocked: number,
  byOneObserver: number,
  oneDirection: number,
  sampled: number,
  first: number | null,
  last: number | null,
  sampling: number | null,
  attempts: number,
];
type Shown = readonly [
  client: number,
  server: number,
  protocol: number,
  serverPort: number | null,
  first: number | null,
  last: number | null,
  observers: number,
];
type Row = readonly [from: number, to: number, service: number, meaning: number, observers: number, counts: Counts, example: Shown];

/** A page as a text. */
export function pageText({ pairs, spanning, secondEngine }: Page): string {
  const texts = numbering();
  // Most parts are the same objects again and again.
  const places = new Map<unknown, number>();
  const json = (value: unknown): number => {
    const known = places.get(value);
    if (known !== undefined) return known;
    const place = texts.of(JSON.stringify(value));
    places.set(value, place);
    return place;
  };
  const rows = pairs.map(({ names, meaning, tally }): Row => {
    const { example } = tally;
    return [
      json(names.from),
      json(names.to),
      json(names.service),
      json(meaning),
      json(tally.observers),
      [
        tally.connections,
        tally.answered,
        tally.unanswered,
        tally.untold,
        tally.blocked,
        tally.byOneObserver,
        tally.oneDirection,
        tally.sampled,
        tally.first,
        tally.last,
        tally.sampling,
        tally.attempts,
      ],
      [json(example.client), json(example.server), json(example.protocol), example.serverPort, example.first, example.last, json(example.observers)],
    ];
  });
  return JSON.stringify({ texts: texts.texts(), pairs: rows, spanning, secondEngine } satisfies Written);
}

/** The page that a text of {@link pageText} tells. */
export function pageIn(text: string): Page {
  const { texts, pairs, spanning, secondEngine } = JSON.parse(text) as Written;
  // Equal parts are one object.
  const values = texts.map((one) => JSON.parse(one) as unknown);
  const at = <Value>(place: number): Value => values[place] as Value;
  return {
    pairs: pairs.map(([from, to, service, meaning, observers, counts, shown]) => ({
      names: { from: at<string>(from), to: at<string>(to), service: at<string>(service) },
      meaning: at<Meaning>(meaning),
      tally: {
        connections: counts[0],
        answered: counts[1],
        unanswered: counts[2],
        untold: counts[3],
        blocked: counts[4],
        byOneObserver: counts[5],
        oneDirection: counts[6],
        sampled: counts[7],
        first: counts[8],
        last: counts[9],
        sampling: counts[10],
        attempts: counts[11],
        observers: at<readonly string[]>(observers),
        example: exampleIn(shown, at),
      },
    })),
    spanning,
    secondEngine,
  };
}

function exampleIn([client, server, protocol, serverPort, first, last, observers]: Shown, at: <Value>(place: number) => Value): Example {
  return {
    client: at<FlowEnd>(client),
    server: at<FlowEnd>(server),
    protocol: at<string>(protocol),
    serverPort,
    first,
    last,
    observers: at<readonly string[]>(observers),
  };
}
