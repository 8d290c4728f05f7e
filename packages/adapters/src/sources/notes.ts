import { type Known, noLabels } from "./record.ts";
import { type When, zoneless } from "./when.ts";

/** What a firewall's counters count nobody says: headers of which layers, before or after translation. */
export const unsaidBytes = "bytes as the firewall counts them";

/** Remarks as one note, or null without any. */
export function noteOf(...remarks: readonly (string | null)[]): string | null {
  const said = remarks.filter((remark) => remark !== null);
  return said.length === 0 ? null : said.join("; ");
}

/** The remark that a time without a zone needs. */
export const zoneRemark = ({ at, isZoned }: When): string | null => (at !== null && !isZoned ? zoneless : null);

/** The remark that counted bytes need. */
export const bytesRemark = ({ bytesToServer, bytesToClient }: Partial<Known>): string | null =>
  typeof bytesToServer === "number" || typeof bytesToClient === "number" ? unsaidBytes : null;

const labelMax = 512;

/** Labels of an end, of those words that say something. */
export function labelsOf(words: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  const told = Object.entries(words).filter((entry): entry is [string, string] => {
    const [, word] = entry;
    return word !== undefined && word.length <= labelMax && !/^(-|N\/A|unknown|none|<unknown process>)?$/i.test(word.trim());
  });
  return told.length === 0 ? noLabels : Object.fromEntries(told.map(([key, word]) => [key, word.trim()]));
}
