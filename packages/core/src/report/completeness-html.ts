import { day as dayLength, dayText } from "../base/instant.ts";
import type { TriedForecast } from "../map/completeness/back-test.ts";
import { type Before, beforeText } from "../map/completeness/before.ts";
import type { Figure } from "../map/completeness/figures.ts";
import type { Saturation } from "../map/completeness/saturation.ts";
import { comingText } from "../map/completeness/unseen.ts";
import type { Completeness } from "../map/completeness/verdict.ts";
import { type Watched, watchedWords } from "../map/completeness/watched.ts";
import { htmlPage } from "./html-page.ts";
import { htmlText } from "./html-text.ts";
import { mapStyle } from "./map-style.ts";
import { noveltySvg } from "./novelty-svg.ts";

/** What the page shows. */
export interface CompletenessPage {
  readonly figures: readonly Figure[];
  readonly saturation: Saturation;
  readonly verdict: Completeness;
  readonly watched: Watched;
  readonly tried: TriedForecast;
  /** In days. */
  readonly horizon: number;
  /** What was recorded and is not shown. */
  readonly before: Before | null;
}

const style = `${mapStyle}
.grid{stroke:var(--edge)}rect.came{fill:var(--calm)}text.cut{font-size:11px;fill:var(--soft)}
rect.said{fill:var(--far);fill-opacity:.12;stroke:var(--far);stroke-dasharray:4 3}path.said{stroke:var(--far)}
rect.ahead{fill:var(--accent);fill-opacity:.14;stroke:var(--accent);stroke-width:1.6}path.ahead{stroke:var(--accent);stroke-width:2}
path.declared{stroke:var(--odd);stroke-dasharray:2 3}text.declared{font-size:11px;fill:var(--odd)}`;

const title = "How much was seen";

/** Completeness as one offline page: figures, the picture of what was new, and every number of it in a table. No script. */
export function completenessHtml(page: CompletenessPage): string {
  const { figures, saturation, verdict, watched, tried, horizon, before } = page;
  const dateOf = (at: number): string => dayText((watched.origin + at) * dayLength);
  const declared = watched.cycles.filter(({ app }) => app === null).flatMap(({ name, dates }) => dates.map((day) => ({ name, day })));
  const missing = verdict.missing.map((line) => `<li><bdi>${htmlText(line)}</bdi></li>`).join("");
  const body = `<header>
<h1>${title}</h1>
<p class="sub">${watched.dependencies.length.toLocaleString("en-US")} ${watched.dependencies.length === 1 ? "dependency" : "dependencies"} in ${watched.days} ${watched.days === 1 ? "day" : "days"} from ${dateOf(0)} until ${dateOf(watched.days)}; ${watchedWords}${before === null ? "" : `; ${beforeText(before)}`}.</p>
</header>
<main>
<section class="card" aria-labelledby="coming"><h2 id="coming">What is still to come</h2>
<p>${sentence(tried, horizon)}</p>
<p class="sub">Bars: new on each day; the first days are cut. Dashed boxes: what would have been said before those days. The last box: what is said of the next ${horizon}.</p>
<div class="picture" tabindex="0" role="region" aria-label="Picture of what was new">
${noveltySvg({ curve: saturation.curve, tried, horizon, dateOf, declared })}
</div>
${trialTable(page, dateOf)}
</section>
<section class="card" aria-labelledby="figures"><h2 id="figures">The eight figures</h2>
${figureTable(figures)}
<p>${verdict.isEnough ? "Complete enough." : "Not complete enough:"}</p>
${missing === "" ? "" : `<ul>${missing}</ul>`}
</section>
<section class="card" aria-labelledby="days"><h2 id="days">Day by day</h2>
${dayTable(saturation, dateOf)}
</section>
</main>
<footer><p>Made by bulkhead. This page needs no network. Times are UTC.</p></footer>`;
  return htmlPage({ title, style, body });
}

function sentence({ forecast }: TriedForecast, horizon: number): string {
  if (forecast.kind === "silent") return `No estimate: ${htmlText(forecast.why)}.`;
  return comingText(forecast.interval, horizon);
}

function trialTable({ tried, horizon }: CompletenessPage, dateOf: (day: number) => string): string {
  const rows = tried.trials.map(({ from, said, silent, came }) => {
    const answer = said === null ? htmlText(silent ?? "") : `${said.low} to ${said.high}`;
    const held = said === null ? "no estimate" : said.low <= came && came <= said.high ? "yes" : "no";
    return [dateOf(from), answer, String(came), held];
  });
  return rows.length === 0 ? "" : table(`What would have been said earlier, for ${horizon} days each`, ["from", "said", "came", "held"], rows);
}

function figureTable(figures: readonly Figure[]): string {
  const percent = (share: number | null): string => (share === null ? "not told" : `${(share * 100).toFixed(1)} %`);
  const rows = figures.map(({ id, name, numerator, denominator, unknown, low, high, note }) => [
    id,
    htmlText(name),
    numerator === null || denominator === null ? "none" : `${numerator} / ${denominator}`,
    numerator === null || denominator === null || denominator === 0 ? "not told" : percent(numerator / denominator),
    `${percent(low)} to ${percent(high)}`,
    String(unknown),
    htmlText(note),
  ]);
  return table("Shares, with what nobody can tell", ["figure", "what", "count", "share", "95 %", "unknown", "note"], rows);
}

const dayTable = ({ curve }: Saturation, dateOf: (day: number) => string): string =>
  table(
    "New and known dependencies",
    ["day", "new", "known"],
    curve.map(({ day, came, known }) => [dateOf(day), String(came), String(known)]),
  );

/** Cells are HTML already. */
function table(caption: string, heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = heads.map((one) => `<th scope="col">${one}</th>`).join("");
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join("")}</tr>`).join("\n");
  return `<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table><caption>${caption}</caption><thead><tr>${head}</tr></thead><tbody>
${body}
</tbody></table></div>`;
}
