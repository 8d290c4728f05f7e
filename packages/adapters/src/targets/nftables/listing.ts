import { areEqual } from "@bulkhead/core/base/lists";

/** One object of a table, as `nft -s -n list table` prints it. */
export interface ListedObject {
  /** Everything but the elements: the rules of a chain, the type and flags of a map. */
  readonly rest: string;
  /** Elements that stay, sorted. Those that packets put into dynamic sets are nobody's wish and not here. */
  readonly lasting: readonly string[];
  /** Elements that end by themselves, and after how many seconds. */
  readonly ending: readonly { readonly text: string; readonly seconds: number }[];
}

/** Our tables as the kernel holds them: each object under its table, kind and name. */
export type Listing = Readonly<Record<string, ListedObject>>;

/** Reads what `nft -s -n list table` prints of one table or several; counters and remaining times are not in it. */
export function listingOf(text: string): Listing {
  const listing: Record<string, ListedObject> = Object.create(null) as Record<string, ListedObject>;
  let table = "";
  let own = "";
  let open: { readonly name: string; readonly lines: string[] } | null = null;
  for (const line of text.split("\n")) {
    if (line.startsWith("table ")) [table, own] = [line.split(" ")[2] ?? "", ""];
    else if (line === "}") listing[table] = { rest: own, lasting: [], ending: [] };
    else if (line === "\t}" && open !== null) {
      listing[`${table}/${open.name}`] = objectOf(open.lines);
      open = null;
    } else if (open !== null) open.lines.push(line.trim());
    else if (line.endsWith(" {")) open = { name: line.slice(0, -2).trim(), lines: [] };
    // What stands beside the objects are the table's own flags: `dormant` turns all of it off.
    else own += line.trim();
  }
  return listing;
}

function objectOf(lines: readonly string[]): ListedObject {
  const begin = lines.findIndex((line) => line.startsWith("elements = {"));
  const end = begin < 0 ? -1 : lines.findIndex((line, index) => index >= begin && line.endsWith("}"));
  const rest = lines.filter((_, index) => begin < 0 || index < begin || index > end).join("\n");
  if (begin < 0 || /^flags [a-z,]*dynamic/m.test(rest)) return { rest, lasting: [], ending: [] };
  const written = lines
    .slice(begin, end + 1)
    .join(" ")
    .slice("elements = {".length, -1)
    .trim();
  const elements = written.split(/,\s+/).sort();
  const secondsOf = (text: string): number => Number(/ timeout (\d+)s/.exec(text)?.[1] ?? Number.NaN);
  return {
    rest,
    lasting: elements.filter((text) => Number.isNaN(secondsOf(text))),
    ending: elements.map((text) => ({ text, seconds: secondsOf(text) })).filter(({ seconds }) => !Number.isNaN(seconds)),
  };
}

// Clocks of kernel and process, and the time between loading and reading back.
const slackSeconds = 2;

/** What differs from the listing that was taken so many seconds ago, in words; empty when somebody else changed nothing. */
export function differencesOf(expected: Listing, found: Listing, secondsAgo: number): readonly string[] {
  const names = [...new Set([...Object.keys(expected), ...Object.keys(found)])].sort();
  return names.flatMap((name) => {
    const [before, now] = [expected[name], found[name]];
    if (now === undefined) return [`${name} is gone`];
    if (before === undefined) return [`${name} is not ours`];
    return [
      ...(before.rest === now.rest ? [] : [`${name} was changed`]),
      ...(areEqual(before.lasting, now.lasting) ? [] : [`${name} does not hold the elements it was given`]),
      ...endingDifferences(before, now, secondsAgo).map((text) => `${name} ${text}`),
    ];
  });
}

function endingDifferences(before: ListedObject, now: ListedObject, secondsAgo: number): readonly string[] {
  const [wanted, there] = [new Set(before.ending.map(({ text }) => text)), new Set(now.ending.map(({ text }) => text))];
  const lost = before.ending.filter(({ text, seconds }) => !there.has(text) && seconds > secondsAgo + slackSeconds);
  const added = now.ending.filter(({ text }) => !wanted.has(text));
  return [
    ...(lost.length > 0 ? [`lost ${lost.length} elements before their time`] : []),
    ...(added.length > 0 ? [`has ${added.length} elements of another hand`] : []),
  ];
}
