/** When something was seen: on these units of time, from `since` on. */
export interface Pattern {
  readonly since: number;
  readonly units: readonly number[];
}

/** One way in which a dependency may show itself, over all that was watched and a horizon after it. */
export interface Component {
  readonly family: string;
  /** The logarithm of the chance of exactly this pattern. */
  logChance(pattern: Pattern): number;
  /** The chance that one which could show itself from `since` on has not yet done so. */
  unseen(since: number): number;
  /** The chance that it shows itself for the first time within the horizon. */
  appearing(since: number): number;
}

/** The time line in units of one or more days: `past` units were watched, `all` with the horizon. */
export interface Line {
  readonly past: number;
  readonly all: number;
  /** The unit of a day. */
  unitOf(day: number): number;
}

/** Units end with the last day that was watched, so that none of them is half past and half future. */
export function lineOf({ days, horizon, unit }: { readonly days: number; readonly horizon: number; readonly unit: number }): Line {
  const past = Math.ceil(days / unit);
  const shift = past * unit - days;
  return { past, all: past + Math.ceil(horizon / unit), unitOf: (day) => Math.floor((day + shift) / unit) };
}

/** The chances of one day: that it happens, and that it happens and somebody could see it. */
export interface DayChance {
  readonly whole: number;
  readonly visible: number;
}

/** Something that shows itself on each day with the chance of that day, independently. There is one for each day of past and horizon. */
export function rhythm(family: string, chances: readonly DayChance[], line: Line): Component {
  const [not, notWhole] = [new Float64Array(line.all), new Float64Array(line.all)];
  for (const [day, { whole, visible }] of chances.entries()) {
    not[line.unitOf(day)]! += Math.log1p(-visible);
    notWhole[line.unitOf(day)]! += Math.log1p(-whole);
  }
  const before = new Float64Array(line.all + 1);
  for (let unit = 0; unit < line.all; unit += 1) before[unit + 1] = before[unit]! + not[unit]!;
  // What was seen happened, and that somebody could see it is as likely for every component: it says nothing about which of them it was.
  const odds = not.map((log, unit) => Math.log(Math.max(1e-9, -Math.expm1(notWhole[unit]!))) - log);
  const unseenUntil = (unit: number, since: number): number => Math.exp(before[unit]! - before[since]!);
  return {
    family,
    logChance: ({ since, units }) => units.reduce((sum, unit) => sum + odds[unit]!, before[line.past]! - before[since]!),
    unseen: (since) => unseenUntil(line.past, since),
    appearing: (since) => unseenUntil(line.past, since) - unseenUntil(line.all, since),
  };
}

/** Something that begins on a day, any day, and from then on shows itself with the same chance: a release brought it. */
export function newborn(chance: number, isWatched: readonly boolean[], line: Line): Component {
  // The units watched from each unit on; all of the future will be.
  const left = new Float64Array(line.all + 1);
  for (let unit = line.all - 1; unit >= 0; unit -= 1) left[unit] = left[unit + 1]! + (unit >= line.past || isWatched[unit] === true ? 1 : 0);
  const not = Math.log1p(-chance);
  const odds = Math.log(chance) - not;
  const ahead = left[line.past]!;
  const silent = (from: number, until: number, units: (unit: number) => number): number => {
    let sum = 0;
    for (let birth = from; birth < until; birth += 1) sum += Math.exp(units(birth) * not);
    return sum / line.past;
  };
  const past = (birth: number): number => left[birth]! - ahead;
  return {
    family: "new",
    logChance: ({ since, units }) =>
      units.reduce((sum, unit) => sum + (left[unit]! > left[unit + 1]! ? odds : odds + not), 0) +
      Math.log(silent(Math.max(1, since), units[0]! + 1, past) + 1e-300),
    unseen: (since) => Math.max(1, since) / line.past + silent(Math.max(1, since), line.past, past),
    appearing: (since) => {
      const from = Math.max(1, since);
      const known = silent(from, line.past, past) - silent(from, line.past, (birth) => left[birth]!);
      return known + (line.all - line.past) / line.past - silent(line.past, line.all, (birth) => left[birth]!);
    },
  };
}
