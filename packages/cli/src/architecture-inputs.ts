import { instantOf } from "@bulkhead/core/base/instant";
import type { ArchitectureInputs, Completeness } from "@bulkhead/core/report/architecture/facts";
import type { Flow } from "@bulkhead/core/model/flow";
import type { Tells } from "@bulkhead/core/outside";
import type { Report as CompletenessReport } from "./completeness-report.ts";
import { counted } from "./counted.ts";

/** Everything that the architecture report of a data directory is computed from. */
export async function architectureInputs(
  directory: string,
  { calendar, ...asked }: Pick<ArchitectureInputs, "version" | "generatedAt" | "front" | "since" | "until"> & { readonly calendar: string | null },
): Promise<ArchitectureInputs> {
  const [{ openArchive }, { loadInventory }, { holderSegments }, { formatNames, formatOf }, { confirmationsIn }, { reportOf }] = await Promise.all([
    import("@bulkhead/adapters/stores/open"),
    import("@bulkhead/adapters/inventories/state"),
    import("@bulkhead/core/inventory/holders"),
    import("@bulkhead/adapters/sources/open"),
    import("@bulkhead/adapters/inventories/confirmations"),
    import("./completeness-report.ts"),
  ]);
  const believed = await loadInventory(directory);
  const confirmations = (await confirmationsIn(directory)).map(({ app, by, at, digest }) => ({ app, by, at: instantOf(at) ?? 0, digest }));
  const completeness = completenessOf(await reportOf(directory, { scope: {}, until: asked.until, horizon: horizonDays, calendar }));
  const archive = await openArchive(directory);
  try {
    const { since, until } = asked;
    const flows = await archive.conversations({ since, until, segments: holderSegments(believed.workloads) });
    const known = formatNames.flatMap((name) => {
      const format = formatOf(name);
      return format === null ? [] : [[name, cannotTellText(format.tells)] as const];
    });
    return { ...asked, flows, believed, sources: await archive.sources(), cannotTell: Object.fromEntries(known), confirmations, completeness };
  } finally {
    await archive.close();
  }
}

// The horizon of the estimate in a report: a week, as a reader plans.
const horizonDays = 7;

function completenessOf(report: CompletenessReport | null): Completeness | null {
  if (report === null) return null;
  const { figures, verdict, tried } = report;
  const { forecast } = tried;
  const unseen =
    forecast.kind === "silent"
      ? `No estimate of what is still to come: ${forecast.why}`
      : `In the next ${horizonDays} days about ${counted(forecast.interval.dependencies, "dependency", "dependencies")} will be seen for the first time between groups that exist now; nine times in ten ${forecast.interval.low} to ${forecast.interval.high}.`;
  const enough = verdict.isEnough ? "Complete enough." : `Not complete enough: ${verdict.missing.join("; ")}.`;
  return {
    figures: figures.map(({ id, name, note, numerator, denominator, unknown, low, high }) => ({
      id,
      what: note === "" ? name : `${name} (${note})`,
      numerator,
      denominator,
      unknown,
      low,
      high,
    })),
    unseen: `${enough} ${unseen}`,
  };
}

function cannotTellText({ opener, answered, verdict, counts, sampling, times, labels }: Tells): string {
  const cannot = [
    ...(opener.some((one) => one === "handshake" || one === "stated" || one === "first-packet") ? [] : ["who opened"]),
    ...(answered === "never" ? ["whether anything answered"] : []),
    ...(verdict === "never" ? ["whether it was allowed"] : []),
    ...(counts.includes("both") ? [] : ["both ways of a conversation at once"]),
    ...(sampling === "unsaid" ? ["what sampling left out"] : []),
    ...(times === "none" ? ["when"] : []),
    ...(labels.length === 0 ? ["names of its own"] : []),
  ];
  return cannot.join("; ");
}

/** The inputs as lines: everything but the flows first, then a flow a line, so that no text grows with an estate. */
export function* linesOf({ flows, ...rest }: ArchitectureInputs): Generator<unknown> {
  yield rest;
  yield* flows;
}

export async function inputsFrom(lines: AsyncIterable<unknown>): Promise<ArchitectureInputs> {
  let rest: Omit<ArchitectureInputs, "flows"> | null = null;
  const flows: Flow[] = [];
  for await (const line of lines) {
    if (rest === null) rest = line as Omit<ArchitectureInputs, "flows">;
    else flows.push(line as Flow);
  }
  if (rest === null) throw new Error("no inputs");
  return { ...rest, flows };
}
