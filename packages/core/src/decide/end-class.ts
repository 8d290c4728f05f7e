import type { Peer, Rule } from "../model/policy-set.ts";
import { boundaryStage, segmentStage } from "./effect.ts";
import { type KnownEnd, networkCovers } from "./ends.ts";
import { isPeer } from "./match.ts";
import { selecting } from "./selecting.ts";
import { isEgressClosed } from "./verdict.ts";
import type { World } from "./world.ts";

/** Everything about an end that an answer can depend on: two ends of one class get the same verdict, layer and effect. */
export interface EndClass {
  readonly zone: string;
  readonly policy: string | null;
  readonly isGuarded: boolean;
  readonly isEgressClosed: boolean;
  readonly isQuarantined: boolean;
  readonly tier: number;
  readonly hasHostPoint: boolean;
  readonly enforces: { readonly boundary: boolean; readonly in: boolean; readonly out: boolean; readonly egress: boolean };
  /** For the networks of live border points: those that cover all of the end's addresses, and those that cover any. */
  readonly coveredBy: readonly boolean[];
  readonly touchedBy: readonly boolean[];
  /** Whether it is each of the distinct peers of the rules. */
  readonly peers: Uint8Array;
}

/** The classes of a world, numbered as they are met. */
export interface Classes {
  readonly classOf: (end: KnownEnd) => number;
  readonly list: readonly EndClass[];
  /** For each rule: the numbers of the peers of its two sides. */
  readonly from: readonly (readonly number[])[];
  readonly to: readonly (readonly number[])[];
}

/** Numbers the classes of ends that `rules` can tell apart; identities count from any tier in forbids. */
export function classesOf(world: World, rules: readonly Rule[], isForbid: (rule: Rule) => boolean): Classes {
  const peers: { readonly peer: Peer; readonly tierLeast: number }[] = [];
  const numbers = new Map<string, number>();
  const numberOf = (peer: Peer, tierLeast: number): number => {
    const key = `${peer.kind === "identity" ? tierLeast : 0} ${JSON.stringify(peer)}`;
    const known = numbers.get(key) ?? peers.push({ peer, tierLeast }) - 1;
    numbers.set(key, known);
    return known;
  };
  const sides = (side: "from" | "to") => rules.map((rule) => rule[side].map((peer) => numberOf(peer, isForbid(rule) ? 0 : 2)));
  const [from, to] = [sides("from"), sides("to")];
  const others = peers.flatMap(({ peer }, number) => (peer.kind === "labels" ? [] : [number]));
  const selected = selecting(peers.map(({ peer }) => (peer.kind === "labels" ? peer.selector : null)));
  const borders = [...new Set(world.inventory.points.filter(({ live }) => live).flatMap(({ networks }) => networks))];
  const list: EndClass[] = [];
  const ids = new Map<string, number>();
  return {
    list,
    from,
    to,
    classOf(end) {
      const one = describe(world, end, borders);
      const matching = [
        ...others.filter((number) => isPeer(peers[number]!.peer, end, peers[number]!.tierLeast)),
        ...(end.workload === null ? [] : selected(end.workload.labels)),
      ];
      const key = `${JSON.stringify(one)} ${matching.sort((a, b) => a - b).join(" ")}`;
      const known = ids.get(key);
      if (known !== undefined) return known;
      const matched = new Uint8Array(peers.length);
      for (const number of matching) matched[number] = 1;
      ids.set(key, list.length);
      return list.push({ ...one, peers: matched }) - 1;
    },
  };
}

function describe(world: World, end: KnownEnd, borders: readonly string[]): Omit<EndClass, "peers"> {
  const { workload, policy, zone, isGuarded, addresses } = end;
  const isEnforced = (stage: string): boolean => stage === "enforce";
  return {
    zone,
    policy: policy?.name ?? null,
    isGuarded,
    isEgressClosed: isEgressClosed(end),
    isQuarantined: workload !== null && world.quarantined.has(workload.id),
    tier: workload?.identity?.tier ?? 0,
    hasHostPoint: workload?.point === true,
    enforces: {
      boundary: isEnforced(boundaryStage(world, zone)),
      in: isEnforced(segmentStage(world, end, "in")),
      out: isEnforced(segmentStage(world, end, "out")),
      egress: isEnforced(world.segmentStages.get(policy?.name ?? "")?.out ?? "observe"),
    },
    coveredBy: borders.map((name) => addresses.length > 0 && addresses.every((ip) => networkCovers(world, name, ip))),
    touchedBy: borders.map((name) => addresses.some((ip) => networkCovers(world, name, ip))),
  };
}
