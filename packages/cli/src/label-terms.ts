import { Failure } from "@bulkhead/core/base/failure";

/** The terms of `app=shop, role=api`, in their order; blanks around a key or a value are not part of it. */
export function labelTerms(flag: string, text: string): readonly { readonly key: string; readonly value: string }[] {
  return text.split(",").map((term) => {
    const [, key = "", value = ""] = /^([^=]+)=(.*)$/s.exec(term) ?? [];
    if (key.trim() !== "") return { key: key.trim(), value: value.trim() };
    throw new Failure(`${flag} has \`${term.trim()}\` among its labels, which is no KEY=VALUE`, "write for example app=shop,env=prod");
  });
}

/** The values of each key, for one that is written twice has either of them. */
export function valuesByKey(terms: ReturnType<typeof labelTerms>): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, readonly string[]>();
  for (const { key, value } of terms) values.set(key, [...(values.get(key) ?? []), value]);
  return values;
}
