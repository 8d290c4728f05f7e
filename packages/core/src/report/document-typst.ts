import { type Block, type Cell, type Document, type Figure, type Section, shownOn, type Table, textMost } from "./document.ts";
import { visible } from "./html-text.ts";
import { paperSvg } from "./picture-style.ts";

// Paper is for reading; whoever needs all rows takes the CSV file.
const rowsMost = 120;

/** A document as the source of a typesetter (Typst): A4 across, contents, numbered pages, tables whose head is repeated. Every text stands in a string, so none of it is markup. */
export function documentTypst({ title, front, sections }: Document): string {
  return `#set document(title: ${literal(title)})
#set page(paper: "a4", flipped: true, margin: 1.5cm, numbering: "1 / 1")
#set text(font: "Libertinus Serif", size: 9.5pt, lang: "en")
#set par(justify: false)
#set table(stroke: (x: none, y: 0.4pt + rgb("#d8dee6")), inset: 4pt)
#show table.cell.where(y: 0): set text(weight: "bold")
#show figure.where(kind: table): set figure.caption(position: top)
#show figure.where(kind: table): set block(breakable: true)
#show figure.caption: set align(left)
#show figure.caption: set block(sticky: true)
#text(size: 21pt, weight: "bold", ${literal(title)})
#v(4pt)
#grid(columns: (3.6cm, 1fr, 3.6cm, 1fr), row-gutter: 5pt, column-gutter: 8pt, ${front.map(([name, value]) => `text(fill: rgb("#51606f"), ${literal(name)}), text(${literal(breakable(value))})`).join(", ")})
#outline(depth: 1)
#pagebreak()
${sections.map(sectionTypst).join("\n")}
`;
}

function sectionTypst({ number, title, blocks }: Section): string {
  return `#heading(level: 1, text(${literal(`${number}  ${title}`)}))\n${blocks.map(blockTypst).join("\n")}`;
}

function blockTypst(block: Block): string {
  switch (block.kind) {
    case "words":
      return `#par(${sentence(block.text)})`;
    case "missing":
      return `#block(fill: rgb("#fff4e2"), inset: 6pt, width: 100%, par(${sentence(`${block.what}: not here. ${block.why} ${block.next}`)}))`;
    case "figure":
      return figureTypst(block);
    case "table":
      return tableTypst(block);
  }
}

/** Words with commands between backticks. */
function sentence(text: string): string {
  const parts = text.split("`").map((part, at) => `${at % 2 === 1 ? "raw" : "text"}(${literal(part)})`);
  return parts.join(" + ");
}

function figureTypst({ svg, title, text }: Figure): string {
  return `#figure(image(bytes(${literal(paperSvg(svg), Infinity)}), format: "svg", width: 100%, height: ${heightOf(svg)}cm, fit: "contain", alt: ${literal(`${title}. ${text} The table of this section says the same.`)}), supplement: none, numbering: none, caption: text(${literal(`${title}. ${text}`)}))`;
}

// The page is 26.7 cm wide between its margins; a picture higher than half of it leaves its table no room.
function heightOf(svg: string): string {
  const [, width = "1", height = "1"] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg) ?? [];
  return Math.min(12.5, (26.7 * Number(height)) / Number(width)).toFixed(1);
}

function tableTypst(table: Table): string {
  const { title, columns, rows, empty, cards } = table;
  if (rows.length === 0) return `#par(${sentence(`${title}. ${empty}`)})`;
  if (cards !== undefined) return cardsTypst(table);
  const shown = rows.slice(0, rowsMost);
  const isNumeric = columns.map((_, at) => shown.every((row) => row[at] === null || typeof row[at] === "number"));
  // Columns share the page by what stands in them; none is so narrow that a name breaks at every letter.
  const shares = columns.map((name, at) => Math.min(34, Math.max(5, longestWord(name), ...shown.map((row) => shareOf(textOf(row[at] ?? null))))));
  const head = columns.map((name) => `text(${literal(name)})`).join(", ");
  const body = shown.map((row) => row.map((cell) => `text(${literal(breakable(textOf(cell)))})`).join(", "));
  const size = columns.length > 10 ? "6.5pt" : columns.length > 7 ? "7.5pt" : "8.5pt";
  return `#figure(kind: table, supplement: none, numbering: none, caption: text(weight: "bold", ${literal(title)}), { set text(size: ${size}); table(columns: (${shares.map((share) => `${share.toFixed(1)}fr`).join(", ")},), align: (${isNumeric.map((one) => (one ? "right" : "left")).join(", ")},), table.header(${head}), ${body.join(", ")}) })${restTypst(table)}`;
}

function restTypst({ id, rows }: Table): string {
  if (rows.length <= rowsMost) return "";
  return `\n#par(text(size: 8pt, ${literal(`The first ${rowsMost} of ${rows.length} rows; all of them are in tables/${id}.csv.`)}))`;
}

/** Each row a frame of names and values, three beside each other, that no page breaks. */
function cardsTypst(table: Table): string {
  const { title, rows } = table;
  const value = ([name, cell]: readonly [string, string | number]): string =>
    `text(fill: rgb("#51606f"), ${literal(`${name}  `)}) + text(${literal(breakable(textOf(cell)))})`;
  const cards = rows.slice(0, rowsMost).map((row) => {
    const { short, long } = shownOn(table, row);
    const grids = [
      ...(short.length === 0 ? [] : [`grid(columns: (1fr, 1fr, 1fr), column-gutter: 10pt, row-gutter: 5pt, ${short.map(value).join(", ")})`]),
      ...(long.length === 0 ? [] : [`grid(columns: (1fr,), row-gutter: 5pt, ${long.map(value).join(", ")})`]),
    ];
    const head = `text(weight: "bold", ${literal(textOf(row[0] ?? null))})`;
    return `#block(stroke: 0.4pt + rgb("#d8dee6"), inset: 6pt, radius: 3pt, width: 100%, breakable: false, stack(dir: ttb, spacing: 5pt, ${[head, ...grids].join(", ")}))`;
  });
  return `#par(text(weight: "bold", ${literal(title)}))\n#[#set text(size: 8pt)\n${cards.join("\n")}]${restTypst(table)}`;
}

// A short word stays in one piece; a longer one is broken where people would.
const shareOf = (text: string): number => Math.min(34, Math.max(text.length * 0.62, Math.min(12, longestWord(text))));
const longestWord = (text: string): number => Math.max(...text.split(" ").map((word) => word.length));

function textOf(cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell === "number") return cell.toLocaleString("en-US", { maximumFractionDigits: 4 });
  return /^\d{4}-\d\d-\d\dT[\d:]+Z$/.test(cell) ? `${cell.slice(0, 10)} ${cell.slice(11, -1)}` : cell;
}

const breaks = "\u200b";
// What fits stays whole, so that it can be found and copied.
const wordMost = 26;

/** Names and addresses may be broken where people would: after a dot, a colon, a slash. What came from outside is made visible first, so this is the only character that hides. */
function breakable(text: string): string {
  return visible(text)
    .split(" ")
    .map((word) => (word.length > wordMost ? word.replace(/[.:/_,=-](?=\w)/g, `$&${breaks}`) : word))
    .join(" ");
}

/** A string of the typesetter; what would end it, and what hides or turns, is written by its number. */
function literal(text: string, most = textMost): string {
  const cut = text.length > most ? `${text.slice(0, most)}…` : text;
  const shown = most === Infinity ? cut : cut.split(breaks).map(visible).join(breaks);
  return `"${shown.replace(/["\\\n\r\t]/g, (char) => `\\u{${char.charCodeAt(0).toString(16)}}`)}"`;
}
