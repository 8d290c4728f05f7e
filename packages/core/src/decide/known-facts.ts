import { byCodePoint } from "../base/order.ts";
import { isMet, placeless } from "./match.ts";
import type { Demand, Rule } from "../model/policy-set.ts";
import type { Facts } from "../model/question.ts";

/** What has to be known of a conversation, by the names of facts; a fact that is not named makes no difference. */
export type Conditions = Readonly<Record<string, string>>;

type FactDemand = Exclude<Demand, { readonly kind: "tier" }>;
type FactName = keyof Facts;

/** One value of each kind that some demands tell apart, each with its words; the unknown one (undefined) first. */
export interface KnownFact {
  readonly name: FactName;
  readonly kinds: readonly { readonly value: unknown; readonly words: string }[];
}

/** Whether it is so where nothing is known of a conversation. */
export const isSoUnknown = (conditions: readonly Conditions[]): boolean =>
  conditions.some((one) => Object.values(one).every((words) => words === unknown || words.startsWith(`${unknown} or `)));

const unknown = "unknown";

const nameOf = (demand: FactDemand): FactName => (demand.kind === "encrypted" ? "encrypted" : demand.fact);

/** The facts that these rules tell apart. */
export function knownFacts(rules: readonly Rule[]): readonly KnownFact[] {
  const demands = rules.flatMap(({ where }) => where).filter((demand) => demand.kind !== "tier");
  const names = [...new Set(demands.map(nameOf))].sort(byCodePoint);
  return names.map((name) => {
    const own = demands.filter((demand) => nameOf(demand) === name);
    const wanted = own.flatMap((demand): readonly (string | boolean)[] => (demand.kind === "encrypted" ? [demand.value] : demand.values.map(spelled(name))));
    const each = [...new Set(wanted)].map((value) => ({ value: value as unknown, words: value === unknown ? JSON.stringify(value) : String(value) }));
    const kinds = new Map<string, { readonly value: unknown; readonly words: string[] }>();
    for (const { value, words } of [{ value: undefined, words: unknown }, ...each, otherThan(name, wanted)]) {
      const signature = own.map((demand) => isMet(demand, { client: placeless(null), facts: { [name]: value } })).join(" ");
      const known = kinds.get(signature) ?? { value, words: [] };
      known.words.push(words);
      kinds.set(signature, known);
    }
    return { name, kinds: [...kinds.values()].map(({ value, words }) => ({ value, words: words.join(" or ") })) };
  });
}

const spelled = (name: FactName) => (text: string) => (name === "name" ? text.toLowerCase().replace(/\.$/, "") : text);

/** A value that meets none of the demands. */
function otherThan(name: FactName, wanted: readonly (string | boolean)[]): { readonly value: unknown; readonly words: string } {
  const words = `other than ${[...new Set(wanted.map(String))].sort(byCodePoint).join(", ")}`;
  // Where only one of both is demanded, the other truth value is one.
  const isOther = name === "encrypted" && new Set(wanted).size === 1;
  return { value: isOther ? wanted[0] !== true : words, words };
}

/** How many combinations of these facts there are. */
export const combinationsOf = (known: readonly KnownFact[]): number => known.reduce((product, { kinds }) => product * kinds.length, 1);

/** Every combination of these facts; the first says nothing. */
export function combinations(known: readonly KnownFact[]): readonly Facts[] {
  return known.reduce<readonly Facts[]>(
    (all, { name, kinds }) => kinds.flatMap(({ value }) => all.map((facts) => (value === undefined ? facts : { ...facts, [name]: value }))),
    [{}],
  );
}

/** Facts that meet conditions on known ones, and say nothing beyond them. */
export function factsMeeting(known: readonly KnownFact[], conditions: Conditions): Facts {
  const kindOf = (name: string, words: string) => known.find((one) => one.name === name)?.kinds.find((kind) => kind.words === words);
  const said = Object.entries(conditions).map(([name, words]) => [name, kindOf(name, words)?.value] as const);
  return Object.fromEntries(said.filter(([, value]) => value !== undefined));
}

/** What distinguishes some combinations from the rest; one empty condition if nothing does. */
export function conditionsOf(known: readonly KnownFact[], some: readonly Facts[]): readonly Conditions[] {
  let rows: Record<string, string>[] = some.map((facts) =>
    Object.fromEntries(known.map(({ name, kinds }) => [name, kinds.find(({ value }) => value === facts[name])?.words ?? ""])),
  );
  for (const { name, kinds } of known) {
    const rest = new Map<string, Record<string, string>>();
    for (const { [name]: _, ...others } of rows) rest.set(JSON.stringify(others), others);
    // Every kind of this fact, with whatever else: then it makes no difference.
    if (rest.size * kinds.length === rows.length) rows = [...rest.values()];
  }
  return rows.toSorted((a, b) => byCodePoint(JSON.stringify(a), JSON.stringify(b)));
}
