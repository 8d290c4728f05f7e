import { instantOf, midnightOf } from "@bulkhead/core/base/instant";
import type { DeclaredDependency, DeclaredEnd } from "@bulkhead/core/inventory/declared";
import { quoted, type Say } from "@bulkhead/core/inventory/problem";
import { servicesIn } from "../../inventories/service-words.ts";
import { type TableRow, tableOf } from "../../inventories/table.ts";

const clients = ["client", "clientapp", "from", "source", "consumer", "caller"];
const servers = ["server", "serverapp", "to", "target", "destination", "provider", "callee"];
const services = ["service", "services", "port", "ports"];

/** A list of services: who calls whom over what, who says so and since when. An end is an application, labels such as `app=billing env=prod`, or `id:NAME`. */
export function parseServiceList(text: string, say: Say): readonly DeclaredDependency[] | null {
  const table = tableOf(text, say);
  if (table === null || ![clients, servers].every((names) => names.some((name) => table.columns.has(name)))) return null;
  const found: DeclaredDependency[] = [];
  for (const row of table.rows()) {
    const one = dependencyIn(row, say);
    if (one !== null) found.push(one);
  }
  return found;
}

function dependencyIn(row: TableRow, say: Say): DeclaredDependency | null {
  const refuse = (reason: string, message: string): null => {
    say({ reason, message: `${row.where}: ${message}` });
    return null;
  };
  const [from, to] = [endOf(row.cell(...clients)), endOf(row.cell(...servers))];
  if (from === null || to === null) return refuse("no-end", "a row names a client and a server: `billing`, `app=billing env=prod` or `id:web-1`");
  const meant = servicesIn(row.cell(...services) || "any");
  if ("strange" in meant) return refuse("bad-service", `${quoted(meant.strange)} is no service; write \`tcp/5432\`, \`postgres\` or \`any\``);
  const when = row.cell("when", "at", "date", "since", "declared");
  const at = when === "" ? null : (instantOf(when) ?? midnightOf(when));
  if (at === undefined)
    say({ reason: "bad-time", message: `${row.where}: ${quoted(when)} is no time such as 2026-11-25 or 2026-11-25T12:00:00Z, and is left out` });
  return {
    from,
    to,
    services: meant,
    where: row.where,
    by: row.cell("by", "declaredby", "owner", "contact") || null,
    at: at ?? null,
  };
}

function endOf(text: string): DeclaredEnd | null {
  if (text === "") return null;
  if (text.startsWith("id:")) return { name: text, ids: [text.slice("id:".length)], labels: {} };
  const terms = text.split(/[\s,;]+/).filter((term) => term !== "");
  if (!terms.every((term) => /^[^=]+=.+$/.test(term))) return text.includes("=") ? null : { name: text, ids: [], labels: { app: text } };
  return { name: text, ids: [], labels: Object.fromEntries(terms.map((term) => [term.slice(0, term.indexOf("=")), term.slice(term.indexOf("=") + 1)])) };
}
