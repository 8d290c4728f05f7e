import type { DeclaredReport, DeclaredSeen } from "@bulkhead/core/map/declared-seen";
import { buildCommand } from "@stricli/core";
import { Failure } from "@bulkhead/core/base/failure";
import { dayText, type Instant, instantText } from "@bulkhead/core/base/instant";
import { dataFlag } from "../place-flags.ts";
import { type Context, heldDirectory, printable } from "../context.ts";
import { counted } from "../counted.ts";

interface Flags {
  readonly data?: string;
  readonly json?: boolean;
}

// More than anybody reads at once; --json has all of them.
const shownMost = 40;

export const command = buildCommand<Flags, [], Context>({
  docs: { brief: "Hold what was declared against what was seen: both, only seen, only declared; exit 1 when they differ" },
  parameters: {
    flags: {
      data: dataFlag,
      json: { kind: "boolean", optional: true, brief: "JSON for machines" },
    },
  },
  async func(this: Context, flags) {
    const [{ seenIn }, { declaredSeen }, { loadDeclared }] = await Promise.all([
      import("../seen.ts"),
      import("@bulkhead/core/map/declared-seen"),
      import("@bulkhead/adapters/declared/state"),
    ]);
    const directory = heldDirectory(this, flags.data);
    const exports = await loadDeclared(directory);
    if (exports.length === 0)
      throw new Failure("nothing was declared here", "`bulkhead declared import FILE` reads manifests, compose files and lists of services");
    const report = declaredSeen({ exports, ...(await seenIn(directory)) });
    if (flags.json === true) await this.outSlowly(`${printable(JSON.stringify(jsonOf(report)))}\n`);
    else for (const line of linesOf(report)) await this.outSlowly(`${printable(line)}\n`);
    this.exit(report.observedOnly.length > 0 || report.declared.some(({ connections }) => connections === 0) ? 1 : 0);
  },
});

function linesOf(report: DeclaredReport): readonly string[] {
  const [both, silent] = [report.declared.filter(({ connections }) => connections > 0), report.declared.filter(({ connections }) => connections === 0)];
  return [
    ...part(
      `Declared and seen (${both.length})`,
      both.map((one) => `${nameOf(one)}  ${counted(one.connections, "connection")}, last ${dayOf(one.last)}`),
    ),
    ...part(
      `Declared, never seen (${silent.length})`,
      silent.map(
        (one) =>
          `${nameOf(one)}  ${one.clients.length === 0 || one.servers.length === 0 ? "the inventory knows no workload of one end" : "not seen yet"} (${one.source}, ${one.dependency.where})`,
      ),
    ),
    ...part(
      `Seen, never declared (${report.observedOnly.length})`,
      report.observedOnly.map(
        ({ from, to, service, connections, first }) => `${from} -> ${to} ${service}  ${counted(connections, "connection")}, since ${dayOf(first)}`,
      ),
    ),
    `${report.observedDeclared} of ${counted(report.observed, "dependency", "dependencies")} between workloads that were seen are declared`,
    ...(report.later > 0 ? [`${report.laterDeclared} of ${report.later} that were first seen after a declaration had been declared before they came`] : []),
  ];
}

const part = (title: string, lines: readonly string[]): readonly string[] => {
  const rest = lines.length - shownMost;
  return lines.length === 0
    ? []
    : [title, ...lines.slice(0, shownMost).map((line) => `  ${line}`), ...(rest > 0 ? [`  … and ${rest} more (--json lists them)`] : []), ""];
};

const nameOf = ({ dependency: { from, to, services } }: DeclaredSeen): string => `${from.name} -> ${to.name} ${services.join(", ")}`;
const dayOf = (at: Instant | null): string => (at === null ? "at a time that nobody told" : dayText(at));
const timeOf = (at: Instant | null): string | null => (at === null ? null : instantText(at));

function jsonOf({ declared, observedOnly, observedDeclared, observed, later, laterDeclared }: DeclaredReport) {
  return {
    declared: declared.map(({ dependency: { at, ...dependency }, first, last, ...one }) => ({
      ...dependency,
      at: timeOf(at),
      ...one,
      first: timeOf(first),
      last: timeOf(last),
    })),
    observedOnly: observedOnly.map(({ first, last, ...one }) => ({ ...one, first: timeOf(first), last: timeOf(last) })),
    observedDeclared,
    observed,
    later,
    laterDeclared,
  };
}
