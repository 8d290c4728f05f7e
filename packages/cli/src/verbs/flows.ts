import { Failure } from "@bulkhead/core/base/failure";
import type { Instant } from "@bulkhead/core/base/instant";
import type { Connection } from "@bulkhead/core/model/connection";
import type { Workload } from "@bulkhead/core/model/workload";
import type { ArchivedSource, ConnectionFilter } from "@bulkhead/core/outside";
import { buildCommand } from "@stricli/core";
import { dataFlag } from "../place-flags.ts";
import { type Context, heldDirectory, printable } from "../context.ts";
import { instantIn } from "../instant-flag.ts";
import { sidesAsked } from "../flow-sides.ts";
import type { HeldConnection } from "../held-connection.ts";
import { noRecord } from "../no-record.ts";

interface Flags {
  readonly client?: string;
  readonly server?: string;
  readonly service?: string;
  readonly since?: Instant;
  readonly until?: Instant;
  readonly observer?: string;
  readonly source?: string;
  readonly limit?: number;
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly data?: string;
}

export const command = buildCommand<Flags, [], Context>({
  docs: { brief: "The records that were ingested, with the workloads of their time, the earliest first" },
  parameters: {
    flags: {
      client: {
        kind: "parsed",
        parse: String,
        optional: true,
        brief: "Only with this client: a workload id, an address, a prefix, or labels such as app=shop,env=prod",
      },
      server: { kind: "parsed", parse: String, optional: true, brief: "Only with this server: likewise" },
      service: { kind: "parsed", parse: String, optional: true, brief: "Only this service: tcp/443, https, udp, 47" },
      since: { kind: "parsed", parse: instantIn, optional: true, brief: "Only what began at this time or later" },
      until: { kind: "parsed", parse: instantIn, optional: true, brief: "Only what began before this time" },
      observer: { kind: "parsed", parse: String, optional: true, brief: "Only what this observer told" },
      source: { kind: "parsed", parse: String, optional: true, brief: "Only what came in this format: zeek-conn, pcap, …" },
      limit: { kind: "parsed", parse: count, optional: true, brief: "The earliest so many" },
      json: { kind: "boolean", optional: true, brief: "One JSON object a line" },
      csv: { kind: "boolean", optional: true, brief: "A table for spreadsheets" },
      data: dataFlag,
    },
  },
  async func(this: Context, { service, json, csv, data, ...ends }) {
    if (json === true && csv === true) throw new Failure("--json and --csv are two forms of the same list", "ask for one of them");
    const [{ openArchive }, { connectionCsv, csvHead }, { connectionJson, connectionTable }] = await Promise.all([
      import("@bulkhead/adapters/stores/open"),
      import("../connection-csv.ts"),
      import("../connection-text.ts"),
    ]);
    const directory = heldDirectory(this, data);
    const { workloads, held } = await holding(directory);
    const { filter, isAsked } = sidesAsked({ ...ends, ...(await serviceFilter(service)), isOrdered: true }, workloads);
    const limit = ends.limit ?? Infinity;
    const tableOf = connectionTable();
    const linesOf = (connections: readonly HeldConnection[]): string =>
      json === true || csv === true ? connections.map(json === true ? connectionJson : connectionCsv).join("") : tableOf(connections);
    const archive = await openArchive(directory);
    let found = 0;
    let sources: readonly ArchivedSource[] = [];
    try {
      // No head over a question that the archive refuses.
      let head = csv === true ? csvHead : "";
      for await (const connections of archive.connections(filter)) {
        const asked = connections
          .map(held)
          .filter(isAsked)
          .slice(0, limit - found);
        found += asked.length;
        await this.outSlowly(head + linesOf(asked));
        head = "";
        if (found >= limit) break;
      }
      this.out(head + linesOf([]));
      if (found === 0) sources = await archive.sources();
    } finally {
      await archive.close();
    }
    if (found > 0) return;
    this.say(
      noRecord({ service, ...ends }, sources)
        .split("\n")
        .map(printable)
        .join("\n"),
    );
    this.exit(1);
  },
});

interface Holding {
  readonly workloads: readonly Workload[];
  readonly held: (connection: Connection) => HeldConnection;
}

/** Puts beside a connection who held its addresses at its own time. */
async function holding(directory: string): Promise<Holding> {
  const [{ loadInventory }, { holderSegments }, { attributionOf }, { heldConnection }] = await Promise.all([
    import("@bulkhead/adapters/inventories/state"),
    import("@bulkhead/core/inventory/holders"),
    import("@bulkhead/core/telemetry/attribute"),
    import("../held-connection.ts"),
  ]);
  const { workloads } = await loadInventory(directory);
  const attribution = attributionOf(holderSegments(workloads));
  return { workloads, held: (connection) => heldConnection(connection, attribution) };
}

/** A service as records name it: the protocol, and the port where one is meant. */
async function serviceFilter(text: string | undefined): Promise<ConnectionFilter> {
  if (text === undefined) return {};
  if (/^(tcp|udp|sctp|icmp|icmp6|\d{1,3})$/.test(text)) return { protocol: text };
  const [{ servicePointOf }, { protocolNumbers }] = await Promise.all([import("@bulkhead/core/language/service"), import("@bulkhead/core/model/service")]);
  const point = servicePointOf(text, []);
  const name = Object.entries(protocolNumbers).find(([, number]) => number === point?.protocol)?.[0];
  if (point === null || !(name === "tcp" || name === "udp" || name === "sctp"))
    throw new Failure(`${text} is not one service`, "write tcp/443, https, udp, or a protocol number");
  return { protocol: name, serverPort: point.port };
}

function count(text: string): number {
  if (!/^\d{1,12}$/.test(text)) throw new Error(`\`${text}\` is no number of records`);
  return Number(text);
}
