// The whole map (flows, their names, groups, edges) beside the engine's single GROUP BY over the same attributed roll-up. The merge, which makes
// the roll-up, and the attribution, which is made again when leases change, are timed apart beside the insert of the same records.
import { mapOf } from "@bulkhead/core/map/map";
import { labelled, withAttributed } from "./attributed.mjs";
import { costOf, loadAverage, median, timed } from "./measure.mjs";

const rounds = 5;

export const run = ({ say, large }) =>
  withAttributed({ records: large ? 10_000_000 : 1_000_000, say }, async ({ times, conversations, flows, groupBy }) => {
    const rows = [];
    let edges = 0;
    for (let round = 0; round < rounds; round += 1) {
      const { wall } = await costOf(async () => {
        edges = mapOf(await flows(), labelled).edges.length;
      });
      rows.push({ ours: wall, peer: timed(groupBy) });
    }
    const [mine, theirs] = [median(rows.map(({ ours }) => ours)), median(rows.map(({ peer }) => peer))];
    const { insert, merge, attribution } = times;
    say(
      `insert  ${insert.toFixed(2)} s (generated in the engine)   merge  ${merge.toFixed(2)} s → ${conversations.toLocaleString("en")} conversations   ratio ${(merge / insert).toFixed(2)} (goal ≤ 2)   attribution  ${attribution.toFixed(2)} s`,
    );
    say(
      `map     ${mine.toFixed(2)} s → ${edges.toLocaleString("en")} edges   GROUP BY alone  ${theirs.toFixed(2)} s   ratio ${(mine / theirs).toFixed(2)} (goal ≤ 1.5), median of ${rounds}, ${loadAverage()}`,
    );
  });
