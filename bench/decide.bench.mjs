// Decisions through the rule index, beside a naive loop (`decide` itself), Cedar in WebAssembly, and the limit that memory sets.
import cedar from "@cedar-policy/cedar-wasm/nodejs";
import { decide } from "@bulkhead/core/decide/decide";
import { endOf } from "@bulkhead/core/decide/ends";
import { outcomeOf, ruleIndex } from "@bulkhead/core/decide/rule-index";
import { worldOf } from "@bulkhead/core/decide/world";
import { loadAverage, median, peakMemory, timed } from "./measure.mjs";
import { randomFrom } from "./random.mjs";
import { conduit, segmented, setOf, zonesWith } from "./worlds.mjs";

const apps = 500; // 7,000 workloads, of which the rules tell more than 5,000 classes, and 2,000 rules
const rounds = 5;
const seed = 7;
const at = Date.parse("2026-11-25T12:00:00Z") * 1000;

/** Prints decisions a second of each, the ratios, and how many sampled answers were compared. */
export async function run({ say, large }) {
  const random = randomFrom(seed);
  const { inventory, policies } = segmented(random, apps);
  const set = setOf([zonesWith(conduit("dev", "prod", "https")), ...policies]);
  const world = worldOf(set, inventory);
  const index = ruleIndex(world);
  const classes = world.inventory.workloads.map(({ id }) => index.classOf(endOf(world, id, at)));
  const questions = questionsOf(random, { classes, index, count: large ? 1 << 24 : 1 << 21 });
  const slice = index.during(at, {});
  say(
    `seed ${seed}: ${world.inventory.workloads.length} workloads, ${set.policies.reduce((sum, { allow }) => sum + allow.length, 0)} allow rules, ${set.conduits.length} conduits; ${questions.count} random questions a round, ${rounds} rounds in turns`,
  );

  const began = performance.now();
  askAll(slice, questions);
  say(`first round, making every row that is asked for: ${((performance.now() - began) / 1000).toFixed(2)} s; ${JSON.stringify(index.size())}`);
  compared(say, { world, slice, index, questions });

  const limit = new Uint32Array(Math.max(1, index.size().bytes >>> 2));
  const seconds = { index: [], limit: [], naive: [], cedar: [] };
  const [naiveCount, cedarCount] = [2000, 200];
  const cedarCalls = cedarCallsOf(set, world, { random, count: cedarCount });
  const answered = cedar.statefulIsAuthorized(cedarCalls[0]);
  if (answered.type !== "success") throw new Error(`cedar does not answer: ${JSON.stringify(answered).slice(0, 300)}`);
  for (let round = 0; round < rounds; round += 1) {
    seconds.index.push(timed(() => askAll(slice, questions)));
    seconds.limit.push(timed(() => touchAll(limit, questions)));
    seconds.naive.push(timed(() => naively(world, questions, naiveCount)));
    seconds.cedar.push(timed(() => cedarCalls.forEach((call) => cedar.statefulIsAuthorized(call))));
  }
  const rate = {
    index: questions.count / median(seconds.index),
    limit: questions.count / median(seconds.limit),
    naive: naiveCount / median(seconds.naive),
    cedar: cedarCount / median(seconds.cedar),
  };
  const text = (perSecond) => (perSecond > 1e5 ? `${(perSecond / 1e6).toFixed(1)} M/s` : `${perSecond.toFixed(0)}/s`);
  say(`  rule index          ${text(rate.index)}`);
  say(`  memory-bound limit  ${text(rate.limit)}   index at ${(rate.index / rate.limit).toFixed(2)} of it (goal ≥ 0.5)`);
  say(`  naive loop          ${text(rate.naive)}   index ${(rate.index / rate.naive).toFixed(0)} ×`);
  say(`  cedar-wasm          ${text(rate.cedar)}   index ${(rate.index / rate.cedar).toFixed(0)} × (the same allow rules as permits, parsed beforehand)`);
  say(`  ${loadAverage()}, peak memory ${peakMemory()}`);
}

function questionsOf(random, { classes, index, count }) {
  const ports = [443, 5432, 8050, 6379, 22, 3389, 9100, 80];
  const [client, server, interval] = [new Uint16Array(count), new Uint16Array(count), new Uint16Array(count)];
  for (let number = 0; number < count; number += 1) {
    client[number] = random(classes.length);
    server[number] = random(classes.length);
    interval[number] = index.intervalOf(6, ports[random(ports.length)]);
  }
  return { count, client: client.map((one) => classes[one]), server: server.map((one) => classes[one]), interval, ids: { client, server } };
}

function askAll(slice, { count, client, server, interval }) {
  let sum = 0;
  for (let number = 0; number < count; number += 1) sum += slice.ask(client[number], server[number], interval[number]);
  return sum;
}

/** As many random reads of as large an array: nothing that keeps its answers in memory can be faster. */
function touchAll(words, { count, client, server, interval }) {
  const mask = words.length - 1; // The array of rows doubles as it grows, so its length is a power of two.
  let sum = 0;
  for (let number = 0; number < count; number += 1) {
    const place = (Math.imul(client[number] * 31 + interval[number], 0x9e3779b1) ^ Math.imul(server[number], 0x85ebca6b)) >>> 0;
    sum += (words[place & mask] >>> (place & 31)) & 1;
  }
  return sum;
}

function naively(world, questions, count) {
  for (let number = 0; number < count; number += 1) decide(world, questionAt(world, questions, number));
}

// Only the ends and a TCP port matter; every eighth port of the list above is asked in turn.
function questionAt({ inventory }, { ids }, number) {
  return { from: inventory.workloads[ids.client[number]].id, to: inventory.workloads[ids.server[number]].id, over: { protocol: 6, port: 443 }, at, facts: {} };
}

function compared(say, { world, slice, index, questions }) {
  const samples = 2000;
  for (let number = 0; number < samples; number += 1) {
    const question = questionAt(world, questions, number);
    const [expected, got] = [decide(world, question), outcomeOf(slice.ask(questions.client[number], questions.server[number], index.intervalOf(6, 443)))];
    if (expected.verdict !== got.verdict || expected.layer !== got.layer || expected.effect !== got.effect)
      throw new Error(`the index says ${JSON.stringify(got)}, decide says ${JSON.stringify(expected)} to ${JSON.stringify(question)}`);
  }
  say(`${samples} answers compared with \`decide\`: all equal`);
}

function cedarCallsOf(set, { inventory }, { random, count }) {
  const rules = set.policies.flatMap(({ allow }) => allow);
  const conditions = (side, [peer]) => peer.selector.terms.map(({ key, values }) => `${side}.${key} == "${values[0]}"`).join(" && ");
  const staticPolicies = rules
    .map(
      ({ from, to, services: [{ low, high }] }) =>
        `permit(principal, action, resource) when { ${conditions("principal", from)} && ${conditions("resource", to)} && context.port >= ${low} && context.port <= ${high} };`,
    )
    .join("\n");
  const parsed = cedar.preparsePolicySet("bench", { staticPolicies });
  if (parsed.type !== "success") throw new Error(`cedar cannot read its rules: ${JSON.stringify(parsed).slice(0, 300)}`);
  return Array.from({ length: count }, () => {
    const [from, to] = [inventory.workloads[random(inventory.workloads.length)], inventory.workloads[random(inventory.workloads.length)]];
    const entity = ({ id, labels }) => ({ uid: { type: "Workload", id }, attrs: { ...labels }, parents: [] });
    return {
      principal: { type: "Workload", id: from.id },
      action: { type: "Action", id: "open" },
      resource: { type: "Workload", id: to.id },
      context: { port: 443 },
      preparsedPolicySetId: "bench",
      entities: from === to ? [entity(from)] : [entity(from), entity(to)],
    };
  });
}
