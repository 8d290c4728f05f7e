import { instantOf } from "@bulkhead/core/base/instant";
import type { Gap } from "@bulkhead/core/simulate/simulation";

/** What sensors were declared to have missed, where that can be read. */
export async function declaredGaps(directory: string): Promise<readonly Gap[]> {
  const { keptSensors } = await import("@bulkhead/adapters/sources/sensors");
  return keptSensors(directory).flatMap(({ name, gaps }) =>
    (Array.isArray(gaps) ? (gaps as readonly { readonly from?: unknown; readonly until?: unknown }[]) : []).flatMap((gap) => {
      const [since, until] = [instantOf(String(gap?.from)), instantOf(String(gap?.until))];
      return since === undefined || until === undefined ? [] : [{ sensor: name, since, until }];
    }),
  );
}
