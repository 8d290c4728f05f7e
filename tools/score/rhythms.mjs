// How well `calendar` finds the rhythms that generated organisations live by: of those that showed themselves often enough, how many are named and rightly so;
// and how many are named that are none. The truth says which rhythm was planted in each dependency, and on which days it was reported.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rulesOf } from "@bulkhead/core/map/calendar/calendar-rule";

const root = fileURLToPath(new URL("../../", import.meta.url));
const generator = join(root, "../shared/judge/estate/generate.mjs");
const timesLeast = 3;
const missesShown = 5;
/** What each planted rhythm should be called. */
const names = {
  daily: ["daily", "continuous"],
  office: ["working days"],
  weekly: ["weekly"],
  monthly: ["monthly"],
  "month-end": ["monthly"],
  quarterly: ["quarterly"],
  // Delivery comes on the days of declared releases, and alone on others.
  deployment: ["declared"],
};
const dated = ["weekly", "every two weeks", "monthly", "quarterly", "declared"];

export async function run(words, say) {
  if (!existsSync(generator)) {
    say("skipped: the generator of worlds (../shared/judge/estate) is not here");
    return 2;
  }
  const valueOf = (flag, usual) => (words.includes(flag) ? words[words.indexOf(flag) + 1] : usual);
  const [from, to = from] = valueOf("--seeds", "1-2").split("-").map(Number);
  const days = Number(valueOf("--days", "365"));
  const regime = valueOf("--regime", "business");
  const rows = [];
  for (let seed = from; seed <= to; seed += 1) {
    const folder = mkdtempSync(join(tmpdir(), "bulkhead-score-"));
    try {
      rows.push(...worldRows(folder, { seed, days, regime }));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  say(`${to - from + 1} worlds of 300 workloads, ${days} days, ${regime}; ${rows.length} dependencies that a sensor reported and the map shows\n`);
  for (const line of tableOf(rows)) say(line);
  return 0;
}

/** Each dependency of the truth beside what the product calls it. */
function worldRows(folder, { seed, days, regime }) {
  const [world, data] = [join(folder, "world"), join(folder, "data")];
  succeed([generator, "--seed", String(seed), "--workloads", "300", "--days", String(days), "--regime", regime, "--out", world]);
  const cli = (...line) => succeed([join(root, "packages/cli/bin/bulkhead.js"), ...line, "--data", data]);
  cli("inventory", "import", join(world, "inventory.csv"), "--source", "first");
  cli("inventory", "import", join(world, "inventory-discovery.csv"), "--source", "second");
  const flows = ["cloud-vpc", "core-zeek", "edge-ipfix"].map((sensor) => join(world, "flows", sensor));
  cli("ingest", ...flows, "--sensors", join(world, "sensors.json"));
  cli("calendar", "import", join(world, "calendar.json"));
  const { world: about, dependencies } = JSON.parse(readFileSync(join(world, "truth/dependencies.json"), "utf8"));
  // Worlds may lie ahead of us.
  const until = new Date(Date.parse(about.start) + days * 86_400_000).toISOString().slice(0, 10);
  const { rhythms } = JSON.parse(cli("calendar", "--json", "--until", until));
  const told = new Map(rhythms.map((one) => [[one.client, one.server].map(groupOf).concat(one.service).join("|"), one]));
  const origin = Date.parse(about.start) / 86_400_000;
  return dependencies.flatMap((truth) => {
    const rhythm = told.get(`${truth.client}|${truth.server}|${truth.service}`);
    if (rhythm === undefined || truth.kind !== "legitimate") return [];
    const reported = new Set(Object.values(truth.reported).flat());
    const sensors = Object.keys(truth.reported).filter((sensor) => truth.reported[sensor].length > 0);
    return [{ seed, truth, rhythm, reported, sensors, isKept: truth.days.every((day) => isOn(origin + day, rhythm)) }];
  });
}

/** Whether a rule chooses a day; of what runs around midnight, that day or one beside it. */
const isOn = (day, { rule, hours }) =>
  (hours !== null && hours.until <= hours.from ? [-1, 0, 1] : [0]).some((off) => rulesOf(day + off).some(({ text }) => text === rule));

/** The name that the truth has for a group of the map. */
function groupOf(id) {
  if (id === "internet") return "network:internet";
  const labels = Object.fromEntries(id.split(",").flatMap((term) => (term.includes("=") ? [term.split("=")] : [])));
  return Object.keys(labels).length === 0 && id !== "unlabelled" ? id : ["app", "env", "role"].map((key) => labels[key] ?? "-").join(",");
}

function* tableOf(rows) {
  for (const [planted, right] of Object.entries(names)) {
    const own = rows.filter(({ truth }) => truth.rhythms.join() === planted);
    const often = own.filter(({ reported }) => reported.size >= timesLeast);
    const isRight = ({ rhythm, isKept }) => right.includes(rhythm.kind) && (rhythm.kind === "declared" || !dated.includes(rhythm.kind) || isKept);
    const missed = often.filter((one) => !isRight(one));
    yield `${planted.padEnd(11)}${often.length - missed.length} of ${often.length} called ${right.join(" or ")}; ${own.length - often.length} showed themselves fewer than ${timesLeast} times`;
    for (const { seed, truth, rhythm, reported, sensors } of missed.slice(0, missesShown))
      yield `  missed: seed ${seed}, dependency ${truth.id}: ${rhythm.rule ?? rhythm.kind}; it happened on ${truth.days.length} days, ${sensors.join(" and ")} reported ${reported.size}`;
  }
  for (const kind of dated) {
    const named = rows.filter(({ rhythm }) => rhythm.kind === kind);
    const wrong = named.filter(({ truth, isKept }) => !isKept && !truth.rhythms.some((planted) => names[planted]?.includes(kind)));
    yield `named ${kind}: ${named.length - wrong.length} of ${named.length} are so planted, or kept by all that happened`;
    for (const { seed, truth, rhythm } of wrong.slice(0, missesShown))
      yield `  wrong: seed ${seed}, dependency ${truth.id}, ${truth.rhythms.join(" and ")}: ${rhythm.rule}, seen ${rhythm.seen.times} of ${rhythm.seen.of}`;
  }
}

function succeed(words) {
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: "utf8", maxBuffer: 1 << 28, env: { ...process.env, NO_COLOR: "1" } });
  if (status !== 0) throw new Error(`${words.join(" ")} ended with ${status}: ${stderr.slice(0, 500)}`);
  return stdout;
}
