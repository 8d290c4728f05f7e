// A hundred thousand workloads under two thousand rules: the world, the index, and two million questions of any two of them.
import { endOf } from "@bulkhead/core/decide/ends";
import { ruleIndex } from "@bulkhead/core/decide/rule-index";
import { worldOf } from "@bulkhead/core/decide/world";
import { peakMemory, timed } from "./measure.mjs";
import { randomFrom } from "./random.mjs";
import { conduit, segmented, setOf, zonesWith } from "./worlds.mjs";

const [apps, ofEachRole] = [500, 15];
const questions = 1 << 21;
const at = Date.parse("2026-11-25T12:00:00Z") * 1000;

const random = randomFrom(7);
const { inventory, policies, rules } = segmented(random, apps, ofEachRole);
const set = setOf([zonesWith(conduit("dev", "prod", "https")), ...policies]);
let index;
let classes;
const made = timed(() => {
  const world = worldOf(set, inventory);
  index = ruleIndex(world);
  classes = inventory.workloads.map(({ id }) => index.classOf(endOf(world, id, at)));
});
const slice = index.during(at, {});
const interval = index.intervalOf(6, 443);
const asked = timed(() => {
  for (let number = 0; number < questions; number += 1) slice.ask(classes[random(classes.length)], classes[random(classes.length)], interval);
});
const size = index.size();
console.log(
  `${inventory.workloads.length.toLocaleString("en")} workloads in ${size.classes.toLocaleString("en")} classes, ${rules.toLocaleString("en")} rules: world and classes ${made.toFixed(2)} s, ${questions.toLocaleString("en")} questions with every row made on the way ${asked.toFixed(2)} s\n  peak memory ${peakMemory()} (goal ≤ 1 GB)`,
);
