import type { Instant } from "../base/instant.ts";
import { type Ip, ipOf } from "../base/ip.ts";
import { covers, type Prefix, readPrefix } from "../base/prefix.ts";
import type { Lease } from "../model/workload.ts";

/** An information system with its authorisation boundary, as the organisation's register states it. */
export interface FismaSystem {
  readonly id: string;
  /** Prefixes of its boundary, as canonical texts. */
  readonly prefixes: readonly string[];
  /** Labels of which a workload inside has all of one set. */
  readonly labels: readonly Readonly<Record<string, string>>[];
  /** The level of FIPS 199; null where the register does not say. */
  readonly level: "low" | "moderate" | "high" | null;
  readonly hva: boolean;
  readonly owner: string | null;
}

/** An agreement about an interconnection (ISA, MOU): who may open which service to whom, and until when. */
export interface Agreement {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** Service texts; `any` for all. */
  readonly services: readonly string[];
  /** Either side may open it. */
  readonly bothWays: boolean;
  readonly since: Instant | null;
  /** Exclusive; null has no end. */
  readonly until: Instant | null;
}

/** What a boundary asks of a workload. */
interface Placed {
  readonly labels: Readonly<Record<string, string>>;
  readonly leases: readonly Lease[];
  readonly attributes: Readonly<Record<string, string>>;
}

/** Finds the system of a workload or of an address; several that fit equally well are all named, and none is chosen. */
export interface SystemFinder {
  ofWorkload(workload: Placed): readonly string[];
  ofAddress(address: string): readonly string[];
}

/** A workload is of the system that it names, else of the one whose labels it has, else of the one with the longest prefix around its latest address. */
export function systemFinder(systems: readonly FismaSystem[]): SystemFinder {
  const ids = new Set(systems.map(({ id }) => id));
  const labelled = systems.flatMap(({ id, labels }) => labels.map((terms) => ({ id, terms: Object.entries(terms) })));
  const prefixes = systems
    .flatMap(({ id, prefixes: own }) => own.flatMap((text) => prefixIn(text).map((prefix) => ({ id, prefix }))))
    .sort((a, b) => b.prefix.length - a.prefix.length);
  const around = (ip: Ip): readonly string[] => {
    const longest = prefixes.find(({ prefix }) => covers(prefix, ip));
    if (longest === undefined) return [];
    return [...new Set(prefixes.filter(({ prefix }) => prefix.length === longest.prefix.length && covers(prefix, ip)).map(({ id }) => id))].sort();
  };
  return {
    ofWorkload({ labels, leases, attributes }) {
      const named = attributes["fisma-system"];
      if (named !== undefined && ids.has(named)) return [named];
      const met = new Set(
        labelled.filter(({ terms }) => terms.every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value)).map(({ id }) => id),
      );
      if (met.size > 0) return [...met].sort();
      const latest = leases.findLast(({ until }) => until === null) ?? leases.at(-1);
      return latest === undefined ? [] : around(latest.ip);
    },
    ofAddress(address) {
      const ip = ipOf(address);
      return ip === undefined ? [] : around(ip);
    },
  };
}

function prefixIn(text: string): readonly Prefix[] {
  const read = readPrefix(text);
  return read.kind === "prefix" ? [read.prefix] : [];
}
