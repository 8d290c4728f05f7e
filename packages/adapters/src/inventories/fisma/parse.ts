/** fisma/ reads registers of systems with their boundaries, and of the agreements about their interconnections. */
import { instantOf, midnightOf } from "@bulkhead/core/base/instant";
import { prefixText, readPrefix } from "@bulkhead/core/base/prefix";
import type { Agreement, FismaSystem } from "@bulkhead/core/inventory/fisma-system";
import { quoted, type Say } from "@bulkhead/core/inventory/problem";
import type { TableFormat } from "../formats.ts";
import { nothingRead } from "../reading.ts";
import { servicesIn } from "../service-words.ts";
import type { TableRow } from "../table.ts";

const names = ["system", "systemid", "fismasystem", "fismaid", "fismasystemid"];
const boundaries = ["boundary", "authorizationboundary", "authorisationboundary"];

/** CSV of systems: `system`, `boundary`, `level`, `hva`, `owner`; rows of one system add to its boundary. */
export const fismaSystems: TableFormat = {
  name: "fisma-systems",
  recognises: (columns) => names.some((name) => columns.has(name)) && boundaries.some((name) => columns.has(name)),
  read(table, { say }) {
    const systems = new Map<string, FismaSystem>();
    for (const row of table.rows()) {
      const id = row.cell(...names);
      if (id === "") say({ reason: "no-id", message: `${row.where} names no system` });
      else systems.set(id, withRow(systems.get(id), { id, row, say }));
    }
    return { ...nothingRead, systems: [...systems.values()] };
  },
};

interface SystemRow {
  readonly id: string;
  readonly row: TableRow;
  readonly say: Say;
}

function withRow(known: FismaSystem | undefined, { id, row, say }: SystemRow): FismaSystem {
  const { prefixes, labels } = boundaryIn(row, say);
  const written = row.cell("level", "fips199", "fips199level", "categorization", "securitycategorization", "impact").toLowerCase();
  const level = (["low", "moderate", "high"] as const).find((one) => one === written) ?? null;
  if (written !== "" && level === null)
    say({ reason: "bad-level", message: `${row.where}: ${quoted(written)} is no level of FIPS 199; write low, moderate or high` });
  return {
    id,
    prefixes: [...(known?.prefixes ?? []), ...prefixes],
    labels: [...(known?.labels ?? []), ...labels],
    level: known?.level ?? level,
    hva: known?.hva === true || /^(yes|true|y|1|hva)$/i.test(row.cell("hva", "highvalueasset")),
    owner: known?.owner ?? (row.cell("owner", "systemowner", "isso") || null),
  };
}

/** A boundary is prefixes, addresses and sets of labels (`app=billing,env=prod`), parted by blanks or semicolons. */
function boundaryIn(row: TableRow, say: Say): Pick<FismaSystem, "prefixes" | "labels"> {
  const prefixes: string[] = [];
  const labels: Record<string, string>[] = [];
  for (const word of row.cell(...boundaries).split(/[\s;]+/)) {
    const bare = word.replace(/,$/, "");
    if (bare === "") continue;
    const terms = bare.split(",");
    if (terms.every((term) => /^[^=]+=.+$/.test(term)))
      labels.push(Object.fromEntries(terms.map((term) => [term.slice(0, term.indexOf("=")), term.slice(term.indexOf("=") + 1)])));
    else prefixes.push(...terms.flatMap((text) => prefixOf(text, row, say)));
  }
  return { prefixes, labels };
}

function prefixOf(text: string, { where }: TableRow, say: Say): readonly string[] {
  const whole = text.includes("/") ? text : `${text}/${text.includes(":") ? 128 : 32}`;
  const read = readPrefix(whole);
  if (read.kind === "prefix") return [prefixText(read.prefix)];
  say({ reason: "bad-boundary", message: `${where}: ${quoted(text)} is no prefix such as 10.1.0.0/16 and no labels such as app=billing,env=prod` });
  return [];
}

const froms = ["fromsystem", "from", "sourcesystem", "source"];
const tos = ["tosystem", "to", "destinationsystem", "targetsystem", "destination", "target"];
const ids = ["agreement", "agreementid", "isa", "isaid", "mou", "mouid"];

/** CSV of agreements: `from system`, `to system`, `service`, `agreement`, `until`; also `since`, and `direction` where either side may open it (`both`). */
export const agreements: TableFormat = {
  name: "agreements",
  recognises: (columns) => [froms, tos, ids].every((some) => some.some((name) => columns.has(name))),
  read(table, { say }) {
    const found: Agreement[] = [];
    for (const row of table.rows()) {
      const one = agreementIn(row, say);
      if (one !== null) found.push(one);
    }
    return { ...nothingRead, agreements: found };
  },
};

function agreementIn(row: TableRow, say: Say): Agreement | null {
  const refuse = (reason: string, message: string): null => {
    say({ reason, message: `${row.where}: ${message}` });
    return null;
  };
  const [from, to, id] = [row.cell(...froms), row.cell(...tos), row.cell(...ids)];
  if (from === "" || to === "" || id === "") return refuse("no-agreement", "an agreement has an identifier and names two systems");
  const services = servicesIn(row.cell("service", "services", "port", "ports") || "any");
  if ("strange" in services) return refuse("bad-service", `${quoted(services.strange)} is no service; write \`tcp/5432\`, \`postgres\` or \`any\``);
  const [since, until] = [
    timeOf(row.cell("since", "start", "effective", "effectivedate")),
    timeOf(row.cell("until", "expires", "expiration", "expirationdate", "expirydate", "end", "enddate")),
  ];
  // Without its end nobody could say that it has expired.
  if (since === undefined || until === undefined) return refuse("bad-time", "`since` and `until` are days such as 2027-01-31, times with a zone, or empty");
  return { id, from, to, services, bothWays: /^(both|bidirectional|two-way|either)$/i.test(row.cell("direction", "way", "ways")), since, until };
}

const timeOf = (text: string): number | null | undefined => (text === "" ? null : (instantOf(text) ?? midnightOf(text)));
