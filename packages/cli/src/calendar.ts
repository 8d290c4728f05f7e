import { declareEvents, eventsIn, type KeptEvent, type Said } from "@bulkhead/adapters/calendar/events";
import { Failure } from "@bulkhead/core/base/failure";
import { day, type Instant, midnightOf } from "@bulkhead/core/base/instant";
import { ruleIn } from "@bulkhead/core/map/calendar/calendar-rule";
import { datedAt, type DeclaredEvent, unseenEvents } from "@bulkhead/core/map/calendar/declared-events";
import type { DeclaredCycle } from "@bulkhead/core/map/completeness/declared-cycle";
import { stat } from "node:fs/promises";
import { userInfo } from "node:os";
import { boundedText } from "./bounded-text.ts";
import { lastPast } from "./seen.ts";

const bytesMax = 16 << 20;
// Each cycle that is nobody's release is one more rhythm that a dependency may have.
const cyclesMax = 50;
const releasesMax = 20_000;
const datesMax = 5000;
// Longer is no name that anybody reads.
const nameMax = 200;

/** Where the events of a calendar are declared: a file, else what the data directory keeps. */
export interface CalendarPlace {
  readonly directory: string;
  readonly file: string | null;
}

/** The declared cycles and releases with their dates around an instant, in days of UTC since 1970-01-01. */
export async function cyclesAt(place: CalendarPlace, at: Instant): Promise<readonly DeclaredCycle[]> {
  return datedAt(await declaredIn(place), at);
}

/** The names of declared events on none of whose dates anything was recorded. The days, of UTC since 1970-01-01, are asked for only where events are declared. */
export async function unseenIn(place: CalendarPlace, daysRecorded: () => Promise<readonly number[]>): Promise<readonly string[]> {
  const declared = await declaredIn(place);
  const days = declared.length === 0 ? [] : await daysRecorded();
  return days.length === 0 ? [] : unseenEvents(datedAt(declared, lastPast(days)! * day), new Set(days)).map(({ name }) => name);
}

const declaredIn = async ({ directory, file }: CalendarPlace): Promise<readonly DeclaredEvent[]> =>
  file === null ? await eventsIn(directory) : await calendarFile(file);

/** The events that a calendar file declares. */
export async function calendarFile(path: string): Promise<readonly DeclaredEvent[]> {
  const wrong = (why: string): Failure =>
    new Failure(`${path} is no calendar: ${why}`, 'write { "cycles": [ { "name": "year end", "kind": "yearly", "dates": ["2026-12-31"] } ] }');
  if ((await stat(path).catch(() => null)) === null) throw new Failure(`there is no calendar ${path}`, "name a JSON file with `cycles`");
  const cycles = cyclesIn(await boundedText(path, { bytesMax, next: "a calendar of that size is not read; split it" }), wrong);
  const read = cycles.map((one, at) => eventOf(one, ` of cycle ${at + 1}`, wrong));
  checkCount(read, wrong);
  return read;
}

/** Refuses more than can be told apart. */
export function checkCount(events: readonly Pick<DeclaredEvent, "app">[], wrong: (why: string) => Failure): void {
  if (events.filter(({ app }) => app === null).length > cyclesMax) throw wrong(`it declares more than ${cyclesMax} cycles`);
  if (events.length > releasesMax) throw wrong(`it declares more than ${releasesMax} releases`);
}

/** What was declared: the events that a data directory did not hold already, and those that stood under their names and do no longer. */
export interface Kept {
  readonly declared: readonly KeptEvent[];
  readonly replaced: readonly KeptEvent[];
}

/** Keeps events in a data directory beside those that stand. */
export async function keepEvents(directory: string, events: readonly DeclaredEvent[], said: Said): Promise<Kept> {
  const standing = new Map((await eventsIn(directory)).map((one) => [one.name, one]));
  const news = events.filter((one) => !isSame(one, standing.get(one.name))).map((one): KeptEvent => ({ ...one, ...said }));
  const all = new Map([...standing, ...news.map((one) => [one.name, one] as const)]);
  checkCount([...all.values()], (why) => new Failure(`the calendar cannot keep them: ${why}`, "withdraw some with `bulkhead calendar withdraw NAME`"));
  if (news.length > 0) await declareEvents(directory, news);
  return { declared: news, replaced: [...new Set(news.map(({ name }) => name))].flatMap((name) => standing.get(name) ?? []) };
}

function isSame(one: DeclaredEvent, other: DeclaredEvent | undefined): boolean {
  return other !== undefined && (["kind", "app", "every"] as const).every((key) => one[key] === other[key]) && one.dates.join() === other.dates.join();
}

/** Who declares something without saying so: the user of this session. */
export function whoever(): string {
  try {
    return userInfo().username;
  } catch {
    return "somebody";
  }
}

interface Written {
  readonly name?: unknown;
  readonly kind?: unknown;
  readonly app?: unknown;
  readonly dates?: unknown;
  readonly every?: unknown;
}

/** An event as somebody wrote it; `where` says which of several, in words: ` of cycle 3`. */
export function eventOf({ name, kind, app, dates, every }: Written, where: string, wrong: (why: string) => Failure): DeclaredEvent {
  // Left out, it would be no event that nobody saw.
  if (typeof name !== "string" || name.trim() === "") throw wrong(`the name${where} is missing`);
  if (dates !== undefined && !Array.isArray(dates)) throw wrong(`the dates${where} are no list`);
  const written = (dates ?? []) as readonly unknown[];
  if (written.length > datesMax) throw wrong(`there are more than ${datesMax} dates${where}`);
  const days = written.map((date) => {
    const at = midnightOf(String(date));
    if (at === undefined) throw wrong(`\`${String(date).slice(0, 40)}\`${where} is no day such as 2026-12-31`);
    return at / day;
  });
  const text = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);
  const rule = text(every);
  if (rule !== null && ruleIn(rule) === null)
    throw wrong(`\`${rule.slice(0, 40)}\`${where} is no rule such as \`friday\`, \`second tuesday\`, \`day 15\` or \`last working day of the quarter\``);
  return { name: name.slice(0, nameMax), kind: text(kind) ?? "undeclared", app: text(app), dates: [...new Set(days)].sort((a, b) => a - b), every: rule };
}

function cyclesIn(text: string, wrong: (why: string) => Failure): readonly Written[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error));
  }
  const cycles = (parsed as { readonly cycles?: unknown } | null)?.cycles;
  if (!Array.isArray(cycles)) throw wrong("it has no list `cycles`");
  return cycles.map((one: unknown) => (typeof one === "object" && one !== null ? one : {}));
}
