// Spreadsheets run what begins with one of these, also after blanks, also in full width.
const formula = /^[\s\u0000-\u001f]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/;

/** Text that no spreadsheet runs: an apostrophe stands before what would be a formula, and before an apostrophe, so that `unguarded` gives it back. */
export function guarded(text: string): string {
  return text.startsWith("'") || formula.test(text) ? `'${text}` : text;
}

/** The text that `guarded` was given; text that it would not have written stays as it is. */
export function unguarded(text: string): string {
  if (!text.startsWith("'")) return text;
  const rest = text.slice(1);
  return guarded(rest) === text ? rest : text;
}
