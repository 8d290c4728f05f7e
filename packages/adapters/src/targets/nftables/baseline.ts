import type { ListedObject, Listing } from "./listing.ts";
import { tableName } from "./skeleton.ts";

/** What was read back right after loading. */
export interface Reading {
  readonly found: Listing;
  /** The whole text of what was loaded. */
  readonly loaded: string;
  /** What was held true before; `isSame` says whether the same text was loaded then. */
  readonly before: { readonly listing: Listing; readonly isSame: boolean } | null;
}

/**
 * The listing that later looks are held against, or null when this is not of what was loaded. Between loading and reading back another
 * hand may change something: what is known from before stays as it was, and what is new has as many rules and elements as were loaded.
 */
export function baselineOf({ found, loaded, before }: Reading): Listing | null {
  const isWhole = fits(loaded, found);
  if (before === null) return isWhole ? found : null;
  if (!isWhole && !before.isSame) return null;
  const isKnown = (name: string): boolean => before.isSame || !isOfGeneration(name);
  const isSwitch = (name: string): boolean => !before.isSame && name.startsWith(`${tableName}/map live_`);
  const known = Object.entries(before.listing).filter(([name]) => isKnown(name));
  const fresh = Object.entries(found).filter(([name]) => !isKnown(name));
  const held = known.map(([name, { rest, lasting }]): readonly [string, ListedObject] => {
    // Elements that end are counted from each loading anew; of what is not whole none is believed.
    const [now, isBelieved] = [found[name], isWhole && !name.startsWith(`${tableName}/map trial_`)];
    return [name, { rest, lasting: isSwitch(name) ? (now?.lasting ?? []) : lasting, ending: isBelieved ? (now?.ending ?? []) : [] }];
  });
  return Object.assign(Object.create(null) as Record<string, ListedObject>, Object.fromEntries([...fresh, ...held]));
}

const isOfGeneration = (name: string): boolean => /^bulkhead\/(?:chain|map) g[0-9a-f]+_/.test(name);

/** Whether what was found has the chains that were loaded, each with as many rules, the maps with as many elements, and decides by them. */
function fits(loaded: string, found: Listing): boolean {
  const chains = [...loaded.matchAll(/^ {2}chain (\S+) \{\n([\s\S]*?)\n {2}\}/gm)];
  const maps = [...loaded.matchAll(/^ {2}map (\S+) \{\n([\s\S]*?)\n {2}\}/gm)];
  const lines = (text: string | undefined): number => text?.split("\n").length ?? 0;
  const hasElements = ([, name, body]: RegExpExecArray): boolean => {
    const elements = (/elements = \{ ([\s\S]*) \}/.exec(body!)?.[1] ?? "").split(",\n").filter((one) => one !== "");
    const ending = elements.filter((one) => / timeout \d/.test(one)).length;
    const there = found[`${tableName}/map ${name}`];
    return there !== undefined && there.lasting.length === elements.length - ending && there.ending.length <= ending;
  };
  return (
    found[tableName]?.rest === "" &&
    Object.keys(found).filter((name) => name.startsWith(`${tableName}/chain `)).length === chains.length &&
    chains.every(([, name, body]) => lines(found[`${tableName}/chain ${name}`]?.rest) === lines(body)) &&
    maps.every(hasElements) &&
    [...loaded.matchAll(/ (live_(?:in|out)) \{ ipv4 : (goto \S+), /g)].every(([, map, verdict]) => {
      const { lasting = [], ending = [] } = found[`${tableName}/map ${map}`] ?? {};
      return lasting.length === 2 && ending.length === 0 && lasting.every((one) => one.endsWith(` : ${verdict}`));
    })
  );
}
