import { someOf } from "@bulkhead/core/base/some-of";
import { instantText, type Instant } from "@bulkhead/core/base/instant";
import { sortedOnce } from "@bulkhead/core/base/order";
import { rulePartWords } from "@bulkhead/core/decide/differing-in-one";
import type { Granularity } from "@bulkhead/core/recommend/granularity";
import type { Recommendation } from "@bulkhead/core/recommend/recommend";
import type { Scope } from "@bulkhead/core/recommend/scope";
import type { PolicyFile } from "@bulkhead/core/language/read";
import type { Believed } from "@bulkhead/core/inventory/believe";
import type { DeclaredSeen } from "@bulkhead/core/map/declared-seen";
import type { Flow } from "@bulkhead/core/model/flow";
import { buildCommand } from "@stricli/core";
import { dataWords } from "../as-typed.ts";
import { dataFlag } from "../place-flags.ts";
import { type Context, heldDirectory, printable } from "../context.ts";
import { counted } from "../counted.ts";
import type { LaterDenials } from "../frontier-text.ts";
import type { Trained } from "../trained.ts";
import { trainingShare } from "../training-share.ts";
import { now, untilFlag } from "../instant-flag.ts";

interface Flags {
  readonly scope?: Scope;
  readonly out?: string;
  readonly until?: Instant;
  readonly calendar?: string;
  readonly policy?: string;
  readonly train?: number;
  readonly granularity?: Granularity | "process";
  readonly frontier?: boolean;
  readonly declared?: boolean;
  readonly data?: string;
  readonly json?: boolean;
}

const shownMax = 12;
const namesMax = 3;
const segmentsShown = 5;
// Without a word of the user: enough to learn from, and enough to judge by.
const usualShare = 0.7;

type Labels = Readonly<Record<string, string>>;

export const command = buildCommand<Flags, [], Context>({
  docs: {
    brief: "Propose policy from what was seen, with the evidence of each rule",
    fullDescription:
      "The fewest readable rules between roles that deny none of their own evidence; what most of those alike do, and nobody saw yet, in rules of their own; conduits and common rules in files of their own, for the architects. What looks like a scan, was never answered, or cannot be named is held out and listed. Nothing is put into force, and no file is overwritten.",
  },
  parameters: {
    flags: {
      scope: {
        kind: "parsed",
        parse: labels,
        optional: true,
        brief: "Only what touches segments with these labels, app=billing,env=prod; everything else stays as it is",
      },
      out: { kind: "parsed", parse: String, optional: true, placeholder: "directory", brief: "Where to write the files; without it they are shown" },
      until: untilFlag,
      calendar: {
        kind: "parsed",
        parse: String,
        optional: true,
        placeholder: "file",
        brief: "Declared events instead of those of `bulkhead calendar`: those not yet seen are named",
      },
      policy: { kind: "parsed", parse: String, optional: true, placeholder: "directory", brief: "What is there already: its networks and zones are used" },
      train: {
        kind: "parsed",
        parse: trainingShare,
        optional: true,
        placeholder: "share",
        brief: "Learn from this share of the time, 70%, and say what of the rest would have been denied",
      },
      granularity: {
        kind: "enum",
        values: ["role", "app", "workload", "process"],
        optional: true,
        brief: "By what rules name their ends: role, app, or a label that names each machine; process is refused, and says why",
      },
      frontier: { kind: "boolean", optional: true, brief: "No policy, but a table: what each granularity costs in rules, excess and denials on later days" },
      declared: { kind: "boolean", optional: true, brief: "Rules of their own for what was declared (`declared list`) and nobody saw" },
      data: dataFlag,
      json: { kind: "boolean", optional: true, brief: "JSON for machines" },
    },
  },
  async func(this: Context, flags) {
    const present = flags.policy === undefined ? [] : await presentIn(this, flags.policy, flags.json === true);
    if (present === null) return;
    const [{ seenIn, daysRecorded }, { recommend }, { isWithin }, { Failure }, { unseenIn }, { trainedOn }] = await Promise.all([
      import("../seen.ts"),
      import("@bulkhead/core/recommend/recommend"),
      import("@bulkhead/core/recommend/scope"),
      import("@bulkhead/core/base/failure"),
      import("../calendar.ts"),
      import("../trained.ts"),
    ]);
    const directory = heldDirectory(this, flags.data);
    const { flows, workloads } = await seenIn(directory, { until: flags.until ?? null });
    if (flows.length === 0)
      throw new Failure("nothing was seen in this time, so there is nothing to recommend from", "run `bulkhead ingest PATH` with captures or flow logs first");
    if (flags.scope !== undefined && !workloads.some(({ labels }) => isWithin(labels, flags.scope!)))
      throw new Failure(
        `no segment has the labels ${labelsText(flags.scope)}`,
        `there ${segmentsText(workloads.map(({ labels }) => labels))}; \`bulkhead inventory list\` says who has which`,
      );
    const isTrained = flags.train !== undefined || flags.frontier === true;
    const trained = isTrained ? await trainedOn(directory, { share: flags.train ?? usualShare, until: flags.until ?? null, flows }) : null;
    if (flags.frontier === true) return printFrontier(this, trained!, { workloads, present, scope: flags.scope, isJson: flags.json === true });
    const recommendation = recommend(trained?.learned ?? flows, workloads, {
      present,
      at: now(),
      labels: await labelsFor(flags.granularity ?? "role", workloads),
      ...(flags.scope === undefined ? {} : { scope: flags.scope }),
      ...(flags.declared === true ? { declared: await declaredIn(directory, { flows: trained?.learned ?? flows, workloads }) } : {}),
    });
    const given = { workloads, present, scope: flags.scope, ending: dataWords(flags.data) };
    const judged = trained === null ? null : { ...(await judgedBy(recommendation, trained.later, given)), at: trained.at };
    const unseen = await unseenIn({ directory, file: flags.calendar ?? null }, () => daysRecorded(directory, { until: trained?.at ?? flags.until ?? null }));
    if (flags.out !== undefined && !(await isWritten(this, flags.out, recommendation))) return;
    if (flags.json === true) await this.outSlowly(await jsonOf(recommendation, unseen, judged));
    else await this.outSlowly(await textOf(recommendation, { out: flags.out, scope: flags.scope, workloads, unseen, judged }));
  },
});

interface Given {
  readonly workloads: Believed["workloads"];
  readonly present: readonly PolicyFile[];
  readonly scope: Scope | undefined;
}

type Judged = LaterDenials & { readonly at: Instant };

async function printFrontier(context: Context, { at, learned, later }: Trained, { isJson, ...given }: Given & { readonly isJson: boolean }): Promise<void> {
  const [{ frontierOf }, { frontierText }] = await Promise.all([import("@bulkhead/core/recommend/frontier"), import("../frontier-text.ts")]);
  const rows = frontierOf({ learned, later }, given);
  context.out(isJson ? `${JSON.stringify({ learnedUntil: instantText(at), frontier: rows })}\n` : frontierText(rows, { at, scope: scopeText(given.scope) }));
}

async function judgedBy(
  { files, rules }: Recommendation,
  later: readonly Flow[],
  { ending, ...given }: Given & { readonly ending: string },
): Promise<LaterDenials> {
  const [{ judgedLater }, { bytesOf }, { recordsCommand }] = await Promise.all([
    import("@bulkhead/core/recommend/judged-later"),
    import("@bulkhead/core/language/utf8"),
    import("@bulkhead/core/map/records-command"),
  ]);
  const judged = judgedLater(later, {
    ...given,
    files: files.map(({ path, text }) => ({ path, bytes: bytesOf(text) })),
    likely: rules.flatMap(({ name, likely }) => (likely === null ? [] : [name])),
  });
  const holders = new Map(given.workloads.map((one) => [one.id, one]));
  return { ...judged, denied: judged.denied.map(({ example, ...one }) => ({ ...one, records: recordsCommand(holders, example) + ending })) };
}

async function declaredIn(
  directory: string,
  seen: { readonly flows: readonly Flow[]; readonly workloads: Given["workloads"] },
): Promise<readonly DeclaredSeen[]> {
  const [{ loadDeclared }, { declaredSeen }, { Failure }] = await Promise.all([
    import("@bulkhead/adapters/declared/state"),
    import("@bulkhead/core/map/declared-seen"),
    import("@bulkhead/core/base/failure"),
  ]);
  const exports = await loadDeclared(directory);
  if (exports.length === 0)
    throw new Failure("nothing was declared here", "`bulkhead declared import FILE` reads manifests, compose files and lists of services");
  return declaredSeen({ exports, ...seen }).declared;
}

/** The labels that rules may name; a failure where nothing names single machines. */
async function labelsFor(granularity: Granularity | "process", workloads: Given["workloads"]): Promise<readonly string[]> {
  const [{ labelsOf }, { Failure }] = await Promise.all([import("@bulkhead/core/recommend/granularity"), import("@bulkhead/core/base/failure")]);
  if (granularity === "process")
    throw new Failure(
      "no rule is proposed by process: what is summed of a connection does not keep which process spoke, and none of the points here could see it, so such a rule would open for nobody",
      "leave it at role; where a point of yours sees processes, write `where: { process: NAME }` into the rule yourself",
    );
  const found = labelsOf(granularity, workloads);
  if (found !== null) return found;
  throw new Failure(
    "no label names single machines: none is stated for every workload with a value of its own",
    "import an inventory with such a column, for example `machine`",
  );
}

/** The files of a policy directory; or null after its mistakes were printed. */
async function presentIn(context: Context, directory: string, isJson: boolean): Promise<readonly PolicyFile[] | null> {
  const [{ policySetIn }, { policyFilesIn }] = await Promise.all([import("../policy-input.ts"), import("@bulkhead/adapters/policies/directory")]);
  return (await policySetIn(context, directory, isJson)) === null ? null : policyFilesIn(directory);
}

async function isWritten(context: Context, directory: string, { files }: Recommendation): Promise<boolean> {
  const { writeFirstFiles } = await import("../first-files.ts");
  const { present } = await writeFirstFiles(directory, files);
  if (present.length === 0) return true;
  context.say(
    `bulkhead: ${printable(directory)} already has ${present.slice(0, 5).map(printable).join(", ")}; nothing was written\n  next: name a directory that does not exist yet, and compare\n`,
  );
  context.exit(1);
  return false;
}

async function jsonOf(
  { files, rules, segments, heldOut, kept, couldBeOne }: Recommendation,
  unseen: readonly string[],
  judged: Judged | null,
): Promise<string> {
  const [{ serviceText }, { endText }] = await Promise.all([import("@bulkhead/core/map/service-text"), import("@bulkhead/core/model/flow")]);
  const time = (at: number | null): string | null => (at === null ? null : instantText(at));
  return `${JSON.stringify({
    files,
    rules: rules.map((rule) => ({ ...rule, first: time(rule.first), last: time(rule.last) })),
    segments,
    heldOut: heldOut.map(({ why, flow }) => ({
      why,
      from: endText(flow.client),
      to: endText(flow.server),
      service: serviceText(flow),
      connections: flow.connections,
      last: time(flow.last),
    })),
    kept: kept.map((rule) => ({ ...rule, first: time(rule.first), last: time(rule.last) })),
    couldBeOne: couldBeOne.map(({ part, names }) => ({ differIn: rulePartWords[part], names })),
    notYetSeen: unseen,
    ...(judged === null ? {} : { later: laterJson(judged) }),
  })}\n`;
}

const laterJson = ({ at, dependencies, cameTrue, connections, denied }: Judged): object => ({
  learnedUntil: instantText(at),
  dependencies,
  cameTrue,
  connections,
  denied: denied.map((one) => ({ ...one, last: one.last === null ? null : instantText(one.last) })),
});

async function textOf(
  recommendation: Recommendation,
  {
    out,
    scope,
    workloads,
    unseen,
    judged,
  }: Omit<Given, "present"> & { readonly out: string | undefined; readonly unseen: readonly string[]; readonly judged: Judged | null },
): Promise<string> {
  const [{ heldOutLines }, { sumLines }, { unstatedLines }, { judgedLines }] = await Promise.all([
    import("@bulkhead/core/recommend/held-out-lines"),
    import("@bulkhead/core/recommend/segment-sums"),
    import("@bulkhead/core/recommend/unstated"),
    import("../frontier-text.ts"),
  ]);
  const { files, rules } = recommendation;
  const held = heldOutLines(recommendation.heldOut);
  const count = (kind: string): number => rules.filter((rule) => rule.kind === kind).length;
  const summary = `${counted(files.length, "file")}${out === undefined ? "" : ` in ${printable(out)}`}: ${counted(count("conduit"), "conduit")}, ${counted(count("common"), "common rule")}, ${counted(count("allow"), "allow")}, each with its evidence`;
  const idle = recommendation.kept.filter((rule) => rule.flows === 0).length;
  const likely = rules.filter((rule) => rule.likely !== null).length;
  const lines = [
    summary,
    ...(scope === undefined
      ? []
      : [`only what touches ${printable(labelsText(scope))} is proposed; everything else stays as it is, so no zones are proposed${zonesFileText(files)}`]),
    ...sumLines(recommendation, workloads).map(printable),
    ...unstatedLines(rules).map(printable),
    ...(recommendation.kept.length > 0
      ? [
          `${counted(recommendation.kept.length, "rule")} of the policy that is there ${recommendation.kept.length === 1 ? "is" : "are"} kept; ${idle} of them allowed nothing that was seen`,
        ]
      : []),
    ...(likely > 0
      ? [
          `${likely} of the rules ${likely === 1 ? "is" : "are"} only likely: nobody saw what ${likely === 1 ? "it allows" : "they allow"}, and each says why; strike what is not meant`,
        ]
      : []),
    ...oneLines(recommendation.couldBeOne),
    // The files shown above list each of them as a comment.
    ...(out === undefined && held.length > 0 ? [`${held.length} held out, not allowed by anything above: the files list them`] : []),
    ...(out !== undefined && held.length > 0
      ? ["held out, not allowed by anything above:", ...held.slice(0, shownMax).map((line) => `  ${printable(line)}`)]
      : []),
    ...(out !== undefined && held.length > shownMax ? [`  and ${held.length - shownMax} more`] : []),
    ...(unseen.length > 0
      ? ["declared in the calendar, and not yet within what was seen:", ...unseen.slice(0, shownMax).map((line) => `  ${printable(line)}`)]
      : []),
    ...(unseen.length > shownMax ? [`  and ${unseen.length - shownMax} more`] : []),
    ...(judged === null ? [] : judgedLines(judged, { at: judged.at, scope: scopeText(scope) })),
  ];
  const texts = out === undefined ? files.map(({ path, text }) => `# ---- ${path}\n${text}\n`) : files.map(({ path }) => `  ${printable(path)}\n`);
  return `${texts.join("")}${lines.map((line) => (out === undefined ? `# ${line}` : line)).join("\n")}\n`;
}

/** What a file that is named after zones holds where there are none. */
function zonesFileText(files: Recommendation["files"]): string {
  const found = files.find(({ path }) => /^zones(-\d+)?\.yaml$/.test(path));
  if (found === undefined) return "";
  const held = [
    ...(/^labels:$/m.test(found.text) ? ["the label keys that rules name"] : []),
    ...(found.text.includes("\n# Seen, and held out") ? ["what is held out"] : []),
  ];
  return `; ${printable(found.path)} holds ${held.join(", and ")}`;
}

function oneLines(groups: Recommendation["couldBeOne"]): readonly string[] {
  if (groups.length === 0) return [];
  const lines = groups
    .slice(0, shownMax)
    .map(({ part, names }) => `  ${printable(someOf(names, namesMax))}: ${counted(names.length, "rule")} that differ only in their ${rulePartWords[part]}`);
  return [
    "one rule each could say what these say, where one reason holds for all of it:",
    ...lines,
    ...(groups.length > shownMax ? [`  and ${groups.length - shownMax} more`] : []),
  ];
}

const scopeText = (scope: Scope | undefined): string | null => (scope === undefined ? null : printable(labelsText(scope)));
const labelsText = (labels: Labels): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");

/** The first segments that there are. */
function segmentsText(all: readonly Labels[]): string {
  const segments = sortedOnce(all.flatMap(({ app, env }) => (app === undefined || env === undefined ? [] : [labelsText({ app, env })])));
  if (segments.length === 0) return "is no workload with the labels app and env";
  const rest = segments.length > segmentsShown ? ` and ${segments.length - segmentsShown} more` : "";
  return `${segments.length === 1 ? "is" : "are"} ${segments.slice(0, segmentsShown).join(", ")}${rest}`;
}

function labels(text: string): Readonly<Record<string, string>> {
  const result = Object.create(null) as Record<string, string>;
  for (const term of text.split(",")) {
    const [, key = "", value = ""] = /^\s*([^=]+)=(.+?)\s*$/s.exec(term) ?? [];
    if (key !== "app" && key !== "env") throw new Error(`\`${text}\` is no scope: write app=billing,env=prod`);
    result[key] = value;
  }
  return result;
}
