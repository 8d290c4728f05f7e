import { expect, test } from "vitest";
import { declaredSeen } from "../map/declared-seen.ts";
import { recommend } from "./recommend.ts";
import { machine, seen, verdictsOf } from "./testing/estate.ts";

const estate = ["shop/prod/web", "shop/prod/db", "shop/prod/cache", "shop/prod/worker"].map((name) => machine(name));
const flows = [seen("shop-prod-web", "shop-prod-db", "tcp/5432"), seen("shop-prod-worker", "shop-prod-db", "tcp/5432")];
const role = (name: string) => ({ name, ids: [], labels: { app: "shop", env: "prod", role: name } });
const said = (from: string, to: string, service: string) => ({
  from: role(from),
  to: role(to),
  services: [service],
  where: "Deployment shop/web: `CACHE_ADDR`",
  by: null,
  at: null,
});
const dependencies = [said("web", "db", "tcp/5432"), said("web", "cache", "tcp/6379"), said("worker", "cache", "any")];
const { declared } = declaredSeen({ exports: [{ source: "manifests", at: 0, dependencies }], workloads: estate, flows });

test("what was declared and never seen gets a rule of its own that says so, and only where it is asked for", () => {
  const made = recommend(flows, estate, { declared });
  const own = made.rules.filter(({ likely }) => likely !== null);
  expect(own.map(({ name, likely }) => [name, likely])).toEqual([
    ["shop-prod/likely-web-to-cache", "declared by manifests (Deployment shop/web: `CACHE_ADDR`)"],
  ]);
  const verdict = verdictsOf(made, estate);
  expect(verdict("shop-prod-web shop-prod-cache tcp/6379")).toBe("allow");
  expect(verdict("shop-prod-worker shop-prod-cache tcp/6379")).toBe("deny");
  expect(recommend(flows, estate).rules.filter(({ likely }) => likely !== null)).toEqual([]);
});

test("what the scope was declared to need of others stands in its own file: nobody guards them", () => {
  const all = [...estate, machine("mail/prod/relay")];
  const relay = { name: "relay", ids: [], labels: { app: "mail", env: "prod", role: "relay" } };
  const needs = [{ ...said("web", "db", "tcp/587"), to: relay }];
  const { declared: needed } = declaredSeen({ exports: [{ source: "manifests", at: 0, dependencies: needs }], workloads: all, flows });
  const made = recommend(flows, all, { declared: needed, scope: { app: "shop" } });
  expect(made.rules.filter(({ likely }) => likely !== null).map(({ name }) => name)).toEqual(["shop-prod/likely-web-to-relay"]);
  expect(verdictsOf(made, all)("shop-prod-web mail-prod-relay tcp/587")).toBe("allow");
  // The control: without a scope the server's own policy lets in.
  expect(recommend(flows, all, { declared: needed }).rules.find(({ likely }) => likely !== null)?.name).toBe("mail-prod/likely-web-to-relay");
});
