import { addTo } from "@bulkhead/core/base/lists";
import type { Say } from "@bulkhead/core/inventory/problem";

/** One entry of LDIF (RFC 2849): its line and its values by attribute, names in lower case, options such as `;range=0-1499` cut. */
export interface LdifEntry {
  readonly line: number;
  readonly dn: string;
  readonly values: ReadonlyMap<string, readonly string[]>;
}

/** Whether a text begins as LDIF does. */
export const looksLdif = (head: string): boolean => /^(#[^\n]*\n|version: 1\r?\n|\s)*dn::? [^\n]*\n/.test(head) && /^[A-Za-z][\w-]*::? /m.test(head);

/** The entries of an LDIF text; lines are unfolded, base64 values decoded as UTF-8, change records and values from URLs told and left out. */
export function* ldifEntries(text: string, say: Say): Generator<LdifEntry> {
  let entry: { line: number; dn: string; values: Map<string, string[]> } | null = null;
  for (const { line, written } of unfolded(text)) {
    if (written === "") {
      if (entry !== null) yield entry;
      entry = null;
      continue;
    }
    const [, name = "", marks = "", rest = ""] = /^([A-Za-z][\w.-]*(?:;[\w=-]+)*)(:{1,2}|:<) ?(.*)$/.exec(written) ?? [];
    const key = name.toLowerCase().replace(/;.*$/, "");
    const value = marks === "::" ? base64Text(rest) : marks === ":" ? rest.trimEnd() : undefined;
    if (value === undefined) say({ reason: "no-ldif", message: `line ${line} is no \`attribute: value\` of LDIF` });
    else if (key === "dn") entry = { line, dn: value, values: new Map() };
    else if (entry !== null) addTo(entry.values, key, value);
  }
  if (entry !== null) yield entry;
}

/** Lines that begin with a blank go on the one above; comments are none. */
function* unfolded(text: string): Generator<{ readonly line: number; readonly written: string }> {
  let [line, from, parts] = [0, 0, [] as string[]];
  const isComment = (): boolean => parts[0]?.startsWith("#") === true;
  for (const raw of text.split("\n")) {
    line += 1;
    const written = raw.endsWith("\r") ? raw.slice(0, -1) : raw;
    if (written.startsWith(" ") && parts.length > 0) {
      parts.push(written.slice(1));
      continue;
    }
    if (parts.length > 0 && !isComment()) yield { line: from, written: parts.join("") };
    [from, parts] = [line, [written]];
  }
  if (parts.length > 0 && !isComment()) yield { line: from, written: parts.join("") };
}

function base64Text(text: string): string | undefined {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 === 1) return undefined;
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(text), (char) => char.charCodeAt(0)));
  } catch {
    return undefined;
  }
}
