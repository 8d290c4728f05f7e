import fc from "fast-check";
import { day, instantText } from "../../base/instant.ts";
import { readService } from "../../language/service.ts";
import type { Demand, Peer, Rule, Selector } from "../../model/policy-set.ts";
import type { Service } from "../../model/service.ts";
import type { Tier } from "../../model/workload.ts";
import { borders, identityPatterns, labelNames, labelValues, networkNames, somewhere, zoneNames } from "./small-pools.ts";

/** What a rule is for: what must be written in it, and what must not. */
export type RuleKind = "conduit" | "forbid" | "common" | "exception" | "allow";

/** A rule of a kind; its name, and that what it names exists, is for the set to see to. */
export function arbitraryRule(kind: RuleKind): fc.Arbitrary<Rule> {
  const peers = kind === "conduit" ? zonePeers : anyPeers;
  return fc
    .record({
      from: peers,
      to: peers,
      over: kind === "forbid" ? fc.oneof({ weight: 2, arbitrary: someServices }, { weight: 1, arbitrary: fc.constant<readonly string[]>([]) }) : someServices,
      where: kind === "forbid" ? demandsOfForbid : demands,
      stretch: kind === "exception" ? bounded : stretches,
    })
    .map(({ from, to, over, where, stretch }) => ({
      name: `${kind}/unnamed`,
      from,
      to,
      over,
      services: over.length === 0 ? servicesOf("any") : over.flatMap(servicesOf),
      where,
      ...stretch,
      register: registerOf(kind),
      at: somewhere,
    }));
}

/** A selector of one or two keys. */
export const arbitrarySelector: fc.Arbitrary<Selector> = fc
  .uniqueArray(fc.constantFrom(...labelNames), { minLength: 1, maxLength: 2 })
  .chain((keys) => fc.tuple(...keys.toSorted().map(arbitraryTerm)))
  .map((terms) => ({ terms }));

function arbitraryTerm(key: keyof typeof labelValues) {
  return fc.subarray<string>([...labelValues[key]], { minLength: 1, maxLength: 2 }).map((values) => ({ key, values }));
}

const zonePeer: fc.Arbitrary<Peer> = fc
  .uniqueArray(fc.constantFrom(...zoneNames, "outside", "unplaced"), { minLength: 1, maxLength: 2 })
  .map((names) => ({ kind: "zone", names }));

const labelPeer: fc.Arbitrary<Peer> = arbitrarySelector.map((selector) => ({ kind: "labels", selector }));

const widePeer: fc.Arbitrary<Peer> = fc.constantFrom<Peer>({ kind: "anyone" }, { kind: "workloads" });

const networkPeer: fc.Arbitrary<Peer> = fc
  .uniqueArray(fc.constantFrom(...networkNames, "internet"), { minLength: 1, maxLength: 2 })
  .map((names) => ({ kind: "network", names }));

const identityPeer: fc.Arbitrary<Peer> = fc.subarray([...identityPatterns], { minLength: 1, maxLength: 2 }).map((patterns) => ({ kind: "identity", patterns }));

const anyPeers = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: widePeer },
    { weight: 5, arbitrary: labelPeer },
    { weight: 2, arbitrary: networkPeer },
    { weight: 1, arbitrary: zonePeer },
    { weight: 1, arbitrary: identityPeer },
  ),
  { minLength: 1, maxLength: 2 },
);

const zonePeers = zonePeer.map((peer) => [peer]);

const serviceTexts = ["any", "tcp/443", "tcp/any", "tcp/400-443", "udp/53", "icmp/echo", "icmp/any", "icmp6/134", "ip/47", "ip/6"];
const someServices: fc.Arbitrary<readonly string[]> = fc.oneof(
  { weight: 2, arbitrary: fc.constant(["any"]) },
  { weight: 2, arbitrary: fc.uniqueArray(fc.constantFrom(...serviceTexts), { minLength: 1, maxLength: 2 }) },
);

function servicesOf(text: string): readonly Service[] {
  const reading = readService(text);
  if (reading.kind !== "services") throw new Error(`${text} is no service`);
  return reading.services;
}

/** A demand of a fact; of the tier only rules that open may demand anything. */
export const arbitraryFactDemand: fc.Arbitrary<Demand> = fc.oneof(
  fc.boolean().map((value): Demand => ({ kind: "encrypted", value })),
  fc.subarray(["modbus/3", "modbus/4"], { minLength: 1 }).map((values): Demand => ({ kind: "fact", fact: "function", values })),
  fc.constantFrom<Demand>(
    { kind: "fact", fact: "name", values: ["Shop.example."] },
    { kind: "fact", fact: "process", values: ["sshd"] },
    { kind: "fact", fact: "user", values: ["ann", "bob"] },
  ),
);
const tierDemand: fc.Arbitrary<Demand> = fc.constantFrom<Tier>(1, 2, 3, 0).map((least) => ({ kind: "tier", least }));

const subjectOf = (demand: Demand): string => (demand.kind === "fact" ? demand.fact : demand.kind);
const demandsOf = (one: fc.Arbitrary<Demand>): fc.Arbitrary<readonly Demand[]> =>
  fc.oneof(
    { weight: 5, arbitrary: fc.constant<readonly Demand[]>([]) },
    { weight: 1, arbitrary: fc.uniqueArray(one, { minLength: 1, maxLength: 2, selector: subjectOf }) },
  );

const demands = demandsOf(fc.oneof(arbitraryFactDemand, tierDemand));
// A forbid that demands a tier would be escaped by stripping the identity.
const demandsOfForbid = demandsOf(arbitraryFactDemand);

type Stretch = Pick<Rule, "start" | "end" | "written">;

const days = fc.uniqueArray(fc.constantFrom(...borders), { minLength: 2, maxLength: 2 }).map((pair) => pair.toSorted((a, b) => a - b));
/** Written as bare dates or as instants, with both ends. */
const bounded: fc.Arbitrary<Stretch> = fc
  .tuple(days, fc.boolean())
  .map(([[start = 0, end = 0], isBare]) => ({ start, end, written: writtenOf(start, end, isBare) }));

const stretches: fc.Arbitrary<Stretch> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Stretch>({ start: null, end: null, written: { from: null, until: null } }) },
  { weight: 1, arbitrary: bounded },
  { weight: 1, arbitrary: bounded.map(({ end, written }): Stretch => ({ start: null, end, written: { from: null, until: written.until } })) },
  { weight: 1, arbitrary: bounded.map(({ start, written }): Stretch => ({ start, end: null, written: { from: written.from, until: null } })) },
);

function writtenOf(start: number, end: number, isBare: boolean): Stretch["written"] {
  if (!isBare) return { from: instantText(start), until: instantText(end) };
  return { from: instantText(start).slice(0, 10), until: instantText(end - day).slice(0, 10) };
}

function registerOf(kind: RuleKind): Rule["register"] {
  const because = { because: "a random world" };
  switch (kind) {
    case "forbid":
    case "allow":
      return because;
    case "conduit":
      return { ...because, owner: "architects" };
    case "common":
      return { ...because, owner: "architects", review: "2027-05-01" };
    case "exception":
      return { ...because, owner: "architects", "approved-by": "ann", ticket: "T-1" };
  }
}
