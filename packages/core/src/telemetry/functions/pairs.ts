import { byCodePoint } from "../../base/order.ts";
import type { Instant } from "../../base/instant.ts";
import type { FunctionUse, IndustrialFunction } from "../../model/function-use.ts";
import { changes } from "./functions.ts";

/** One function between two ends, with how often it was seen. */
export interface PairFunction extends IndustrialFunction {
  readonly messages: number;
  readonly first: Instant | null;
  readonly last: Instant | null;
}

/** What a client asks of a server on one port. */
export interface FunctionPair {
  readonly client: string;
  readonly server: string;
  readonly protocol: "tcp" | "udp";
  readonly serverPort: number;
  /** Whether anything that was asked changes something; null when nothing surely does, and something may. */
  readonly changes: boolean | null;
  /** By function, in the order of their codes. */
  readonly functions: readonly PairFunction[];
}

/** Sums uses into pairs, as they come. */
export interface PairSums {
  /** What several sources tell of one function is counted once, by the one that saw most. */
  readonly add: (use: FunctionUse) => void;
  readonly pairs: () => readonly FunctionPair[];
  /** How many uses found no room. */
  readonly beyond: () => number;
}

interface Sum {
  readonly use: FunctionUse;
  readonly bySource: Map<string, { messages: number }>;
  first: Instant | null;
  last: Instant | null;
}

/** A plant has thousands of pairs; a scan of a plant may make millions, and those are counted as `beyond`. */
export function pairSums(sumsMax = 1 << 18): PairSums {
  const sums = new Map<string, Sum>();
  let beyond = 0;
  return {
    add(use) {
      const key = [use.client, use.server, use.protocol, use.serverPort, use.function].join(" ");
      let sum = sums.get(key);
      if (sum === undefined) {
        if (sums.size >= sumsMax) {
          beyond += 1;
          return;
        }
        sum = { use, bySource: new Map(), first: use.first, last: use.last };
        sums.set(key, sum);
      }
      const told = sum.bySource.get(use.source);
      if (told === undefined) sum.bySource.set(use.source, { messages: use.messages });
      else told.messages += use.messages;
      if (use.first !== null && (sum.first === null || use.first < sum.first)) sum.first = use.first;
      if (use.last !== null && (sum.last === null || use.last > sum.last)) sum.last = use.last;
    },
    pairs: () => pairsOf([...sums.values()]),
    beyond: () => beyond,
  };
}

function pairsOf(sums: readonly Sum[]): readonly FunctionPair[] {
  const pairs = new Map<string, { readonly use: FunctionUse; readonly functions: PairFunction[] }>();
  for (const { use, bySource, first, last } of sums) {
    const key = [use.client, use.server, use.protocol, use.serverPort].join(" ");
    const pair = pairs.get(key) ?? { use, functions: [] };
    pairs.set(key, pair);
    const messages = Math.max(...[...bySource.values()].map((told) => told.messages));
    pair.functions.push({ function: use.function, name: use.name, effect: use.effect, messages, first, last });
  }
  return [...pairs]
    .sort(([a], [b]) => byCodePoint(a, b))
    .map(([, { use, functions }]) => ({
      client: use.client,
      server: use.server,
      protocol: use.protocol,
      serverPort: use.serverPort,
      changes: changesOf(functions),
      functions: functions.sort((a, b) => byCode(a.function, b.function)),
    }));
}

function changesOf(functions: readonly PairFunction[]): boolean | null {
  const answers = functions.map(changes);
  return answers.includes(true) ? true : answers.includes(null) ? null : false;
}

function byCode(a: string, b: string): number {
  const [protocolA = "", codeA = ""] = a.split("/");
  const [protocolB = "", codeB = ""] = b.split("/");
  return byCodePoint(protocolA, protocolB) || Number(codeA) - Number(codeB) || byCodePoint(codeA, codeB);
}
