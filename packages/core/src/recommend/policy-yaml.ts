/** Values as YAML 1.2 flow scalars: plain where nobody could read anything else, quoted otherwise. */
export function yamlValue(text: string): string {
  const isPlain = /^[A-Za-z][A-Za-z0-9_.-]*$/.test(text) && !/^(true|false|null|yes|no|on|off|y|n|[.]?inf|[.]?nan)$/i.test(text);
  return isPlain
    ? text
    : JSON.stringify(text).replace(/[\u007f-\uffff]/g, (char) => (isSafe(char) ? char : `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`));
}

const isSafe = (char: string): boolean => /[\p{L}\p{N}]/u.test(char);

/** `{ app: shop, env: prod }` */
export function yamlSelector(labels: Readonly<Record<string, string>>): string {
  return `{ ${Object.entries(labels)
    .map(([key, value]) => `${key}: ${yamlValue(value)}`)
    .join(", ")} }`;
}

/** Text from outside inside a comment: one line, nothing that a terminal or an editor would obey. */
export function commentText(text: string): string {
  return text.replace(/[^\u0020-\u007e\p{L}\p{N}]/gu, (char) => `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`);
}

/** A name of the language from any text: `[a-z0-9][a-z0-9._-]*`. */
export function nameFrom(text: string): string {
  const name = text
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, "-")
    .replace(/^[^a-z0-9]+|-+$/g, "");
  return name.slice(0, 60) || "unnamed";
}

/** Gives each text a name of its own, the same for the same text; `taken` names are not given. */
export function namer(taken: Iterable<string> = []): (text: string) => string {
  const used = new Set(taken);
  const given = new Map<string, string>();
  return (text) => {
    const known = given.get(text);
    if (known !== undefined) return known;
    const start = nameFrom(text);
    let name = start;
    for (let n = 2; used.has(name); n += 1) name = `${start}-${n}`;
    used.add(name);
    given.set(text, name);
    return name;
  };
}
