import { chances } from "../base/stratified-sample.ts";
import type { SecondEngine } from "../decide/second-engine.ts";
import { type Allowed, type Basis, isOpen, saidBetween, type SaidOver } from "./allowed.ts";
import { hasBit } from "./graph.ts";
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
  let drawn = 0;
  // Most pairs are no step: so of those only one in eight is asked that is met.
  for (let tries = 0; drawn < drawnMost && tries < drawnMost * 8; tries += 1) {
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

function askPair({ world, index, whom, at, again, policy }: Telling, allowed: Allowed, { client, server }: Pair): void {
  if (allowed.untold.includes(client)) return;
  const [one, other] = [whom.places[client]!, whom.places[server]!];
  const [from, to] = pairOf(one, other);
  const each = saidBetween(index, { client: one.ofClass, server: other.ofClass, at });
  for (const way of each) {
    const question = { from, to, over: index.space.samples[way.intervals[0]!]!, at, facts: way.facts };
    again.ask({ question, of: [{ world, policy, said: claimedIn(allowed, { client, server }, { way, each }) }] });
  }
}

/** What the graph says of a way: that of its row where both agree, else the contrary. */
function claimedIn(
  allowed: Allowed,
  { client, server }: Pair,
  { way, each }: { readonly way: SaidOver; readonly each: readonly SaidOver[] },
): SaidOver["said"] {
  const isStep = (basis: Basis): boolean => hasBit(allowed[basis].any.rows[client]!, server);
  const isSaid = (basis: Basis): boolean => each.some(({ said }) => isOpen(basis, said));
  return {
    verdict: isStep("policy") === isSaid("policy") ? way.said.verdict : isStep("policy") ? "allow" : "deny",
    effect: isStep("wire") === isSaid("wire") ? way.said.effect : isStep("wire") ? "pass" : "block",
  };
}
