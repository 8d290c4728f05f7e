/** Where a tag, a custom field or a column of an exporter belongs. */
export interface Meant {
  readonly side: "labels" | "attributes";
  readonly key: string;
}

// What organisations call the few keys that policy and reports ask for; docs/reference/inventory.md lists them.
const words: readonly (readonly [Meant["side"], string, string])[] = [
  ["labels", "app", "app application applicationname appname appid service servicename product"],
  ["labels", "env", "env environment envname stage lifecycle usedfor uenvironment"],
  ["labels", "role", "role tier component function serverrole approle"],
  ["attributes", "owner", "owner ownedby owneremail contact team teamname supportgroup assignmentgroup managedby technicalowner responsible"],
  ["attributes", "criticality", "criticality businesscriticality businesscriticalityclass importance"],
  ["attributes", "hva", "hva highvalueasset"],
  ["attributes", "fisma", "fisma fips199 fips199level fismalevel securitycategorization"],
  ["attributes", "fisma-system", "fismasystem fismasystemid fismaid systemid ato"],
  ["attributes", "os", "os operatingsystem osname"],
];
const meant = new Map<string, Meant>(words.flatMap(([side, key, names]) => names.split(" ").map((name) => [name, { side, key }] as const)));

/** What the name of a tag means: one of the known keys whatever its spelling, else a label of its own name. */
export function meantBy(name: string): Meant {
  const last = name.replace(/^u_/, "");
  return meant.get(last.toLowerCase().replace(/[^a-z0-9]/g, "")) ?? { side: "labels", key: name };
}

/** Whether a name means one of the known keys. */
export const isMeant = (name: string): boolean =>
  meant.has(
    name
      .replace(/^u_/, "")
      .toLowerCase()
      .replace(/[^a-z0-9]/g, ""),
  );

/** Tags as labels and attributes; of two tags that mean one key that which is called so counts, else the first. Values that are no texts, numbers or truths are left out. */
export function meantTags(tags: Iterable<readonly [string, unknown]>): {
  readonly labels: Record<string, string>;
  readonly attributes: Record<string, string>;
} {
  const told = { labels: Object.create(null) as Record<string, string>, attributes: Object.create(null) as Record<string, string> };
  // `app` comes before `service` and other words for it.
  const isExact = ([name]: readonly [string, unknown]): boolean => meantBy(name).key === name.toLowerCase();
  const all = [...tags];
  for (const [name, value] of [...all.filter(isExact), ...all.filter((tag) => !isExact(tag))]) {
    if (!["string", "number", "boolean"].includes(typeof value) || value === "" || name === "") continue;
    const { side, key } = meantBy(name);
    told[side][key] ??= String(value);
  }
  return told;
}
