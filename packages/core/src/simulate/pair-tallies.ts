import { numbering } from "../map/numbering.ts";
import type { PairStatement } from "./simulation.ts";
import { type Example, type Tally, tallyFor } from "./tally.ts";

export type Names = Pick<PairStatement, "from" | "to" | "service">;

/** What was answered, and where they are told apart, the segments that it is about. */
export interface Meaning extends Pick<PairStatement, "outcome" | "layer" | "by"> {
  readonly segments?: readonly string[];
}

/** What is known of one pair of groups, one service and one meaning, while it grows. */
export interface PairTally {
  readonly names: Names;
  readonly meaning: Meaning;
  readonly tally: Tally;
}

/** Finds statements by names and meaning. Texts are numbers until the end: there are millions of flows, and few groups, services and meanings. */
export interface PairTallies {
  /** The number of a meaning, to be asked once for each. */
  numberOf(meaning: Meaning): number;
  /** The tally of a pair; the flow is the first of it when there is none yet. */
  of(names: Names, meaning: Meaning, number: number, flow: Example): Tally;
  /** By group, service and meaning, the segments last. */
  sorted(): readonly PairTally[];
}

// Two group numbers, or a service's and a meaning's, are exact in a double.
const numbersMax = 2 ** 26;

interface Numbered extends PairTally {
  readonly from: number;
  readonly to: number;
  readonly service: number;
  readonly number: number;
}

/** No statement yet. */
export function pairTallies(): PairTallies {
  const [groups, services, meanings] = [numbering(), numbering(), numbering()];
  const pairs = new Map<number, Map<number, Tally>>();
  const all: Numbered[] = [];
  return {
    numberOf: (meaning) => meanings.of(JSON.stringify([meaning.outcome, meaning.layer, meaning.by, meaning.segments ?? []])),
    of(names, meaning, number, flow) {
      const [from, to, service] = [groups.of(names.from), groups.of(names.to), services.of(names.service)];
      const ends = from * numbersMax + to;
      let ofEnds = pairs.get(ends);
      if (ofEnds === undefined) pairs.set(ends, (ofEnds = new Map()));
      const key = service * numbersMax + number;
      const known = ofEnds.get(key);
      if (known !== undefined) return known;
      const tally = tallyFor(flow);
      ofEnds.set(key, tally);
      all.push({ names, meaning, tally, from, to, service, number });
      return tally;
    },
    sorted() {
      const [group, service, meaning] = [groups.ranks(), services.ranks(), meanings.ranks()];
      return all.sort(
        (a, b) =>
          group[a.from]! - group[b.from]! ||
          group[a.to]! - group[b.to]! ||
          service[a.service]! - service[b.service]! ||
          meaning[a.number]! - meaning[b.number]!,
      );
    },
  };
}
