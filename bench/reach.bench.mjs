// Who reaches whom: the closure of classes beside a plain Warshall over rows of bits in typed arrays, and in WebAssembly; and the whole of reach over a generated policy.
import { ruleIndex } from "@bulkhead/core/decide/rule-index";
import { worldOf } from "@bulkhead/core/decide/world";
import { allowedAt } from "@bulkhead/core/reach/allowed";
import { closureOf } from "@bulkhead/core/reach/closure";
import { growingGraph } from "@bulkhead/core/reach/graph";
import { spreadsOf } from "@bulkhead/core/reach/spread";
import { noSides, whomAt } from "@bulkhead/core/reach/whom";
import { loadAverage, median, peakMemory, timed } from "./measure.mjs";
import { randomFrom } from "./random.mjs";
import { simdWarshall } from "./simd-warshall.mjs";
import { conduit, segmented, setOf, zonesWith } from "./worlds.mjs";

const rounds = 3;
const seed = 7;
const degree = 20;
const at = Date.parse("2026-11-25T12:00:00Z") * 1000;

/** Warshall takes the cube of the classes: at 20,000 it would be asked for minutes, and is left out. `--small` is a trial of a few seconds. */
export async function run({ say, large, small = process.argv.includes("--small") }) {
  for (const count of small ? [500] : [5000, 20_000]) closures(say, { count, isBeside: count <= 5000 });
  for (const apps of small ? [10] : large ? [360, 1430] : [360]) wholly(say, apps);
}

const peers = { Warshall: warshall, "in SIMD of WebAssembly": simdWarshall };

function closures(say, { count, isBeside }) {
  const graph = chained(count);
  const [ours, theirs] = [[], Object.keys(peers).map(() => [])];
  for (let round = 0; round < rounds; round += 1) {
    let closed = null;
    ours.push(timed(() => (closed = closureOf(graph).rows)));
    for (const [at, peer] of isBeside ? Object.values(peers).entries() : []) {
      let found = null;
      theirs[at].push(timed(() => (found = peer(graph))));
      if (found.some((row, one) => row.some((word, index) => word !== closed[one][index]))) throw new Error("all closures should be equal");
    }
  }
  const mine = median(ours);
  const besides = Object.keys(peers).map((name, at) => `${name} ${median(theirs[at])?.toFixed(2)} s (ratio ${(median(theirs[at]) / mine).toFixed(1)} ×)`);
  say(`seed ${seed}: ${count.toLocaleString("en")} classes, ${degree} steps from each, one in 500 back`);
  say(
    `  closure ${mine.toFixed(3)} s   ${isBeside ? besides.join("   ") : "Warshall not run: it takes the cube of the classes"} (goal: 5,000 classes in 1 s), median of ${rounds}, ${loadAverage()}, peak memory ${peakMemory()}`,
  );
}

/** Steps lead to later ones, near or far, and now and then back, so that some reach each other. */
function chained(count) {
  const random = randomFrom(seed);
  const growing = growingGraph(count);
  for (let one = 0; one < count; one += 1) {
    const row = new Uint32Array((count + 31) >>> 5);
    for (let step = 0; step < degree; step += 1) {
      const isBack = random(500) === 0;
      const far = random(2) === 0 ? random(50) : random(count);
      const other = isBack ? Math.max(0, one - random(50)) : Math.min(count - 1, one + 1 + far);
      row[other >>> 5] |= 1 << (other & 31);
    }
    growing.add(row);
  }
  return growing.graph();
}

function warshall({ count, rows }) {
  const wide = rows[0].length;
  const words = new Uint32Array(count * wide);
  for (const [one, row] of rows.entries()) words.set(row, one * wide);
  for (let between = 0; between < count; between += 1) through(words, { count, wide, between });
  return rows.map((_, one) => words.subarray(one * wide, (one + 1) * wide));
}

function through(words, { count, wide, between }) {
  const [word, bit, from] = [between >>> 5, 1 << (between & 31), between * wide];
  for (let to = 0; to < count * wide; to += wide) {
    if ((words[to + word] & bit) === 0) continue;
    for (let index = 0; index < wide; index += 1) words[to + index] |= words[from + index];
  }
}

/** From the policy to how far each class reaches: the index, the graph of classes, closure and steps. */
function wholly(say, apps) {
  const { inventory, policies, rules } = segmented(randomFrom(seed), apps);
  const world = worldOf(setOf([zonesWith(conduit("dev", "prod", "https")), ...policies]), inventory);
  let [classes, spreads] = [0, []];
  const rows = Array.from({ length: rounds }, () => {
    let [allowed, whom] = [null, null];
    const graph = timed(() => {
      const index = ruleIndex(world);
      whom = whomAt(world, { index, at, sides: noSides });
      allowed = allowedAt(index, whom, at);
      classes = index.size().classes;
    });
    return { graph, spread: timed(() => (spreads = spreadsOf(allowed.policy.any, whom, whom.inhabited))) };
  });
  const pairs = spreads.reduce((sum, { ever }) => sum + ever, 0);
  say(
    `seed ${seed}: ${inventory.workloads.length.toLocaleString("en")} workloads, ${classes.toLocaleString("en")} classes, ${rules.toLocaleString("en")} rules, ${pairs.toLocaleString("en")} pairs reached`,
  );
  say(
    `  graph of classes ${median(rows.map(({ graph }) => graph)).toFixed(2)} s   closure and steps from each ${median(rows.map(({ spread }) => spread)).toFixed(2)} s, median of ${rounds}, ${loadAverage()}, peak memory ${peakMemory()}`,
  );
}
