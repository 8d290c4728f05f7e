import { openReason } from "../model/open-reason.ts";
import { byCodePoint } from "../base/order.ts";
import type { Dependency, RuleDraft } from "./dependency.ts";
import { nameFrom } from "./policy-yaml.ts";

/** A conduit for each crossing that was seen, with its services. */
export function conduitsFor(dependencies: readonly Dependency[]): readonly RuleDraft[] {
  const crossings = new Map<string, Dependency[]>();
  for (const one of dependencies) {
    if (one.client.zone === one.server.zone) continue;
    const key = JSON.stringify([one.client.zone, one.server.zone]);
    const known = crossings.get(key) ?? [];
    if (known.length === 0) crossings.set(key, known);
    known.push(one);
  }
  return [...crossings]
    .sort(([a], [b]) => byCodePoint(a, b))
    .map(([, all]) => {
      const [{ client, server }] = all as [Dependency, ...Dependency[]];
      return {
        kind: "conduit",
        segment: null,
        name: nameFrom(`${client.zone}-to-${server.zone}`),
        from: [{ kind: "zone", zone: client.zone }],
        to: [{ kind: "zone", zone: server.zone }],
        services: [...new Set(all.map(({ service }) => service))].sort(byCodePoint),
        because: `${openReason}: ${all.length} ${all.length === 1 ? "dependency crosses" : "dependencies cross"} here; is it meant?`,
        crosses: null,
        likely: null,
      };
    });
}
