import { meantTags } from "../meant-keys.ts";
import { listAt, textAt } from "../tree.ts";

/** Tags as labels and attributes: `[{ Key, Value }]` under one of these names. Those that AWS itself sets begin with `aws:`. */
export function tagsOf(one: unknown, ...names: readonly string[]): ReturnType<typeof meantTags> {
  const pairs = names
    .flatMap((name) => listAt(one, name))
    .flatMap((tag) => {
      const [key, value] = [textAt(tag, "Key"), textAt(tag, "Value")];
      return key === undefined || value === undefined || key.startsWith("aws:") ? [] : [[key === "Name" ? "name" : key, value] as const];
    });
  return meantTags(pairs);
}

/** What a network is called: its tag `Name`, else its id. */
export const nameOf = (one: unknown, id: string | undefined): string => tagsOf(one, "Tags").labels["name"] ?? id ?? "unnamed";
