import { jsonSplitter } from "../json-values.ts";
import { wrong } from "../record.ts";
import { type EventFields, type EventReader, fieldsMax, type Found, textMax } from "./event.ts";

/** Events as JSON: one a line, pretty-printed, in one list, in an object with a list. */
export function jsonReader(read: (found: Found) => void): EventReader {
  return jsonSplitter({ into: ["Events", "events", "value", "hits"], through: ["hits"] }, (part) => {
    if (part.kind === "broken") return read({ kind: "broken", told: wrong("json", part.why), line: part.line });
    let value: unknown;
    try {
      value = JSON.parse(part.text);
    } catch {
      return read({ kind: "broken", told: wrong("json", "the event is not JSON"), line: part.line });
    }
    return read({ kind: "event", fields: jsonFields(value), line: part.line });
  });
}

const depthMax = 12;

/** The fields of an event, wherever its writer put them: flat, below `winlog.event_data`, `Event.EventData`, in a list of names and texts. */
export function jsonFields(value: unknown): EventFields {
  const found = { body: new Map<string, string>(), rest: new Map<string, string>() };
  collect(value, { name: "", isBody: false, depth: 0 }, found);
  const fields = new Map([...found.rest, ...found.body]);
  const id = ["eventid", "event_id", "id", "code"].map((name) => found.rest.get(name)).find((text) => text !== undefined && /^\d{1,5}$/.test(text));
  if (id !== undefined) fields.set("eventid", id);
  if (!fields.has("sourceaddress") && !fields.has("sourceip")) fromElsewhere(value, fields);
  return fields;
}

interface Collected {
  readonly body: Map<string, string>;
  readonly rest: Map<string, string>;
}
interface Place {
  /** Lower-case name of what is looked at; the key of an object. */
  readonly name: string;
  /** Whether it stands in the event's body, whose names come before all others. */
  readonly isBody: boolean;
  readonly depth: number;
}

const bodies = new Set(["eventdata", "event_data", "userdata", "user_data"]);
// Names that say of the value beside them what it is: evtx_dump, xmltodict, Velociraptor.
const texts = new Set(["#text", "value", "_"]);

function collect(value: unknown, place: Place, found: Collected): void {
  if (value === null || value === undefined || place.depth > depthMax) return;
  if (typeof value !== "object") return keep(place, String(value as string), found);
  if (Array.isArray(value)) {
    for (const one of value.slice(0, fieldsMax)) collect(one, { ...place, depth: place.depth + 1 }, found);
    return;
  }
  const entries = Object.entries(value).slice(0, fieldsMax);
  const named = nameIn(entries);
  for (const [key, inner] of entries) {
    const name = key.toLowerCase().replace(/^@(?!timestamp)/, "");
    const inside = texts.has(name) ? (named ?? place.name) : name === "#attributes" ? place.name : name;
    collect(inner, { name: inside, isBody: place.isBody || bodies.has(name), depth: place.depth + 1 }, found);
  }
}

/** `Data` with its name as an attribute: `{"@Name": "SourceIp", "#text": "10.0.0.7"}`. */
function nameIn(entries: readonly (readonly [string, unknown])[]): string | null {
  const attributes = entries.find(([key]) => key === "#attributes")?.[1];
  const all = typeof attributes === "object" && attributes !== null ? [...entries, ...Object.entries(attributes)] : entries;
  const name = all.find(([key]) => key === "@Name" || key === "Name")?.[1];
  return typeof name === "string" && entries.some(([key]) => texts.has(key.toLowerCase())) ? name.toLowerCase() : null;
}

function keep({ name, isBody }: Place, text: string, { body, rest }: Collected): void {
  const map = isBody ? body : rest;
  if (!map.has(name) && map.size < fieldsMax && text.length <= textMax) map.set(name, text);
}

// Get-WinEvent gives the values of the body in the order of the event's manifest, without their names.
const platformOrder = "processid application direction sourceaddress sourceport destaddress destport protocol filterrtid layername layerrtid".split(" ");
const sysmonOrder =
  "rulename utctime processguid processid image user protocol initiated sourceisipv6 sourceip sourcehostname sourceport sourceportname destinationisipv6 destinationip destinationhostname destinationport destinationportname".split(
    " ",
  );

function fromElsewhere(value: unknown, fields: Map<string, string>): void {
  const properties = (value as { Properties?: unknown } | null)?.Properties;
  const id = fields.get("eventid");
  if (Array.isArray(properties)) {
    // Before version 8 Sysmon had no RuleName.
    const order = id === "3" ? (properties.length < sysmonOrder.length ? sysmonOrder.slice(1) : sysmonOrder) : platformOrder;
    for (const [nth, name] of order.entries()) {
      const one = (properties[nth] as { Value?: unknown } | undefined)?.Value;
      if (typeof one === "string" || typeof one === "number" || typeof one === "boolean") fields.set(name, String(one));
    }
    return;
  }
  for (const [, name, text] of (fields.get("message") ?? "").matchAll(/^\s*([A-Z][A-Za-z ]{2,40}):[ \t]{0,20}(\S[^\r\n]{0,500})$/gm))
    if (fields.size < fieldsMax) fields.set(name!.replaceAll(" ", "").toLowerCase(), text!.trim());
}
