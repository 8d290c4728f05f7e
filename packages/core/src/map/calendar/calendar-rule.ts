/** calendar/ says in which rhythm dependencies show themselves, and which declared events were recorded. */
import { type CalendarDay, calendarDay } from "../completeness/calendar-days.ts";

export type RuleKind = "working days" | "weekly" | "every two weeks" | "monthly" | "quarterly";

/** A rule by which days are chosen: `every Tuesday`, `the last working day of the month`. The text is the rule; a day keeps those that it bears. */
export interface CalendarRule {
  readonly kind: RuleKind;
  readonly text: string;
}

const weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;
const ordinals = ["first", "second", "third", "fourth", "fifth"] as const;
const friday = 4;

/** The rules that choose a day, which counts in UTC from 1970-01-01; the simplest first. Working days are Monday to Friday: nobody told the holidays. */
export function rulesOf(day: number): readonly CalendarRule[] {
  const calendar = calendarDay(day);
  const { weekday, isWorkday, month } = calendar;
  // 1970-01-01 was a Thursday.
  const week = Math.floor((day + 3) / 7);
  const name = weekdays[weekday]!;
  const places = placesOf(calendar);
  const isQuarterStart = month % 3 === 0;
  const quarterly = places.filter((place) =>
    /^last (working )?day$/.test(place) ? month % 3 === 2 : isQuarterStart && /^(day 1|first working day)$/.test(place),
  );
  return [
    ...(isWorkday ? [{ kind: "working days", text: "working days" } as const] : []),
    { kind: "weekly", text: `every ${name}` },
    { kind: "every two weeks", text: `every second week on ${name}, week ${week % 2 === 0 ? "A" : "B"}` },
    ...places.map((place): CalendarRule => ({ kind: "monthly", text: `${placeText(place)} of the month` })),
    ...quarterly.map((place): CalendarRule => ({ kind: "quarterly", text: `${placeText(place)} of the quarter` })),
  ];
}

const placeText = (place: string): string => (place.startsWith("day ") ? place : `the ${place}`);

/** What a day is in its month. */
function placesOf({ weekday, isWorkday, dayOfMonth, daysInMonth }: CalendarDay): readonly string[] {
  const left = daysInMonth - dayOfMonth;
  // The last working day is a Friday with at most a weekend behind it, or the last day itself.
  const isLastWorkday = isWorkday && (left === 0 || (weekday === friday && left <= 2));
  const isFirstWorkday = isWorkday && (dayOfMonth === 1 || (weekday === 0 && dayOfMonth <= 3));
  return [
    ...(isLastWorkday ? ["last working day"] : []),
    ...(left === 0 ? ["last day"] : []),
    ...(isFirstWorkday ? ["first working day"] : []),
    `day ${dayOfMonth}`,
    `${ordinals[Math.ceil(dayOfMonth / 7) - 1]!} ${weekdays[weekday]!}`,
    ...(left < 7 ? [`last ${weekdays[weekday]!}`] : []),
  ];
}

/** The rule that a person means by `tuesday`, `2nd tuesday`, `last business day`, `day 15`, `last day of the quarter`; null when there is none. */
export function ruleIn(text: string): CalendarRule | null {
  const words = plain(text)
    .replace(/^(\d+)(st|nd|rd|th)$/, "day $1")
    .replace(/^[1-5](st|nd|rd|th)(?= )/, (word) => ordinals[Number(word[0]) - 1]!)
    .replace(/\b(business day|workday|weekday)/, "working day")
    .replace(/^first day\b/, "day 1");
  spelt ??= speltRules();
  return spelt.get(words) ?? spelt.get(`${words.replace(/ of month$/, "")} of month`) ?? null;
}

let spelt: ReadonlyMap<string, CalendarRule> | null = null;

/** All rules that there are, by what a person may leave of their words: four years bear them all. */
function speltRules(): ReadonlyMap<string, CalendarRule> {
  const rules = new Map<string, CalendarRule>();
  for (let day = 0; day < 4 * 366; day += 1) for (const rule of rulesOf(day)) rules.set(plain(rule.text), rule);
  return rules;
}

const plain = (text: string): string =>
  text
    .toLowerCase()
    .replace(/\b(every|each|on|the|a)\b/g, " ")
    .replace(/\s+/g, " ")
    .trim();

/** Each rule with the days from `from` until `until` (exclusive) that it chooses, rising. */
export function ruleDays({
  from,
  until,
}: {
  readonly from: number;
  readonly until: number;
}): ReadonlyMap<string, CalendarRule & { readonly days: readonly number[] }> {
  const rules = new Map<string, CalendarRule & { readonly days: number[] }>();
  for (let day = from; day < until; day += 1)
    for (const rule of rulesOf(day)) {
      const known = rules.get(rule.text) ?? { ...rule, days: [] };
      rules.set(rule.text, known);
      known.days.push(day);
    }
  return rules;
}
