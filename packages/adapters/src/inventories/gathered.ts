import type { Instant } from "@bulkhead/core/base/instant";
import { ipOf } from "@bulkhead/core/base/ip";
import { mergedLeases } from "@bulkhead/core/inventory/merged-leases";
import { quoted, type Say } from "@bulkhead/core/inventory/problem";
import type { Sighting } from "@bulkhead/core/inventory/sighting";
import type { Lease } from "@bulkhead/core/model/workload";

/** What a place in a file says of one workload. */
export interface Mention {
  readonly id: string;
  /** Where it stands, for problems: `line 7`, `device 3`. */
  readonly where: string;
  readonly labels?: Readonly<Record<string, string | undefined>>;
  readonly attributes?: Readonly<Record<string, string | undefined>>;
  /** Texts of addresses, with a prefix length or without, held from (inclusive) until (exclusive). */
  readonly addresses?: readonly string[];
  readonly from?: Instant | null;
  readonly until?: Instant | null;
}

/** Gathers what a file says of each workload in one sighting; of a value that is stated twice the first counts, and the other is told. */
export interface Gathering {
  add(mention: Mention): void;
  sightings(): readonly Sighting[];
}

interface Growing {
  readonly labels: Record<string, string>;
  readonly attributes: Record<string, string>;
  readonly leases: Lease[];
}

export function gathering(say: Say): Gathering {
  const found = new Map<string, Growing>();
  const growingOf = (id: string): Growing => {
    // No prototype: `constructor` is a label like any other.
    const known: Growing = found.get(id) ?? { labels: bare(), attributes: bare(), leases: [] };
    found.set(id, known);
    return known;
  };
  return {
    add({ id, where, labels = {}, attributes = {}, addresses = [], from = null, until = null }) {
      if (id === "") return say({ reason: "no-id", message: `${where} has no name` });
      if (ipOf(id) !== undefined)
        return say({ reason: "address-as-id", message: `${where} is called ${quoted(id)}, which reads as an address; give it a name` });
      const known = growingOf(id);
      for (const [side, values] of [
        [known.labels, labels],
        [known.attributes, attributes],
      ] as const)
        for (const [key, value] of Object.entries(values)) {
          if (value === undefined || value === "") continue;
          const first = (side[key] ??= value);
          // A machine has a hardware address for each of its cards.
          if (key === "mac" && !first.split(" ").includes(value)) side[key] = `${first} ${value}`;
          else if (key !== "mac" && first !== value)
            say({ reason: "contradiction", message: `${where}: ${quoted(id)} has ${key} ${quoted(value)}, and before ${quoted(first)}, which counts` });
        }
      if (from !== null && until !== null && from >= until)
        return addresses.length === 0
          ? undefined
          : say({ reason: "empty-lease", message: `${where}: the lease of ${quoted(addresses[0])} ends before it begins` });
      for (const address of addresses) {
        const ip = hostAddressOf(address);
        if (ip === undefined) say({ reason: "bad-address", message: `${where}: ${quoted(address)} is no address` });
        else if (!isOfNobody(ip)) known.leases.push({ ip, from, until });
      }
    },
    sightings: () => [...found].map(([id, { labels, attributes, leases }]) => ({ id, labels, attributes, leases: mergedLeases(leases) })),
  };
}

const bare = (): Record<string, string> => Object.create(null) as Record<string, string>;

/** The address in a text such as `10.0.0.7/24` or `fe80::1%eth0`; a zone of the machine is no realm. */
export function hostAddressOf(text: string): Lease["ip"] | undefined {
  const [address = ""] = text.trim().split("/");
  return ipOf(/^fe80:/i.test(address) ? address.replace(/%.*$/, "") : address);
}

// Every machine has these, so they tell nobody apart: unspecified, loopback, link-local.
const isOfNobody = ({ family, value }: Lease["ip"]): boolean =>
  family === 4 ? value >> 24n === 127n || value >> 24n === 0n || value >> 16n === 0xa9fen : value <= 1n || value >> 118n === 0x3fan;
