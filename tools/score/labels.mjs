// How well `inventory suggest` finds what is wrong with labels: generated organisations in which labels were removed, swapped and misspelt, and machines
// listed twice. Each world is asked twice: with its names, which spell out most labels, and with names that mean nothing.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadInventory } from "@bulkhead/adapters/inventories/state";
import { openArchive } from "@bulkhead/adapters/stores/open";
import { holderSegments } from "@bulkhead/core/inventory/holders";
import { labelReport } from "@bulkhead/core/map/labels/suggestions";

const root = fileURLToPath(new URL("../../", import.meta.url));
const generator = join(root, "../shared/judge/estate/generate.mjs");
const keys = ["app", "env", "role"];
const [removed, swapped, misspelt, doubled] = [0.05, 0.04, 0.03, 0.02];

export async function run(words, say) {
  if (!existsSync(generator)) {
    say("skipped: the generator of worlds (../shared/judge/estate) is not here");
    return 2;
  }
  const [from, to = from] = (words[words.indexOf("--seeds") + 1] ?? "1-2").split("-").map(Number);
  const seeds = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  const sums = new Map();
  for (const seed of seeds) {
    const folder = mkdtempSync(join(tmpdir(), "bulkhead-score-"));
    try {
      for (const [names, row] of await worldScores(folder, seed)) sums.set(names, added(sums.get(names), row));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  say(`${seeds.length} worlds of 300 workloads, 21 days; planted at random in labels that a source states\n`);
  for (const [names, row] of sums) say(`${names}\n${tableOf(row)}\n`);
  return 0;
}

async function worldScores(folder, seed) {
  const world = join(folder, "world");
  succeed([generator, "--seed", String(seed), "--workloads", "300", "--days", "21", "--out", world]);
  const truth = JSON.parse(readFileSync(join(world, "truth/labels.json"), "utf8")).workloads;
  const planted = plantedIn(readFileSync(join(world, "inventory.csv"), "utf8"), truth, seed);
  const scores = [];
  for (const [names, csv, nameOf] of [
    ["names as they are", planted.csv, (id) => id],
    ["names that mean nothing", ...anonymous(planted.csv)],
  ]) {
    const data = join(folder, names.replaceAll(" ", "-"));
    writeFileSync(join(folder, "cmdb.csv"), csv);
    const cli = (...line) => succeed([join(root, "packages/cli/bin/bulkhead.js"), ...line, "--data", data]);
    cli("inventory", "import", join(folder, "cmdb.csv"), "--source", "cmdb");
    cli("ingest", join(world, "flows/cloud-vpc"), join(world, "flows/core-zeek"), "--sensors", join(world, "sensors.json"));
    scores.push([names, scoreOf(await reportOf(data), planted, nameOf)]);
  }
  return scores;
}

async function reportOf(data) {
  const archive = await openArchive(data);
  try {
    const { workloads, networks } = await loadInventory(data);
    const flows = await archive.conversations({ since: null, until: null, segments: holderSegments(workloads) });
    return labelReport({ workloads, flows, networks });
  } finally {
    await archive.close();
  }
}

/** The inventory with faults in it, and what they are. */
function plantedIn(text, truth, seed) {
  const chance = randomBy(seed);
  const [head, ...lines] = text.trimEnd().split("\n");
  const columns = head.split(",");
  const at = Object.fromEntries(columns.map((name, index) => [name, index]));
  const known = new Map(truth.map((one) => [one.id, one]));
  const faults = new Map();
  const twins = [];
  const values = Object.fromEntries(
    keys.map((key) => [key, [...new Set(truth.map((one) => one.true[key]).filter(Boolean))].filter((value) => value !== "unknown")]),
  );
  for (const { id, visible, class: kind } of truth) {
    if (kind !== "server" || !keys.every((key) => visible[key])) continue;
    const key = keys[Math.floor(chance() * keys.length)];
    const drawn = chance();
    if (drawn < removed) faults.set(id, { kind: "removed", key, value: "" });
    else if (drawn < removed + swapped) {
      const others = values[key].filter((value) => value !== visible[key]);
      faults.set(id, { kind: "swapped", key, value: others[Math.floor(chance() * others.length)] });
    } else if (drawn < removed + swapped + misspelt) faults.set(id, { kind: "misspelt", key, value: slip(visible[key], chance) });
    else if (drawn < removed + swapped + misspelt + doubled) twins.push(id);
  }
  const rows = lines.flatMap((line) => {
    const cells = line.split(",");
    const fault = faults.get(cells[at.id]);
    if (fault !== undefined) cells[at[fault.key]] = fault.value;
    const twin = twins.includes(cells[at.id]) ? [twinOf(cells, at)] : [];
    return [cells.join(","), ...twin];
  });
  // What the world itself left out counts as removed.
  for (const { id, missing, true: labels, known: isListed, onlyInSecondSource } of truth)
    if (missing && isListed && !onlyInSecondSource && labels[missing] && !faults.has(id)) faults.set(id, { kind: "removed", key: missing, value: "" });
  return { csv: `${[head, ...rows].join("\n")}\n`, faults, twins, truth: known };
}

/** The machine as a second tool lists it: its host name in capitals with a domain, its address, and nothing else. */
const twinOf = (cells, at) => cells.map((cell, index) => (index === at.id ? `${cell.toUpperCase()}.EXAMPLE.GOV` : index >= at.address ? cell : "")).join(",");

function slip(value, chance) {
  const place = 1 + Math.floor(chance() * Math.max(1, value.length - 2));
  const [a, b] = [value[place] ?? "", value[place + 1] ?? ""];
  if (a !== b && b !== "") return value.slice(0, place) + b + a + value.slice(place + 2);
  return chance() < 0.5 ? value.toUpperCase() : value + value.at(-1);
}

/** The same inventory with names that say nothing, and how to find the true one again. */
function anonymous(csv) {
  const [head, ...lines] = csv.trimEnd().split("\n");
  const names = new Map();
  const rows = lines.map((line) => {
    const [id, ...rest] = line.split(",");
    const stem = id.replace(/\.EXAMPLE\.GOV$/, "").toLowerCase();
    if (!names.has(stem)) names.set(stem, `x${((names.size * 7919) % 9973).toString(36)}q`);
    const name = id.endsWith(".EXAMPLE.GOV") ? `${names.get(stem).toUpperCase()}.EXAMPLE.GOV` : names.get(stem);
    return [name, ...rest].join(",");
  });
  const back = new Map([...names].map(([id, name]) => [name, id]));
  return [`${[head, ...rows].join("\n")}\n`, (name) => back.get(name) ?? back.get(name.replace(/\.EXAMPLE\.GOV$/, "").toLowerCase()) ?? name];
}

function scoreOf(report, { faults, twins, truth }, nameOf) {
  const row = {
    removed: 0,
    suggested: 0,
    right: 0,
    sure: 0,
    sureRight: 0,
    swapped: 0,
    doubted: 0,
    mended: 0,
    falseDoubts: 0,
    stated: 0,
    misspelt: 0,
    spotted: 0,
    falseSlips: 0,
    twins: twins.length,
    paired: 0,
    falsePairs: 0,
  };
  const of = (kind) => [...faults].filter(([, fault]) => fault.kind === kind);
  const isRight = (id, key, value) => truth.get(id)?.true[key] === value;
  const missing = new Map(report.missing.map((one) => [`${nameOf(one.workload)} ${one.key}`, one]));
  for (const [id, { key }] of of("removed")) {
    row.removed += 1;
    const found = missing.get(`${id} ${key}`);
    if (found === undefined) continue;
    row.suggested += 1;
    row.right += isRight(id, key, found.value) ? 1 : 0;
    if (found.confidence < 0.9) continue;
    row.sure += 1;
    row.sureRight += isRight(id, key, found.value) ? 1 : 0;
  }
  const doubts = new Map(report.doubtful.map((one) => [`${nameOf(one.workload)} ${one.key}`, one]));
  const slips = new Map(report.misspelt.flatMap(({ key, meant, workloads }) => workloads.map((id) => [`${nameOf(id)} ${key}`, meant])));
  for (const [id, { key }] of of("swapped")) {
    row.swapped += 1;
    const found = doubts.get(`${id} ${key}`);
    row.doubted += found === undefined ? 0 : 1;
    row.mended += found !== undefined && isRight(id, key, found.value) ? 1 : 0;
  }
  for (const [id, { key }] of of("misspelt")) {
    row.misspelt += 1;
    const meant = slips.get(`${id} ${key}`) ?? doubts.get(`${id} ${key}`)?.value;
    row.spotted += meant !== undefined && isRight(id, key, meant) ? 1 : 0;
  }
  const isFault = (place) => ["swapped", "misspelt"].some((kind) => of(kind).some(([id, { key }]) => place === `${id} ${key}`));
  row.stated = [...truth.values()].reduce((sum, { visible }) => sum + keys.filter((key) => visible[key]).length, 0) - faults.size;
  row.falseDoubts = [...doubts.keys()].filter((place) => !isFault(place)).length;
  row.falseSlips = [...slips.keys()].filter((place) => !isFault(place)).length;
  const pairs = report.duplicates.map(({ id, sameAs }) => [
    nameOf(id).toLowerCase().replace(".example.gov", ""),
    nameOf(sameAs).toLowerCase().replace(".example.gov", ""),
  ]);
  row.paired = pairs.filter(([a, b]) => a === b && twins.includes(a)).length;
  row.falsePairs = pairs.length - row.paired;
  return row;
}

const added = (before, row) => (before === undefined ? row : Object.fromEntries(Object.entries(row).map(([key, value]) => [key, value + before[key]])));
const share = (part, whole) => `${part} of ${whole}${whole === 0 ? "" : ` (${((100 * part) / whole).toFixed(1)} %)`}`;

const tableOf = (row) =>
  [
    ["removed labels: a value was suggested", share(row.suggested, row.removed)],
    ["  and it was right", share(row.right, row.suggested)],
    ["  of those with a confidence of 0.9 or more", share(row.sureRight, row.sure)],
    ["swapped labels: doubted", share(row.doubted, row.swapped)],
    ["  and the right one named", share(row.mended, row.doubted)],
    ["misspelt labels: the right one named", share(row.spotted, row.misspelt)],
    ["machines listed twice: found", share(row.paired, row.twins)],
    ["false alarms: right labels doubted", share(row.falseDoubts, row.stated)],
    ["  right labels called misspelt", share(row.falseSlips, row.stated)],
    ["  machines called one that are two", String(row.falsePairs)],
  ]
    .map(([what, figure]) => `  ${what.padEnd(46)}${figure}`)
    .join("\n");

// The generator's own constants (Lehmer, after Park and Miller 1988): enough to draw lots.
function randomBy(seed) {
  let state = (seed * 48271 + 11) % 2147483647;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

function succeed(words) {
  const { status, stderr } = spawnSync(process.execPath, words, { encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } });
  if (status !== 0) throw new Error(`${words.join(" ")} ended with ${status}: ${stderr.slice(0, 500)}`);
}
