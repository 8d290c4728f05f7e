import { expect, test } from "vitest";
import { parseInventory } from "../open.ts";
import { samples } from "../testing/samples.ts";

const reading = (text: string) => {
  const problems: string[] = [];
  const { systems = [], agreements = [] } = parseInventory(text, ({ message }) => void problems.push(message));
  return { systems, agreements, problems };
};

test("a register says of each system its boundary of prefixes, addresses and labels, its level, and whether it is of high value", () => {
  expect(reading(samples["fisma-systems"]![0]!)).toEqual({
    systems: [
      { id: "BILL-1", prefixes: ["10.1.0.0/16", "10.3.7.9/32"], labels: [{ app: "billing", env: "prod" }], level: "high", hva: true, owner: "Ann" },
      { id: "HR-2", prefixes: ["10.2.0.0/16", "2001:db8::/32"], labels: [], level: "low", hva: false, owner: null },
    ],
    agreements: [],
    problems: [],
  });
});

test("agreements have their services and their end", () => {
  const day = (text: string): number => Date.parse(`${text}T00:00:00Z`) * 1000;
  expect(reading(samples["agreements"]![0]!)).toEqual({
    systems: [],
    agreements: [
      { id: "ISA-7", from: "BILL-1", to: "HR-2", services: ["tcp/443", "tcp/5432"], bothWays: false, since: day("2026-01-01"), until: day("2027-01-01") },
      { id: "MOU-2", from: "HR-2", to: "BILL-1", services: ["any"], bothWays: true, since: null, until: day("2026-02-01") },
    ],
    problems: [],
  });
});

test("what cannot be read is told with its line; an agreement whose end is unknown is none", () => {
  expect(reading("system,boundary,level\n,10.0.0.0/8,\nA,10.1.0.1/16 here,severe\n").problems).toEqual([
    "line 2 names no system",
    "line 3: `10.1.0.1/16` is no prefix such as 10.1.0.0/16 and no labels such as app=billing,env=prod",
    "line 3: `here` is no prefix such as 10.1.0.0/16 and no labels such as app=billing,env=prod",
    "line 3: `severe` is no level of FIPS 199; write low, moderate or high",
  ]);
  expect(reading("from,to,service,isa,until\nA,B,tcp/443,I-1,1/2/2027\nA,B,ftps!,I-2,\nA,,tcp/1,I-3,\n")).toMatchObject({
    agreements: [],
    problems: [
      "line 2: `since` and `until` are days such as 2027-01-31, times with a zone, or empty",
      "line 3: `ftps!` is no service; write `tcp/5432`, `postgres` or `any`",
      "line 4: an agreement has an identifier and names two systems",
    ],
  });
});
