import { instantOf } from "@bulkhead/core/base/instant";
import { comingText } from "@bulkhead/core/map/completeness/unseen";
import type { ArchitectureInputs, Completeness } from "@bulkhead/core/report/architecture/facts";
import type { Report as CompletenessReport } from "./completeness-report.ts";
import { formatsCannotTell } from "./cannot-tell.ts";

/** Everything that the architecture report of a data directory is computed from. */
export async function architectureInputs(
  directory: string,
  { calendar, ...asked }: Pick<ArchitectureInputs, "version" | "generatedAt" | "front" | "since" | "until"> & { readonly calendar: string | null },
): Promise<ArchitectureInputs> {
  const [{ openArchive }, { loadInventory }, { holderSegments }, { confirmationsIn }, { reportOf }] = await Promise.all([
    import("@bulkhead/adapters/stores/open"),
    import("@bulkhead/adapters/inventories/state"),
    import("@bulkhead/core/inventory/holders"),
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
    return { ...asked, flows, believed, sources: await archive.sources(), cannotTell: await formatsCannotTell(), confirmations, completeness };
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
  const unseen = forecast.kind === "silent" ? `No estimate of what is still to come: ${forecast.why}` : comingText(forecast.interval, horizonDays);
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
