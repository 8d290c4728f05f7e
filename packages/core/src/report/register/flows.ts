import { day, instantText } from "../../base/instant.ts";
import { peerText } from "../../decide/policy-words.ts";
import type { Demand, Rule } from "../../model/policy-set.ts";
import type { PermittedFlow } from "../../posture/permitted-flows.ts";
import { widthsOf, written } from "../../posture/upkeep.ts";
import { type Cell, missing, type Section, type Table, words } from "../document.ts";
import { timeText } from "../time-text.ts";
import { type Facts, flowUse, placeText } from "./facts.ts";

/** How a permitted flow is called in every table. */
export const flowText = ({ fromZone, toZone, service }: PermittedFlow): string => `${fromZone} → ${toZone}, ${service.text}`;

/** The rules that permit a flow. */
export const rulesOf = ({ conduit, rule }: PermittedFlow): readonly Rule[] => (rule === null ? [conduit] : [conduit, rule]);
const namesOf = (flow: PermittedFlow): string =>
  rulesOf(flow)
    .map(({ name }) => name)
    .join(" + ");

/** Section 5: table R, a card for each flow that may cross zones. */
export function registerSection(facts: Facts): Section {
  const { permittedFlows, permitted } = facts;
  return {
    number: 5,
    id: "register",
    title: "Register of permitted flows between zones",
    blocks: [
      words(
        "A flow is one service that a conduit lets across from one zone to another, together with the rule of the segment that lets it in where an end is guarded; each is shown by a question that `decide` answers by just these rules. Status: approved where the text names who approved it, simulated where it was only held against recorded traffic, else proposed; nothing is called enforced before a point proves it. What nobody wrote is left out.",
      ),
      ...(permitted.untold > 0
        ? [words(`${permitted.untold} kinds of clients demand more kinds of facts than can be gone through: nothing is said of them.`)]
        : []),
      {
        kind: "table",
        cards: { without: ["from zone", "to zone", "service", "policy version"] },
        id: "table-r",
        title: "Table R. Permitted flows between zones",
        columns: columns.map(([name]) => name),
        rows: permittedFlows.map((flow) => columns.map(([, of]) => of(flow, facts))),
        empty: facts.world.hasBoundaries ? "Nothing may cross from zone to zone." : "Without zones nothing crosses one.",
      },
      missing(
        "Requester, date of approval, risk rating, enforcement points, rendered rules",
        "The text of a policy carries none of the first three, and nothing has been rendered for a point.",
        "Next: name the ticket that holds them in `ticket:`.",
      ),
    ],
  };
}

type Column = readonly [name: string, of: (flow: PermittedFlow, facts: Facts) => Cell];

/** What the rules of a flow say under a key, each text once. */
function both(flow: PermittedFlow, of: (rule: Rule) => string | null): string | null {
  const said = [...new Set(rulesOf(flow).flatMap((rule) => of(rule) ?? []))];
  return said.length === 0 ? null : said.join("; ");
}
const saying = (key: string) => (flow: PermittedFlow) => both(flow, ({ register }) => written(register, key));

const columns: readonly Column[] = [
  ["flow", (flow) => flowText(flow) + (flow.rule === null ? "" : `, ${flow.rule.name}`)],
  ["from zone", ({ fromZone }) => fromZone],
  ["from", (flow, facts) => endText(flow, "from", facts)],
  ["workloads that open", ({ clients }, facts) => countIn(facts, clients)],
  ["to zone", ({ toZone }) => toZone],
  ["to", (flow, facts) => endText(flow, "to", facts)],
  ["workloads that answer", ({ servers }, facts) => countIn(facts, servers)],
  ["service", ({ service }) => service.text],
  ["functions", (flow) => demanded(flow, (demand) => (demand.kind === "fact" && demand.fact === "function" ? demand.values.join(", ") : null))],
  ["purpose", saying("because")],
  ["data class", saying("data-class")],
  ["identity of the client", (flow) => demanded(flow, (demand) => (demand.kind === "tier" ? `tier ${demand.least} at least` : null))],
  ["encryption", (flow) => demanded(flow, (demand) => (demand.kind === "encrypted" ? (demand.value ? "required" : "must not be") : null))],
  [
    "other demands",
    (flow) => demanded(flow, (demand) => (demand.kind === "fact" && demand.fact !== "function" ? `${demand.fact}: ${demand.values.join(", ")}` : null)),
  ],
  ["owner", (flow, { ownerOf }) => both(flow, ownerOf)],
  ["approved by", saying("approved-by")],
  ["ticket", saying("ticket")],
  ["agreement", saying("agreement")],
  ["controls", saying("controls")],
  ["from date", (flow) => both(flow, ({ written: { from } }) => from)],
  ["until", (flow) => both(flow, ({ written: { until } }) => until)],
  ["review due", saying("review")],
  ["status", statusText],
  ["connections", (flow, facts) => flowUse(facts, flow)?.connections ?? null],
  ["bytes", (flow, facts) => flowUse(facts, flow)?.bytes ?? null],
  ["last seen", (flow, facts) => timeText(flowUse(facts, flow)?.last ?? null)],
  ["unused days until the last record", unusedDays],
  ["conduit", ({ conduit }) => conduit.name],
  ["rule", ({ rule }) => rule?.name ?? null],
  [
    "exception",
    (flow, { set }) =>
      exceptionText(
        flow,
        set.policies.flatMap(({ exceptions }) => exceptions),
      ),
  ],
  ["written in", (flow) => rulesOf(flow).map(placeText).join(", ")],
  ["policy version", (_, { policy }) => policy.version.slice(0, 12)],
];

/** Permitted flows of which nobody can tell whether they were used: their rules demand facts, or started or ended within what may have used them. */
export const untoldFlows = (facts: Facts, some: readonly PermittedFlow[]): readonly PermittedFlow[] =>
  some.filter((flow) => flowUse(facts, flow) === null && !facts.recorded.uses.has(flow));

function endText({ conduit, rule, fromZone, toZone }: PermittedFlow, side: "from" | "to", { set }: Facts): string {
  const peers = (rule ?? conduit)[side];
  const isZone = peers.every(({ kind }) => kind === "zone");
  const zone = set.zones.find(({ name }) => name === (side === "from" ? fromZone : toZone)) ?? { members: null, networks: [] };
  if (!isZone) return peers.map(peerText).join(" or ");
  const members = zone.members === null ? [] : [peerText({ kind: "labels", selector: zone.members })];
  return [...members, ...zone.networks.map((name) => `network ${name}`)].join(" or ") || peers.map(peerText).join(" or ");
}

/** How many workloads are among some ends; bare addresses are not counted, but said. */
function countIn({ permitted }: Facts, some: readonly number[]): Cell {
  const workloads = some.reduce((sum, number) => sum + permitted.alike[number]!.workloads.length, 0);
  const isBare = some.some((number) => permitted.alike[number]!.end.workload === null);
  if (!isBare) return workloads;
  return workloads === 0 ? "addresses only" : `${workloads}, and addresses`;
}

function demanded(flow: PermittedFlow, of: (demand: Demand) => string | null): string | null {
  return both(flow, ({ where }) => where.map(of).find((text) => text !== null) ?? null);
}

function statusText(flow: PermittedFlow, facts: Facts): string {
  if (flow.notBefore !== null) return `not before ${instantText(flow.notBefore)}`;
  if (rulesOf(flow).some(({ register }) => written(register, "approved-by") !== null)) return "approved";
  return facts.flows.length > 0 ? "simulated" : "proposed";
}

/** From the last use to the last of what was recorded: of later days nobody knows. */
function unusedDays(flow: PermittedFlow, facts: Facts): number | null {
  const [last, end] = [flowUse(facts, flow)?.last ?? null, facts.recorded.last];
  return last === null || end === null ? null : Math.floor((end - last) / day);
}

function exceptionText({ conduit, rule, isException }: PermittedFlow, ofPolicies: readonly Rule[]): string | null {
  if (isException) return conduit.name;
  return rule !== null && ofPolicies.includes(rule) ? rule.name : null;
}

/** The permitted flows that are in force, and that no recorded conversation used; without any, nobody can tell. */
export function unusedFlows(facts: Facts): readonly PermittedFlow[] {
  return facts.permittedFlows.filter((flow) => flow.notBefore === null && flowUse(facts, flow)?.connections === 0);
}

/** Conduits and exceptions of the architects that are not over, and by which nothing may cross. */
export function idleConduits({ set, permittedFlows, generatedAt }: Facts): readonly Rule[] {
  const used = new Set(permittedFlows.map(({ conduit }) => conduit));
  return [...set.conduits, ...set.exceptions].filter((rule) => !used.has(rule) && (rule.end === null || rule.end > generatedAt));
}

function idleTable(facts: Facts): Table {
  return {
    kind: "table",
    id: "idle-conduits",
    title: "Conduits by which nothing may cross: no rule of a segment lets it in, a forbid is in the way, or nobody is what they name",
    columns: ["conduit", "from", "to", "over", "owner", "written in"],
    rows: idleConduits(facts).map((rule) => [
      rule.name,
      rule.from.map(peerText).join(" or "),
      rule.to.map(peerText).join(" or "),
      rule.over.join(", "),
      facts.ownerOf(rule),
      placeText(rule),
    ]),
    empty: "None.",
  };
}

/** Section 10: what is permitted and was never used. */
export function unusedSection(facts: Facts): Section {
  const { permittedFlows, ownerOf, flows } = facts;
  const untold = flows.length === 0 ? 0 : untoldFlows(facts, permittedFlows).length;
  return {
    number: 10,
    id: "unused",
    title: "Permitted, and never used",
    blocks: [
      ...(untold > 0
        ? [
            words(
              `Of ${untold} more nobody can tell: their rules demand facts that no flow record carries, or a rule started or ended while what may have used them was seen.`,
            ),
          ]
        : []),
      flows.length === 0
        ? missing("Permitted flows between zones that nobody used", "No conversation was ingested for this time.", "Next: `bulkhead ingest PATH…`.")
        : {
            kind: "table",
            id: "unused",
            title: "Permitted flows between zones that no recorded conversation used",
            columns: ["flow", "by", "owner", "written in"],
            rows: unusedFlows(facts).map((flow) => [flowText(flow), namesOf(flow), both(flow, ownerOf), rulesOf(flow).map(placeText).join(", ")]),
            empty: untold === 0 ? "Every permitted flow was used." : "Every other permitted flow was used.",
          },
      idleTable(facts),
    ],
  };
}

/** The permitted flows that are wider than a need, each with the reasons. */
export function broadFlows({ permitted, permittedFlows }: Facts): readonly { readonly flow: PermittedFlow; readonly widths: readonly string[] }[] {
  return permittedFlows.map((flow) => ({ flow, widths: widthsOf(permitted, flow) })).filter(({ widths }) => widths.length > 0);
}

/** Section 11: what is permitted and wider than a need. */
export function broadSection(facts: Facts): Section {
  const table: Table = {
    kind: "table",
    id: "broad",
    title: "Permitted flows that are wider than a need",
    columns: ["flow", "by", "why it is broad", "connections", "written in"],
    rows: broadFlows(facts).map(({ flow, widths }) => [
      flowText(flow),
      namesOf(flow),
      widths.join("; "),
      flowUse(facts, flow)?.connections ?? null,
      rulesOf(flow).map(placeText).join(", "),
    ]),
    empty: "None is.",
  };
  return {
    number: 11,
    id: "broad",
    title: "Broad flows",
    blocks: [words("Broad is every service or a thousand ports and more, more than a fifth of all workloads, and any public address."), table],
  };
}
