/** The pairs of a line, by name; of a name that comes twice the first is kept. Bounded: no log has more. */
export type Pairs = ReadonlyMap<string, string>;

const pairsMax = 1024;

/** `key=value key="a value"`, backslash escapes inside quotes; what is no pair is passed over. */
export function equalPairs(text: string): Pairs {
  return collected(text, /(?<![\w.@-])([\w.@-]{1,64})=(?:"((?:[^"\\]|\\.)*)"|([^\s"]*))/g, (value) => value.replace(/\\(.)/g, "$1"));
}

/** `key:"value"; key="value"`, as Check Point writes them. */
export function quotedPairs(text: string): Pairs {
  return collected(text, /(?<![\w.-])([\w.-]{1,64}) ?[:=] ?"((?:[^"\\]|\\.)*)"()/g, (value) => value.replace(/\\(.)/g, "$1"));
}

/** `key=value` between separators: a tab, a bar. */
export function separatedPairs(text: string, separator: string): Pairs {
  const pairs = new Map<string, string>();
  for (const part of text.split(separator, pairsMax)) {
    const cut = part.indexOf("=");
    const name = part.slice(0, cut).trim();
    if (cut > 0 && !pairs.has(name)) pairs.set(name, part.slice(cut + 1).trim());
  }
  return pairs;
}

/** CEF's extension: values hold spaces and end where the next `key=` begins; `\=`, `\\`, `\n` are escapes. */
export function extensionPairs(text: string): Pairs {
  const pairs = new Map<string, string>();
  const starts = [...text.matchAll(/(?:^|\s)([\w.[\]-]{1,64})=/g)].slice(0, pairsMax);
  for (const [nth, start] of starts.entries()) {
    const until = starts[nth + 1]?.index ?? text.length;
    const value = text.slice(start.index + start[0].length, until).trim();
    if (!pairs.has(start[1]!)) pairs.set(start[1]!, value.replace(/\\([\\=|])/g, "$1"));
  }
  return pairs;
}

function collected(text: string, pattern: RegExp, plain: (value: string) => string): Pairs {
  const pairs = new Map<string, string>();
  for (const [, name, quoted, bare] of text.matchAll(pattern)) {
    if (pairs.size >= pairsMax) break;
    if (!pairs.has(name!)) pairs.set(name!, quoted === undefined ? bare! : plain(quoted));
  }
  return pairs;
}
