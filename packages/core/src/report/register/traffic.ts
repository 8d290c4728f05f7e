import { number } from "../../base/number.ts";
import { missing, type Section, type Table, type Words, words } from "../document.ts";
import { timeText } from "../time-text.ts";
import type { ZonedStatement } from "../../posture/recorded.ts";
import { byCodePoint } from "../../base/order.ts";
import { largest } from "../../telemetry/account.ts";
import { type Facts, listed, placeText, useOf } from "./facts.ts";

const nothing = missing("Recorded traffic", "No conversation was ingested for this time.", "Next: `bulkhead ingest PATH…`.");
const zoneText = (zone: string | null): string => zone ?? "not known";

/** Section 6: what must never be possible, asked of the policy and of what was recorded. */
export function invariantsSection(facts: Facts): Section {
  const { invariants, ownerOf } = facts;
  return {
    number: 6,
    id: "invariants",
    title: "Invariants",
    blocks: [
      words(
        "A forbid is an invariant. Asked is every kind of client, server, service and fact that it speaks of: it holds if none of these questions is allowed. That no conversation ran into it is told apart, for a policy that observes lets it through.",
      ),
      {
        kind: "table",
        id: "invariants",
        title: "Invariants, and whether they hold",
        columns: ["invariant", "why", "owner", "proof", "questions", "asked", "allowed", "recorded against it", "rules that reach into it", "written in"],
        rows: invariants.each.map(({ forbid, state, questions, asked, allowed, against }) => [
          forbid.name,
          String(forbid.register["because"] ?? ""),
          ownerOf(forbid),
          proofs[state],
          questions,
          asked,
          allowed,
          useOf(facts, forbid)?.connections ?? null,
          against.length === 0 ? null : listed(against),
          placeText(forbid),
        ]),
        empty: "The policy forbids nothing: write what must never be possible as `forbid`.",
      },
    ],
  };
}

const proofs = { holds: "holds", broken: "broken", nobody: "nobody is known whom it speaks of", "not-in-force": "not in force" } as const;

/** Section 7: what only points can prove. */
export const enforcementSection: Section = {
  number: 7,
  id: "enforcement",
  title: "Proof of enforcement",
  blocks: [
    missing(
      "Intended against applied rules, time of reading back, counters of the denying rules, negative tests",
      "This report is made from the text of a policy and from flow records; no point was asked.",
      "Next: `bulkhead agent run` on the hosts; until then the policy says what should be, not what is.",
    ),
  ],
};

/** Section 8: recorded flows that the policy would deny. */
export function violationsSection({ recorded, flows }: Facts): Section {
  const { denied, unknown } = recorded;
  return {
    number: 8,
    id: "violations",
    title: "Recorded, and denied by the policy",
    blocks:
      flows.length === 0
        ? [nothing]
        : [
            statementTable({
              id: "violations",
              title: "Recorded flows that the policy would deny",
              statements: denied,
              empty: unknown.length === 0 ? "None: the policy denies nothing that was recorded." : "None of which that is certain.",
            }),
            statementTable({ id: "untold", title: "Recorded flows of which nobody can tell", statements: unknown, empty: "None." }),
          ],
  };
}

function statementTable({ statements, ...rest }: Pick<Table, "id" | "title" | "empty"> & { readonly statements: readonly ZonedStatement[] }): Table {
  return {
    kind: "table",
    ...rest,
    columns: ["from zone", "to zone", "client", "server", "service", "layer", "by", "connections", "never answered", "first seen", "last seen", "records"],
    rows: statements.map((one) => [
      zoneText(one.fromZone),
      zoneText(one.toZone),
      one.from,
      one.to,
      one.service,
      one.layer,
      one.by.length === 0 ? null : listed(one.by),
      one.connections,
      one.unanswered,
      timeText(one.first),
      timeText(one.last),
      one.records,
    ]),
  };
}

/** One service that was seen to cross from zone to zone, and that no conduit names. */
interface Unregistered {
  readonly one: ZonedStatement;
  connections: number;
  last: number | null;
  readonly groups: Set<string>;
}

// It stands for many receivers, and for no machine that a conduit could allow.
const isBroadcast = ({ to }: ZonedStatement): boolean => to === "broadcast";

/** What was seen to cross zones and is in no register, by zones and service; what went to broadcast and multicast addresses is set apart. */
export function unregisteredIn({ recorded }: Facts): readonly Unregistered[] {
  const pairs = new Map<string, Unregistered>();
  for (const one of recorded.denied.filter((denied) => denied.lacksConduit && !isBroadcast(denied))) {
    const key = JSON.stringify([zoneText(one.fromZone), zoneText(one.toZone), one.service]);
    const known = pairs.get(key) ?? { one, connections: 0, groups: new Set<string>(), last: null };
    pairs.set(key, known);
    known.connections += one.connections;
    known.groups.add(`${one.from} → ${one.to}`);
    known.last = largest(known.last, one.last);
  }
  return [...pairs].sort(([a], [b]) => byCodePoint(a, b)).map(([, pair]) => pair);
}

/** Section 9: what was seen to cross zones, and no conduit names. */
export function unregisteredSection(facts: Facts): Section {
  const certain = facts.recorded.unknown.length === 0 ? "Whatever was seen to cross zones is in the register." : "None of which that is certain.";
  const empty = facts.world.hasBoundaries ? certain : "Without zones nothing crosses one.";
  const table: Table = {
    kind: "table",
    id: "unregistered",
    title: "Services that were seen to cross zones without a conduit",
    columns: ["from zone", "to zone", "service", "dependencies", "connections", "last seen", "among them"],
    rows: unregisteredIn(facts).map(({ one, connections, groups, last }) => [
      zoneText(one.fromZone),
      zoneText(one.toZone),
      one.service,
      groups.size,
      connections,
      timeText(last),
      [...groups][0]!,
    ]),
    empty,
  };
  return {
    number: 9,
    id: "unregistered",
    title: "Crossed zones, and in no register",
    blocks:
      facts.flows.length === 0
        ? [nothing]
        : [words("Added up by zones and service: each needs a conduit and somebody who answers for it, or it has to stop."), ...broadcastWords(facts), table],
  };
}

function broadcastWords({ recorded }: Facts): readonly Words[] {
  const apart = recorded.denied.filter(isBroadcast).reduce((sum, { connections }) => sum + connections, 0);
  if (apart === 0) return [];
  const [many, are] = apart === 1 ? ["connection", "is"] : ["connections", "are"];
  return [
    words(
      `${number(apart)} ${many} to broadcast and multicast addresses ${are} set apart: no machine is named that a conduit could allow. Section 8 lists them.`,
    ),
  ];
}
