import type { Instant } from "../base/instant.ts";
import { addBits } from "../decide/bits.ts";
import type { SharedClass } from "./difference-classes.ts";
import type { Ends } from "./difference-sides.ts";

/** A number before and after. */
export interface Both {
  readonly before: number;
  readonly after: number;
}

/** How far access goes, counted over workloads and any service, at the beginning and with nothing known of the facts. */
export interface Reach {
  readonly workloads: Both;
  /** Pairs of a client and a server, out of all: workloads times workloads. */
  readonly pairs: Both;
  /** Workloads that some public address may open. */
  readonly fromInternet: Both;
  /** Whose reach changes, those whose changes most first. */
  readonly changed: readonly { readonly from: Ends; readonly reaches: Both }[];
}

const changedMost = 50;

/** Adds up what each client class may open before and after. */
export function reachOf(classes: readonly SharedClass[], from: Instant | null) {
  const sides = [0, 1] as const;
  const weights = sides.map((side) => Uint32Array.from(classes, ({ members }) => new Set(peopleAt(members, from, side)).size));
  const isPublic = sides.map((side) => classes.map(({ members }) => members.some(({ ends }) => isInternet(ends[side]))));
  const reached = new Map<number, readonly [Uint32Array, Uint32Array]>();
  const weigh = (bits: Uint32Array, side: 0 | 1): number => {
    const own = weights[side]!;
    let sum = 0;
    for (let index = 0; index < own.length; index += 1) if (((bits[index >>> 5]! >>> (index & 31)) & 1) !== 0) sum += own[index]!;
    return sum;
  };
  const total = (side: 0 | 1): number => weights[side]!.reduce((sum, weight) => sum + weight, 0);
  return {
    add(client: number, rows: readonly [Uint32Array, Uint32Array]): void {
      const known = reached.get(client);
      if (known === undefined) reached.set(client, rows);
      else for (const side of sides) addBits(known[side], rows[side]);
    },
    result(sidesText: (some: readonly number[]) => Ends): Reach {
      const each = [...reached].map(([client, rows]) => ({ client, before: weigh(rows[0], 0), after: weigh(rows[1], 1) }));
      const fromInternet = (side: 0 | 1): number => {
        const bits = new Uint32Array((classes.length + 31) >>> 5);
        for (const [client, rows] of reached) if (isPublic[side]![client]) addBits(bits, rows[side]);
        return weigh(bits, side);
      };
      const pairs = (side: "before" | "after", at: 0 | 1): number => each.reduce((sum, one) => sum + one[side] * weights[at]![one.client]!, 0);
      return {
        workloads: { before: total(0), after: total(1) },
        pairs: { before: pairs("before", 0), after: pairs("after", 1) },
        fromInternet: { before: fromInternet(0), after: fromInternet(1) },
        changed: each
          .filter(({ before, after }) => before !== after)
          .sort((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before) || a.client - b.client)
          .slice(0, changedMost)
          .map(({ client, before, after }) => ({ from: sidesText([client]), reaches: { before, after } })),
      };
    },
  };
}

const isInternet = (end: SharedClass["members"][number]["ends"][number] | undefined): boolean => end?.kind === "known" && end.networks.has("internet");

/** The workloads that are there at the beginning, and known on this side. */
function peopleAt(members: SharedClass["members"], from: Instant | null, side: 0 | 1): readonly string[] {
  return members.flatMap(({ workload, since, ends }) => (workload !== null && since === from && ends[side]?.kind === "known" ? [workload] : []));
}
