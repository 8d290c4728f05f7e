import type { Decoder, DecoderInput, FlowFormat } from "@bulkhead/core/outside";
import { collector } from "../collector.ts";
import { noticeWords } from "../notice-words.ts";
import type { Told } from "../record.ts";
import { eventTold } from "./connection.ts";
import { evtxReader } from "./evtx.ts";
import type { EventFields, EventReader, Found } from "./event.ts";
import { jsonReader } from "./json.ts";
import { xmlReader } from "./xml.ts";

// What must be seen to tell EVTX, XML and JSON apart: a byte order mark and the name in an EVTX file's head.
const headBytes = 8;

/** Windows events that tell of connections: the Filtering Platform's (5156 and its kin) and Sysmon's event 3. */
export const windowsEvents: FlowFormat = {
  name: "windows-events",
  tells: {
    reads:
      "Security 5150 to 5159 and Sysmon 3, as EVTX files, as XML, and as JSON of winlogbeat, NXLog, evtx_dump and PowerShell; an EVTX chunk's checksums are not verified",
    opener: ["stated", "unknown"],
    answered: "sometimes",
    verdict: "sometimes",
    rule: "sometimes",
    reason: "never",
    counts: ["none"],
    connections: ["events"],
    bytes: ["ip"],
    sampling: "unsaid",
    labels: ["process", "user", "host"],
    times: "instant",
    gaps: "the audit policy and Sysmon's configuration say what is written; a log of a fixed size forgets its oldest events; other events are counted by number; bindings and listeners (5154, 5158) name one end only",
  },
  recognises,
  decoder: windowsDecoder,
};

function recognises(head: Uint8Array): boolean {
  if (new TextDecoder("latin1").decode(head.subarray(0, headBytes)) === "ElfFile\0") return true;
  const isWide = head[0] === 0xff && head[1] === 0xfe;
  const text = new TextDecoder(isWide ? "utf-16le" : "latin1").decode(head.subarray(0, 32_768)).trimStart();
  if (/<Event[ >]/.test(text)) return /schemas\.microsoft\.com\/win\/2004\/08\/events\/event|<EventID[^>]{0,40}>\d+<\/EventID>/.test(text);
  if (!/^[[{]/.test(text) || !/"(EventID|EventId|event_id|Id)"\s*:/.test(text)) return false;
  return /"(Channel|winlog|EventData|event_data|ProviderName|SourceName|provider_name|FilterRTID|LayerRTID|DestinationIsIpv6|LogName)"\s*:/.test(text);
}

function windowsDecoder(input: DecoderInput): Decoder {
  const word = noticeWords();
  const collected = collector("windows-events", input);
  const read = (found: Found): void => collected.add(found.kind === "event" ? toldBy(found.fields, word) : found.told, found.line);
  let reader: EventReader | null = null;
  let head: Uint8Array = new Uint8Array(0);
  const begun = (): EventReader => {
    const begun = (reader = readerOf(head, read));
    begun.push(head);
    head = new Uint8Array(0);
    return begun;
  };
  return collected.decoder({
    push(bytes) {
      if (reader !== null) return reader.push(bytes);
      const both = new Uint8Array(head.length + bytes.length);
      both.set(head);
      both.set(bytes, head.length);
      head = both;
      if (head.length >= headBytes) begun();
    },
    end() {
      if (reader !== null || head.length > 0) (reader ?? begun()).end();
    },
  });
}

const toldBy = (fields: EventFields, word: (id: string) => string): Told =>
  eventTold(fields) ?? { kind: "notice", reason: `event ${word(fields.get("eventid") ?? "without a number")}, which is no flow` };

function readerOf(head: Uint8Array, read: (found: Found) => void): EventReader {
  if (new TextDecoder("latin1").decode(head.subarray(0, headBytes)) === "ElfFile\0") return evtxReader(read);
  const isWide = head[0] === 0xff && head[1] === 0xfe;
  const first = new TextDecoder(isWide ? "utf-16le" : "utf-8").decode(head.subarray(0, headBytes)).trimStart()[0];
  const inner = first === "{" || first === "[" ? jsonReader(read) : xmlReader(read);
  return isWide ? narrowed(inner) : inner;
}

/** PowerShell and the Event Viewer write UTF-16; the readers want UTF-8. */
function narrowed(inner: EventReader): EventReader {
  const [wide, narrow] = [new TextDecoder("utf-16le"), new TextEncoder()];
  return {
    push: (bytes) => inner.push(narrow.encode(wide.decode(bytes, { stream: true }))),
    end() {
      inner.push(narrow.encode(wide.decode()));
      inner.end();
    },
  };
}
