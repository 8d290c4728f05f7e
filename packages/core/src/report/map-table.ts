import { instantText } from "../base/instant.ts";
import { byCodePoint } from "../base/order.ts";
import { htmlText } from "./html-text.ts";
import type { PicturedEdge, PicturedGroup, PicturedMap } from "./pictured-map.ts";

const mostRows = 5000;
const columns = ["client", "server", "service", "connections", "unanswered", "bytes", "first seen", "last seen", "seen by"] as const;
const numeric = new Set<string>(["connections", "unanswered", "bytes"]);

/** The table beside the picture: the same lines, what nobody wrote down first. Readable without any script. */
export function mapTable({ groups, edges }: PicturedMap): string {
  const group = new Map(groups.map((one) => [one.id, one]));
  const rank = ({ from, to }: PicturedEdge): number => (group.get(from)?.kind === "unknown" || group.get(to)?.kind === "unknown" ? 0 : 1);
  const sorted = edges.toSorted((a, b) => rank(a) - rank(b) || b.connections - a.connections || byCodePoint(keyOf(a), keyOf(b)));
  const head = columns.map((name) => `<th scope="col"${numeric.has(name) ? ' class="number"' : ""}><button type="button">${name}</button></th>`);
  const rows = sorted.slice(0, mostRows).map((edge) => rowOf(edge, group, rank(edge) === 0));
  const rest = edges.length > mostRows ? `<p>${edges.length - mostRows} more rows are not shown here; <code>bulkhead map --json</code> prints all.</p>` : "";
  return `<div class="scroll" tabindex="0" role="region" aria-label="Table of flows"><table><caption>Who talks to whom: <span id="shown">${edges.length}</span> of ${edges.length} flows</caption>
<thead><tr>${head.join("")}</tr></thead>
<tbody>
${rows.join("\n")}
</tbody></table></div>${rest}`;
}

const keyOf = ({ from, to, service }: PicturedEdge): string => JSON.stringify([from, to, service]);

function rowOf(edge: PicturedEdge, group: ReadonlyMap<string, PicturedGroup>, isOdd: boolean): string {
  const time = (at: number | null): string =>
    at === null
      ? "not told"
      : `<time>${instantText(at - (at % 1e6))
          .replace("T", " ")
          .replace("Z", "")}</time>`;
  const number = (value: number | null): string =>
    `<td class="number" data-sort="${value ?? -1}">${value === null ? "not told" : value.toLocaleString("en-US")}</td>`;
  const name = (id: string): string => nameOf(group.get(id), id);
  return `<tr class="${isOdd ? "odd" : ""}${edge.scan ? " scan" : ""}" data-from="${htmlText(edge.from)}" data-to="${htmlText(edge.to)}"><td>${name(edge.from)}</td><td>${name(edge.to)}</td><td>${htmlText(edge.service)}</td>${number(edge.connections)}${number(edge.unanswered)}${number(edge.bytes)}<td>${time(edge.first)}</td><td>${time(edge.last)}</td><td>${edge.observers.map(htmlText).join(", ")}</td></tr>`;
}

function nameOf(group: PicturedGroup | undefined, id: string): string {
  if (group === undefined) return htmlText(id);
  const some = group.members.slice(0, 3).map(htmlText).join(", ");
  const more = group.memberCount > 3 ? ` and ${group.memberCount - 3} more` : "";
  const words =
    group.kind === "workloads"
      ? `<small>${htmlText(group.lane)}</small>`
      : `<small>${group.kind === "outside" ? "" : `${htmlText(group.lane)}: `}${some}${more}</small>`;
  return `<bdi>${htmlText(group.title)}</bdi> ${words}`;
}
