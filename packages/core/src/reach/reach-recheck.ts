import { chances } from "../base/stratified-sample.ts";
import { hasBit } from "../decide/bits.ts";
import { sampleFor, type SecondEngine } from "../decide/second-engine.ts";
import { administrationIn, type Allowed, type Basis, isOpen, saidBetween, type SaidOver, type Ways } from "./allowed.ts";
import { pairOf, type Telling } from "./step-account.ts";

// A second or two of `decide` on a large policy. Where no more than `wholeMost` pairs can be asked, each is.
const drawnMost = 1000;
const wholeMost = 2000;
const seed = 1;

/**
 * Asks `decide` again whether there is a step between pairs, and where none is, over every kind of service and with everything that can be known. A pair
 * of which the graph says "no step" is published as denied over all of them; one of which it says "a step", as the rows say.
 */
export function reachRecheck(telling: Telling, allowed: Allowed, { isWhole }: { readonly isWhole: boolean }): SecondEngine {
  const { places } = telling.whom;
  const pairs = places.length ** 2;
  if (isWhole || pairs <= wholeMost) {
    for (const client of places.keys()) for (const server of places.keys()) askPair(telling, allowed, { client, server });
    return telling.again.result({ sample: null });
  }
  const chance = chances(seed);
  const most = sampleFor(telling.world, drawnMost);
  let drawn = 0;
  // Most pairs are no step: so of those only one in eight is asked that is met.
  for (let tries = 0; drawn < most && tries < most * 8; tries += 1) {
    const pair = { client: chance(places.length), server: chance(places.length) };
    if (tries % 8 !== 0 && !hasBit(allowed[telling.basis].any.rows[pair.client]!, pair.server)) continue;
    askPair(telling, allowed, pair);
    drawn += 1;
  }
  const how = `each step shown, and ${drawn} pairs drawn, over every kind of service`;
  return telling.again.result({ verdicts: pairs * telling.index.space.count, sample: { how, seed } });
}

interface Pair {
  readonly client: number;
  readonly server: number;
}

function askPair({ world, index, whom, at, again, policy }: Telling, allowed: Allowed, pair: Pair): void {
  if (allowed.untold.includes(pair.client)) return;
  const [one, other] = [whom.places[pair.client]!, whom.places[pair.server]!];
  const [from, to] = pairOf(one, other);
  const all = saidBetween(index, { client: one.ofClass, server: other.ofClass, at });
  const administration = administrationIn(index);
  const byAdministration = all.filter(({ intervals }) => intervals.some((interval) => administration.has(interval)));
  for (const way of all) {
    const question = { from, to, over: index.space.samples[way.intervals[0]!]!, at, facts: way.facts };
    const claims = [
      { over: "any", each: all } as const,
      ...(byAdministration.includes(way) ? [{ over: "administration", each: byAdministration } as const] : []),
    ];
    again.ask({ question, of: [{ world, policy, said: claimedIn(allowed, pair, { way, claims }) }] });
  }
}

interface Claims {
  readonly way: SaidOver;
  /** The graphs in which the way counts, each with all that count there. */
  readonly claims: readonly { readonly over: keyof Ways; readonly each: readonly SaidOver[] }[];
}

/** What the graphs say of a way: that of its row where they agree with the rows, else the contrary. */
function claimedIn(allowed: Allowed, { client, server }: Pair, { way, claims }: Claims): SaidOver["said"] {
  /** What some graph says of a pair against its rows; null where each agrees. */
  const contrary = (basis: Basis): boolean | null => {
    for (const { over, each } of claims) {
      const isStep = hasBit(allowed[basis][over].rows[client]!, server);
      if (isStep !== each.some(({ said }) => isOpen(basis, said))) return isStep;
    }
    return null;
  };
  const [isAllowed, isPassing] = [contrary("policy"), contrary("wire")];
  return {
    verdict: isAllowed === null ? way.said.verdict : isAllowed ? "allow" : "deny",
    effect: isPassing === null ? way.said.effect : isPassing ? "pass" : "block",
  };
}
