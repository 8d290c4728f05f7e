import type { Instant } from "@bulkhead/core/base/instant";
import type { Connection } from "@bulkhead/core/model/connection";
import type { FlowEnd } from "@bulkhead/core/model/flow";

/** A connection and who held its addresses when it began: no workload, one, or several that contest the address. */
export interface HeldConnection extends Connection {
  readonly clientWorkloads: readonly string[];
  readonly serverWorkloads: readonly string[];
}

/** A connection with the workloads of its own time. */
export function heldConnection(connection: Connection, attribution: (address: string, at: Instant | null) => FlowEnd): HeldConnection {
  const { client, server, first } = connection;
  return { ...connection, clientWorkloads: workloadsOf(attribution(client, first)), serverWorkloads: workloadsOf(attribution(server, first)) };
}

/** The workloads that held an address: none, one, or several that contest it. */
export function workloadsOf(end: FlowEnd): readonly string[] {
  switch (end.kind) {
    case "bare":
      return [];
    case "held":
      return [end.holder];
    case "contested":
      return end.holders;
  }
}
