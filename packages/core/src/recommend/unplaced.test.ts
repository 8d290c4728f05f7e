import { expect, test } from "vitest";
import { day } from "../base/instant.ts";
import { recommend } from "./recommend.ts";
import { sumLines } from "./segment-sums.ts";
import { machine, seen, verdictsOf } from "./testing/estate.ts";

const habit = (client: string, server: string, service: string) => ({ ...seen(client, server, service), connections: 9, last: 2 * day });

const nameless = { ...machine(""), id: "camera" };
const recorder = { ...machine(""), id: "recorder" };
const ledger = ["ledger/prod/api", "ledger/prod/db", "ledger/dev/api"].map((text) => machine(text));
const lost = ["ledger//api", "ledger//db", "shop//web"].map((text) => machine(text));
const machines = [...ledger, ...lost, nameless, recorder];

test("what no zone claims is closed, and what was seen there is let in by common rules alone", () => {
  const made = recommend([habit("ledger-api", "ledger-db", "tcp/5432")], machines);
  expect(made.files.find(({ path }) => path === "zones.yaml")!.text).toContain("name: unplaced, inside: closed");
  expect(made.rules.map(({ kind }) => kind)).toEqual(["common"]);
  const verdict = verdictsOf(made, machines);
  expect(["ledger-api ledger-db tcp/5432", "ledger-api ledger-db tcp/22", "shop-web ledger-db tcp/5432"].map(verdict)).toEqual(["allow", "deny", "deny"]);
  expect(sumLines(made, machines)).toContain(
    "5 of 8 workloads are in none of these zones: `unplaced` is closed, and only the common rules written for them let anybody in",
  );
});

test("without anybody that no zone claims nothing is said of it", () => {
  const made = recommend([habit("ledger-prod-api", "ledger-prod-db", "tcp/5432")], ledger);
  expect([
    made.unplaced,
    made.files
      .map(({ text }) => text)
      .join("")
      .includes("unplaced"),
  ]).toEqual([null, false]);
});

test("where its labels would name more than its zone, a workload is named by the zone", () => {
  // Three others have the role of the client, and nobody else is in no zone.
  const wide = [machine("//web"), ...["a", "b", "c"].map((app) => machine(`${app}/prod/web`)), machine("ledger/prod/db"), machine("ledger/dev/db")];
  const visit = [habit("web", "ledger-prod-db", "tcp/5432"), habit("a-prod-web", "ledger-dev-db", "tcp/5432")];
  const made = recommend(visit, wide);
  expect(made.files.map(({ text }) => text).join("")).toContain("from: { zone: unplaced }");
  const verdict = verdictsOf(made, wide);
  expect(["web ledger-prod-db tcp/5432", "a-prod-web ledger-prod-db tcp/5432"].map(verdict)).toEqual(["allow", "deny"]);
});

test("machines without any label keep what they did among themselves, over those services only, and no door of a policy opens for them", () => {
  const made = recommend([habit("camera", "recorder", "tcp/554"), habit("camera", "ledger-prod-db", "tcp/5432")], machines);
  const verdict = verdictsOf(made, machines);
  expect(["camera recorder tcp/554", "camera recorder tcp/22", "camera ledger-prod-db tcp/5432"].map(verdict)).toEqual(["allow", "deny", "deny"]);
  expect(made.heldOut.map(({ why, flow }) => [why, flow.serverPort])).toEqual([["no labels", 5432]]);
});

test("who needs a server that no zone claims is named by a common rule, since a need would not count there", () => {
  const made = recommend([habit("ledger-prod-api", "shop-web", "tcp/443")], machines);
  expect(made.rules.map(({ kind }) => kind).toSorted()).toEqual(["common", "conduit"]);
  const verdict = verdictsOf(made, machines);
  expect(["ledger-prod-api shop-web tcp/443", "ledger-prod-db shop-web tcp/443"].map(verdict)).toEqual(["allow", "deny"]);
});

test("a zone that the policy that is there closes is opened by common rules, too, and is not declared again", () => {
  const present = [
    {
      path: "zones.yaml",
      bytes: new TextEncoder().encode(
        "zones:\n  - { name: prod, members: { env: prod }, inside: closed, because: a }\n  - { name: unplaced, inside: closed, because: b }\n",
      ),
    },
  ];
  const made = recommend([habit("ledger-api", "ledger-db", "tcp/5432")], machines, { present });
  expect([made.unplaced, made.rules.map(({ kind }) => kind), made.heldOut]).toEqual([null, ["common"], []]);
});
