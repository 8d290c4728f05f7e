// The exact difference of two policies, beside naive enumeration: every pair of workloads and every service that rules tell apart, asked of `decide` under both.
import { decide } from "@bulkhead/core/decide/decide";
import { everyRule } from "@bulkhead/core/decide/every-rule";
import { serviceSpace } from "@bulkhead/core/decide/service-space";
import { worldOf } from "@bulkhead/core/decide/world";
import { differenceOf } from "@bulkhead/core/simulate/difference";
import { loadAverage, median, peakMemory, timed } from "./measure.mjs";
import { randomFrom } from "./random.mjs";
import { conduit, segmented, setOf, zonesWith } from "./worlds.mjs";

const rounds = 3;
const seed = 7;
const at = Date.parse("2026-11-25T12:00:00Z") * 1000;

/** Prints both in seconds and their ratio: on a small estate with naive enumeration to its end, on a large one with a part of it. */
export async function run({ say, large }) {
  measured(say, { apps: 10, isWhole: true });
  measured(say, { apps: large ? 500 : 60, isWhole: false });
}

function measured(say, { apps, isWhole }) {
  const { before, after, rules } = worlds(apps);
  const points = serviceSpace([...everyRule(before.set), ...everyRule(after.set)]).samples;
  const people = before.inventory.workloads;
  const questions = people.length ** 2 * points.length;
  const asked = isWhole ? questions : Math.min(questions, 40_000);
  const rows = [];
  let [lines, differing] = [[], 0];
  for (let round = 0; round < rounds; round += 1) {
    const ours = timed(() => {
      lines = differenceOf({ before, after, from: at }).lines;
    });
    const naive = timed(() => {
      differing = naively({ before, after, points, asked });
    });
    rows.push({ ours, naive: (naive * questions) / asked });
  }
  const told = lines.reduce((sum, line) => sum + line.from.workloads * line.to.workloads * intervalsOf(line, points), 0);
  if (isWhole && told !== differing) throw new Error(`the difference tells of ${told} questions between workloads, naive enumeration of ${differing}`);
  const [mine, theirs] = [median(rows.map(({ ours }) => ours)), median(rows.map(({ naive }) => naive))];
  say(
    `seed ${seed}: ${people.length.toLocaleString("en")} workloads, ${rules.toLocaleString("en")} rules, ${points.length} services, ${lines.length} lines of difference, ${told.toLocaleString("en")} questions differ${isWhole ? " in both" : ""}`,
  );
  say(
    `  difference ${mine.toFixed(2)} s   naive enumeration ${theirs.toFixed(2)} s${isWhole ? "" : ` (from ${asked.toLocaleString("en")} of ${questions.toLocaleString("en")} questions)`}   ratio ${(theirs / mine).toFixed(0)} × (goal ≥ 100 where there are 5,000 classes), median of ${rounds}, ${loadAverage()}, peak memory ${peakMemory()}`,
  );
}

/** In how many of the compared services a line holds; each of them is a service text or lies in one. */
function intervalsOf({ over }, points) {
  if (over.includes("any")) return points.length;
  const ranges = over.map((text) => /^(tcp|udp|icmp4|icmp6)\/(\d+|any)(?:-(\d+))?$/.exec(text)).filter((found) => found !== null);
  const numbers = { tcp: 6, udp: 17, icmp4: 1, icmp6: 58 };
  const isIn = ({ protocol, port }) =>
    ranges.some(([, name, low, high]) => numbers[name] === protocol && (low === "any" || (Number(low) <= port && port <= Number(high ?? low))));
  return points.filter((point, index) => (index === 0 ? over.includes("any other protocol") : isIn(point))).length;
}

/** How many of the first questions differ. */
function naively({ before, after, points, asked }) {
  const people = before.inventory.workloads;
  let differing = 0;
  for (let number = 0; number < asked; number += 1) {
    const pair = Math.floor(number / points.length);
    const question = {
      from: people[Math.floor(pair / people.length)].id,
      to: people[pair % people.length].id,
      over: points[number % points.length],
      at,
      facts: {},
    };
    const [was, is] = [decide(before, question), decide(after, question)];
    if (was.verdict !== is.verdict || was.effect !== is.effect) differing += 1;
  }
  return differing;
}

/** Two policies: in the second, one rule in fifty goes, one in fifty is wider, and there is one conduit more. */
function worlds(apps) {
  const random = randomFrom(seed);
  const { inventory, policies, rules } = segmented(random, apps);
  const changed = policies.map((policy) => ({
    ...policy,
    allow: policy.allow.flatMap((rule) => {
      const turn = random(50);
      return turn === 0 ? [] : [turn === 1 ? { ...rule, over: [...rule.over, "tcp/22"] } : rule];
    }),
  }));
  const down = conduit("dev", "prod", "https");
  return {
    before: worldOf(setOf([zonesWith(down), ...policies]), inventory),
    after: worldOf(setOf([zonesWith(down, conduit("prod", "dev", "ssh")), ...changed]), inventory),
    rules,
  };
}
