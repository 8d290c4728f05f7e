import type { Conduct } from "./conduct.ts";
import { type Evidence, labelOf, strongestFirst, type Subject } from "./evidence.ts";

// As much as one peer that talks to nobody else's: a single faint peer does not settle anything.
const doubt = 0.5;

/** What peers say: whom a workload talks with is mostly of its own app and env. A peer that serves many of them says little. */
export function peerEvidence(key: string, subjects: readonly Subject[], conducts: ReadonlyMap<string, Conduct>): Evidence {
  const values = new Map(subjects.map((subject) => [subject.id, labelOf(subject, key)]));
  const peers = new Map([...conducts].map(([id, conduct]) => [id, peersOf(conduct)]));
  // The values of the peers of each workload: of a name server's, all there are.
  const around = new Map([...peers].map(([id, ids]) => [id, countsOf(ids.flatMap((peer) => values.get(peer) ?? []))]));
  return {
    name: "peers",
    votes(subject) {
      const weights = new Map<string, { weight: number; count: number }>();
      let all = doubt;
      for (const peer of peers.get(subject.id) ?? []) {
        const value = values.get(peer);
        if (value === undefined) continue;
        // Without the one who asks, whose own label must not count.
        const counts = around.get(peer);
        const own = labelOf(subject, key);
        const breadth = (counts?.size ?? 0) - (own !== undefined && counts?.get(own) === 1 ? 1 : 0);
        const weight = 1 / Math.max(1, breadth) ** 2;
        const known = weights.get(value) ?? { weight: 0, count: 0 };
        weights.set(value, { weight: known.weight + weight, count: known.count + 1 });
        all += weight;
      }
      return strongestFirst(
        [...weights].map(([value, { weight, count }]) => ({
          value,
          score: weight / all,
          why: `talks with ${count} ${count === 1 ? "workload" : "workloads"} of ${key}=${value}`,
        })),
      );
    },
  };
}

const peersOf = ({ opens, answers }: Conduct): readonly string[] => [
  ...new Set([...opens, ...answers].flatMap(({ peer, isWorkload }) => (isWorkload ? [peer] : []))),
];

function countsOf(values: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
