/** report/ makes documents and pictures for people out of finished results; everything that came from outside is written as text, never as markup. */

const unseen = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;
const special: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const longest = 200;

/** Text from outside as HTML text or attribute: no markup, no character that hides or turns what stands around it, no lone surrogate, at most 200 characters. */
export function htmlText(text: string): string {
  const cut = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return visible(cut).replace(/[&<>"']/g, (char) => special[char] ?? char);
}

/** Characters that hide or reorder text are shown by their number. */
export function visible(text: string): string {
  const shown = text.replace(unseen, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return shown.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd");
}
