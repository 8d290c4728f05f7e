import { instantOf } from "@bulkhead/core/base/instant";
import type { Connection } from "@bulkhead/core/model/connection";
import type { FlowFormat, Tells } from "@bulkhead/core/outside";
import { lineDecoder } from "../line-decoder.ts";
import { addressOf, countOf, hasPorts, microsOf, microsOfCount, nothing, portOf, protocolOf, strangeNumber, type Told, wrong } from "../record.ts";
import { rowOf } from "./row.ts";

/** The fields of a record that a mapping may name a column for. */
export const mappedFields = [
  "client",
  "clientPort",
  "server",
  "serverPort",
  "protocol",
  "first",
  "last",
  "packetsToServer",
  "bytesToServer",
  "packetsToClient",
  "bytesToClient",
  "verdict",
  "observer",
  "rule",
] as const;
export type MappedField = (typeof mappedFields)[number];

/** Which column holds what. `time` is the form of first and last; `direction` says whether the file states who opened. */
export interface CsvMapping {
  readonly columns: Readonly<Partial<Record<MappedField, string>>>;
  readonly delimiter: string;
  readonly time: "rfc3339" | "unix" | "unix-ms" | "unix-us";
  /** The protocol where no column tells it. */
  readonly protocol: string | null;
  readonly direction: "stated" | "unknown";
}

const tells: Tells = {
  reads: "a table of connections with a header line and a [mapping](csv-mapping.md)",
  opener: ["stated", "unknown"],
  answered: "sometimes",
  verdict: "sometimes",
  rule: "sometimes",
  reason: "never",
  counts: ["both", "one", "none"],
  connections: ["records", "windows"],
  bytes: ["unsaid"],
  sampling: "unsaid",
  labels: [],
  times: "first and last",
  gaps: "only whoever wrote the table knows",
};

/** A table of connections whose first line names its columns, read as a mapping says. */
export function csvFlows(mapping: CsvMapping): FlowFormat {
  return {
    name: "csv",
    tells,
    // Nothing in a table says what its columns mean: only a mapping does.
    recognises: () => false,
    decoder(input) {
      let columns: ReadonlyMap<string, number> | null = null;
      return lineDecoder("csv", input, (line) => {
        if (line.trim() === "") return nothing;
        const row = rowOf(line, mapping.delimiter);
        if (row === null) return wrong("quotes", "a quoted value is never closed");
        if (columns !== null) return toldBy(row, columns, mapping);
        columns = new Map(row.map((name, index) => [name.trim(), index]));
        const missing = Object.values(mapping.columns).filter((name) => !columns?.has(name));
        return missing.length === 0 ? nothing : wrong("no-column", `the header has no column \`${missing.join("`, `")}\``);
      });
    },
  };
}

const numbers = { ports: ["clientPort", "serverPort"], counts: ["packetsToServer", "bytesToServer", "packetsToClient", "bytesToClient"] };

function toldBy(row: readonly string[], columns: ReadonlyMap<string, number>, mapping: CsvMapping): Told {
  const field = (name: MappedField): string | undefined => {
    const column = mapping.columns[name];
    const value = column === undefined ? undefined : row[columns.get(column) ?? -1]?.trim();
    return value === "" ? undefined : value;
  };
  const [client, server] = [addressOf(field("client")), addressOf(field("server"))];
  if (client === null || server === null) return wrong("bad-address", "client or server is no address");
  const protocol = protocolIn(field("protocol") ?? mapping.protocol ?? undefined, client);
  if (protocol === null) return wrong("bad-protocol", "the protocol cannot be read");
  const strange = strangeNumber((name) => field(name as MappedField), numbers);
  if (strange !== null) return strange;
  const [first, last] = [timeOf(field("first"), mapping.time), timeOf(field("last"), mapping.time)];
  for (const [name, value] of [
    ["first", first],
    ["last", last],
  ] as const)
    if (value === null && field(name) !== undefined) return wrong("bad-time", `\`${name}\` is no time of the form ${mapping.time}`);
  const ports = hasPorts(protocol) ? { clientPort: portOf(field("clientPort")), serverPort: portOf(field("serverPort")) } : {};
  const counts = {
    packetsToServer: countOf(field("packetsToServer")),
    bytesToServer: countOf(field("bytesToServer")),
    packetsToClient: countOf(field("packetsToClient")),
    bytesToClient: countOf(field("bytesToClient")),
  };
  return {
    kind: "connection",
    known: {
      client,
      server,
      protocol,
      ...ports,
      ...counts,
      first,
      last,
      verdict: verdictOf(field("verdict")),
      observer: field("observer") ?? null,
      rule: field("rule") ?? null,
      direction: mapping.direction,
      answered: counts.packetsToClient === null ? null : counts.packetsToClient > 0,
    },
  };
}

function protocolIn(text: string | undefined, client: string): string | null {
  const name = text?.toLowerCase();
  if (name === undefined) return null;
  if (name === "icmp" || name === "icmpv6" || name === "icmp6") return client.includes(":") ? "icmp6" : "icmp";
  if (hasPorts(name)) return name;
  return /^\d{1,3}$/.test(name) && Number(name) < 256 ? protocolOf(Number(name)) : null;
}

function timeOf(text: string | undefined, form: CsvMapping["time"]): number | null {
  if (text === undefined) return null;
  switch (form) {
    case "rfc3339":
      return instantOf(text) ?? null;
    case "unix":
      return microsOf(text);
    case "unix-ms":
      return microsOfCount(text, 1000);
    case "unix-us":
      return microsOfCount(text, 1);
  }
}

function verdictOf(text: string | undefined): Connection["verdict"] {
  if (text === undefined) return null;
  if (/^(allow(ed)?|accept(ed)?|pass(ed)?|permit(ted)?)$/i.test(text)) return "allowed";
  return /^(den(y|ied)|drop(ped)?|reject(ed)?|block(ed)?)$/i.test(text) ? "denied" : null;
}
