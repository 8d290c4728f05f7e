import { type Block, type Cell, type Document, type Figure, type Section, shownOn, type Table, textMost } from "./document.ts";
import { documentStyle } from "./document-style.ts";
import { htmlPage } from "./html-page.ts";
import { htmlText } from "./html-text.ts";

// A browser lays out some ten thousand cells at once without a pause; the whole table is in its CSV file.
const rowsMost = 400;

// What stands beside its name in a third of the head.
const frontShort = 28;

/** A document as one offline page without any script: contents, sections, and beside every picture the table that says the same. */
export function documentHtml(document: Document): string {
  const { title, front, sections } = document;
  const body = `<a class="skip" href="#s1">To the first section</a>
<header>
<h1>${htmlText(title)}</h1>
<dl class="front">${front.map(([name, value]) => `<div${value.length > frontShort ? ' class="long"' : ""}><dt>${htmlText(name)}</dt><dd>${whole(value)}</dd></div>`).join("")}</dl>
</header>
<nav aria-label="Contents"><h2>Contents</h2><ol>${sections.map(({ number, title: name }) => `<li><a href="#s${number}">${htmlText(name)}</a></li>`).join("")}</ol></nav>
<main>
${sections.map(sectionHtml).join("\n")}
</main>
<footer><p>Made by bulkhead. This page needs no network. Times are UTC. An empty cell means that nobody could tell, never zero.</p></footer>`;
  return htmlPage({ title, style: documentStyle, body });
}

function sectionHtml({ number, title, blocks }: Section): string {
  return `<section id="s${number}" aria-labelledby="h${number}">
<h2 id="h${number}"><span class="nr">${number}</span> ${htmlText(title)}</h2>
${blocks.map(blockHtml).join("\n")}
</section>`;
}

function blockHtml(block: Block): string {
  switch (block.kind) {
    case "words":
      return `<p>${sentence(block.text)}</p>`;
    case "missing":
      return `<p class="missing"><b>${htmlText(block.what)}: not here.</b> ${sentence(block.why)} ${sentence(block.next)}</p>`;
    case "figure":
      return figureHtml(block);
    case "table":
      return tableHtml(block);
  }
}

function figureHtml({ id, title, svg, text, table }: Figure): string {
  return `<figure id="${htmlText(id)}"><div class="picture" tabindex="0" role="region" aria-label="${htmlText(title)}">${svg}</div><figcaption><b>${htmlText(title)}.</b> ${whole(text)} <a href="#${htmlText(table)}">The same as a table</a>.</figcaption></figure>`;
}

function tableHtml(table: Table): string {
  const { id, title, columns, rows, empty, cards } = table;
  if (rows.length === 0) return `<p id="${htmlText(id)}"><b>${htmlText(title)}.</b> ${sentence(empty)}</p>`;
  if (cards !== undefined) return cardsHtml(table);
  const caption = `<caption>${htmlText(title)}</caption>`;
  const numeric = columns.map((_, at) => rows.some((row) => row[at] !== null) && rows.every((row) => row[at] === null || typeof row[at] === "number"));
  const head = columns.map((name, at) => `<th scope="col"${numeric[at] === true ? ' class="number"' : ""}>${htmlText(name)}</th>`).join("");
  const body = rows
    .slice(0, rowsMost)
    .map((row) => `<tr>${row.map((cell, at) => `<td${numeric[at] === true ? ' class="number"' : ""}>${cellHtml(cell)}</td>`).join("")}</tr>`);
  return `<div class="scroll" id="${htmlText(id)}" tabindex="0" role="region" aria-label="${htmlText(title)}"><table>${caption}<thead><tr>${head}</tr></thead><tbody>
${body.join("\n")}
</tbody></table></div>${restHtml(table)}`;
}

function restHtml({ id, rows }: Table): string {
  if (rows.length <= rowsMost) return "";
  return `<p class="sub">The first ${rowsMost} of ${rows.length.toLocaleString("en-US")} rows; all of them are in <code>tables/${htmlText(id)}.csv</code>.</p>`;
}

/** Each row a list of names and values. */
function cardsHtml(table: Table): string {
  const { id, title, rows } = table;
  const value = ([name, cell]: readonly [string, string | number], kind: "" | ' class="long"'): string =>
    `<div${kind}><dt>${htmlText(name)}</dt><dd>${cellHtml(cell)}</dd></div>`;
  const cards = rows.slice(0, rowsMost).map((row) => {
    const { short, long } = shownOn(table, row);
    const values = [...short.map((one) => value(one, "")), ...long.map((one) => value(one, ' class="long"'))];
    return `<li><h4><bdi>${whole(String(row[0] ?? ""))}</bdi></h4><dl>${values.join("")}</dl></li>`;
  });
  return `<h3 id="${htmlText(id)}">${htmlText(title)}</h3><ul class="cards">
${cards.join("\n")}
</ul>${restHtml(table)}`;
}

function cellHtml(cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell === "number") return cell.toLocaleString("en-US", { maximumFractionDigits: 4 });
  // Whole times stay on one line; the page says that all of them are UTC.
  if (/^\d{4}-\d\d-\d\dT[\d:]+Z$/.test(cell)) return `<time>${cell.slice(0, 10)} ${cell.slice(11, -1)}</time>`;
  return cell.startsWith("bulkhead ") ? `<code><bdi>${whole(cell)}</bdi></code>` : `<bdi>${whole(cell)}</bdi>`;
}

/** Words with commands between backticks; each part is text from outside until it is escaped. */
function sentence(text: string): string {
  return text
    .split("`")
    .map((part, at) => (at % 2 === 1 ? `<code>${whole(part)}</code>` : whole(part)))
    .join("");
}

/** A text as it stands: htmlText cuts what is longer than a name, and a sentence or a list of names may be longer. */
function whole(text: string): string {
  const cut = text.length > textMost ? `${text.slice(0, textMost)}…` : text;
  return (cut.match(/.{1,160}/gsu) ?? []).map(htmlText).join("");
}
