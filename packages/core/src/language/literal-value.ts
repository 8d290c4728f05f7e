import { prefixMeant } from "./meant-peer.ts";
import { quoted } from "./reading.ts";

const word = "[A-Za-z0-9][\\w.-]*";
const listed = new RegExp(`^\\[?\\s*${word}(\\s*[,;|]\\s*${word})+\\s*\\]?$`);

/** What to type instead of a label value that only looks as if it said more than its letters: a list, a star, a negation, other quotes, an address. */
export function literalHelp(value: string): string | null {
  // Nearly all values are words, and this is asked of every one.
  if (/^[A-Za-z][\w.-]*$/.test(value)) return null;
  if (value === "*") return "leave the label out: a label that is not named may have any value";
  if (value.includes("*")) return "name the values that are meant, in a list; there are no patterns";
  if (/^(!|not\s|-(?=\D))/i.test(value)) return "name the values that are meant, in a list; there is no negation";
  if (/^[\u2018\u2019\u201c-\u201f\u00ab\u00bb].*[\u2018\u2019\u201c-\u201f\u00ab\u00bb]$/u.test(value)) return `write ${quoted(value.slice(1, -1))}`;
  if (listed.test(value))
    return `write ${quoted(
      `[${value
        .replace(/^\[|\]$/g, "")
        .split(/[,;|]/)
        .map((one) => one.trim())
        .join(", ")}]`,
    )} if several values are meant`;
  if (prefixMeant(value) !== null) return "name a workload by what it is; addresses are named by `{ network: NAME }`";
  return null;
}
