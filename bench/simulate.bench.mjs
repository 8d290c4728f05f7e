// A month simulated under a policy of 2,000 rules, from the attributed roll-up to the last statement, beside the engine's single GROUP BY over the same roll-up.
import { loadavg } from "node:os";
import { worldOf } from "@bulkhead/core/decide/world";
import { readPolicySet } from "@bulkhead/core/language/read";
import { simulating } from "@bulkhead/core/simulate/simulate";
import { labelled, median, timed, withAttributed } from "./attributed.mjs";

const rounds = 5;
const rulesEach = 20;

export const run = ({ say, large }) =>
  withAttributed({ records: large ? 10_000_000 : 1_000_000, say }, async ({ flows, groupBy }) => {
    const { set, rules } = policy();
    const world = worldOf(set, {
      workloads: labelled.map((one) => ({ ...one, leases: [], identity: null, point: true })),
      points: [],
      quarantined: [],
    });
    const rows = [];
    let [judged, pairs] = [0, 0];
    for (let round = 0; round < rounds; round += 1) {
      const start = performance.now();
      const all = await flows();
      const running = simulating(world, labelled);
      for (const flow of all) if (!running.add(flow)) running.addChanging(flow);
      const result = running.result();
      rows.push({ ours: performance.now() - start, peer: timed(groupBy) });
      [judged, pairs] = [all.length, result.pairs.length];
      if (result.totals.allowed === null || result.totals.denied === null) throw new Error("a simulation that allows or denies nothing measures nothing");
    }
    const [mine, theirs] = [median(rows.map(({ ours }) => ours)), median(rows.map(({ peer }) => peer))];
    say(
      `simulate  ${(mine / 1000).toFixed(2)} s for ${judged.toLocaleString("en")} flows under ${rules.toLocaleString("en")} rules → ${pairs.toLocaleString("en")} statements of pairs   GROUP BY alone  ${(theirs / 1000).toFixed(2)} s   ratio ${(mine / theirs).toFixed(2)} (goal ≤ 1.5), median of ${rounds}, load average ${loadavg()[0].toFixed(2)}`,
    );
  });

/** A policy for each application and environment; about half of what the generator makes is allowed by some rule. */
function policy() {
  const services = ["tcp/443", "tcp/5432", "tcp/8443", "tcp/53", "tcp/6379", "tcp/9092"];
  const policies = Array.from({ length: 50 }, (_, app) => app).flatMap((app) =>
    ["prod", "dev"].map((env) => ({
      policy: `app-${app}-${env}`,
      owner: "bench",
      scope: { app: `app-${app}`, env },
      allow: Array.from({ length: rulesEach }, (_, rule) => ({
        name: `rule-${rule}`,
        from: { app: `app-${(app * 7 + rule * 3) % 50}` },
        to: { app: `app-${app}`, env },
        over: services.slice(rule % 6, (rule % 6) + 3),
        because: "the benchmark asks",
      })),
    })),
  );
  const files = policies.map((one) => ({ path: `${one.policy}.json`, bytes: new TextEncoder().encode(JSON.stringify(one)) }));
  const { set, diagnostics } = readPolicySet(files);
  const wrong = diagnostics.find(({ severity }) => severity === "error");
  if (wrong !== undefined) throw new Error(wrong.message);
  return { set, rules: policies.length * rulesEach };
}
