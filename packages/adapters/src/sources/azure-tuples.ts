import type { DecoderInput, Decoder } from "@bulkhead/core/outside";
import { jsonDecoder } from "./json-decoder.ts";
import { type JsonObject, listIn, objectIn, textIn } from "./json-fields.ts";
import { addressOf, countOf, hasPorts, type Known, portOf, type Told, wrong } from "./record.ts";

/** A tuple of a flow log of Azure, its columns by their names; what is not told is empty or missing. */
export interface AzureTuple {
  readonly at: number | null;
  readonly source: string | undefined;
  readonly destination: string | undefined;
  readonly sourcePort: string | undefined;
  readonly destinationPort: string | undefined;
  /** A name that a record carries, or null. */
  readonly protocol: string | null;
  readonly isDenied: boolean | null;
  /** B begins, C goes on, E ends; empty in version 1. */
  readonly state: string;
  /** Packets and bytes there, then back. */
  readonly counts: readonly (string | undefined)[];
  readonly note: string | null;
}

/** What is the same for all tuples of one group. */
export interface AzureGroup {
  readonly rule: string | null;
  readonly observer: string | null;
  readonly tuples: readonly unknown[];
}

/** How one of Azure's flow logs lays out its records and its tuples. */
export interface AzureLog {
  readonly source: string;
  readonly columns: number | readonly number[];
  readonly groupsOf: (record: JsonObject) => readonly AzureGroup[];
  readonly tupleOf: (columns: readonly string[]) => AzureTuple;
}

/** A decoder of Azure's flow logs. A record that stands twice in a file (a known fault: a list of records inside a record) counts once, and is said. */
export function azureDecoder(log: AzureLog, input: DecoderInput): Decoder {
  const isRepeated = repetitions();
  const tell = (record: JsonObject): readonly Told[] => {
    const groups = log.groupsOf(record);
    if (groups.every(({ tuples }) => tuples.length === 0)) return [];
    if (isRepeated(JSON.stringify(record))) return [{ kind: "notice", reason: "repeated record" }];
    return groups.flatMap((group) => group.tuples.map((tuple) => toldBy(tuple, group, log)));
  };
  return jsonDecoder({ source: log.source, into: ["records"], tell }, input);
}

// An hour of one network interface is 60 records, some megabytes of text.
const recordsMax = 4096;
const charactersMax = 32 << 20;

/** Whether this text came before; remembers the last few thousand. */
function repetitions(): (text: string) => boolean {
  const known = new Set<string>();
  let characters = 0;
  return (text) => {
    if (known.has(text)) return true;
    known.add(text);
    characters += text.length;
    for (const oldest of known) {
      if (known.size <= recordsMax && characters <= charactersMax) break;
      known.delete(oldest);
      characters -= oldest.length;
    }
    return false;
  };
}

function toldBy(text: unknown, group: AzureGroup, log: AzureLog): Told {
  const columns = typeof text === "string" ? text.split(",") : [];
  const wanted = [log.columns].flat();
  if (!wanted.includes(columns.length)) return wrong("columns", `the tuple has ${columns.length} columns, not ${wanted.join(" or ")}`);
  const tuple = log.tupleOf(columns.map((column) => column.trim()));
  const [client, server] = [addressOf(tuple.source), addressOf(tuple.destination)];
  if (client === null || server === null) return wrong("bad-address", "source or destination is no address");
  if (tuple.protocol === null) return wrong("bad-protocol", "the protocol cannot be read");
  if (tuple.at === null) return wrong("bad-time", "the time of the tuple cannot be read");
  if (tuple.isDenied === null) return wrong("bad-verdict", "the tuple says neither that it was allowed nor that it was denied");
  const strange = strangeColumn(tuple);
  if (strange !== null) return strange;
  return { kind: "connection", known: knownOf(tuple, { client, server, protocol: tuple.protocol }, group) };
}

function strangeColumn({ sourcePort, destinationPort, counts, protocol }: AzureTuple): Told | null {
  const ports = hasPorts(protocol ?? "") ? [sourcePort, destinationPort] : [];
  for (const port of ports) if (portOf(port) === null) return wrong("bad-port", "source or destination port is no port");
  for (const count of counts) if ((count ?? "") !== "" && countOf(count) === null) return wrong("bad-number", "a count of packets or bytes is no whole number");
  return null;
}

/** What a tuple says: Azure's firewalls know connections, so the source is who opened it. */
function knownOf(tuple: AzureTuple, ends: Pick<Known, "client" | "server" | "protocol">, { rule, observer }: AzureGroup): Known {
  // A beginning and a denial come before anything is counted; version 4 writes zeros there.
  const isCounted = !tuple.isDenied && tuple.state !== "B";
  const [packetsToServer = null, bytesToServer = null, packetsToClient = null, bytesToClient = null] = isCounted ? tuple.counts.map(countOf) : [];
  const ports = hasPorts(ends.protocol) ? { clientPort: portOf(tuple.sourcePort), serverPort: portOf(tuple.destinationPort) } : {};
  return {
    ...ends,
    ...ports,
    packetsToServer,
    bytesToServer,
    packetsToClient,
    bytesToClient,
    first: tuple.at,
    last: tuple.at,
    direction: "stated",
    // Nothing back since the last record says nothing about the records before it.
    answered: tuple.isDenied ? false : packetsToClient !== null && packetsToClient > 0 ? true : null,
    verdict: tuple.isDenied ? "denied" : "allowed",
    rule,
    observer,
    note: notes(tuple),
  };
}

const stages: ReadonlyMap<string, string> = new Map([
  ["B", "begins"],
  ["C", "goes on"],
  ["E", "ends"],
]);

function notes({ isDenied, state, note }: AzureTuple): string | null {
  const stage = isDenied ? undefined : stages.get(state);
  return [stage, note].filter((word) => word !== undefined && word !== null).join("; ") || null;
}

/** The lists of tuples in a group of a record, each with the rule it stands under. */
export function tuplesOf(groups: unknown, observer: string | null, inner: (group: JsonObject) => readonly JsonObject[]): readonly AzureGroup[] {
  return listIn(groups)
    .map(objectIn)
    .flatMap((group) =>
      inner(group).map((one) => ({ rule: textIn(group["rule"]) ?? null, observer: textIn(one["mac"]) ?? observer, tuples: listIn(one["flowTuples"]) })),
    );
}
