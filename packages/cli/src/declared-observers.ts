import type { Sensor } from "@bulkhead/adapters/sources/sensors";
import type { ArchivedSource } from "@bulkhead/core/outside";
import { instantOf } from "@bulkhead/core/base/instant";
import type { Observer } from "@bulkhead/core/map/completeness/sight";

/**
 * What was declared of each observer. It is of the sensor whose name it bears, or in whose declared folder its file lay; where the declaration
 * lay is not kept, so any part of the file's path may be that folder. Of one whose files are of unlike sensors nothing is known.
 */
export function declaredObservers(sensors: readonly Sensor[], sources: readonly ArchivedSource[]): ReadonlyMap<string, Observer> {
  const observers = new Map<string, Observer | null>();
  for (const { source, file, observer } of sources) {
    const name = observer ?? source;
    const sensor = sensors.find((one) => one.name === observer) ?? sensors.find(({ files }) => files !== undefined && isBelow(file, files));
    const said = sensor === undefined ? null : { outages: outagesOf(sensor), isSampled: (sensor.sampling ?? 1) > 1 };
    const known = observers.get(name);
    observers.set(name, known === undefined || JSON.stringify(known) === JSON.stringify(said) ? said : null);
  }
  return new Map([...observers].flatMap(([name, said]) => (said === null ? [] : [[name, said] as const])));
}

function isBelow(file: string, declared: string): boolean {
  const path = declared.replace(/^(\.?\/)+/, "").replace(/\/+$/, "");
  return path !== "" && `/${file}/`.includes(`/${path}/`);
}

function outagesOf({ gaps }: Sensor): Observer["outages"] {
  const listed = Array.isArray(gaps) ? (gaps as readonly unknown[]) : [];
  return listed.flatMap((gap) => {
    const { from, until } = (typeof gap === "object" && gap !== null ? gap : {}) as { readonly from?: unknown; readonly until?: unknown };
    const [since, end] = [instantOf(String(from)), instantOf(String(until))];
    return since === undefined || end === undefined ? [] : [{ since, until: end }];
  });
}
