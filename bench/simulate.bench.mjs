// A month simulated under a policy of 2,000 rules, beside the engine's single GROUP BY over the same roll-up; with --large, by the verb itself.
import { Session } from "chdb";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { worldOf } from "@bulkhead/core/decide/world";
import { simulating } from "@bulkhead/core/simulate/simulate";
import { groupByOf, labelled, withAttributed } from "./attributed.mjs";
import { costOf, loadAverage, median, timed } from "./measure.mjs";
import { monthOf, ran, untilStoreEnds } from "./month.mjs";
import { setOf } from "./worlds.mjs";

const rounds = 5;
const monthRounds = 3;
// Two records for each of 100 M connections. Most of the first run goes into the roll-up; fewer may be asked for.
const monthRecords = Number(process.env["BULKHEAD_BENCH_RECORDS"] ?? 200_000_000);
const rulesEach = 20;

export const run = ({ say, large }) => (large ? runMonth({ records: monthRecords, say }) : runParts({ say }));

// From the attributed roll-up to the last statement.
const runParts = ({ say }) =>
  withAttributed({ records: 1_000_000, say }, async ({ flows, groupBy }) => {
    const all = policies();
    const rules = all.length * rulesEach;
    const world = worldOf(setOf(all), {
      workloads: labelled.map((one) => ({ ...one, leases: [], identity: null, point: true })),
      points: [],
      quarantined: [],
    });
    const rows = [];
    let [judged, pairs] = [0, 0];
    for (let round = 0; round < rounds; round += 1) {
      let result;
      const { wall } = await costOf(async () => {
        const given = await flows();
        const running = simulating(world, labelled);
        for (const flow of given) if (!running.add(flow)) running.addChanging(flow);
        result = running.result();
        judged = given.length;
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

/** The verb itself on 100 M connections (two records each): the roll-up made anew, every day judged, and everything kept; then the single GROUP BY alone. */
export async function runMonth({ records, say }) {
  const { place, data } = monthOf(records, say);
  const directory = join(place, "policy");
  mkdirSync(directory, { recursive: true });
  for (const one of policies()) writeFileSync(join(directory, `${one.policy}.json`), JSON.stringify(one));
  rmSync(join(data, "simulated"), { recursive: true, force: true });
  const told = (what, { wall, own, store, said, status }) => {
    say(
      `${what.padEnd(32)} ${wall.toFixed(1)} s, peak memory ${own.toFixed(0)} MiB of the verb, ${store.toFixed(0)} MiB of the engine; ${loadAverage()}  ${said.trim()}`,
    );
    if (status === null || said.includes("next:")) throw new Error(`simulate ended with ${status}`);
    return wall;
  };
  told("simulate, roll-up where missing", await ran(["simulate", directory], data));
  const rows = [];
  for (let round = 0; round < monthRounds; round += 1) {
    rmSync(join(data, "simulated"), { recursive: true, force: true });
    const ours = told("simulate, every day judged", await ran(["simulate", directory], data));
    await untilStoreEnds(data);
    rows.push({ ours, peer: groupByAlone(data) });
  }
  told("simulate, every day kept", await ran(["simulate", directory], data));
  const [mine, theirs] = [median(rows.map(({ ours }) => ours)), median(rows.map(({ peer }) => peer))];
  say(
    `simulate  ${mine.toFixed(2)} s   GROUP BY alone  ${theirs.toFixed(2)} s   ratio ${(mine / theirs).toFixed(2)} (goal ≤ 1.5), median of ${monthRounds}, ${loadAverage()}`,
  );
}

function groupByAlone(data) {
  const session = new Session(join(data, "archive", "engine"), { connectionArgs: ["--max_server_memory_usage=2000000000", "--max_threads=2"] });
  try {
    return timed(() => session.query(groupByOf("rolled_attributed"), "Null"));
  } finally {
    session.close();
  }
}

/** A policy for each application and environment; about half of what the generator makes is allowed by some rule. */
function policies() {
  const services = ["tcp/443", "tcp/5432", "tcp/8443", "tcp/53", "tcp/6379", "tcp/9092"];
  return Array.from({ length: 50 }, (_, app) => app).flatMap((app) =>
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
}
