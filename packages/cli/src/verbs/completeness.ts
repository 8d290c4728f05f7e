import { Failure } from "@bulkhead/core/base/failure";
import { day, dayText, type Instant, instantText } from "@bulkhead/core/base/instant";
import type { TriedForecast } from "@bulkhead/core/map/completeness/back-test";
import type { CompletenessPage } from "@bulkhead/core/report/completeness-html";
import { dataFlag } from "../place-flags.ts";
import type { Report } from "../completeness-report.ts";
import { buildCommand } from "@stricli/core";
import { type Context, heldDirectory } from "../context.ts";
import { instantIn } from "../instant-flag.ts";

interface Flags {
  readonly scope?: Readonly<Record<string, string>>;
  readonly until?: Instant;
  readonly horizon: number;
  readonly calendar?: string;
  readonly data?: string;
  readonly json?: boolean;
  readonly html?: string;
}

export const command = buildCommand<Flags, [], Context>({
  docs: {
    brief: "How much of the network has been seen, and how many dependencies are still to come",
    fullDescription:
      "Eight figures with what nobody can tell beside them; how many dependencies will be seen for the first time, between which bounds nine times in ten, or why nobody can say; and how the same estimate would have fared on earlier days. Exit 0: the figures stand. 2: nothing was ingested for this time.",
  },
  parameters: {
    flags: {
      scope: { kind: "parsed", parse: scopeIn, optional: true, brief: "Only what these workloads have or need: app=billing,env=prod" },
      until: { kind: "parsed", parse: instantIn, optional: true, brief: "Where the past ends; else after the last day that was seen" },
      horizon: { kind: "parsed", parse: daysIn, default: "7d", brief: "How far to look ahead: 7d, 14d" },
      calendar: { kind: "parsed", parse: String, optional: true, placeholder: "file", brief: "Declared events instead of those of `bulkhead calendar`" },
      data: dataFlag,
      json: { kind: "boolean", optional: true, brief: "JSON for machines" },
      html: { kind: "parsed", parse: String, optional: true, placeholder: "file", brief: "Write a page with the picture of what was new; it works offline" },
    },
  },
  async func(this: Context, flags) {
    if (flags.json === true && flags.html !== undefined) throw new Failure("--json and --html are two forms of the same answer", "ask for one of them");
    const { reportOf } = await import("../completeness-report.ts");
    const report = await reportOf(heldDirectory(this, flags.data), {
      scope: flags.scope ?? {},
      until: flags.until ?? null,
      horizon: flags.horizon,
      calendar: flags.calendar ?? null,
    });
    if (report === null)
      throw new Failure(
        "no conversation was ingested for this time, so nothing can be told of what is missing",
        "run `bulkhead ingest PATH` with captures or flow logs",
      );
    if (flags.json === true) await this.outSlowly(jsonOf(report, flags.horizon));
    else if (flags.html !== undefined) await writeFigures(this, flags.html, { ...report, horizon: flags.horizon });
    else {
      const { completenessText } = await import("../completeness-text.ts");
      await this.outSlowly(completenessText(report, flags.horizon));
    }
  },
});

async function writeFigures(context: Context, path: string, page: CompletenessPage): Promise<void> {
  const [{ completenessHtml }, { writePage }] = await Promise.all([import("@bulkhead/core/report/completeness-html"), import("../written-page.ts")]);
  await writePage(context, path, completenessHtml(page));
}

function jsonOf({ figures, verdict, environments, saturation, watched, tried, declared, before }: Report, horizon: number): string {
  const dateOf = (at: number): string => dayText((watched.origin + at) * day);
  return `${JSON.stringify({
    from: dateOf(0),
    until: dateOf(watched.days),
    figures,
    verdict: { isEnough: verdict.isEnough, missing: verdict.missing },
    environments,
    known: watched.dependencies.length,
    declared,
    before: before === null ? null : { records: before.records, first: instantText(before.first), last: instantText(before.last) },
    novelty: saturation.curve.map(({ day: at, came, known }) => ({ day: dateOf(at), came, known })),
    unseen: unseenOf(tried, horizon),
    backTest: tried.trials.map(({ from, came, said, silent }) => ({
      from: dateOf(from),
      until: dateOf(from + horizon),
      dependencies: said?.dependencies ?? null,
      low: said?.low ?? null,
      high: said?.high ?? null,
      silent,
      came,
    })),
  })}\n`;
}

function unseenOf({ forecast }: TriedForecast, horizon: number) {
  const asked = { horizon: `${horizon}d`, level: 0.9 };
  if (forecast.kind === "silent") return { ...asked, dependencies: null, low: null, high: null, silent: forecast.why };
  const { rhythms, visitors, declared } = forecast.parts;
  return { ...asked, ...forecast.interval, silent: null, parts: { rhythms: rhythms.byFamily, visitors, declared } };
}

function scopeIn(text: string): Readonly<Record<string, string>> {
  const scope = Object.create(null) as Record<string, string>;
  for (const term of text.split(",")) {
    const [, key = "", value = ""] = /^\s*(app|env|role)=(.+?)\s*$/s.exec(term) ?? [];
    if (key === "") throw new Error(`\`${text}\` is no scope: write app=billing,env=prod`);
    scope[key] = value;
  }
  return scope;
}

// Nobody can say from a year what the year after brings.
const horizonMost = 366;

function daysIn(text: string): number {
  const [, number = ""] = /^(\d{1,4})d?$/.exec(text.trim()) ?? [];
  const days = Number(number);
  if (number === "" || days < 1 || days > horizonMost) throw new Error(`\`${text}\` is no horizon: write 7d, or another number of days up to ${horizonMost}`);
  return days;
}
