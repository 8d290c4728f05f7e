import type { Demand } from "../model/policy-set.ts";
import type { Tier } from "../model/workload.ts";
import { nearest } from "./hints.ts";
import { quoted, type Reading, report } from "./reading.ts";
import { described, type Entry, isNothing, type Tree } from "./tree.ts";
import { itemsIn } from "./values.ts";

const facts = ["encrypted", "function", "process", "user", "name", "identity"] as const;

/** What a `where` demands; null when it could not be read, for a rule must not grow by a mistake. */
export function demandsIn(reading: Reading, { key, value }: Entry, rule: { readonly isForbid: boolean }): readonly Demand[] | null {
  if (value.kind === "unreadable") return null;
  if (isNothing(value) || (value.kind === "mapping" && value.entries.length === 0)) {
    report(reading, "empty", value.at, [`${quoted(key)} demands nothing`, "name a fact, such as `{ encrypted: true }`, or leave the key out"]);
    return null;
  }
  if (value.kind !== "mapping") {
    report(reading, "wrong-type", value.at, [
      `${quoted(key)} is a mapping of facts, and this is ${described(value)}`,
      "write for example `{ encrypted: true }`",
    ]);
    return null;
  }
  const demands = value.entries.map((entry) => demandIn(reading, entry, rule));
  const read = demands.filter((demand) => demand !== null);
  return read.length < demands.length ? null : read;
}

function demandIn(reading: Reading, entry: Entry, { isForbid }: { readonly isForbid: boolean }): Demand | null {
  const fact = facts.find((one) => one === entry.key);
  switch (fact) {
    case "encrypted":
      return encryptedIn(reading, entry);
    case "function":
    case "process":
    case "user":
    case "name":
      return factIn(reading, entry, fact);
    case "identity":
      if (!isForbid) return tierIn(reading, entry);
      report(reading, "tier-in-forbid", entry.keyAt, [
        "a forbid cannot ask for the tier of an identity: who drops the identity would escape it",
        "forbid without the tier, and let the allows demand it",
      ]);
      return null;
    case undefined: {
      const meant = nearest(entry.key, facts) ?? (/^m?(tls|ssl)$|^encryption$/i.test(entry.key) ? "encrypted" : null);
      const help =
        meant === null ? "facts are `encrypted`, `function`, `process`, `user`, `name`, and `identity` for the tier" : `did you mean ${quoted(meant)}?`;
      report(reading, "unknown-key", entry.keyAt, [`there is no fact ${quoted(entry.key)}`, help]);
      return null;
    }
  }
}

function encryptedIn(reading: Reading, { value }: Entry): Demand | null {
  if (value.kind === "unreadable") return null;
  if (value.kind === "scalar" && typeof value.value === "boolean") return { kind: "encrypted", value: value.value };
  return bad(reading, value, ["`encrypted` is true or false", "write `encrypted: true`"]);
}

function factIn(reading: Reading, { value }: Entry, fact: "function" | "process" | "user" | "name"): Demand | null {
  const items = itemsIn(reading, value, fact);
  if (items === null) return null;
  const values: string[] = [];
  for (const item of items) {
    if (item.kind === "scalar" && typeof item.value === "string" && item.value !== "") values.push(fact === "name" ? dnsName(item.value) : item.value);
    else if (item.kind !== "unreadable")
      bad(reading, item, [
        `${quoted(fact)} is a text`,
        `write for example ${quoted(`${fact}: ${fact === "function" ? "modbus/3" : "NAME"}`)}, in quotes if it looks like a number`,
      ]);
  }
  return values.length < items.length ? null : { kind: "fact", fact, values };
}

/** MEANING §1: names are compared in lower case without a final dot. */
const dnsName = (text: string): string => text.toLowerCase().replace(/\.$/, "");

function tierIn(reading: Reading, { value }: Entry): Demand | null {
  if (value.kind === "unreadable") return null;
  const tier = value.kind === "scalar" ? value.value : null;
  if (tier === 0 || tier === 1 || tier === 2 || tier === 3) return { kind: "tier", least: tier satisfies Tier };
  return bad(reading, value, ["the tier of an identity is 0, 1, 2 or 3", "write for example `identity: 3`"]);
}

function bad(reading: Reading, value: Tree, [expected, help]: readonly [string, string]): null {
  report(reading, isNothing(value) ? "empty" : "bad-fact", value.at, [`${expected}, and this is ${described(value)}`, help]);
  return null;
}
