import { ipOf } from "../base/ip.ts";
import { byCodePoint } from "../base/order.ts";
import { bareEnd } from "../decide/ends.ts";
import { claiming, worldOf } from "../decide/world.ts";
import { endText, type FlowEnd } from "../model/flow.ts";
import type { PolicySet } from "../model/policy-set.ts";
import type { ProposalWorkload, Side } from "./dependency.ts";
import { namer } from "./policy-yaml.ts";

export interface Segment {
  readonly app: string;
  readonly env: string;
  readonly owner: string;
}

/** Who ends are to a policy, and which zones and segments there will be. */
export interface Sides {
  /** The zones to propose: environment and name; none where the policy that is there has its own, or only a part is asked about: new ones would deny what crosses them anywhere. */
  readonly zones: ReadonlyMap<string, string>;
  /** Whether there are zones that something could cross. */
  readonly isBounded: boolean;
  readonly segments: ReadonlyMap<string, Segment>;
  /** The zones that guard whoever has no segment in them: only the architects' common rules let in there. */
  readonly closed: ReadonlySet<string>;
  /** How many no zone will claim, where what no zone claims is to be closed; null where nothing is to be said of it. */
  readonly closing: number | null;
  /** Null where no rule could name it. */
  of(end: FlowEnd): Side | null;
  /** Whoever no zone claims, named by that alone; null where nobody closes what no zone claims. */
  readonly unplacedSide: Side | null;
  /** That side for a workload that no zone claims and no policy guards; null for all others. */
  unplaced(end: FlowEnd): Side | null;
}

interface SidesOptions {
  /** The labels by which rules name workloads. */
  readonly keys?: readonly string[];
  /** Whether everything is proposed, zones too; else what is there stays as it is. */
  readonly isWhole?: boolean;
}

type Labels = Readonly<Record<string, string>>;

/** What nobody's zone claims, as a rule names it. */
const unplacedSide: Side = { key: JSON.stringify(["zone", "unplaced"]), peer: { kind: "zone", zone: "unplaced" }, zone: "unplaced", segment: null };

/** Whether nothing but its zone could guard it: an application in an environment has a policy, this or one that is there. */
export const hasNoPolicy = ({ peer, segment }: Pick<Side, "peer" | "segment">): boolean =>
  segment === null && peer.kind !== "network" && (peer.kind === "zone" || peer.labels["app"] === undefined || peer.labels["env"] === undefined);

/** Whether no zone claims it and no policy guards it. */
export const isUnplaced = (side: Side): boolean => side.zone === "unplaced" && hasNoPolicy(side);

const zonesMost = 8;
const reserved = ["outside", "unplaced", "internet", "anyone", "workloads", "any"];
const policyReserved = [...reserved, "conduit", "common", "forbid", "exception", "quarantine", "zones", "conduits", "networks"];

/** The sides of everything that was seen, by these labels: applications and roles of the inventory, networks of the policy that is there, the internet. */
export function sidesOf(
  workloads: readonly ProposalWorkload[],
  present: PolicySet,
  { keys = ["app", "env", "role"], isWhole = true }: SidesOptions = {},
): Sides {
  const byId = new Map(workloads.map((workload) => [workload.id, workload]));
  const hasZones = present.zones.some(({ name }) => name !== "unplaced");
  const zones = hasZones ? new Map<string, string>() : zonesOf(workloads, present);
  const claimsOn = claiming(present);
  const segments = new Map<string, Segment>();
  const segmentNamed = segmentNames(workloads, segments, present);
  const bare = worldOf(present, { workloads: [], points: [], quarantined: [] });
  const held = new Map<string, Side | null>();
  const zoneOf = (labels: Labels): string => {
    if (hasZones) return claimsOn({ labels }).zone;
    const env = labelOf(labels, "env");
    return (env === null ? undefined : zones.get(env)) ?? "unplaced";
  };
  const heldSide = (id: string): Side | null => {
    const stated = byId.get(id)?.labels ?? {};
    const labels: Record<string, string> = {};
    for (const key of keys) {
      const value = labelOf(stated, key);
      if (value !== null) labels[key] = value;
    }
    if (Object.keys(labels).length === 0) return null;
    const { app, env } = labels;
    const zone = zoneOf(stated);
    const segment = app === undefined || env === undefined ? null : segmentNamed(app, env);
    return { key: JSON.stringify([labels, zone]), peer: { kind: "labels", labels }, zone, segment };
  };
  const closed = new Set(present.zones.filter(({ inside }) => inside === "closed").map(({ name }) => name));
  const mayClose = isWhole && zones.size > 0 && present.zones.length === 0;
  const unplaced = mayClose ? workloads.filter(({ labels }) => zoneOf(labels) === "unplaced").length : 0;
  if (unplaced > 0) closed.add("unplaced");
  const of = (end: FlowEnd): Side | null => {
    if (end.kind === "contested") return null;
    const key = `${end.kind} ${endText(end)}`;
    const known = held.get(key);
    if (known !== undefined) return known;
    const side = end.kind === "held" ? heldSide(end.holder) : bareSide(end.address, bare);
    held.set(key, side);
    return side;
  };
  const nobodys = isWhole && closed.has("unplaced") ? unplacedSide : null;
  return {
    zones: isWhole ? zones : new Map<string, string>(),
    isBounded: isWhole || zones.size === 0,
    segments,
    closed,
    closing: unplaced > 0 ? unplaced : null,
    unplacedSide: nobodys,
    unplaced(end) {
      if (end.kind !== "held") return null;
      const side = of(end);
      return (side === null ? zoneOf(byId.get(end.holder)?.labels ?? {}) === "unplaced" : isUnplaced(side)) ? nobodys : null;
    },
    of,
  };
}

/** A bare address by the first network that holds it; what only the internet holds is the internet. */
function bareSide(address: string, world: ReturnType<typeof worldOf>): Side | null {
  const ip = ipOf(address);
  const end = ip === undefined ? undefined : bareEnd(world, ip);
  if (end?.kind !== "known") return null;
  const [network = null] = [...end.networks].filter((name) => name !== "internet").sort(byCodePoint);
  const name = network ?? (end.networks.has("internet") ? "internet" : null);
  return name === null ? null : { key: JSON.stringify([name, end.zone]), peer: { kind: "network", network: name }, zone: end.zone, segment: null };
}

/** Names a segment for each application in each environment, those with a policy already left out. */
function segmentNames(workloads: readonly ProposalWorkload[], segments: Map<string, Segment>, present: PolicySet): (app: string, env: string) => string | null {
  const name = namer([...policyReserved, ...present.policies.map((policy) => policy.name)]);
  const guarded = new Set<string>();
  const claimsOn = claiming(present);
  const keyOf = (app: string, env: string): string => `${app}\u0000${env}`;
  for (const { labels } of workloads) {
    const [app, env] = [labelOf(labels, "app"), labelOf(labels, "env")];
    if (app !== null && env !== null && claimsOn({ labels }).policy !== null) guarded.add(keyOf(app, env));
  }
  const sorted = [...workloads].sort((a, b) => byCodePoint(a.id, b.id));
  for (const { labels, owner } of sorted) {
    const [app, env] = [labelOf(labels, "app"), labelOf(labels, "env")];
    if (app === null || env === null || guarded.has(keyOf(app, env))) continue;
    const segment = name(keyOf(app, env));
    segments.set(segment, { app, env, owner: segments.get(segment)?.owner ?? owner ?? "nobody-yet" });
  }
  return (app, env) => (guarded.has(keyOf(app, env)) ? null : name(keyOf(app, env)));
}

/** A label that has a value. */
export const labelOf = (labels: Labels, key: string): string | null => (Object.hasOwn(labels, key) && labels[key] !== "" ? (labels[key] ?? null) : null);

/** A zone for each environment, the eight with most workloads; what is left is `unplaced`. */
function zonesOf(workloads: readonly ProposalWorkload[], present: PolicySet): ReadonlyMap<string, string> {
  const counts = new Map<string, number>();
  for (const { labels } of workloads) {
    const env = labelOf(labels, "env");
    if (env !== null) counts.set(env, (counts.get(env) ?? 0) + 1);
  }
  const name = namer([...reserved, ...present.zones.map((zone) => zone.name)]);
  const most = [...counts].sort(([a, x], [b, y]) => y - x || byCodePoint(a, b)).slice(0, zonesMost);
  return new Map(most.map(([env]) => [env, name(env)]));
}
