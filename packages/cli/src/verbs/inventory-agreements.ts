import type { AgreementState, Interconnection, InterconnectionReport } from "@bulkhead/core/map/interconnections";
import { buildCommand } from "@stricli/core";
import { Failure } from "@bulkhead/core/base/failure";
import { dayText, type Instant, instantText } from "@bulkhead/core/base/instant";
import { dataFlag } from "../place-flags.ts";
import { type Context, heldDirectory, printable } from "../context.ts";
import { counted } from "../counted.ts";
import { now } from "../instant-flag.ts";

export const command = buildCommand<{ readonly data?: string; readonly json?: boolean }, [], Context>({
  docs: { brief: "Hold what was seen between systems against the agreements about it; exit 1 when something is not agreed, or no more" },
  parameters: {
    flags: {
      data: dataFlag,
      json: { kind: "boolean", optional: true, brief: "JSON for machines" },
    },
  },
  async func(this: Context, flags) {
    const [{ seenIn }, { interconnectionReport }] = await Promise.all([import("../seen.ts"), import("@bulkhead/core/map/interconnections")]);
    const seen = await seenIn(heldDirectory(this, flags.data));
    if (seen.systems.length === 0)
      throw new Failure(
        "no system with its boundary is known here",
        "`bulkhead inventory import FILE` reads a CSV with the columns system, boundary, level, hva, owner",
      );
    const report = interconnectionReport({ ...seen, now: now() });
    if (flags.json === true) await this.outSlowly(`${printable(JSON.stringify(jsonOf(report)))}\n`);
    else for (const line of linesOf(report)) await this.outSlowly(`${printable(line)}\n`);
    this.exit(report.interconnections.some((one) => one.agreements.length === 0) ? 1 : 0);
  },
});

function linesOf(report: InterconnectionReport): readonly string[] {
  const { systems, claimed, interconnections, agreements } = report;
  const marks = new Map(systems.map(({ id, level, hva }) => [id, [level, hva ? "HVA" : null].filter((one) => one !== null).join(", ")]));
  const named = (id: string): string => ((marks.get(id) ?? "") ? `${id} (${marks.get(id)})` : id);
  const seen = ({ from, to, service, connections, first, last }: Interconnection): string =>
    `${named(from)} -> ${named(to)} ${service}  ${counted(connections, "connection")}, ${dayOf(first)} – ${dayOf(last)}`;
  const [agreed, rest] = [interconnections.filter((one) => one.agreements.length > 0), interconnections.filter((one) => one.agreements.length === 0)];
  const [lapsed, bare] = [rest.filter(({ expired }) => expired.length > 0), rest.filter(({ expired }) => expired.length === 0)];
  const ended = agreements.filter(({ isExpired }) => isExpired);
  const silent = agreements.filter(({ isExpired, connections }) => !isExpired && connections === 0);
  return [
    ...part("Seen without an agreement", bare.map(seen)),
    ...part(
      "Seen, and the agreement has expired",
      lapsed.map((one) => `${seen(one)}  ${one.expired.join(", ")}`),
    ),
    ...part(
      "Seen and agreed",
      agreed.map((one) => `${seen(one)}  ${one.agreements.join(", ")}`),
    ),
    ...part("Agreed, never seen", silent.map(agreementText)),
    ...part("Expired", ended.map(agreementText)),
    ...part(
      "Claimed by several boundaries, and counted for none",
      claimed.map(({ workload, systems: ids }) => `${workload}  ${ids.join(", ")}`),
    ),
    `${counted(systems.length, "system")}, ${counted(interconnections.length, "interconnection")} seen: ${agreed.length} agreed, ${lapsed.length} expired, ${bare.length} without an agreement`,
  ];
}

// More than anybody reads at once; --json has all of them.
const shownMost = 60;

const part = (title: string, lines: readonly string[]): readonly string[] => {
  const rest = lines.length - shownMost;
  return lines.length === 0
    ? []
    : [
        `${title} (${lines.length})`,
        ...lines.slice(0, shownMost).map((line) => `  ${line}`),
        ...(rest > 0 ? [`  … and ${rest} more (--json lists them)`] : []),
        "",
      ];
};

function agreementText({ agreement: { id, from, to, services, until }, unknown, last }: AgreementState): string {
  const strange = unknown.length === 0 ? "" : `; no register lists ${unknown.join(", ")}`;
  return `${id}  ${from} -> ${to} ${services.join(", ")}, ${until === null ? "without an end" : `until ${dayOf(until)}`}${last === null ? "" : `; last seen ${dayOf(last)}`}${strange}`;
}

const dayOf = (at: Instant | null): string => (at === null ? "?" : dayText(at));
const timeOf = (at: Instant | null): string | null => (at === null ? null : instantText(at));

function jsonOf({ systems, claimed, interconnections, agreements }: InterconnectionReport) {
  return {
    systems,
    claimed,
    interconnections: interconnections.map(({ first, last, ...one }) => ({ ...one, first: timeOf(first), last: timeOf(last) })),
    agreements: agreements.map(({ agreement: { since, until, ...agreement }, last, ...one }) => ({
      ...agreement,
      since: timeOf(since),
      until: timeOf(until),
      ...one,
      last: timeOf(last),
    })),
  };
}
