import { type Ip, ipText } from "../../base/ip.ts";
import { covers, type Prefix, prefixText } from "../../base/prefix.ts";
import { type Evidence, labelOf, strongestFirst, type Subject, tally } from "./evidence.ts";

const [hostBits4, hostBits6] = [8n, 64n];

/** What the subnet says: the values of others in the smallest network that is known around an address, else in its /24 or /64. */
export function placeEvidence(key: string, subjects: readonly Subject[], networks: readonly Prefix[]): Evidence {
  const beside = tally();
  const longestFirst = [...networks].sort((a, b) => b.length - a.length);
  const places = new Map(subjects.map((subject) => [subject.id, placesOf(subject, longestFirst)]));
  for (const subject of subjects) {
    const value = labelOf(subject, key);
    if (value !== undefined) for (const place of places.get(subject.id) ?? []) beside.add(place, value);
  }
  return {
    name: "subnet",
    votes(subject) {
      const votes = (places.get(subject.id) ?? placesOf(subject, longestFirst)).flatMap((place) => {
        const { counts, all } = beside.without(place, labelOf(subject, key));
        return [...counts].map(([value, count]) => ({ value, score: count / (all + 1), why: `${count} of ${all} others in ${place} have ${key}=${value}` }));
      });
      const best = new Map(votes.sort((a, b) => a.score - b.score).map((vote) => [vote.value, vote]));
      return strongestFirst([...best.values()]);
    },
  };
}

function placesOf({ leases }: Subject, networks: readonly Prefix[]): readonly string[] {
  return [...new Set(leases.slice(-leasesMax).map(({ ip }) => placeOf(ip, networks)))];
}

// Of a machine that moves, the latest places say most.
const leasesMax = 16;

function placeOf(ip: Ip, networks: readonly Prefix[]): string {
  const known = networks.find((prefix) => covers(prefix, ip));
  if (known !== undefined) return prefixText(known);
  const bits = ip.family === 4 ? hostBits4 : hostBits6;
  return `${ipText({ ...ip, value: (ip.value >> bits) << bits })}/${ip.family === 4 ? 24 : 64}`;
}
