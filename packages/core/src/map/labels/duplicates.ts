import { byCodePoint } from "../../base/order.ts";
import { addTo } from "../../base/lists.ts";
import { contestedAddresses } from "../../inventory/contested.ts";
import type { Subject } from "./evidence.ts";

/** Two ids that are probably one workload; `id` would become another name of `sameAs`, which more is known of. */
export interface Duplicate {
  readonly id: string;
  readonly sameAs: string;
  readonly why: string;
  readonly confidence: number;
}

// Names that are alike, and nothing that speaks against it; the same thing stated by both; a shared name with a reason.
const [alike, stated, certain] = [0.8, 0.9, 0.97];

/** Workloads that were probably listed twice: names that differ in case or domain only, a hardware address, a host name or an address that both have. */
export function duplicates(subjects: readonly Subject[]): readonly Duplicate[] {
  const byName = pairsBy(subjects, ({ id }) => [shortOf(id)]).filter(([a, b]) => !hasOtherDomain(a.id, b.id));
  const byMac = pairsBy(subjects, ({ attributes }) => attributes["mac"]?.split(" ") ?? []);
  const byHost = pairsBy(subjects, ({ attributes }) => [attributes["fqdn"] ?? ""]);
  const byId = new Map(subjects.map((subject) => [subject.id, subject]));
  const shared = contestedAddresses(subjects).flatMap(({ address, holders }) =>
    holders.length === 2 ? [[byId.get(holders[0]!)!, byId.get(holders[1]!)!, `both hold ${address} at once`] as const] : [],
  );
  const found = new Map<string, { readonly pair: readonly [Subject, Subject]; readonly reasons: Set<string>; confidence: number }>();
  const add = (a: Subject, b: Subject, why: string, confidence: number): void => {
    const key = [a.id, b.id].sort(byCodePoint).join("\n");
    const known = found.get(key) ?? { pair: [a, b] as const, reasons: new Set<string>(), confidence: 0 };
    found.set(key, known);
    known.confidence = known.confidence > 0 && !known.reasons.has(why) ? certain : Math.max(known.confidence, confidence);
    known.reasons.add(why);
  };
  for (const [a, b] of byName) add(a, b, "their names differ in case or domain only", alike);
  for (const [a, b] of byMac) add(a, b, `both have the hardware address ${sharedMac(a, b)}`, stated);
  for (const [a, b] of byHost) add(a, b, `both have the host name ${a.attributes["fqdn"]}`, stated);
  // A shared address alone may as well be a mistake in one of them.
  for (const [a, b, why] of shared) if (found.has([a.id, b.id].sort(byCodePoint).join("\n")) || areLike(a.id, b.id)) add(a, b, why, alike);
  return [...found.values()]
    .map(({ pair, reasons, confidence }) => duplicateOf(pair, [...reasons].join("; "), confidence))
    .sort((a, b) => byCodePoint(a.id, b.id));
}

function duplicateOf(pair: readonly [Subject, Subject], why: string, confidence: number): Duplicate {
  const knownOf = ({ labels, attributes, leases }: Subject): number =>
    Object.keys(labels).length * 4 + Object.keys(attributes).length * 2 + Math.min(1, leases.length);
  const [more, less] = [...pair].sort((a, b) => knownOf(b) - knownOf(a) || byCodePoint(a.id, b.id)) as [Subject, Subject];
  return { id: less.id, sameAs: more.id, why, confidence };
}

const sharedMac = (a: Subject, b: Subject): string =>
  (a.attributes["mac"] ?? "").split(" ").find((mac) => (b.attributes["mac"] ?? "").split(" ").includes(mac)) ?? "";
const shortOf = (id: string): string => (/^[^./]+/.exec(id)?.[0] ?? id).toLowerCase();
const domainOf = (id: string): string => (/^[^.]+\.(.+)$/.exec(id)?.[1] ?? "").toLowerCase();
const hasOtherDomain = (a: string, b: string): boolean =>
  a.includes("/") || b.includes("/") || (domainOf(a) !== "" && domainOf(b) !== "" && domainOf(a) !== domainOf(b));
const areLike = (a: string, b: string): boolean => a.toLowerCase().replace(/[^a-z0-9]/g, "") === b.toLowerCase().replace(/[^a-z0-9]/g, "");

// A value that many share tells nobody apart: a default name, a cloned card.
const sharersMost = 4;

function pairsBy(subjects: readonly Subject[], keysOf: (subject: Subject) => readonly string[]): readonly (readonly [Subject, Subject])[] {
  const groups = new Map<string, Subject[]>();
  for (const subject of subjects) for (const key of keysOf(subject)) if (key !== "") addTo(groups, key, subject);
  return [...groups.values()].flatMap((group) =>
    group.length > sharersMost ? [] : group.flatMap((a, index) => group.slice(index + 1).map((b) => [a, b] as const)),
  );
}
