import { instantText } from "../base/instant.ts";
import { byCodePoint } from "../base/order.ts";
import { htmlText } from "./html-text.ts";
import type { PicturedEdge, PicturedGroup, PicturedMap } from "./pictured-map.ts";

// As many as the script shows at once; it reads all of them from the facts of the page.
const mostRows = 300;
const columns = ["client", "server", "service", "connections", "unanswered", "bytes", "first seen", "last seen", "seen by"] as const;
const numeric = new Set<string>(["connections", "unanswered", "bytes"]);

/** The edges of the table in their order: what nobody wrote down first, then by connections. */
export function tableOrder({ groups, edges }: PicturedMap): readonly PicturedEdge[] {
  const group = new Map(groups.map((one) => [one.id, one]));
  const rank = (edge: PicturedEdge): number => (isOdd(group, edge) ? 0 : 1);
  return edges.toSorted((a, b) => rank(a) - rank(b) || b.connections - a.connections || byCodePoint(keyOf(a), keyOf(b)));
}

/** The table beside the picture: the same lines. Its beginning is readable without any script. */
export function mapTable({ groups }: PicturedMap, sorted: readonly PicturedEdge[]): string {
  const group = new Map(groups.map((one) => [one.id, one]));
  const head = columns.map((name) => `<th scope="col"${numeric.has(name) ? ' class="number"' : ""}><button type="button">${name}</button></th>`);
  const rows = sorted.slice(0, mostRows).map((edge) => rowOf(edge, group, isOdd(group, edge)));
  const rest =
    sorted.length > mostRows
      ? `<noscript><p>${sorted.length - mostRows} more rows need the script of this page; <code>bulkhead map --json</code> prints all.</p></noscript>`
      : "";
  return `<div class="scroll" tabindex="0" role="region" aria-label="Table of flows"><table id="flows"><caption>Who talks to whom: <span id="shown">${sorted.length}</span> of ${sorted.length} flows</caption>
<thead><tr>${head.join("")}</tr></thead>
<tbody>
${rows.join("\n")}
</tbody></table></div><button id="more" type="button" hidden>Show more</button>${rest}`;
}

const isOdd = (group: ReadonlyMap<string, PicturedGroup>, { from, to }: PicturedEdge): boolean =>
  group.get(from)?.kind === "unknown" || group.get(to)?.kind === "unknown";

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
    group.kind === "workloads" || group.members[0] === group.title
      ? `<small>${htmlText(group.lane)}</small>`
      : `<small>${group.kind === "outside" ? "" : `${htmlText(group.lane)}: `}${some}${more}</small>`;
  return `<bdi>${htmlText(group.title)}</bdi> ${words}`;
}
