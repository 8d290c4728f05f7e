import { day, type Instant } from "../../base/instant.ts";
import { ipOf, isPublic } from "../../base/ip.ts";
import { covers, type Prefix, prefixText } from "../../base/prefix.ts";
import type { Flow, FlowEnd } from "../../model/flow.ts";
import type { Lease, Workload } from "../../model/workload.ts";
import { broadcastAddresses } from "../../telemetry/noise.ts";
import { isNowhere } from "../nowhere.ts";
import { talked } from "../talked.ts";
import { wilson } from "./interval.ts";
import { type Saturation, saturationOf } from "./saturation.ts";
import type { Watched } from "./watched.ts";

/** One of the eight: a share of something, with what nobody can tell beside it. `numerator` is null where none is given. */
export interface Figure {
  readonly id: "DC1" | "DC2" | "DC3" | "DC4" | "DC5" | "DC6" | "DC7" | "DC8";
  readonly name: string;
  readonly numerator: number | null;
  readonly denominator: number | null;
  /** Of the denominator, what could not be told; never counted as good. */
  readonly unknown: number;
  /** 95 %. */
  readonly low: number | null;
  readonly high: number | null;
  readonly note: string;
}

/** What is counted. */
export interface Counted {
  readonly flows: readonly Flow[];
  /** Those in scope. */
  readonly workloads: readonly (Workload & { readonly attributes: Readonly<Record<string, string>>; readonly owner: string | null })[];
  /** Networks that the inventory names, or null: then the subnets are those of its addresses. */
  readonly networks: readonly Prefix[] | null;
  readonly watched: Watched;
  readonly until: Instant;
  /** The applications that an owner confirmed: whether the map still says what was confirmed. */
  readonly confirmed: ReadonlyMap<string, boolean>;
}

// Whoever was not seen for a week may be gone.
const freshFor = 7 * day;
// Chapman's estimate is biased below seven found by both (Robson and Regier 1964).
const overlapLeast = 7;
const mandatory = ["app", "env", "role", "zone", "owner", "criticality", "dataClass"] as const;

/** Active assets, and when each of the ends was last seen. */
interface Sighted {
  readonly active: readonly Counted["workloads"][number][];
  readonly lastSeen: ReadonlyMap<string, Instant>;
  /** Inside addresses that answered or spoke and are nobody's; and those that several claim. */
  readonly strangers: number;
  readonly contested: number;
}

/** The eight figures of how much was discovered. */
export function figuresOf(counted: Counted): { readonly figures: readonly Figure[]; readonly saturation: Saturation } {
  const sighted = sightedIn(counted);
  const saturation = saturationOf(counted.watched);
  const figures = [
    resolution(sighted),
    observation(sighted),
    reach(sighted, counted),
    recapture(sighted),
    share({
      id: "DC5",
      name: "dependencies expected to be known already",
      part: saturation.seen - saturation.once,
      whole: saturation.seen,
      note: saturation.note,
    }),
    labelled(sighted),
    confirmation(counted),
    freshness(sighted, counted.until),
  ];
  return { figures, saturation };
}

function sightedIn({ flows, workloads, until }: Counted): Sighted {
  const at = until - 1;
  const active = workloads.filter(({ leases }) => leases.some((lease) => isHeldAt(lease, at)));
  const broadcast = broadcastAddresses(flows);
  const lastSeen = new Map<string, Instant>();
  const [strangers, contested] = [new Set<string>(), new Set<string>()];
  const note = (end: FlowEnd, last: Instant | null): void => {
    if (end.kind === "held") lastSeen.set(end.holder, Math.max(lastSeen.get(end.holder) ?? -Infinity, last ?? -Infinity));
    else if (end.kind === "contested") contested.add(end.address);
    else if (!broadcast.has(end.address) && isInside(end.address)) strangers.add(end.address);
  };
  for (const { client, server, connections, unanswered, first, last } of flows) {
    note(client, last ?? first);
    // An attempt says nothing about who was meant.
    if (talked({ connections, unanswered }, "server")) note(server, last ?? first);
  }
  return { active, lastSeen, strangers: strangers.size, contested: contested.size };
}

const isHeldAt = ({ from, until }: Lease, at: Instant): boolean => (from === null || from <= at) && (until === null || at < until);

function isInside(address: string): boolean {
  const ip = ipOf(address);
  return ip !== undefined && !isPublic(ip) && !isNowhere(address);
}

interface Share {
  readonly id: Figure["id"];
  readonly name: string;
  readonly part: number;
  readonly whole: number;
  readonly unknown?: number;
  readonly note?: string;
}

function share({ id, name, part, whole, unknown = 0, note = "" }: Share): Figure {
  const interval = wilson(part, whole);
  return { id, name, numerator: part, denominator: whole, unknown, low: interval?.low ?? null, high: interval?.high ?? null, note };
}

function resolution({ lastSeen, strangers, contested }: Sighted): Figure {
  const note =
    strangers + contested === 0 ? "" : `${strangers} addresses are in no inventory, ${contested} are claimed by several; \`bulkhead map\` names them`;
  return share({
    id: "DC1",
    name: "inside endpoints that the inventory resolves",
    part: lastSeen.size,
    whole: lastSeen.size + strangers + contested,
    unknown: contested,
    note,
  });
}

function observation({ active, lastSeen }: Sighted): Figure {
  const silent = active.filter(({ id }) => !lastSeen.has(id)).length;
  const note = silent === 0 ? "" : `${silent} were never seen: dark subnet, machine that is gone, or silence`;
  return share({ id: "DC2", name: "active assets seen in telemetry", part: active.length - silent, whole: active.length, unknown: silent, note });
}

function reach({ active, lastSeen }: Sighted, { networks, until }: Counted): Figure {
  const at = until - 1;
  const seen = new Map<string, boolean>((networks ?? []).map((network) => [prefixText(network), false]));
  for (const { id, leases } of active) {
    const isFresh = (lastSeen.get(id) ?? -Infinity) >= until - freshFor;
    for (const { ip } of leases.filter((lease) => isHeldAt(lease, at))) {
      const subnet = networks === null ? subnetOf(ip) : networks.find((network) => covers(network, ip));
      if (subnet === undefined) continue;
      const key = prefixText(subnet);
      seen.set(key, (seen.get(key) ?? false) || isFresh);
    }
  }
  const reached = [...seen.values()].filter((is) => is).length;
  const how = networks === null ? "subnets are the /24 and /64 of the inventory's addresses" : "networks that the inventory names";
  return share({ id: "DC3", name: "subnets of which a source spoke in the last 7 days", part: reached, whole: seen.size, note: how });
}

function subnetOf({ family, value, realm }: Lease["ip"]): Prefix {
  const [length, bits] = family === 4 ? [24, 32] : [64, 128];
  const shift = BigInt(bits - length);
  return { family, value: (value >> shift) << shift, realm, length };
}

/** Chapman's estimate of how many there are, from the inventory and the traffic: two sources that learn of machines in different ways. */
function recapture({ active, lastSeen, strangers }: Sighted): Figure {
  const both = active.filter(({ id }) => lastSeen.has(id)).length;
  const [stated, seen] = [active.length, both + strangers];
  const union = stated + strangers;
  const there = ((stated + 1) * (seen + 1)) / (both + 1) - 1;
  const none = {
    id: "DC4",
    name: "machines that inventory or traffic knows, of all there are",
    numerator: null,
    denominator: null,
    unknown: 0,
    low: null,
    high: null,
  } as const;
  if (both < overlapLeast) return { ...none, note: `inventory and traffic share ${both} machines; below ${overlapLeast} no estimate is sound` };
  if (there < union) return { ...none, note: "the estimate lies below what is known: the two sources do not see the same population" };
  const variance = ((stated + 1) * (seen + 1) * (stated - both) * (seen - both)) / ((both + 1) ** 2 * (both + 2));
  const half = 1.959963984540054 * Math.sqrt(variance);
  return {
    ...none,
    numerator: union,
    denominator: Math.round(there),
    unknown: Math.max(0, Math.round(there) - union),
    low: union / (there + half),
    high: Math.min(1, union / Math.max(union, there - half)),
    note: "too high where a machine that nobody wrote down is also in a dark subnet",
  };
}

function labelled({ active }: Sighted): Figure {
  const missing = new Map<string, number>();
  let whole = 0;
  for (const workload of active) {
    const lacking = mandatory.filter((key) => !isStated(workload, key));
    if (lacking.length === 0) whole += 1;
    for (const key of lacking) missing.set(key, (missing.get(key) ?? 0) + 1);
  }
  const note = [...missing]
    .sort(([, a], [, b]) => b - a)
    .map(([key, count]) => `${key} on ${count}`)
    .join(", ");
  return share({ id: "DC6", name: `assets with ${mandatory.join(", ")}`, part: whole, whole: active.length, note: note === "" ? "" : `missing: ${note}` });
}

function isStated({ labels, attributes, owner }: Counted["workloads"][number], key: (typeof mandatory)[number]): boolean {
  const names = key === "dataClass" ? ["dataClass", "data-class"] : [key];
  return (key === "owner" && (owner ?? "") !== "") || names.some((name) => (labels[name] ?? attributes[name] ?? "") !== "");
}

function confirmation({ workloads, confirmed }: Counted): Figure {
  const apps = [...new Set(workloads.flatMap(({ labels }) => labels["app"] ?? []))];
  const [part, changed] = [apps.filter((app) => confirmed.get(app) === true).length, apps.filter((app) => confirmed.get(app) === false).length];
  const note = changed === 0 ? "" : `${changed} changed since; \`bulkhead inventory confirmations\` says how`;
  return share({ id: "DC7", name: "applications whose map its owner confirmed", part, whole: apps.length, unknown: changed, note });
}

function freshness({ active, lastSeen }: Sighted, until: Instant): Figure {
  const fresh = active.filter(({ id }) => (lastSeen.get(id) ?? -Infinity) >= until - freshFor).length;
  return share({ id: "DC8", name: "assets seen in the last 7 days", part: fresh, whole: active.length });
}
