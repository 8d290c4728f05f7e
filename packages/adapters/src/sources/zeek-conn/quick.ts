import type { Connection } from "@bulkhead/core/model/connection";
import { addressAt, type Columns, columnsOf, countAt, isAbsent, microsAt, strange, wordAt } from "../fields.ts";
import { type FlatJson, flatJson } from "../flat-json.ts";
import { noLabels, type QuickReader } from "../record.ts";
import { columns, directionOf, isAnswered } from "./conversation.ts";

const slotOf = (name: (typeof columns)[number]): number => columns.indexOf(name);
const ts = slotOf("ts");
const origH = slotOf("id.orig_h");
const origP = slotOf("id.orig_p");
const respH = slotOf("id.resp_h");
const respP = slotOf("id.resp_p");
const proto = slotOf("proto");
const duration = slotOf("duration");
const connState = slotOf("conn_state");
const history = slotOf("history");
const origPkts = slotOf("orig_pkts");
const origBytes = slotOf("orig_ip_bytes");
const respPkts = slotOf("resp_pkts");
const respBytes = slotOf("resp_ip_bytes");
const origPayload = slotOf("orig_bytes");
const respPayload = slotOf("resp_bytes");

const tab = 9;

// A header with one of these says more than the quick reader knows.
const more = /^(_|@|ip_proto)/;

/** The quick reader of tab-separated lines with these fields, or null when the header asks for more. */
export function quickColumns(fields: readonly string[], file: string): QuickReader | null {
  if (fields.some((name) => more.test(name)) || new Set(fields).size !== fields.length) return null;
  const cut = columnsOf(
    fields.map((name) => (columns as readonly string[]).indexOf(name)),
    tab,
    columns.length,
  );
  return ({ bytes, start, end }, record) => {
    const first = bytes[start];
    // A header line, or JSON among the columns.
    if (start === end || first === 35 || first === 123) return null;
    return cut.cut(bytes, start, end) === fields.length ? connectionAt(bytes, cut, { file, record }) : null;
  };
}

const jsonNames = columns.flatMap((name, slot) =>
  name.startsWith("id.")
    ? [
        { name, slot },
        { name: name.replace(".", "_"), slot },
      ]
    : [{ name, slot }],
);

/** The quick reader of JSON lines as Zeek writes them. */
export function quickJson(file: string): QuickReader {
  // Values under these names change what the record says; the slower reader knows how.
  const cut: FlatJson = flatJson(jsonNames, columns.length, ["_path", "@stream", "_system_name", "@system", "id", "ip_proto"]);
  return ({ bytes, start, end }, record) => (cut.cut(bytes, start, end) ? connectionAt(bytes, cut, { file, record }) : null);
}

function connectionAt(
  bytes: Uint8Array,
  { from, to }: Pick<Columns, "from" | "to">,
  { file, record }: { readonly file: string; readonly record: number },
): Connection | null {
  const count = (slot: number): number => countAt(bytes, from[slot]!, to[slot]!);
  const word = (slot: number): string | null => (isAbsent(bytes, from[slot]!, to[slot]!) ? null : wordAt(bytes, from[slot]!, to[slot]!));
  const client = addressAt(bytes, from[origH]!, to[origH]!);
  const server = addressAt(bytes, from[respH]!, to[respH]!);
  const first = microsAt(bytes, from[ts]!, to[ts]!);
  const protocol = word(proto);
  if (client === null || server === null || first < 0 || (protocol !== "tcp" && protocol !== "udp" && protocol !== "icmp")) return null;
  const lasted = microsAt(bytes, from[duration]!, to[duration]!);
  const clientPort = count(origP);
  const serverPort = count(respP);
  if (lasted === strange || clientPort === strange || serverPort === strange || clientPort > 65_535 || serverPort > 65_535) return null;
  const there = count(origPkts);
  const back = count(respPkts);
  const bytesThere = count(origBytes);
  const bytesBack = count(respBytes);
  if (there === strange || back === strange || bytesThere === strange || bytesBack === strange) return null;
  // Payload bytes in the place of IP bytes are noted by the slower reader.
  if (bytesThere < 0 && bytesBack < 0 && !(isAbsent(bytes, from[origPayload]!, to[origPayload]!) && isAbsent(bytes, from[respPayload]!, to[respPayload]!)))
    return null;
  const isIcmp = protocol === "icmp";
  const evidence = { protocol, state: word(connState), history: word(history), packetsBack: told(back) };
  return {
    source: "zeek-conn",
    file,
    record,
    observer: null,
    first,
    last: lasted < 0 ? first : first + lasted,
    client,
    clientPort: isIcmp ? null : told(clientPort),
    server,
    serverPort: isIcmp ? null : told(serverPort),
    protocol: isIcmp && client.includes(":") ? "icmp6" : protocol,
    icmpType: isIcmp ? told(clientPort) : null,
    packetsToServer: told(there),
    bytesToServer: told(bytesThere),
    packetsToClient: evidence.packetsBack,
    bytesToClient: told(bytesBack),
    direction: directionOf(evidence),
    answered: isAnswered(evidence),
    verdict: null,
    rule: null,
    reason: null,
    sampling: null,
    clientLabels: noLabels,
    serverLabels: noLabels,
    note: null,
  };
}

const told = (count: number): number | null => (count < 0 ? null : count);
