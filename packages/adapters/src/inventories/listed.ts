import { sortedOnce } from "@bulkhead/core/base/order";

// Behind a balancer stand hundreds; a text of more helps nobody.
const namesMax = 1000;

/** Names as one text, sorted, each once; undefined when there are none. */
export function listed(names: readonly (string | undefined)[]): string | undefined {
  const known = sortedOnce(names.filter((name) => name !== undefined));
  return known.length === 0 ? undefined : known.slice(0, namesMax).join(" ");
}
