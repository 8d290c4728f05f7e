import { expect, test } from "vitest";
import { midnightOf, day } from "../../base/instant.ts";
import { ruleDays, ruleIn } from "./calendar-rule.ts";

const dayOf = (date: string): number => midnightOf(date)! / day;
const datesOf = (text: string, year: number): readonly string[] => {
  const rule = ruleIn(text);
  return rule === null
    ? []
    : ruleDays({ from: dayOf(`${year}-01-01`), until: dayOf(`${year + 1}-01-01`) })
        .get(rule.text)!
        .days.map((at) => new Date(at * 86_400_000).toISOString().slice(5, 10));
};

test("a rule is written as one would say it", () => {
  expect(datesOf("second tuesday", 2026).slice(0, 3)).toEqual(["01-13", "02-10", "03-10"]);
  expect(datesOf("The second Tuesday of each month", 2026)).toEqual(datesOf("second tuesday", 2026));
  expect(datesOf("2nd tuesday", 2026)).toEqual(datesOf("second tuesday", 2026));
  expect(datesOf("last business day", 2026)).toEqual(datesOf("last working day", 2026));
  expect(datesOf("15th", 2026)).toEqual(datesOf("day 15 of the month", 2026));
  // 31 January 2026 is a Saturday, 31 May a Sunday, 1 February a Sunday, 1 August a Saturday.
  expect(datesOf("last working day", 2026).slice(0, 5)).toEqual(["01-30", "02-27", "03-31", "04-30", "05-29"]);
  expect(datesOf("first working day", 2026).slice(1, 2)).toEqual(["02-02"]);
  expect(datesOf("first working day of the month", 2026)[7]).toBe("08-03");
  expect(datesOf("last working day of the quarter", 2026)).toEqual(["03-31", "06-30", "09-30", "12-31"]);
  expect(datesOf("first day of the quarter", 2026)).toEqual(["01-01", "04-01", "07-01", "10-01"]);
  expect(datesOf("day 31", 2026)).toHaveLength(7);
  expect(datesOf("every friday", 2026)).toHaveLength(52);
  expect(datesOf("last day", 2028)[1]).toBe("02-29");
  for (const text of ["", "someday", "day 32", "sixth monday", "second tuesday of the quarter", "last last friday"]) expect(ruleIn(text), text).toBeNull();
});
