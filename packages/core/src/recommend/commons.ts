import { grouped } from "../base/lists.ts";
import { byCodePoint } from "../base/order.ts";
import type { Dependency, RuleDraft, RulePeer, Side, SidePeer, Triple } from "./dependency.ts";
import { mergedPeers } from "./merged-peers.ts";
import { nameFrom } from "./policy-yaml.ts";
import { type Group, type Population, usualAmong } from "./population.ts";
import { kindOf } from "./service-kinds.ts";
import { wordOf } from "./side-word.ts";

// Shared infrastructure is what most segments use, or what uses most of them, over one service; below five it is a neighbour.
const commonShare = 0.5;
const commonLeast = 5;
// Four of five groups, five at least, are everybody, in the estate or in an environment. Below, each is named, because many do well without.
const everybodyShare = 0.8;
// An environment of whose groups less than half do so, of those that are seen doing anything, has no part in the habit of the estate.
const contraryShare = 0.5;

interface Common {
  readonly side: Side;
  readonly service: string;
  readonly isServer: boolean;
  /** The sides that use it, or that it uses, by key; and the segments of them. */
  readonly others: ReadonlyMap<string, Side>;
  readonly segments: ReadonlySet<string>;
}

/** The common rules for shared infrastructure, which dependencies they allow, and the environments in which everybody uses the server of one. */
export function commonsFor(
  dependencies: readonly Dependency[],
  population: Population,
): {
  readonly rules: readonly RuleDraft[];
  readonly isCommon: (one: Triple) => boolean;
  readonly everybodyUses: (one: Triple) => ReadonlySet<string>;
} {
  const commons = commonsOf(dependencies, Math.max(commonLeast, population.segmentCount * commonShare));
  return {
    rules: rulesFor([...commons.values()], population),
    everybodyUses: ({ server, service }) => {
      const common = commons.get(`to ${server.key} ${service}`);
      return common === undefined ? new Set() : everybodyOf(common, population);
    },
    isCommon: ({ client, server, service }) =>
      client.peer.kind === "labels" &&
      server.peer.kind === "labels" &&
      (commons.has(`to ${server.key} ${service}`) || commons.has(`from ${client.key} ${service}`)),
  };
}

/** Servers that most segments use, and clients that use most segments, by service. */
function commonsOf(dependencies: readonly Dependency[], least: number): ReadonlyMap<string, Common> {
  const all = new Map<string, Common & { readonly others: Map<string, Side>; readonly segments: Set<string> }>();
  const count = (key: string, one: Pick<Common, "side" | "service" | "isServer">, other: Side): void => {
    const known = all.get(key) ?? { ...one, others: new Map<string, Side>(), segments: new Set<string>() };
    all.set(key, known);
    known.others.set(other.key, other);
    if (other.segment !== null && one.side.segment !== null && other.segment !== one.side.segment) known.segments.add(other.segment);
  };
  for (const { client, server, service } of dependencies) {
    if (client.peer.kind === "network" || server.peer.kind === "network") continue;
    count(`to ${server.key} ${service}`, { side: server, service, isServer: true }, client);
    count(`from ${client.key} ${service}`, { side: client, service, isServer: false }, server);
  }
  return new Map([...all].filter(([, { segments }]) => segments.size >= least));
}

/** A rule for each side and each set of others; its services share it. */
function rulesFor(commons: readonly Common[], population: Population): readonly RuleDraft[] {
  const bySide = new Map<string, { readonly peers: readonly RulePeer[]; readonly users: string; readonly all: Common[] }>();
  for (const one of commons) {
    const { peers, users } = othersOf(one, population);
    const key = JSON.stringify([one.isServer, one.side.key, peers]);
    const known = bySide.get(key) ?? { peers, users, all: [] };
    bySide.set(key, known);
    known.all.push(one);
  }
  return [...bySide]
    .sort(([a], [b]) => byCodePoint(a, b))
    .map(([, { peers, users, all }]) => {
      const { side, isServer } = all[0]!;
      const services = all.map(({ service }) => service).sort(byCodePoint);
      const kind = kindOf(services);
      const own = mergedPeers([side.peer]);
      return {
        kind: "common",
        segment: null,
        name: nameFrom(`${kind}-${wordOf(side)}`),
        ...(isServer ? { from: peers, to: own } : { from: own, to: peers }),
        services,
        because: `shared infrastructure (${kind}): ${isServer ? "used by" : "uses"} ${users}`,
        crosses: null,
        likely: null,
      };
    });
}

/** Who else: every workload, everybody of some environments, and each by name elsewhere. */
function othersOf(common: Common, population: Population): { readonly peers: readonly RulePeer[]; readonly users: string } {
  const { side, others, segments } = common;
  const alike = population.apartFrom(side);
  const among = alike.filter(({ key }) => others.has(key)).length;
  const users = `${among} of ${alike.length} groups in ${segments.size} segments`;
  const whole = everybodyOf(common, population);
  if (whole.size === 0) return { peers: mergedPeers([...others.values()].map(({ peer }) => peer)), users: `${users}, no others` };
  if (alike.every(({ env }) => whole.has(env))) return { peers: [{ kind: "workloads" }], users };
  const named = [...others.values()].flatMap(({ peer }) => (peer.kind === "labels" && whole.has(peer.labels["env"] ?? "") ? [] : [peer]));
  const everybody = [...whole].map((env): SidePeer => ({ kind: "labels", labels: { env } }));
  return { peers: mergedPeers([...everybody, ...named]), users: `${users}, so everybody in ${[...whole].join(", ")}` };
}

/** The environments in which nearly all groups are among the others; all of them, where nearly all groups of the estate are. */
function everybodyOf({ side, others, isServer }: Common, population: Population): ReadonlySet<string> {
  const alike = population.apartFrom(side);
  const isDoing = ({ key }: Group): boolean => others.has(key);
  const isSeen = (group: Group): boolean => (isServer ? population.isClientBeside(group, side) : population.isServerBeside(group, side));
  const isHabitOf = (groups: readonly Group[]): boolean =>
    usualAmong(groups, { whom: "groups", isDoing, isSeen, share: everybodyShare, least: commonLeast }) !== null;
  const within = grouped(alike, ({ env }) => env);
  // Staff computers do as they do, whatever the habit of everybody else is.
  const isContrary = (groups: readonly Group[]): boolean => {
    const known = groups.filter((group) => isDoing(group) || isSeen(group));
    return known.filter(isDoing).length < known.length * contraryShare;
  };
  const isUsual = isHabitOf(alike) ? (groups: readonly Group[]) => !isContrary(groups) : isHabitOf;
  return new Set([...within].flatMap(([env, groups]) => (isUsual(groups) ? [env] : [])).sort(byCodePoint));
}
