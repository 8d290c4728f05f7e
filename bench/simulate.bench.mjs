// A month simulated under a policy of 2,000 rules, from the attributed roll-up to the last statement, beside the engine's single GROUP BY over the same roll-up.
import { worldOf } from "@bulkhead/core/decide/world";
import { simulating } from "@bulkhead/core/simulate/simulate";
import { labelled, withAttributed } from "./attributed.mjs";
import { costOf, loadAverage, median, timed } from "./measure.mjs";
import { setOf } from "./worlds.mjs";

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
      let result;
      const { wall } = await costOf(async () => {
        const all = await flows();
        const running = simulating(world, labelled);
        for (const flow of all) if (!running.add(flow)) running.addChanging(flow);
        result = running.result();
        judged = all.length;
      });
      rows.push({ ours: wall, peer: timed(groupBy) });
      pairs = result.pairs.length;
      if (result.totals.allowed === null || result.totals.denied === null) throw new Error("a simulation that allows or denies nothing measures nothing");
    }
    const [mine, theirs] = [median(rows.map(({ ours }) => ours)), median(rows.map(({ peer }) => peer))];
    say(
      `simulate  ${mine.toFixed(2)} s for ${judged.toLocaleString("en")} flows under ${rules.toLocaleString("en")} rules → ${pairs.toLocaleString("en")} statements of pairs   GROUP BY alone  ${theirs.toFixed(2)} s   ratio ${(mine / theirs).toFixed(2)} (goal ≤ 1.5), median of ${rounds}, ${loadAverage()}`,
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
  return { set: setOf(policies), rules: policies.length * rulesEach };
}
