import { addTo } from "../base/lists.ts";
import type { Rule } from "../model/policy-set.ts";
import { nothingReached, reachByPolicy, type Reached, type ServerSide, serverSide } from "./answer-row.ts";
import { addBits, type Bits, bitsAt } from "./bits.ts";
import type { Classes, EndClass } from "./end-class.ts";
import type { World } from "./world.ts";

/** A rule with its place: what it does depends on where it is written. */
export interface PlacedRule {
  readonly rule: Rule;
  readonly kind: "forbids" | "conduits" | "exceptions" | "commons" | "allow" | "own-exception";
  readonly policy: string | null;
}

/** Every rule of a world, in the order of `everyRule`. */
export function placedRules({ set }: World): readonly PlacedRule[] {
  const of = (kind: PlacedRule["kind"], rules: readonly Rule[], policy: string | null = null): PlacedRule[] => rules.map((rule) => ({ rule, kind, policy }));
  return [
    ...of("forbids", set.forbids),
    ...of("conduits", set.conduits),
    ...of("exceptions", set.exceptions),
    ...of("commons", set.commons),
    ...set.policies.flatMap(({ name, allow, exceptions }) => [...of("allow", allow, name), ...of("own-exception", exceptions, name)]),
  ];
}

/** Who reaches whom by which rule, among classes that stand still. */
export interface Reaching {
  readonly side: ServerSide;
  /** The numbers of the rules of which a class is a client. */
  readonly rulesFrom: (client: number) => readonly number[];
  /** The classes that some rules, by number, reach for a client. */
  readonly reachedBy: (client: number, rules: readonly number[]) => Reached;
}

/** Reaching by `placed` rules among the classes of `list`, whose peers `classes` has numbered. */
export function reachingIn(placed: readonly PlacedRule[], { from, to }: Pick<Classes, "from" | "to">, list: readonly EndClass[]): Reaching {
  const side = serverSide(list);
  const classesAs = new Map<number, number[]>();
  for (const [index, { peers }] of list.entries()) for (const peer of peersIn(peers)) addTo(classesAs, peer, index);
  const rulesOf = new Map<number, number[]>();
  for (const [index, peers] of from.entries()) for (const peer of new Set(peers)) addTo(rulesOf, peer, index);
  const clientRules: (readonly number[] | undefined)[] = [];
  const reaches: (Bits | undefined)[] = [];
  const reachOf = (rule: number): Bits =>
    (reaches[rule] ??= bitsAt(
      list.length,
      to[rule]!.flatMap((peer) => classesAs.get(peer) ?? []),
    ));
  return {
    side,
    rulesFrom: (client) =>
      (clientRules[client] ??= [...new Set(peersIn(list[client]!.peers).flatMap((peer) => rulesOf.get(peer) ?? []))].sort((a, b) => a - b)),
    reachedBy(client, rules) {
      const own = list[client]!.policy;
      const reached = nothingReached(list.length);
      for (const index of rules) {
        const { kind, policy } = placed[index]!;
        if (kind === "allow" || kind === "own-exception")
          reachByPolicy(reached, reachOf(index), {
            kind: kind === "allow" ? "Allows" : "Exceptions",
            members: side.members.get(policy ?? ""),
            isClients: own === policy,
          });
        else addBits(reached[kind], reachOf(index));
      }
      return reached;
    },
  };
}

/** The numbers of the peers that a class is. */
function peersIn(peers: Uint8Array): number[] {
  const found: number[] = [];
  for (let peer = peers.indexOf(1); peer >= 0; peer = peers.indexOf(1, peer + 1)) found.push(peer);
  return found;
}
