import { grouped } from "../base/lists.ts";
import type { Dependency, Side, Triple } from "./dependency.ts";
import { isCoveredBy } from "./likely.ts";

/** Says of what is used whether a rule for wider sides, those of a workload that lacks a label, opens it already over the same service. */
export function subsumedBy(dependencies: readonly Dependency[]): (one: Triple) => boolean {
  const keys = dependencies.reduce((most, { client, server }) => Math.max(most, keysOf(client), keysOf(server)), 0);
  const isWide = (side: Side): boolean => side.peer.kind === "labels" && keysOf(side) < keys;
  const wide = grouped(
    dependencies.filter(({ client, server }) => isWide(client) || isWide(server)),
    ({ service }) => service,
  );
  return ({ client, server, service }) =>
    wide
      .get(service)
      ?.some((other) => (other.client.key !== client.key || other.server.key !== server.key) && names(other.client, client) && names(other.server, server)) ===
    true;
}

const keysOf = ({ peer }: Side): number => (peer.kind === "labels" ? Object.keys(peer.labels).length : 0);

/** Whether a rule for the one, which stands in the same file, names the other, too. */
const names = (one: Side, other: Side): boolean =>
  one.key === other.key || (one.segment === other.segment && one.zone === other.zone && isCoveredBy(other, one));
