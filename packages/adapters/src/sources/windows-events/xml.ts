import { wrong } from "../record.ts";
import { type EventFields, type EventReader, fieldsMax, type Found } from "./event.ts";

// The Event Log service writes no event over 64 KiB; its XML is somewhat longer.
const eventMax = 1 << 20;
const closing = "</Event>";

/** Events as XML, one after the other, whatever stands between them. */
export function xmlReader(read: (found: Found) => void): EventReader {
  const utf8 = new TextDecoder("utf-8");
  let text = "";
  let searched = 0;
  let isTooLong = false;
  const takeEvents = (): void => {
    for (let end = text.indexOf(closing, searched); end >= 0; end = text.indexOf(closing)) {
      const event = eventIn(text.slice(0, end));
      if (isTooLong || (event !== null && event.length > eventMax)) read(tooLong);
      else if (event !== null) read({ kind: "event", fields: xmlFields(event), line: null });
      isTooLong = false;
      text = text.slice(end + closing.length);
    }
    if (text.length > eventMax * 2) {
      const event = eventIn(text);
      isTooLong ||= event !== null && event.length > eventMax;
      text = event !== null && event.length <= eventMax ? event : text.slice(-closing.length);
    }
    searched = Math.max(0, text.length - closing.length);
  };
  const add = (more: string): void => {
    // What is cut up at one place must not depend on how the file was cut.
    for (let at = 0; at < more.length; at += eventMax) {
      text += more.slice(at, at + eventMax);
      takeEvents();
    }
  };
  return {
    push: (bytes) => add(utf8.decode(bytes, { stream: true })),
    end() {
      add(utf8.decode());
      if (isTooLong) read(tooLong);
      else if (eventIn(text) !== null) read({ kind: "broken", told: wrong("truncated", "the file ends in the middle of an event"), line: null });
    },
  };
}

const tooLong: Found = {
  kind: "broken",
  told: wrong("event-too-long", `an event is longer than ${eventMax} characters, the longest that is read`),
  line: null,
};

/** The text from the last opening tag on, or null without one. */
function eventIn(text: string): string | null {
  const start = Math.max(text.lastIndexOf("<Event "), text.lastIndexOf("<Event>"));
  return start < 0 ? null : text.slice(start);
}

/** The fields of one event. */
export function xmlFields(event: string): EventFields {
  const fields = new Map<string, string>();
  const keep = (name: string, text: string | undefined): void => {
    if (text !== undefined && fields.size < fieldsMax && !fields.has(name)) fields.set(name, plain(text));
  };
  for (const [, name, text] of event.matchAll(/<Data Name=["']([\w.-]{1,64})["'](?: ?\/>|>([^<]*)<\/Data>)/g)) keep(name!.toLowerCase(), text ?? "");
  const [, id] = /<EventID[^<>]{0,60}>\s*(\d{1,5})\s*<\/EventID>/.exec(event) ?? [];
  fields.delete("eventid");
  keep("eventid", id);
  keep("systemtime", /<TimeCreated [^<>]{0,40}?SystemTime=["']([^"'<>]{1,60})["']/.exec(event)?.[1]);
  keep("computer", /<Computer>([^<]{1,255})<\/Computer>/.exec(event)?.[1]);
  keep("channel", /<Channel>([^<]{1,255})<\/Channel>/.exec(event)?.[1]);
  return fields;
}

const entities: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };

function plain(text: string): string {
  if (!text.includes("&")) return text.trim();
  const resolved = text.replace(
    /&(?:(lt|gt|quot|apos|amp)|#(\d{1,7})|#x([0-9a-f]{1,6}));/gi,
    (whole, name: string | undefined, decimal: string | undefined, hex: string | undefined) => {
      if (name !== undefined) return entities[name.toLowerCase()] ?? whole;
      const code = decimal === undefined ? parseInt(hex!, 16) : Number(decimal);
      return code <= 0x10_ffff ? String.fromCodePoint(code) : whole;
    },
  );
  return resolved.trim();
}
