import { Failure } from "@bulkhead/core/base/failure";
import { ipKey, ipOf } from "@bulkhead/core/base/ip";
import { covers } from "@bulkhead/core/base/prefix";
import type { BelievedWorkload } from "@bulkhead/core/inventory/believe";
import { everyRule } from "@bulkhead/core/decide/every-rule";
import { nameable } from "@bulkhead/core/decide/policy-words";
import { nearest } from "@bulkhead/core/language/hints";
import type { PolicySet, Selector } from "@bulkhead/core/model/policy-set";
import type { Inventory, Workload } from "@bulkhead/core/model/workload";
import type { Somebody } from "@bulkhead/core/reach/whom";
import { type Context, printable } from "./context.ts";
import { labelTerms, valuesByKey } from "./label-terms.ts";

const labelsMost = 4;

/** Whether somebody is meant by a flag. */
export type IsMeant = (one: Somebody) => boolean;

interface Known {
  readonly set: PolicySet;
  /** It, and those that it is compared with: a zone that only a draft has is no misspelt one. */
  readonly sets: readonly PolicySet[];
  readonly inventory: Inventory;
  /** Whether its workloads are real ones; ids of kinds are labels, and are meant as such. */
  readonly isReal: boolean;
}

/**
 * Whom a flag means: `workloads`, `anyone`, `internet`, `outside`, a workload id, an address, or KEY=VALUE,KEY=VALUE of labels or of what sources state beside them (hva, owner), where `zone` and
 * `network` are keys, too; of several values of one key (`role=api,role=web`) any will do. What nobody has is refused: its answer would be "no way", and mean nothing.
 */
export function whomAsked(flag: "--from" | "--to", text: string, known: Known): IsMeant {
  const { workloads } = known.inventory;
  if (known.isReal && workloads.some(({ id }) => id === text)) return ({ workload }) => workload === text;
  switch (text) {
    case "anyone":
      return () => true;
    case "workloads":
      return ({ workload }) => workload !== null;
    case "internet":
      return inNetwork("internet", known.set);
    case "outside":
      return inZone("outside");
  }
  if (text.includes("=")) return byTerms(flag, text, known);
  const ip = ipOf(text);
  if (ip === undefined) {
    const meant = nearest(
      text,
      workloads.map(({ id }) => id),
    );
    throw new Failure(
      `${flag} is \`${text}\`, and no workload is called that`,
      meant === null
        ? "write a workload id, an address, internet, outside, workloads, anyone, or KEY=VALUE,KEY=VALUE such as app=shop,zone=prod"
        : `did you mean \`${meant}\`?`,
    );
  }
  return ({ end, range }) => {
    if (end.kind === "known" && end.workload !== null) return end.addresses.some((own) => ipKey(own) === ipKey(ip));
    return range !== null && range.family === ip.family && range.realm === ip.realm && range.first <= ip.value && ip.value <= range.last;
  };
}

/** Of addresses at which only workloads are expected nothing is known, but they lie where they lie. */
const inNetwork =
  (name: string, { networks }: PolicySet): IsMeant =>
  ({ end, text, range }) => {
    if (end.kind === "known") return end.networks.has(name);
    const ip = range === null ? undefined : ipOf(text);
    return ip !== undefined && networks.some((one) => one.name === name && one.prefixes.some((prefix) => covers(prefix, ip)));
  };

const inZone =
  (name: string): IsMeant =>
  ({ end }) =>
    end.kind === "known" && end.zone === name;

/** Any value of each key, and all keys. */
function byTerms(flag: string, text: string, known: Known): IsMeant {
  const terms = labelTerms(flag, text);
  for (const term of terms) checkName(flag, term, known);
  const people = new Map(known.inventory.workloads.map((workload) => [workload.id, workload]));
  const each = [...valuesByKey(terms)].map(([key, some]): IsMeant => {
    if (key === "zone") return (one) => some.some((name) => inZone(name)(one));
    if (key === "network") return (one) => some.some((name) => inNetwork(name, known.set)(one));
    return ({ workload }) => {
      const value = workload === null ? undefined : valueOf(people.get(workload)!, key);
      return value !== undefined && some.includes(value);
    };
  });
  return (one) => each.every((isMeant) => isMeant(one));
}

function checkName(flag: string, { key, value }: { readonly key: string; readonly value: string }, { sets, inventory }: Known): void {
  const strange = strangeName({ key, value }, [...new Set(sets.flatMap((set) => namesUnder(key, set, inventory)))]);
  if (strange !== null) throw new Failure(`${flag}: ${strange.message}`, strange.next);
}

/** For each label that no workload has one sentence, and what was probably meant. */
export const strangeLabels = (labels: Readonly<Record<string, string>>, workloads: readonly Workload[]) =>
  Object.entries(labels).flatMap(
    ([key, value]) => strangeName({ key, value }, [...new Set(workloads.flatMap((one) => (Object.hasOwn(one.labels, key) ? one.labels[key]! : [])))]) ?? [],
  );

/** Says what is strange about somebody whom a flag or an argument names. */
export function sayStrange(context: Context, named: string, found: readonly { readonly message: string; readonly next: string }[]): void {
  for (const { message, next } of found) context.say(`${printable(`bulkhead: ${named}: ${message}`)}\n  next: ${printable(next)}\n`);
}

/** Where nobody has these labels alone, and workloads have them among others that the policy looks at: by which labels they are named. */
export function fewerLabels(
  labels: Readonly<Record<string, string>>,
  { set, workloads }: { readonly set: PolicySet; readonly workloads: readonly Workload[] },
): readonly { readonly message: string; readonly next: string }[] {
  const asked = Object.entries(labels);
  const found = workloads.filter((one) => asked.every(([key, value]) => Object.hasOwn(one.labels, key) && one.labels[key] === value));
  const told = new Set([...set.zones.flatMap(({ members }) => members ?? []), ...set.policies.map(({ scope }) => scope), ...namedBy(set)].flatMap(keysOf));
  const whole = found.map((one) =>
    nameable(set, one)
      .filter(({ key }) => told.has(key) || Object.hasOwn(labels, key))
      .map(({ key, values }) => `${key}=${values.join()}`),
  );
  if (found.length === 0 || whole.some((terms) => terms.length <= asked.length)) return [];
  const names = [...new Set(whole.map((terms) => terms.join()))];
  const text = asked.map((term) => term.join("=")).join();
  const rest = names.length > labelsMost ? ` and ${names.length - labelsMost} more` : "";
  return [
    {
      message: `\`${text}\` is a workload with no other label; ${found.length} of the inventory ${found.length === 1 ? "has" : "have"} more`,
      next: `ask about one of them: ${names.slice(0, labelsMost).join(" or ")}${rest}`,
    },
  ];
}

const keysOf = ({ terms }: Selector): readonly string[] => terms.map(({ key }) => key);
const namedBy = (set: PolicySet): readonly Selector[] =>
  everyRule(set).flatMap(({ from, to }) => [...from, ...to].flatMap((peer) => (peer.kind === "labels" ? [peer.selector] : [])));

function strangeName(
  { key, value }: { readonly key: string; readonly value: string },
  known: readonly string[],
): { readonly message: string; readonly next: string } | null {
  if (known.includes(value)) return null;
  const message = key === "zone" || key === "network" ? `no ${key} is called \`${value}\`` : `no workload has \`${key}=${value}\``;
  const meant = nearest(value, known);
  const listed = known
    .slice(0, 8)
    .map((name) => `${key}=${name}`)
    .join(", ");
  const next =
    meant !== null
      ? `did you mean \`${key}=${meant}\`?`
      : known.length === 0
        ? `no workload has a label \`${key}\`, or anything else of that name`
        : `there is ${listed}${known.length > 8 ? " and others" : ""}`;
  return { message, next };
}

function namesUnder(key: string, { zones, networks }: PolicySet, { workloads }: Inventory): readonly string[] {
  if (key === "zone") return [...zones.map(({ name }) => name), "outside", "unplaced"];
  if (key === "network") return [...networks.map(({ name }) => name), "internet"];
  return [...new Set(workloads.flatMap((workload) => valueOf(workload, key) ?? []))];
}

/** A label, else what sources state beside labels, such as owner, criticality or hva. */
function valueOf({ labels, attributes = {} }: Workload & Partial<Pick<BelievedWorkload, "attributes">>, key: string): string | undefined {
  return [labels, attributes].find((one) => Object.hasOwn(one, key))?.[key];
}
