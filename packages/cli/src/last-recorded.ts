import { openArchive } from "@bulkhead/adapters/stores/open";
import type { Instant } from "@bulkhead/core/base/instant";
import { ipOf, ipText } from "@bulkhead/core/base/ip";
import { holderSegments } from "@bulkhead/core/inventory/holders";
import { pointOf } from "@bulkhead/core/map/service-point";
import type { Connection } from "@bulkhead/core/model/connection";
import type { Question } from "@bulkhead/core/model/question";
import { protocolNumbers, type ServicePoint } from "@bulkhead/core/model/service";
import type { Workload } from "@bulkhead/core/model/workload";
import type { ConnectionFilter } from "@bulkhead/core/outside";
import { type Attribution, attributionOf } from "@bulkhead/core/telemetry/attribute";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** The recorded connections that a question is about. */
export interface LastRecorded {
  /** When the last of them began. */
  readonly at: Instant;
  readonly records: number;
}

/** The last recorded connection between two ends over a service; null where none was, or nothing was ever ingested. */
export async function lastRecorded(
  directory: string,
  { from, to, over }: Pick<Question, "from" | "to" | "over">,
  workloads: readonly Workload[],
): Promise<LastRecorded | null> {
  // An archive is made where there is none, and explaining makes nothing.
  if (over === null || !existsSync(join(directory, "archive"))) return null;
  const [client, server] = [from, to].map((text) => addressesOf(text, workloads));
  const filter: ConnectionFilter = {
    ...(client!.length === 1 ? { client: client![0]! } : {}),
    ...(server!.length === 1 ? { server: server![0]! } : {}),
    ...portOf(over),
  };
  const isOne = endsOf({ from, to }, attributionOf(holderSegments(workloads)));
  const archive = await openArchive(directory);
  let [at, records] = [-Infinity, 0];
  try {
    for await (const portion of archive.connections(filter)) {
      const begins = portion.flatMap((one) => (one.first !== null && isOver(one, over) && isOne(one) ? [one.first] : []));
      records += begins.length;
      at = begins.reduce((latest, first) => Math.max(latest, first), at);
    }
  } finally {
    await archive.close();
  }
  return records === 0 ? null : { at, records };
}

/** The address that was asked for, or those that a workload ever held. */
function addressesOf(text: string, workloads: readonly Workload[]): readonly string[] {
  const ip = ipOf(text);
  if (ip !== undefined) return [ipText(ip)];
  const leases = workloads.find(({ id }) => id === text)?.leases ?? [];
  return [...new Set(leases.map((lease) => ipText(lease.ip)))];
}

function portOf({ protocol, port }: ServicePoint): ConnectionFilter {
  const name = (["tcp", "udp", "sctp"] as const).find((one) => protocolNumbers[one] === protocol);
  return name === undefined ? {} : { protocol: name, serverPort: port };
}

function isOver(connection: Connection, over: ServicePoint): boolean {
  const point = pointOf(connection);
  return point !== null && point.protocol === over.protocol && point.port === over.port;
}

/** Whether a connection is between these ends: the address that was asked for, or whatever address the workload held then. */
function endsOf({ from, to }: Pick<Question, "from" | "to">, attribution: Attribution): (connection: Connection) => boolean {
  const matches = (text: string): ((address: string, at: Instant | null) => boolean) => {
    const ip = ipOf(text);
    if (ip !== undefined) return (address) => address === ipText(ip);
    return (address, at) => {
      const end = attribution(address, at);
      return end.kind === "held" && end.holder === text;
    };
  };
  const [isClient, isServer] = [matches(from), matches(to)];
  return ({ client, server, first }) => isClient(client, first) && isServer(server, first);
}
