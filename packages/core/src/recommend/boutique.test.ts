import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { decide } from "../decide/decide.ts";
import { worldOf } from "../decide/world.ts";
import { readPolicySet } from "../language/read.ts";
import { bytesOf } from "../language/utf8.ts";
import type { ProposalWorkload } from "./dependency.ts";
import { recommend } from "./recommend.ts";
import { seen } from "./testing/estate.ts";

const graph = new URL("../../../../../shared/data/apps/online-boutique/service-graph.json", import.meta.url);

interface Entry {
  readonly source: string | null;
  readonly target: string;
  readonly ports: readonly { readonly target_port: number }[];
}

test.skipIf(!existsSync(graph))("Online Boutique (skipped without the shared data): its 16 edges are allowed, and nothing else between its services", () => {
  const entries = JSON.parse(readFileSync(graph, "utf8")) as readonly Entry[];
  // The entry without a source is the public one.
  const edges = entries.flatMap(({ source, target, ports }) => (source === null ? [] : ports.map(({ target_port: port }) => ({ source, target, port }))));
  const services = [...new Set(edges.flatMap(({ source, target }) => [source, target]))];
  expect([services.length, edges.length]).toEqual([12, 16]);
  const workloads = services.map((role): ProposalWorkload => ({ id: role, labels: { app: "boutique", env: "prod", role }, owner: "team-boutique" }));
  const { files } = recommend(
    edges.map(({ source, target, port }) => seen(source, target, `tcp/${port}`)),
    workloads,
  );
  const { set } = readPolicySet(files.map(({ path, text }) => ({ path, bytes: bytesOf(text) })));
  const world = worldOf(set, {
    workloads: workloads.map(({ id, labels }) => ({ id, labels, leases: [], identity: null, point: false })),
    points: [],
    quarantined: [],
  });
  const ports = [...new Set(edges.map(({ port }) => port)), 22, 31337];
  const allowed = services.flatMap((from) =>
    services.flatMap((to) =>
      ports.flatMap((port) =>
        from !== to && decide(world, { from, to, over: { protocol: 6, port }, at: 0, facts: {} }).verdict === "allow" ? [`${from} ${to} ${port}`] : [],
      ),
    ),
  );
  expect(allowed.sort()).toEqual(edges.map(({ source, target, port }) => `${source} ${target} ${port}`).sort());
});
