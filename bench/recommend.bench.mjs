// The evidence and the rules of one segment (`recommend --scope`), beside the engine's single GROUP BY over the same attributed roll-up.
import { recommend } from "@bulkhead/core/recommend/recommend";
import { labelled, withAttributed } from "./attributed.mjs";
import { costOf, loadAverage, median, timed } from "./measure.mjs";

const rounds = 3;
const scope = { app: "app-1", env: "prod" };
const machines = labelled.map((one) => ({ ...one, owner: null }));

export const run = ({ say, large, records = large ? 100_000_000 : 10_000_000 }) =>
  withAttributed({ records, say }, async ({ conversations, flows, groupBy }) => {
    const rows = [];
    let rules = 0;
    for (let round = 0; round < rounds; round += 1) {
      const reading = await costOf(flows);
      const { wall } = await costOf(async () => {
        rules = recommend(await flows(), machines, { scope }).rules.length;
      });
      rows.push({ ours: wall, reading: reading.wall, peer: timed(groupBy) });
    }
    const of = (name) => median(rows.map((row) => row[name]));
    const goal = 1.5 * of("peer") + 1;
    say(
      `recommend  ${of("ours").toFixed(2)} s, of it reading ${of("reading").toFixed(2)} s → ${rules} rules of one segment out of ${conversations.toLocaleString("en")} conversations   GROUP BY alone  ${of("peer").toFixed(2)} s   goal ≤ ${goal.toFixed(2)} s (1.5 × GROUP BY + 1 s): ${of("ours") <= goal ? "met" : "missed"}, median of ${rounds}, ${loadAverage()}`,
    );
  });
