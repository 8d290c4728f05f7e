import { columns } from "@bulkhead/core/base/columns";
import type { KeptEvent } from "@bulkhead/adapters/calendar/events";
import type { EventSeen } from "@bulkhead/core/map/calendar/declared-events";
import { type Watched, watchedWords } from "@bulkhead/core/map/completeness/watched";
import { day, dayText } from "@bulkhead/core/base/instant";
import { sortedOnce } from "@bulkhead/core/base/order";
import { falseShare } from "@bulkhead/core/map/calendar/rhythms";
import type { Rhythm, RhythmKind } from "@bulkhead/core/map/calendar/rhythm";
import { wilson } from "@bulkhead/core/map/completeness/interval";
import { printable } from "./context.ts";
import { counted } from "./counted.ts";

/** What `calendar` tells: the rhythms of the time that was watched, and the declared events with who declared them. */
export interface CalendarPage {
  readonly watched: Watched;
  readonly rhythms: readonly Rhythm[];
  readonly events: readonly EventSeen[];
  readonly kept: readonly KeptEvent[];
}

const overdueShown = 12;
const rulesShown = 12;
const dependenciesShown = 5;
const datesShown = 4;

const kinds: readonly RhythmKind[] = [
  "continuous",
  "daily",
  "working days",
  "weekly",
  "every two weeks",
  "monthly",
  "quarterly",
  "declared",
  "irregular",
  "too little to say",
];

/** The calendar for people: how many of each rhythm, what is overdue, what follows which rule, and what was declared. */
export function calendarText(page: CalendarPage): string {
  const { watched } = page;
  const parts = watched.days === 0 ? [eventsPart(page)] : [summaryOf(page), overdueOf(page), rulesOf(page), eventsPart(page)];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map(printable).join("\n"))
    .join("\n\n")}\n`;
}

function summaryOf({ watched, rhythms }: CalendarPage): readonly string[] {
  const rows = kinds.flatMap((kind) => {
    const own = rhythms.filter((one) => one.kind === kind);
    if (own.length === 0) return [];
    const fitting = own.filter(({ rule }) => rule !== null).length;
    const sum = (count: "times" | "of"): number => own.reduce((total, { seen }) => total + (seen?.[count] ?? 0), 0);
    const note =
      kind === "too little to say"
        ? fitting === 0
          ? ""
          : `${fitting} of them on both of two dates of a rule`
        : sum("of") === 0
          ? ""
          : `seen ${sum("times")} of ${sum("of")} times`;
    return [[`  ${kind}`, String(own.length), note]];
  });
  const ruled = rhythms.filter(({ chance, rule }) => chance !== null && rule !== null).length;
  return [
    `${counted(rhythms.length, "dependency", "dependencies")} in ${counted(watched.days, "day")} from ${dateOf(watched, 0)} until ${dateOf(watched, watched.days)}; ${watchedWords}; days and hours of UTC`,
    ...columns(rows),
    ...(ruled === 0
      ? []
      : [
          `Of the ${ruled} that follow a rule chance alone makes ${falseShare * 100} % at most, in the long run (Fisher's exact test; Benjamini and Hochberg 1995).`,
        ]),
  ];
}

function overdueOf({ watched, rhythms }: CalendarPage): readonly string[] {
  const overdue = rhythms.filter((one) => one.overdue !== null).sort((a, b) => rank(a) - rank(b) || a.overdue!.since - b.overdue!.since);
  if (overdue.length === 0) return [];
  return [
    `overdue (${overdue.length}): missed more often in a row than ever before`,
    ...overdue.slice(0, overdueShown).map((one) => {
      const { since, missed } = one.overdue!;
      const absence = missed === 1 ? `${dateOf(watched, since)} was missed` : `${missed} missed since ${dateOf(watched, since)}`;
      return `  ${nameOf(one)}: ${ruleOf(one)}, seen ${timesOf(one)}; last seen ${dateOf(watched, one.dependency.days.at(-1)!)}; ${absence}`;
    }),
    ...rest(overdue.length - overdueShown),
  ];
}

// What comes seldom is looked at first: a missed quarter is more than a missed day.
const rank = ({ kind }: Rhythm): number => -kinds.indexOf(kind);

function rulesOf({ watched, rhythms }: CalendarPage): readonly string[] {
  const ruled = rhythms.filter(({ kind, rule, chance }) => rule !== null && chance !== null && kind !== "working days");
  const rules = sortedOnce(ruled.map(({ rule }) => rule!)).map((rule) => ruled.filter((one) => one.rule === rule));
  rules.sort((a, b) => rank(a[0]!) - rank(b[0]!) || b.length - a.length);
  return rules.slice(0, rulesShown).flatMap((own, at) => {
    const { next } = own[0]!;
    return [
      ...(at === 0 ? [] : [""]),
      `${own[0]!.rule!} (${own.length})${next === null ? "" : `; next ${dateOf(watched, next)}`}`,
      ...columns(own.slice(0, dependenciesShown).map((one) => [`  ${nameOf(one)}`, timesOf(one), hoursOf(one), `by chance ${chanceText(one.chance!)}`])),
      ...rest(own.length - dependenciesShown),
      ...(at === rulesShown - 1 && rules.length > rulesShown ? ["", `and ${rules.length - rulesShown} more rules (--json lists them)`] : []),
    ];
  });
}

function eventsPart({ watched, events, kept }: CalendarPage): readonly string[] {
  if (events.length === 0) return ["no event is declared: `bulkhead calendar declare` or `bulkhead calendar import FILE` does it"];
  const order = ["missed", "not yet", "recorded", "undated"];
  const shown = [...events].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
  const said = new Map(kept.map((one) => [one.name, one]));
  return [
    `declared events (${events.length})`,
    ...columns(shown.map((event) => [`  ${event.name}`, event.kind, stateText(event, watched), saidText(said.get(event.name))])),
  ];
}

function stateText({ state, recorded, missed, only, usual, next }: EventSeen, watched: Watched): string {
  const ahead = next === null ? "" : `; next ${dateOf(watched, next)}`;
  const dark = missed.length === 0 ? "" : `; no sensor was up on ${datesOf(watched, missed)}`;
  switch (state) {
    case "undated":
      return "declared without dates";
    case "not yet":
      return `not yet recorded${ahead}`;
    case "missed":
      return `missed${dark}${ahead}`;
    case "recorded":
      return `recorded on ${datesOf(watched, recorded)}; ${counted(only, "dependency", "dependencies")} on no other day (${recorded.length === 1 ? "another day has" : "as many others have"} ${usual < 10 ? usual.toFixed(1) : Math.round(usual)})${dark}${ahead}`;
  }
}

const saidText = (said: KeptEvent | undefined): string =>
  said === undefined
    ? ""
    : `${said.every === null ? "" : `every ${said.every}; `}${said.by}, ${said.at.slice(0, 10)}${said.because === null ? "" : `: ${said.because}`}`;

function datesOf(watched: Watched, days: readonly number[]): string {
  const shown = days.slice(-datesShown).map((at) => dateOf(watched, at));
  return days.length > datesShown ? `${days.length} dates, last ${shown.at(-1)!}` : shown.join(", ");
}

/** Declared events in a line each. */
export const eventLines = (events: readonly KeptEvent[]): string =>
  events
    .map(({ name, kind, dates, every, ...said }) => {
      const when = [...dates.map((at) => dayText(at * day)), ...(every === null ? [] : [`every ${every}`])].join(", ");
      return `${printable(`${name} (${kind}): ${when}; ${said.by}${said.because === null ? "" : `: ${said.because}`}`)}\n`;
    })
    .join("");

/** The calendar for machines: every dependency, and every declared event. */
export function calendarJson({ watched, rhythms, events, kept }: CalendarPage): string {
  const date = (at: number | null): string | null => (at === null ? null : dateOf(watched, at));
  const said = new Map(kept.map((one) => [one.name, one]));
  const told = {
    from: date(0),
    until: date(watched.days),
    falseShare,
    rhythms: rhythms.map(({ dependency: { client, server, service }, kind, rule, seen, chance, hours, next, overdue }) => ({
      client,
      server,
      service,
      kind,
      rule,
      seen: seen === null ? null : { ...seen, ...wilson(seen.times, seen.of) },
      chance,
      hours,
      next: date(next),
      overdue: overdue === null ? null : { since: date(overdue.since), missed: overdue.missed },
    })),
    events: events.map(({ recorded, missed, next, ...event }) => {
      const { every = null, by = null, at = null, because = null } = said.get(event.name) ?? {};
      return { ...event, recorded: recorded.map(date), missed: missed.map(date), next: date(next), every, by, at, because };
    }),
  };
  return `${printable(JSON.stringify(told))}\n`;
}

const dateOf = ({ origin }: Watched, at: number): string => dayText((origin + at) * day);
const nameOf = ({ dependency: { client, server, service } }: Rhythm): string => `${client} → ${server} ${service}`;
const timesOf = ({ seen }: Rhythm): string => (seen === null ? "" : `${seen.times} of ${seen.of}`);
const ruleOf = ({ kind, rule, hours }: Rhythm): string => `${rule ?? kind}${hours === null ? "" : `, ${hourText(hours)}`}`;
const hoursOf = ({ hours }: Rhythm): string => (hours === null ? "at any hour" : hourText(hours));
const hourText = ({ from, until }: NonNullable<Rhythm["hours"]>): string => `${clock(from)} to ${clock(until)}`;
const clock = (hour: number): string => `${String(hour).padStart(2, "0")}:00`;
const rest = (count: number): readonly string[] => (count > 0 ? [`  and ${count} more (--json lists them)`] : []);

/** `0.0034`, or `1 in 20,000` where that is easier to read. */
const chanceText = (chance: number): string => (chance >= 0.001 ? chance.toFixed(3) : `1 in ${Number((1 / chance).toPrecision(2)).toLocaleString("en-US")}`);
