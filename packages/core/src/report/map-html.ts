import { instantText } from "../base/instant.ts";
import { number } from "../base/number.ts";
import { htmlPage } from "./html-page.ts";
import { htmlText } from "./html-text.ts";
import { heatMapSvg } from "./heat-map.ts";
import { matrixMost } from "./matrix-svg.ts";
import { mapFacts } from "./map-facts.ts";
import { layoutOf } from "./map-layout.ts";
import { type Level, type Levels, levelsOf } from "./map-levels.ts";
import { mapScript, mapScriptHash } from "./map-script.ts";
import { mapStyle } from "./map-style.ts";
import { mapSvg } from "./map-svg.ts";
import { mapTable, tableOrder } from "./map-table.ts";
import type { PicturedMap } from "./pictured-map.ts";

/** The application map as one offline page: a picture, the same as a table, nothing loaded from anywhere. */
export function mapHtml(map: PicturedMap, options: { readonly title?: string } = {}): string {
  const title = options.title ?? "Who talks to whom";
  const levels = levelsOf(map);
  const sorted = tableOrder(map);
  const body = `<header>
<h1>${htmlText(title)}</h1>
<p class="sub">${periodOf(map)}</p>
${figures(map)}
</header>
<main>
${findingsOf(map)}
<section class="card" aria-label="Picture">
${toolsOf(map, levels)}
${legend}
<p id="said" class="sub" role="status" aria-live="polite">${saidFirst(levels)}</p>
<nav id="where" aria-label="Level of the picture" data-live hidden></nav>
<div id="pane" class="picture" tabindex="0" role="region" aria-label="Picture of the map">
${pictureOf(levels.levels[0]!)}
</div>
</section>
${matrixOf(map, levels)}
<section class="card" aria-label="Table">
${mapTable(map, sorted)}
</section>
</main>
<footer><p>Made by bulkhead. This page needs no network. An arrow points from who opened the connection to who answered. Attempts without an answer are no dependency; they are drawn dotted and counted apart. Times are UTC.</p></footer>
${levels.levels.map(templateOf).join("\n")}
<script type="application/json" id="facts">${mapFacts(map, levels, sorted)}</script>
<script>${mapScript}</script>`;
  return htmlPage({ title, style: mapStyle, scriptHash: mapScriptHash, body });
}

function pictureOf({ map }: Level): string {
  const layout = layoutOf(map);
  const left =
    layout.left > 0 ? `<p class="sub">The picture shows the ${layout.boxes.length} busiest groups; ${layout.left} more are in the table only.</p>` : "";
  return `${left}${mapSvg(layout)}`;
}

// Not drawn until it is opened, so that hundreds of pictures cost nothing.
const templateOf = (level: Level): string =>
  `<template data-level="${level.key}"${level.up === null ? "" : ` data-up="${level.up}"`}>${pictureOf(level)}</template>`;

function saidFirst({ top }: Levels): string {
  const what = top === "g" ? "group" : top === "l" ? "application" : "environment";
  const opening = top === "g" ? "" : " Open it (Enter twice, or a double click) to see what is inside.";
  return `Choose ${what === "group" ? "a" : "an"} ${what} to see only what it talks to.${opening} Arrow keys move between boxes, Enter chooses, Escape shows all.`;
}

/** Search and filters; the script shows them, for without it they would do nothing. */
function toolsOf({ edges }: PicturedMap, { envs }: Levels): string {
  const options = envs.map((name, at) => `<option value="${at}">${htmlText(name === "" ? "none" : name)}</option>`).join("");
  const env = envs.length > 1 ? `<div><label for="env">Environment</label><select id="env"><option value="">all</option>${options}</select></div>` : "";
  const when = (id: string, words: string): string => `<div><label for="${id}">${words}</label><input id="${id}" type="datetime-local"></div>`;
  const times = edges.some(({ first }) => first !== null) ? when("after", "Seen after (UTC)") + when("before", "First seen before (UTC)") : "";
  const tick = (id: string, words: string): string => `<label class="tick"><input id="${id}" type="checkbox"> ${words}</label>`;
  return `<div class="tools" data-live hidden><div><label for="find">Find a name, an address, a service</label><input id="find" type="search" autocomplete="off" spellcheck="false"></div>${env}${times}<button id="open" type="button" hidden>Open</button><button id="clear" type="button">Show all</button></div>
<div class="tools ticks" data-live hidden>${tick("odd", "only what nobody wrote down")}${tick("far", "only across environments")}${tick("fold", "without names, time, monitoring")}${tick("still", "without scanners")}</div>`;
}

/** How much flows between environments, as a picture and as a table. */
function matrixOf({ groups, edges }: PicturedMap, { envs, envOf }: Levels): string {
  if (envs.length < 2) return "";
  const outside = groups.some(({ kind }) => kind === "outside");
  const unknown = groups.some(({ kind }) => kind === "unknown");
  const names = [...envs.map((name) => (name === "" ? "no environment" : name)), ...(outside ? ["internet"] : []), ...(unknown ? ["unknown"] : [])];
  const place = new Map(
    groups.map(({ id, kind }, at) => [
      id,
      kind === "workloads" ? envOf[at]! : kind === "outside" ? envs.length : kind === "unknown" ? envs.length + (outside ? 1 : 0) : -1,
    ]),
  );
  const [values, tries] = [names.map(() => names.map(() => 0)), names.map(() => names.map(() => 0))];
  for (const { from, to, connections, unanswered } of edges) {
    const [a, b] = [place.get(from) ?? -1, place.get(to) ?? -1];
    if (a < 0 || b < 0) continue;
    values[a]![b]! += connections - unanswered;
    tries[a]![b]! += unanswered;
  }
  const tried = (count: number): string => (count === 0 ? "" : `<small>+${number(count)}</small>`);
  const rows = names.map(
    (name, at) =>
      `<tr><th scope="row">${htmlText(name)}</th>${values[at]!.map((value, to) => `<td class="number">${number(value)}${tried(tries[at]![to]!)}</td>`).join("")}</tr>`,
  );
  const head = names.map((name) => `<th scope="col" class="number">${htmlText(name)}</th>`).join("");
  const shown = Math.min(names.length, matrixMost);
  return `<section class="card" aria-labelledby="between"><h2 id="between">Between environments</h2><p class="sub">Rows opened, columns answered; the number is connections. Attempts without an answer are no part of it; the table has them behind a plus.</p>
<div class="beside"><div class="picture" tabindex="0" role="region" aria-label="Picture of the matrix">${heatMapSvg({ names: names.slice(0, shown), values: values.slice(0, shown).map((row) => row.slice(0, shown)) })}</div>
<div class="scroll" tabindex="0" role="region" aria-label="Table of the matrix"><table class="matrix"><thead><tr><th scope="col">from \\ to</th>${head}</tr></thead><tbody class="matrix-rows">${rows.join("")}</tbody></table></div></div></section>`;
}

function periodOf({ edges }: PicturedMap): string {
  const times = edges.flatMap(({ first, last }) => [first, last]).filter((at) => at !== null);
  if (times.length === 0) return "No source told when.";
  const [first, last] = times.reduce(([low, high], at) => [Math.min(low, at), Math.max(high, at)] as const, [Infinity, -Infinity] as const);
  const observers = [...new Set(edges.flatMap((edge) => edge.observers))].toSorted().map(htmlText);
  const text = (at: number): string =>
    instantText(at - (at % 1e6))
      .replace("T", " ")
      .replace("Z", "");
  return `Seen from ${text(first)} to ${text(last)} UTC by ${observers.slice(0, 8).join(", ")}${observers.length > 8 ? ` and ${observers.length - 8} more` : ""}.`;
}

function findingsOf({ findings, findingsOmitted }: PicturedMap): string {
  if (findings.length === 0) return "";
  const more =
    findingsOmitted > 0 ? `<p class="sub">${findingsOmitted} more ${findingsOmitted === 1 ? "is" : "are"} in <code>bulkhead map --json</code>.</p>` : "";
  const items = findings.map(({ title, text }) => `<li><b><bdi>${htmlText(title)}</bdi></b> <bdi>${htmlText(text)}</bdi></li>`);
  return `<section class="card odd" aria-labelledby="nobody"><h2 id="nobody">What nobody wrote down</h2><ul class="findings">${items.join("")}</ul>${more}</section>`;
}

function figures({ groups, edges, workloads, unknownCount: unknown }: PicturedMap): string {
  const kind = new Map(groups.map((group) => [group.id, group.kind]));
  const ends = (wanted: string): number => edges.filter(({ from, to }) => kind.get(from) === wanted || kind.get(to) === wanted).length;
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
  // `*` is the ending of several.
  const figure = (value: number, words: string, name = ""): string =>
    `<li${name === "" ? "" : ` class="${name}"`}><b>${number(value)}</b><span>${words.replace("*", value === 1 ? "" : "s")}</span></li>`;
  return `<ul class="figures">${figure(unknown, "machine* in no inventory", unknown > 0 ? "odd" : "")}${figure(ends("unknown"), "flow* with such an end", ends("unknown") > 0 ? "odd" : "")}${figure(workloads.talked, `of ${number(workloads.known)} ${workloads.known === 1 ? "workload" : "workloads"} talked`)}${figure(edges.length, "flow* (client, server, service)")}${figure(sum(edges.map(({ connections }) => connections)), "connection*")}${figure(sum(edges.map(({ unanswered }) => unanswered)), "of them without an answer")}${figure(ends("outside"), "flow* with an end outside")}</ul>`;
}

const swatch = (kind: string): string => `<svg width="42" height="10" aria-hidden="true"><path class="swatch ${kind}" d="M1 5H41"/></svg>`;
const legend = `<ul class="legend"><li>${swatch("calm")}within one environment</li><li>${swatch("far")}crosses environments</li><li>${swatch("odd")}an end that nobody wrote down</li><li>${swatch("vain")}never answered</li><li>${swatch("scan")}opened by a scanner only</li><li><svg width="42" height="10" aria-hidden="true"><path class="swatch shared" d="M1 5H41"/></svg>names, time, monitoring</li><li>the wider, the more connections</li></ul>`;
