// How true attribution is: a plant's capture in which addresses were given to two devices and to the wrong ones (../shared/data/ot-westermo), and
// generated worlds whose inventories are late, lossy and out of order.
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { captureReading } from "@bulkhead/adapters/inventories/capture/read";
import { instantText } from "@bulkhead/core/base/instant";
import { ipText } from "@bulkhead/core/base/ip";
import { contestedAddresses } from "@bulkhead/core/inventory/contested";
import { conversationsOf } from "@bulkhead/core/telemetry/conversations";
import { translatedPairs } from "@bulkhead/core/telemetry/translated";
import { rolldown } from "rolldown";

const plant = fileURLToPath(new URL("../../../shared/data/ot-westermo/", import.meta.url));
const second = 1_000_000;
// Between a command on a laptop and the first packet of the device that obeys it.
const slack = 15 * second;

export async function run(words, say) {
  const isVerbose = words.includes("--verbose");
  if (existsSync(plant)) await plantScore(say, isVerbose);
  else say("a plant's planted mistakes: skipped, ../shared/data/ot-westermo is not here");
  wireScores(say, await worldsIn("wire-world"));
  translatedScores(say, await worldsIn("translated-world"));
  return 0;
}

/** The worlds of the tests, which are not built. */
async function worldsIn(name) {
  const bundle = await rolldown({ input: fileURLToPath(new URL(`../../packages/core/src/telemetry/testing/${name}.ts`, import.meta.url)) });
  const { output } = await bundle.generate({ format: "esm" });
  return import(`data:text/javascript;base64,${Buffer.from(output[0].code).toString("base64")}`);
}

const seeds = Array.from({ length: 20 }, (_, at) => at + 1);
const share = (part, whole) => `${((100 * part) / Math.max(1, whole)).toFixed(2)} %`;

function wireScores(say, { heardOf, truthOf, wireWorld }) {
  say(
    `\n${seeds.length} days on a wire, made: 24 devices in two realms share 10 addresses, which change hands and are given twice; ends of connections, heard with losses:`,
  );
  for (const lost of [0, 10, 50, 90]) {
    const sums = { right: 0, wrong: 0, unresolved: 0 };
    for (const seed of seeds) {
      const world = wireWorld(seed);
      const truth = truthOf(world, heardOf(world, { seed, lost }));
      for (const key of Object.keys(sums)) sums[key] += truth[key];
    }
    const all = sums.right + sums.wrong + sums.unresolved;
    say(
      `  ${String(lost).padStart(2)} % lost: right ${sums.right} (${share(sums.right, all)}), wrong ${sums.wrong} (${share(sums.wrong, all)}), unresolved ${sums.unresolved} (${share(sums.unresolved, all)})`,
    );
  }
}

function translatedScores(say, { translatedWorld, translators }) {
  say(`\n${seeds.length} hours of 500 conversations, made: six in ten through balancers and a NAT gateway, seen on both sides; halves joined:`);
  for (const [sizes, lost] of [
    [20_000, 0],
    [20_000, 20],
    [50, 0],
    [50, 20],
    [2, 0],
    [2, 20],
  ]) {
    let [right, wrong, truth, ambiguous] = [0, 0, 0, 0];
    for (const seed of seeds) {
      const world = translatedWorld(seed, { conversations: 500, sizes, lost });
      const halves = translatedPairs(conversationsOf(world.records), translators);
      const fitting = halves.pairs.filter(({ outer, inner }) => world.truth.has(`${outer.clientPort} ${inner.clientPort}`)).length;
      right += fitting;
      wrong += halves.pairs.length - fitting;
      truth += world.truth.size;
      ambiguous += halves.ambiguous;
    }
    say(
      `  ${sizes} sizes each way, ${lost} % of records lost: joined ${right} of ${truth} (${share(right, truth)}), wrongly ${wrong}, left apart as ambiguous ${ambiguous}`,
    );
  }
}

async function plantScore(say, isVerbose) {
  const problems = [];
  const { sightings } = await captureReading(`${plant}right.pcap.gz`, (problem) => problems.push(problem));
  const times = sightings.flatMap(({ leases }) => leases.flatMap(({ from, until }) => [from, until]));
  const all = eventsIn(readFileSync(`${plant}events.txt`, "utf8"));
  // The clock of the events is local time; the capture's is UTC.
  const hours = Math.round((all.begun - Math.min(...times)) / 3_600 / second);
  const events = all.events.map((event) => ({ ...event, from: event.from - hours * 3_600 * second, until: event.until - hours * 3_600 * second }));
  const contested = contestedAddresses(sightings);
  const found = [
    scoreOf(
      "one address on two devices",
      events.filter(({ kind }) => kind === "twice"),
      contested.map(({ address, from, until }) => ({ address, from, until })),
    ),
    scoreOf(
      "a wrong address on a device",
      events.filter(({ kind }) => kind === "wrong"),
      sightings
        .flatMap(({ leases }) => leases.map(({ ip, from, until }) => ({ address: ipText(ip), from, until })))
        .filter(({ address }) => problems.some(({ message, reason }) => reason === "lonely-address" && message.startsWith(`${address} `))),
    ),
  ];
  say("A plant with planted mistakes (ot-westermo, right.pcap.gz), from what devices say themselves:");
  for (const { name, hits, missed, wrong, late } of found) {
    say(`  ${name}: found ${hits.length} of ${hits.length + missed.length}, false alarms ${wrong.length}, begin and end within ${late} s of the command`);
    for (const { address, from, until } of isVerbose ? hits : []) say(`    found   ${address} ${instantText(from)} until ${instantText(until)}`);
    for (const { address, from } of missed) say(`    missed  ${address} ${instantText(from)}: its owner is not heard on this wire before or during it`);
    for (const { address, from } of wrong) say(`    false   ${address} ${instantText(from)}`);
  }
}

function scoreOf(name, events, findings) {
  const left = new Set(findings);
  const [hits, missed] = [[], []];
  let late = 0;
  for (const event of events) {
    const hit = [...left].find(
      ({ address, from, until }) => address === event.address && Math.abs(from - event.from) <= slack && Math.abs(until - event.until) <= slack,
    );
    if (hit === undefined) {
      missed.push(event);
      continue;
    }
    left.delete(hit);
    hits.push(hit);
    late = Math.max(late, Math.abs(hit.from - event.from) / second, Math.abs(hit.until - event.until) / second);
  }
  return { name, hits, missed, wrong: [...left], late: late.toFixed(1) };
}

function eventsIn(text) {
  const events = [];
  let begun = Infinity;
  let open = null;
  for (const line of text.split("\n")) {
    const [, at, what = ""] = /^\[(\d+\.\d+) --[^\]]*\] (.*)$/.exec(line) ?? [];
    if (at === undefined) continue;
    const micros = Math.round(Number(at) * 1e6);
    begun = Math.min(begun, micros);
    const [, twice] = /DUPLICATION-START\].* will be given ip (\S+)/.exec(what) ?? [];
    const [, wrong] = /MISCONF-START\].* --> (\S+)/.exec(what) ?? [];
    if (twice !== undefined || wrong !== undefined) open = { kind: twice === undefined ? "wrong" : "twice", address: twice ?? wrong, from: micros };
    else if (/MISCONF(-DUPLICATION)?-END\]/.test(what) && open !== null) {
      events.push({ ...open, until: micros });
      open = null;
    }
  }
  return { begun, events };
}
