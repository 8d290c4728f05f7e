import { expect, test } from "vitest";
import { day } from "../base/instant.ts";
import { recommend } from "./recommend.ts";
import { machine, seen, verdictsOf } from "./testing/estate.ts";

const habit = (client: string, server: string, service: string) => ({ ...seen(client, server, service), connections: 9, last: 2 * day });

// No application is stated: nobody's policy guards them.
const bare = ["/prod/vault", "/prod/proxy", "/prod/cache"].map((text) => machine(text));
const apps = Array.from({ length: 4 }, (_, n) => machine(`app${n}/prod/api`));
const machines = [...bare, ...apps, machine("app0/dev/api")];
const users = apps.map(({ id }) => habit(id, "prod-vault", "tcp/8200"));
const administered = habit("app0-prod-api", "prod-cache", "tcp/22");

const zoneLine = ({ files }: ReturnType<typeof recommend>, zone: string): string =>
  files
    .find(({ path }) => path === "zones.yaml")!
    .text.split("\n")
    .find((line) => line.includes(`name: ${zone},`))!;

test("a zone is closed where machines without an application would stand open to each other, and common rules let in what was seen", () => {
  const made = recommend([...users, administered], machines);
  expect(zoneLine(made, "prod")).toContain("inside: closed");
  expect(zoneLine(made, "dev")).toContain("inside: open");
  const verdict = verdictsOf(made, machines);
  const asked = ["app1-prod-api prod-vault tcp/8200", "app0-prod-api prod-cache tcp/22", "prod-proxy prod-vault tcp/8200", "prod-proxy prod-cache tcp/22"];
  expect(asked.map(verdict)).toEqual(["allow", "allow", "deny", "deny"]);
  expect(made.heldOut).toEqual([]);
});

test("it stays open where the rules that let in to them would open more than stands open", () => {
  // A rule for the one vault without an application lets in to the vaults of all five.
  const vaults = Array.from({ length: 5 }, (_, n) => machine(`app${n}/prod/vault`));
  const made = recommend(users, [...machines.filter(({ id }) => id !== "prod-proxy" && id !== "prod-cache"), ...vaults]);
  expect(zoneLine(made, "prod")).toContain("inside: open");
});

test("a scope closes nothing: everything else stays as it is", () => {
  const { files } = recommend([...users, administered], machines, { scope: { app: "app0", env: "prod" } });
  expect(files.map(({ text }) => text).join("")).not.toContain("inside:");
});
