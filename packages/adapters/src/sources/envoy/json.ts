import { type JsonObject, textIn } from "../json-fields.ts";
import { type Fields, operators } from "./request.ts";

/** What a JSON line says under the names of the operators, however they are spelt: `upstream_host`, `UPSTREAM_HOST`, `upstreamHost`. */
export function fieldsOfJson(value: JsonObject): Fields {
  const fields = new Map<string, string>();
  for (const [name, one] of Object.entries(value).slice(0, namesMax)) {
    const operator = aliases.get(plain(name));
    if (operator !== undefined && (typeof one === "string" || typeof one === "number") && !fields.has(operator)) fields.set(operator, String(one));
  }
  return (name) => textIn(fields.get(name));
}

// Custom formats have some dozens.
const namesMax = 500;

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, "");

const aliases = new Map<string, string>([
  ...operators.map((name) => [plain(name), name] as const),
  ["upstreamclusterraw", "upstream_cluster"],
  ["downstreamdirectremoteaddress", "downstream_remote_address"],
  ["timestamp", "start_time"],
  ["xff", "x_forwarded_for"],
  ["reqxforwardedfor", "x_forwarded_for"],
]);
