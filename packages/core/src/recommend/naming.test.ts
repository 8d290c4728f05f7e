import { expect, test } from "vitest";
import { day } from "../base/instant.ts";
import { heldOutLines } from "./held-out-lines.ts";
import { recommend } from "./recommend.ts";
import { machine, seen, verdictsOf } from "./testing/estate.ts";

const web = (count: number) => Array.from({ length: count }, (_, n) => machine(`app${n}/prod/web`));
const stray = machine("/prod/web");
const door = [machine("ledger/prod/db"), machine("names/shared/resolver")];
const visit = seen("prod-web", "ledger-prod-db", "tcp/5432");
const habit = { ...visit, connections: 5, last: 2 * day };

test("a client whose missing label would open a server to more than six groups is held out and listed; six are named with it", () => {
  const [many, few] = [7, 6].map((count) => recommend([habit], [stray, ...door, ...web(count)]));
  expect(heldOutLines(many!.heldOut)).toEqual(["label missing: prod-web -> ledger-prod-db, tcp/5432, 5 times, last 1970-01-03T00:00:00Z"]);
  expect(verdictsOf(many!, [stray, ...door])("prod-web ledger-prod-db tcp/5432")).toBe("deny");
  expect(few!.heldOut).toEqual([]);
  expect(verdictsOf(few!, [stray, ...door])("prod-web ledger-prod-db tcp/5432")).toBe("allow");
});

test("for what was seen less than five times, four are named with it, and a fifth is too many", () => {
  const few = { ...habit, connections: 4 };
  const heldOut = ([4, 5] as const).map((count) => recommend([few], [stray, ...door, ...web(count)]).heldOut.map(({ why }) => why));
  expect(heldOut).toEqual([[], ["label missing"]]);
});

test("for what was seen within one day only, two are named with it, and a third is too many", () => {
  const heldOut = ([2, 3] as const).map((count) => recommend([visit], [stray, ...door, ...web(count)]).heldOut.map(({ why }) => why));
  expect(heldOut).toEqual([[], ["label missing"]]);
});

test("a missing label opens nothing to those that do the same, or where everybody does", () => {
  const machines = [stray, ...door, ...web(9)];
  const same = web(9)
    .slice(0, 3)
    .map(({ id }) => seen(id, "ledger-prod-db", "tcp/5432"));
  expect(recommend([habit, ...same], machines).heldOut).toEqual([]);
  const names = ["prod-web", ...web(9).map(({ id }) => id)].map((id) => seen(id, "names-shared-resolver", "udp/53"));
  expect(recommend(names, machines).heldOut).toEqual([]);
});

test("a server that nearly all groups of an environment use is open to everybody there, and elsewhere to those that were seen", () => {
  const dev = Array.from({ length: 6 }, (_, n) => machine(`app${n}/dev/web`));
  const machines = [...door.slice(1), ...web(6), ...dev];
  const users = [...web(6).slice(1), ...dev.slice(4)].map(({ id }) => seen(id, "names-shared-resolver", "udp/53"));
  const verdict = verdictsOf(recommend(users, machines), machines);
  const asked = ["app0-prod-web", "app5-dev-web", "app0-dev-web"].map((client) => `${client} names-shared-resolver udp/53`);
  expect(asked.map(verdict)).toEqual(["allow", "allow", "deny"]);
});

test("an environment whose groups do otherwise has no part in what everybody does", () => {
  const offices = Array.from({ length: 5 }, (_, n) => machine(`staff${n}/corp/desk`));
  const machines = [...door, ...web(24), ...offices];
  const users = web(24).map(({ id }) => seen(id, "names-shared-resolver", "udp/53"));
  const working = offices.map(({ id }) => seen(id, "ledger-prod-db", "tcp/443"));
  const askedBy = (flows: Parameters<typeof recommend>[0]): string =>
    verdictsOf(recommend(flows, machines), machines)("staff0-corp-desk names-shared-resolver udp/53");
  expect([askedBy([...users, ...working]), askedBy([...users, ...working, seen("staff1-corp-desk", "names-shared-resolver", "udp/53")])]).toEqual([
    "deny",
    "deny",
  ]);
  const most = offices.slice(1).map(({ id }) => seen(id, "names-shared-resolver", "udp/53"));
  expect(askedBy([...users, ...working, ...most])).toBe("allow");
});
