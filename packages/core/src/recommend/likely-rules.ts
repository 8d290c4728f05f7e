import { grouped } from "../base/lists.ts";
import { byCodePoint, sortedOnce } from "../base/order.ts";
import type { Likely, RuleDraft, Side } from "./dependency.ts";
import { type Guards, openerOf } from "./draft-rules.ts";
import { mergedPeers } from "./merged-peers.ts";
import { nameFrom } from "./policy-yaml.ts";
import { isAdministration } from "./service-kinds.ts";
import { wordOf } from "./side-word.ts";

/** One rule to be: each of its clients may use each of its servers over each of its services. */
interface Opening {
  readonly clients: readonly Side[];
  readonly servers: readonly Side[];
  readonly services: readonly string[];
  /** The policy that holds it; null for the architects, who open administration, and whoever has no policy in a closed zone. */
  readonly segment: string | null;
  readonly because: string;
}

/** Rules of their own for what is only likely, so that a person can strike them: one for each reason, where those with the same reason differ in one part only. */
export function likelyRules(likely: readonly Likely[], guards: Guards): readonly RuleDraft[] {
  const openings = likely.flatMap(({ client, server, service, because }): readonly Opening[] => {
    const opener = openerOf({ client, server }, guards);
    // A policy that is there guards a server of which none is to be written, and lets in whom it likes.
    const isTheirs = server.segment === null && opener !== null;
    const segment = isAdministration(service) ? null : isTheirs ? undefined : opener;
    if (segment === undefined) return [];
    return [{ clients: [client], servers: [server], services: [service], segment, because }];
  });
  const administration = mergedBy("servers", openings.filter(isCommon));
  const inside = mergedBy(
    "services",
    openings.filter((one) => !isCommon(one)),
  );
  return [...mergedBy("clients", mergedBy("services", administration)), ...mergedBy("servers", mergedBy("clients", inside))].map(ruleFor);
}

const isCommon = ({ segment }: Opening): boolean => segment === null;

/** Those that differ in this part only, as one: nothing else is opened by it. */
function mergedBy(part: "clients" | "servers" | "services", openings: readonly Opening[]): readonly Opening[] {
  const alike = grouped(openings, (one) => keyOf({ ...one, [part]: [] }));
  return [...alike].sort(([a], [b]) => byCodePoint(a, b)).map(([, all]) => ({ ...all[0]!, [part]: all.flatMap((one): readonly unknown[] => one[part]) }));
}

const keyOf = ({ clients, servers, services, segment, because }: Opening): string =>
  JSON.stringify([segment, ...[clients, servers].map((sides) => sides.map(({ key }) => key).sort(byCodePoint)), services.toSorted(byCodePoint), because]);

function ruleFor({ clients, servers, services, segment, because }: Opening): RuleDraft {
  const short = (side: Side): string => (side.peer.kind === "labels" ? (side.peer.labels["role"] ?? wordOf(side)) : wordOf(side));
  const shortOf = (sides: readonly Side[]): string => (sides.length === 1 ? short(sides[0]!) : `${sides.length}-roles`);
  const administrator = clients.length === 1 ? wordOf(clients[0]!) : shortOf(clients);
  return {
    kind: segment === null ? "common" : "allow",
    segment,
    name: nameFrom(services.every(isAdministration) ? `likely-administration-${administrator}` : `likely-${shortOf(clients)}-to-${shortOf(servers)}`),
    from: mergedPeers(clients.map(({ peer }) => peer)),
    to: mergedPeers(servers.map(({ peer }) => peer)),
    services: sortedOnce(services),
    because: `nobody saw this yet; ${because}`,
    crosses: null,
    likely: because,
  };
}
