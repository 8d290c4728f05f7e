import type { Connection, Direction } from "@bulkhead/core/model/connection";
import { columnsOf, readColumns } from "../columns.ts";
import { told, type Values, valuesOf, type Wanted } from "../fields.ts";
import { flatJsonOf, readFlatJson } from "../flat-json.ts";
import type { QuickReader } from "../line-decoder.ts";
import { noLabels } from "../record.ts";
import { wordsOf } from "../words.ts";
import { type columns, directionOf, isAnswered } from "./conversation.ts";

// What a word says of a conversation; nothing where the slower reader must look.
const protocols = wordsOf((proto) => (proto === "tcp" || proto === "udp" || proto === "icmp" ? proto : undefined), 16);
const histories = wordsOf<{ readonly ofTcp: Direction; readonly ofOthers: Direction }>(
  (history) => ({ ofTcp: directionOf({ protocol: "tcp", history }), ofOthers: directionOf({ protocol: "udp", history }) }),
  1024,
);
const states = wordsOf<boolean | null>((state) => (state === "(empty)" ? undefined : isAnswered({ protocol: "tcp", state, packetsBack: null })), 64);

const wanted: Readonly<Record<(typeof columns)[number], Wanted>> = {
  ts: "micros",
  "id.orig_h": "address",
  "id.orig_p": "count",
  "id.resp_h": "address",
  "id.resp_p": "count",
  proto: protocols,
  duration: "micros",
  conn_state: states,
  history: histories,
  orig_pkts: "count",
  orig_ip_bytes: "count",
  resp_pkts: "count",
  resp_ip_bytes: "count",
  orig_bytes: "count",
  resp_bytes: "count",
};
const names = Object.keys(wanted) as (keyof typeof wanted)[];
const kinds = Object.values(wanted);

const ts = names.indexOf("ts");
const origH = names.indexOf("id.orig_h");
const origP = names.indexOf("id.orig_p");
const respH = names.indexOf("id.resp_h");
const respP = names.indexOf("id.resp_p");
const proto = names.indexOf("proto");
const duration = names.indexOf("duration");
const connState = names.indexOf("conn_state");
const history = names.indexOf("history");
const origPkts = names.indexOf("orig_pkts");
const origBytes = names.indexOf("orig_ip_bytes");
const respPkts = names.indexOf("resp_pkts");
const respBytes = names.indexOf("resp_ip_bytes");
const origPayload = names.indexOf("orig_bytes");
const respPayload = names.indexOf("resp_bytes");

const tab = 9;

// A header with one of these says more than the quick reader knows.
const more = /^(_|@|ip_proto)/;

/** The quick reader of tab-separated lines with these fields, or null when the header asks for more. */
export function quickColumns(fields: readonly string[], file: string): QuickReader | null {
  if (fields.some((name) => more.test(name)) || new Set(fields).size !== fields.length) return null;
  const values = valuesOf(kinds);
  const slots = fields.map((name) => (names as readonly string[]).indexOf(name));
  const columns = columnsOf(slots, tab, values);
  return ({ bytes, start, end }, record) => {
    const first = bytes[start];
    // A header line, or JSON among the columns.
    if (start === end || first === 35 || first === 123) return null;
    return readColumns(columns, bytes, start, end) ? connectionOf(values, file, record) : null;
  };
}

const jsonNames = names.flatMap((name, slot) =>
  name.startsWith("id.")
    ? [
        { name, slot },
        { name: name.replace(".", "_"), slot },
      ]
    : [{ name, slot }],
);
// Values under these names change what the record says; the slower reader knows how.
const refused = ["_path", "@stream", "_system_name", "@system", "id", "ip_proto"];

/** The quick reader of JSON lines as Zeek writes them. */
export function quickJson(file: string): QuickReader {
  const values = valuesOf(kinds);
  const json = flatJsonOf({ wanted: jsonNames, refused }, kinds, values);
  return ({ bytes, start, end }, record) => (readFlatJson(json, bytes, start, end) ? connectionOf(values, file, record) : null);
}

function connectionOf(values: Values, file: string, record: number): Connection | null {
  const { numbers, addresses } = values;
  const first = numbers[ts]!;
  const lasted = numbers[duration]!;
  if (first < 0 || numbers[origH]! < 0 || numbers[respH]! < 0 || numbers[proto]! < 0 || numbers[origP]! > 65_535 || numbers[respP]! > 65_535) return null;
  // Payload bytes in the place of IP bytes are noted by the slower reader.
  if (numbers[origBytes]! < 0 && numbers[respBytes]! < 0 && (numbers[origPayload]! >= 0 || numbers[respPayload]! >= 0)) return null;
  const client = addresses[origH]!;
  const protocol = protocols.meanings[numbers[proto]!]!;
  const packetsBack = told(values, respPkts);
  const isIcmp = protocol === "icmp";
  return {
    source: "zeek-conn",
    file,
    record,
    observer: null,
    first,
    last: lasted < 0 ? first : first + lasted,
    client,
    clientPort: isIcmp ? null : told(values, origP),
    server: addresses[respH]!,
    serverPort: isIcmp ? null : told(values, respP),
    protocol: isIcmp && client.includes(":") ? "icmp6" : protocol,
    icmpType: isIcmp ? told(values, origP) : null,
    packetsToServer: told(values, origPkts),
    bytesToServer: told(values, origBytes),
    packetsToClient: packetsBack,
    bytesToClient: told(values, respBytes),
    direction: directionBy(protocol, numbers[history]!),
    answered: answeredBy(protocol, numbers[connState]!) ?? (packetsBack === null ? null : packetsBack > 0),
    verdict: null,
    rule: null,
    reason: null,
    sampling: null,
    clientLabels: noLabels,
    serverLabels: noLabels,
    note: null,
  };
}

function directionBy(protocol: string, place: number): Direction {
  if (place < 0) return protocol === "tcp" ? "stated" : "first-packet";
  const meaning = histories.meanings[place]!;
  return protocol === "tcp" ? meaning.ofTcp : meaning.ofOthers;
}

const answeredBy = (protocol: string, place: number): boolean | null => (protocol === "tcp" && place >= 0 ? states.meanings[place]! : null);
