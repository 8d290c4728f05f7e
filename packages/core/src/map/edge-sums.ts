import type { Volume } from "../model/flow.ts";
import { type GrowingVolume, grow, growingFrom } from "../telemetry/volume.ts";
import type { MapEdge } from "./application-map.ts";
import { numbering } from "./numbering.ts";

type Ends = Pick<MapEdge, "from" | "to" | "service">;

/** Sums volumes by edge. */
export interface EdgeSums {
  /** An edge is of a scanner when all that is added to it is. */
  add(edge: Ends, scan: boolean, volume: Volume): void;
  /** By group and service, each by code point. */
  sorted(): readonly MapEdge[];
}

// Two group numbers, and a service's beside them, are exact in a double.
const numbersMax = 2 ** 26;

interface Sum {
  readonly from: number;
  readonly to: number;
  readonly service: number;
  readonly ends: Ends;
  scan: boolean;
  /** The first that was added, until a second makes it grow: most edges of a large map are one flow. */
  volume: Volume;
  growing: GrowingVolume | null;
}

/** Sums over edges whose texts are numbers until the end: a map has few groups and services, and many edges. */
export function edgeSums(): EdgeSums {
  const [groups, services] = [numbering(), numbering()];
  const sums = new Map<number, Map<number, Sum>>();
  const all: Sum[] = [];
  return {
    add(ends, scan, volume) {
      const [from, to, service] = [groups.of(ends.from), groups.of(ends.to), services.of(ends.service)];
      const pair = from * numbersMax + to;
      let byService = sums.get(pair);
      if (byService === undefined) sums.set(pair, (byService = new Map()));
      const known = byService.get(service);
      if (known !== undefined) {
        known.scan &&= scan;
        known.growing ??= growingFrom(known.volume);
        grow(known.growing, volume);
        return;
      }
      const sum = { from, to, service, ends, scan, volume, growing: null };
      byService.set(service, sum);
      all.push(sum);
    },
    sorted() {
      const [group, service] = [groups.ranks(), services.ranks()];
      all.sort((a, b) => group[a.from]! - group[b.from]! || group[a.to]! - group[b.to]! || service[a.service]! - service[b.service]!);
      return all.map(({ ends, scan, volume, growing }) => edgeOf(ends, scan, growing ?? volume));
    },
  };
}

// Written out: spreading two objects into a third costs several times as much.
function edgeOf({ from, to, service }: Ends, scan: boolean, volume: Volume): MapEdge {
  const { connections, answered, unanswered, untold, denied, bytesToServer, bytesToClient, first, last, observers, sampling, oneSided, reasons } = volume;
  return {
    from,
    to,
    service,
    scan,
    connections,
    answered,
    unanswered,
    untold,
    denied,
    bytesToServer,
    bytesToClient,
    first,
    last,
    observers,
    sampling,
    oneSided,
    reasons,
  };
}
