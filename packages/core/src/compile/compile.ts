import { assert } from "../base/assert.ts";
import type { Diagnostic } from "../base/diagnostic.ts";
import type { Instant } from "../base/instant.ts";
import { type Ip, ipKey, ipText, isPublic } from "../base/ip.ts";
import { byCodePoint } from "../base/order.ts";
import { addressIn, bareSpace } from "../decide/bare-space.ts";
import { classesOf } from "../decide/end-class.ts";
import { holdersOf, type KnownEnd } from "../decide/ends.ts";
import { serviceSpace } from "../decide/service-space.ts";
import type { World } from "../decide/world.ts";
import type { Rule } from "../model/policy-set.ts";
import type { Workload } from "../model/workload.ts";
import { blindRules } from "./blind-rules.ts";
import { bareReadings, workloadReader, workloadReadings } from "../decide/readings.ts";
import type { PeerTable, Ruleset, Stretch } from "./ruleset.ts";
import { type Direction, stretchesOf } from "./stretches.ts";

export interface Compiled {
  readonly ruleset: Ruleset;
  /** What the point cannot see, at the line that asks for it. */
  readonly diagnostics: readonly Diagnostic[];
  /** When the rule set has to be made again: a rule begins or ends, a lease changes; null if nothing is foreseen. */
  readonly nextChange: Instant | null;
}

/** The rule set of the host point at a workload, at an instant. Whoever calls has looked that the inventory knows the workload. */
export function compileFor(world: World, id: string, at: Instant): Compiled {
  const workload = world.workloads.get(id);
  assert(workload !== undefined, "a rule set is compiled for a workload of the inventory");
  const rules = everyRule(world);
  const space = serviceSpace(rules);
  const realm = workload.leases.find(({ ip }) => ip.realm !== "")?.ip.realm ?? "";
  const own = workloadReadings(world, workload, at);
  const forbids = new Set(world.set.forbids);
  const classes = classesOf(world, rules, (rule) => forbids.has(rule));
  const peers = peersOf(world, workload, { realm, at });
  const ends = [...new Set(rules.map(({ end }) => end).filter((end) => end !== null && end > at))].sort((a, b) => a! - b!) as Instant[];
  const table = (direction: Direction): PeerTable =>
    tableOf(peers, {
      keyOf: (readings) => [...new Set(readings.map((end) => classes.classOf(end)))].sort((a, b) => a - b).join(","),
      stretches: (readings) => stretchesOf(world, { own, peer: readings, direction, space, at, ends }),
    });
  return {
    ruleset: { version: 1, point: workload.id, inbound: table("inbound"), outbound: table("outbound") },
    diagnostics: blindRules(world, workload, own),
    nextChange: nextChangeOf(world, rules, at),
  };
}

function everyRule({ set }: World): readonly Rule[] {
  return [...set.forbids, ...set.conduits, ...set.exceptions, ...set.commons, ...set.policies.flatMap(({ allow, exceptions }) => [...allow, ...exceptions])];
}

function nextChangeOf({ inventory }: World, rules: readonly Rule[], at: Instant): Instant | null {
  let next: Instant | null = null;
  const see = (instant: Instant | null): void => {
    if (instant !== null && instant > at && (next === null || instant < next)) next = instant;
  };
  for (const { start, end } of rules) [start, end].forEach(see);
  for (const { leases } of inventory.workloads) for (const { from, until } of leases) [from, until].forEach(see);
  return next;
}

interface Peers {
  readonly hosts: readonly { readonly address: string; readonly readings: readonly KnownEnd[] }[];
  readonly ranges: readonly { readonly first: string; readonly last: string; readonly readings: readonly KnownEnd[] }[];
}

function peersOf(world: World, own: Workload, { realm, at }: { readonly realm: string; readonly at: Instant }): Peers {
  const addresses = new Map<string, Ip>();
  for (const { leases } of world.inventory.workloads) {
    for (const { ip, from, until } of leases) {
      const isHeld = (from === null || from <= at) && (until === null || at < until);
      if (isHeld && (ip.realm === realm || isPublic(ip))) addresses.set(ipKey(ip), ip);
    }
  }
  const bare = bareSpace(world.set.networks, realm).map(({ family, first, last }) => ({
    first: ipText({ family, value: first, realm: "" }),
    last: ipText({ family, value: last, realm: "" }),
    readings: bareReadings(world, addressIn({ family, value: first }, realm)),
  }));
  const readingsOf = workloadReader(world, at);
  // The host itself is no peer: what it says to itself never leaves it. If others hold its address, too, they are.
  const hosts = [...addresses.values()].map((ip) => {
    const [first, ...others] = holdersOf(world, ip, at).filter((holder) => holder !== own);
    const readings = first === undefined ? [] : others.length === 0 ? readingsOf(first) : [first, ...others].flatMap(readingsOf);
    return { address: ipText({ ...ip, realm: "" }), readings };
  });
  return { hosts: hosts.filter(({ readings }) => readings.length > 0).sort((a, b) => byCodePoint(a.address, b.address)), ranges: bare };
}

interface Judging {
  readonly keyOf: (readings: readonly KnownEnd[]) => string;
  readonly stretches: (readings: readonly KnownEnd[]) => readonly Stretch[];
}

function tableOf({ hosts, ranges }: Peers, { keyOf, stretches }: Judging): PeerTable {
  // By what the peers are, then by what may pass: many kinds of peers end in few classes.
  const made = new Map<string | readonly KnownEnd[], string>();
  const textOf = (readings: readonly KnownEnd[]): string => {
    const seen = made.get(readings);
    if (seen !== undefined) return seen;
    const key = keyOf(readings);
    const text = made.get(key) ?? JSON.stringify(stretches(readings));
    made.set(key, text).set(readings, text);
    return text;
  };
  const hostTexts = hosts.map(({ address, readings }) => ({ address, text: textOf(readings) }));
  const rangeTexts = joined(ranges.map(({ first, last, readings }) => ({ first, last, text: textOf(readings) })));
  const otherwise = commonest(rangeTexts.map(({ text }) => text));
  const texts = [...new Set([...hostTexts, ...rangeTexts].map(({ text }) => text))].sort(byCodePoint);
  const numbers = new Map(texts.map((text, number) => [text, number]));
  const classOf = (text: string): number => numbers.get(text)!;
  return {
    classes: texts.map((text) => JSON.parse(text) as readonly Stretch[]),
    hosts: hostTexts.map(({ address, text }) => ({ address, class: classOf(text) })),
    ranges: rangeTexts.filter(({ text }) => text !== otherwise).map(({ first, last, text }) => ({ first, last, class: classOf(text) })),
    otherwise: classOf(otherwise),
  };
}

interface TextRange {
  readonly first: string;
  readonly last: string;
  readonly text: string;
}

/** Neighbours of one class become one range; a family ends where the next begins. */
function joined(ranges: readonly TextRange[]): readonly TextRange[] {
  const joint: TextRange[] = [];
  for (const range of ranges) {
    const before = joint.at(-1);
    const isNeighbour = before !== undefined && before.text === range.text && before.last.includes(":") === range.first.includes(":");
    if (isNeighbour) joint[joint.length - 1] = { ...before, last: range.last };
    else joint.push(range);
  }
  return joint;
}

function commonest(texts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].sort(([a, countA], [b, countB]) => countB - countA || byCodePoint(a, b))[0]?.[0] ?? "[]";
}
