import { instantText } from "@bulkhead/core/base/instant";
import { ipText } from "@bulkhead/core/base/ip";
import { parseInventory } from "../open.ts";

/** When the files of the tests were written. */
export const writtenAt = Date.parse("2026-11-25T12:00:00Z") * 1000;

const pairs = (values: Readonly<Record<string, string>>): string =>
  Object.entries(values)
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(" ");
const time = (at: number | null): string => (at === null ? "" : instantText(at).replace(":00Z", "").replace("2026-", ""));

/** What is read of a text: a line for each workload with its labels, its attributes and its leases, and what could not be read. */
export function told(text: string): { readonly workloads: readonly string[]; readonly networks: readonly string[]; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const { sightings, networks = [] } = parseInventory(text, ({ message }) => void problems.push(message), { at: writtenAt });
  return {
    workloads: sightings.map(({ id, labels, attributes, leases }) => {
      const held = leases.map(({ ip, from, until }) => (from === null && until === null ? ipText(ip) : `${ipText(ip)}[${time(from)}..${time(until)}]`));
      return [id, pairs(labels), pairs(attributes), held.join(" ")].map((part) => part || "-").join(" | ");
    }),
    networks: networks.map(({ name, prefix, kind, attributes }) => [kind, name, prefix ?? "-", pairs(attributes)].join(" | ")),
    problems,
  };
}
