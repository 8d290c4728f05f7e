import { byCodePoint } from "../base/order.ts";
import type { Dependency, ProposalWorkload, Side } from "./dependency.ts";
import type { Sides } from "./sides.ts";

/** A group of workloads that rules can name on its own: app and env are stated. */
export interface Group extends Side {
  readonly app: string;
  readonly env: string;
  readonly role: string | null;
  /** What its machines run, as the inventory states it; a group may be mixed. */
  readonly systems: ReadonlySet<string>;
}

/** The groups that there are, to say how many of those alike do something. */
export interface Population {
  readonly groups: readonly Group[];
  readonly segmentCount: number;
  /** Whether a group was seen as a client of another segment, or as its server, by more than this side: whoever nobody sees says nothing about what is usual. */
  isClientBeside(group: Side, side: Side): boolean;
  isServerBeside(group: Side, side: Side): boolean;
  /** Those of other applications, or of other environments of the same one. */
  apartFrom(side: Side): readonly Group[];
}

export function populationOf(workloads: readonly ProposalWorkload[], sides: Sides, dependencies: readonly Dependency[]): Population {
  const found = new Map<string, Group & { readonly systems: Set<string> }>();
  for (const { id, attributes } of workloads) {
    const side = sides.of({ kind: "held", holder: id });
    if (side?.peer.kind !== "labels") continue;
    const { app, env, role = null } = side.peer.labels;
    if (app === undefined || env === undefined) continue;
    const known = found.get(side.key) ?? { ...side, app, env, role, systems: new Set<string>() };
    found.set(side.key, known);
    const system = attributes?.["os"];
    if (system !== undefined && system !== "") known.systems.add(system.toLowerCase());
  }
  const { serversOf, clientsOf } = metOf(dependencies);
  const isSeen = ({ key, segment }: Side): boolean => segment !== null && (serversOf.has(key) || clientsOf.has(key));
  const groups = [...found.values()].sort((a, b) => byCodePoint(a.key, b.key));
  return {
    groups,
    segmentCount: new Set(groups.filter(isSeen).map(({ segment }) => segment)).size,
    isClientBeside: (group, { key }) => isBeside(serversOf.get(group.key), key),
    isServerBeside: (group, { key }) => isBeside(clientsOf.get(group.key), key),
    apartFrom: ({ key, peer }) => {
      const { app, env } = peer.kind === "labels" ? peer.labels : {};
      return groups.filter((group) => group.key !== key && !(app !== undefined && group.app === app && group.env === env));
    },
  };
}

/** Whom each side met in other segments. */
function metOf(dependencies: readonly Dependency[]): Record<"serversOf" | "clientsOf", ReadonlyMap<string, ReadonlySet<string>>> {
  const [serversOf, clientsOf] = [new Map<string, Set<string>>(), new Map<string, Set<string>>()];
  for (const { client, server } of dependencies) {
    if (client.segment !== null && client.segment === server.segment) continue;
    serversOf.set(client.key, (serversOf.get(client.key) ?? new Set<string>()).add(server.key));
    clientsOf.set(server.key, (clientsOf.get(server.key) ?? new Set<string>()).add(client.key));
  }
  return { serversOf, clientsOf };
}

const isBeside = (met: ReadonlySet<string> | undefined, key: string): boolean => met !== undefined && met.size > (met.has(key) ? 1 : 0);

/** What may be a habit: of whom, who has it, of whom anything is known, and how many make one. */
export interface Habit<T> {
  readonly whom: string;
  readonly isDoing: (one: T) => boolean;
  readonly isSeen: (one: T) => boolean;
  readonly share: number;
  readonly least: number;
}

/** `9 of 11 WHOM`, where that many do it; or of those that are seen doing anything else; null where neither is a habit. */
export function usualAmong<T>(all: readonly T[], { whom, isDoing, isSeen, share, least }: Habit<T>): string | null {
  const readings = [
    [all, whom],
    [all.filter(isSeen), `${whom} that are seen otherwise`],
  ] as const;
  for (const [among, words] of readings) {
    const count = among.filter(isDoing).length;
    if (count >= least && count >= among.length * share) return `${count} of ${among.length} ${words}`;
  }
  return null;
}
