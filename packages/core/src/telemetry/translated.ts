import { type Instant, second } from "../base/instant.ts";
import { addTo } from "../base/lists.ts";
import type { Conversation } from "../model/flow.ts";

/** One conversation that was seen on both sides of a machine that writes other addresses into packets: a balancer, a NAT gateway. */
export interface Translated {
  /** `server`: the client asked the translator, and it asked the true server. `client`: the translator asked in the place of the true client. */
  readonly hides: "server" | "client";
  readonly outer: Conversation;
  readonly inner: Conversation;
  readonly translator: string;
  /** From 0 to 1: how likely no other conversation would have fitted as well by accident. */
  readonly confidence: number;
}

export interface Halves {
  readonly pairs: readonly Translated[];
  /** Conversations that fit several others, or are fitted by several: left apart. */
  readonly ambiguous: number;
}

// Two observers' clocks and a balancer's own time to connect.
const apart = 5 * second;
// Of more that look alike within so short a time nobody could tell which belong together.
const nearMax = 32;

/**
 * Joins the halves of conversations at the translators, whose addresses are given: same protocol, the same bytes both ways, begun within five seconds, and
 * nothing else that fits. A proxy that ends connections and begins its own sends other bytes: its halves stay apart.
 */
export function translatedPairs(conversations: readonly Conversation[], translators: ReadonlySet<string>): Halves {
  const alike = new Map<string, Conversation[]>();
  for (const one of conversations) if (isCounted(one)) addTo(alike, lookOf(one), one);
  const [candidates, crowded] = [new Set<Candidate>(), new Set<Conversation>()];
  for (const group of alike.values()) {
    group.sort((a, b) => (a.first ?? 0) - (b.first ?? 0));
    for (const [at, one] of group.entries()) {
      const near = nearIn(group, at);
      if (near.length > nearMax) addAll(crowded, [one, ...near]);
      else
        addAll(
          candidates,
          near.flatMap((other) => [...candidateOf(one, other, translators), ...candidateOf(other, one, translators)]),
        );
    }
  }
  const fits = new Map<Conversation, number>();
  for (const { outer, inner } of candidates) for (const one of [outer, inner]) fits.set(one, (fits.get(one) ?? 0) + 1);
  const isAlone = ({ outer, inner }: Candidate): boolean => [outer, inner].every((one) => fits.get(one) === 1 && !crowded.has(one));
  const unique = new Set([...candidates].filter(isAlone));
  const ambiguous = new Set([...candidates].filter((one) => !unique.has(one)).flatMap(({ outer, inner }) => [outer, inner]));
  for (const one of crowded) if (translators.has(one.client) || translators.has(one.server)) ambiguous.add(one);
  const starts = conversations.flatMap(({ first }) => (first === null ? [] : [first])).sort((a, b) => a - b);
  const confidence = ({ outer }: Candidate): number =>
    1 / (1 + byAccident(outer, { alike: alike.get(lookOf(outer))?.length ?? 1, all: conversations.length, starts }));
  return { pairs: [...unique].map((one) => ({ ...one, confidence: confidence(one) })), ambiguous: ambiguous.size };
}

/** The conversations behind one in a list by time that began at most five seconds later. */
function nearIn(group: readonly Conversation[], at: number): readonly Conversation[] {
  const end = (group[at]?.first ?? 0) + apart;
  let next = at + 1;
  while (next < group.length && next - at <= nearMax + 1 && (group[next]?.first ?? 0) <= end) next += 1;
  return group.slice(at + 1, next);
}

function addAll<T>(set: Set<T>, items: readonly T[]): void {
  for (const item of items) set.add(item);
}

type Candidate = Omit<Translated, "confidence">;

const isCounted = ({ bytesToServer, bytesToClient, first }: Conversation): boolean => bytesToServer !== null && bytesToClient !== null && first !== null;
const lookOf = ({ protocol, bytesToServer, bytesToClient }: Conversation): string => `${protocol} ${bytesToServer} ${bytesToClient}`;

function candidateOf(outer: Conversation, inner: Conversation, translators: ReadonlySet<string>): readonly Candidate[] {
  if (outer === inner || Math.abs((outer.first ?? 0) - (inner.first ?? 0)) > apart) return [];
  const hidesServer = translators.has(outer.server) && !translators.has(inner.server) && (inner.client === outer.client || translators.has(inner.client));
  if (hidesServer) return [{ hides: "server", outer, inner, translator: outer.server }];
  const isSameServer = outer.server === inner.server && outer.serverPort === inner.serverPort;
  const hidesClient = isSameServer && translators.has(inner.client) && !translators.has(outer.client);
  return hidesClient ? [{ hides: "client", outer, inner, translator: inner.client }] : [];
}

interface Crowd {
  /** How many conversations have these very counts, and how many there are. */
  readonly alike: number;
  readonly all: number;
  readonly starts: readonly Instant[];
}

/** How many others would be expected to fit by accident: those that began meanwhile, times the share of all that look like this one. */
function byAccident({ first }: Conversation, { alike, all, starts }: Crowd): number {
  const meanwhile = countBefore(starts, (first ?? 0) + apart + 1) - countBefore(starts, (first ?? 0) - apart);
  // The pair itself is no accident; half a one, because nothing was ever seen that could not be seen again.
  return (Math.max(0, meanwhile - 2) * (Math.max(0, alike - 2) + 0.5)) / Math.max(1, all);
}

function countBefore(starts: readonly Instant[], at: Instant): number {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (starts[middle]! < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
