// `npm start`: tells the story of bulkhead on the recorded shop, and as root goes on live on the practice network (`-- --recorded` stops before); or with `-- --on PATH` on captures of your own. Shows every command it runs, ends by itself, leaves no process.
import { execFile, spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { live } from "./live.mjs";

const root = join(import.meta.dirname, "..");
const cli = join(root, "packages/cli/bin/bulkhead.js");
const on = process.argv.indexOf("--on") > 0 ? process.argv[process.argv.indexOf("--on") + 1] : null;
const home = join(root, ".bulkhead", on === null ? "shop" : "own");
const here = (path) => relative(process.cwd(), path) || ".";
const colours = process.stdout.isTTY === true && process.env.NO_COLOR === undefined;
const paint = (code) => (text) => (colours ? `\x1b[${code}m${text}\x1b[0m` : text);
const [bold, dim, blue, amber] = [paint(1), paint(2), paint("1;36"), paint(33)];
const width = Math.max(60, Math.min(100, process.stdout.columns ?? 92));
const say = (text = "") => process.stdout.write(`${text}\n`);

function wrapped(text, indent = "  ") {
  const lines = [];
  let line = indent;
  for (const word of text.split(" ")) {
    if (line.length + word.length >= width && line !== indent) {
      lines.push(line);
      line = indent;
    }
    line += (line === indent ? "" : " ") + word;
  }
  return [...lines, line].join("\n");
}

let chapters = 0;
function chapter(title, text) {
  chapters += 1;
  say(`\n${blue(`${chapters}  ${title}`)}\n${dim("─".repeat(width))}`);
  say(wrapped(text));
}

const plain = (text) => text.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "");
const cut = (line, most = width - 4) => ([...line].length > most ? `${[...line].slice(0, most - 1).join("")}…` : line);

/** Runs one command of ours and shows it as a person would type it. Ends the story when it could not be done. */
async function bulkhead(words, { show = 14, may = [0], quiet = false } = {}) {
  const shown = words.map((word) => (/^[\w./:@,=-]+$/.test(word) ? word : `'${word}'`)).join(" ");
  // A long command goes on behind a backslash, so that it can be copied as it stands.
  const typed = shown.length + 20 > width ? shown.replaceAll(" --", " \\\n      --") : shown;
  if (!quiet) say(`\n  ${dim("$")} ${bold(`npx bulkhead ${typed}`)}`);
  const done = await promisify(execFile)(process.execPath, [cli, ...words], { maxBuffer: 1 << 28, env: { ...process.env, NO_COLOR: "1" } }).catch(
    (error) => error,
  );
  const code = done instanceof Error ? done.code : 0;
  if (!may.includes(code)) {
    say(plain(`${done.stdout ?? ""}${done.stderr ?? String(done)}`));
    say(wrapped("The story ends here: this command did not do what it should. The sentence above says what to do."));
    process.exit(2);
  }
  if (!quiet) print(`${done.stdout ?? ""}${done.stdout === "" ? done.stderr : ""}`, show);
  return done.stdout ?? "";
}

function print(text, most) {
  const lines = plain(text).trimEnd().split("\n");
  for (const line of lines.slice(0, most)) say(`    ${cut(line, width - 4)}`);
  if (lines.length > most) say(dim(`    … ${lines.length - most} more ${lines.length - most === 1 ? "line" : "lines"}`));
}

function buildIfNeeded() {
  if (existsSync(join(root, "packages/cli/dist/bulkhead.js"))) return;
  say(dim("building (a few seconds, the first time only) …"));
  const { status } = spawnSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-b"], { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(2);
}

const titleOf = (map) => {
  const groups = new Map(map.groups.map((group) => [group.id, group]));
  return (id) => [...new Set(Object.values(groups.get(id)?.labels ?? {}))].join(" ") || groups.get(id)?.network || groups.get(id)?.kind || id;
};

function tellMap(map) {
  const title = titleOf(map);
  const edges = map.edges.filter(({ scan }) => !scan).sort((a, b) => b.connections - a.connections);
  for (const { from, to, service, connections } of edges.slice(0, 10))
    say(`    ${plain(title(from)).padEnd(26)} → ${plain(title(to)).padEnd(26)} ${plain(service).padEnd(10)} ${String(connections).padStart(6)} ×`);
  if (edges.length > 10) say(dim(`    … and ${edges.length - 10} more, all in the picture`));
}

const some = ({ names, more }) => names.slice(0, 4).join(", ") + (names.length + more > 4 ? ` and ${names.length + more - 4} more` : "");
function deeds({ answers, opens, tried }) {
  const did = [...(answers.names.length > 0 ? [`answers (${some(answers)})`] : []), ...(opens.names.length > 0 ? [`opens connections (${some(opens)})`] : [])];
  return did.length > 0 ? `but ${did.join(" and ")}` : `was called (${some(tried)}), and nobody can tell whether it answered`;
}

function tellUnknown(map) {
  const title = titleOf(map);
  const group = new Map(map.groups.map((one) => [one.id, one]));
  const point = (text) => say(`  ${amber("●")} ${wrapped(plain(text), "    ").trimStart()}`);
  for (const { name, servers, services } of map.scanners)
    point(`${name} knocks on ${servers} machines over ${services} services, and most never answer. A scanner of yours, or somebody who broke in.`);
  const alive = map.unknowns.filter((end) => ["unknown", "contested"].includes(group.get(end.group)?.kind) && (end.alive > 0 || end.asClient > 0));
  for (const end of alive.slice(0, 5)) point(`${end.address} is in no inventory, ${deeds(end)}.`);
  if (alive.length > 5) point(`${alive.length - 5} more addresses that live and are in no inventory.`);
  const env = (id) => group.get(id)?.labels?.env;
  const crossing = map.edges.filter(({ from, to, scan, service }) => !scan && service !== "udp/53" && env(from) && env(to) && env(from) !== env(to));
  for (const { from, to, service, connections } of crossing.sort((a, b) => a.connections - b.connections).slice(0, 4))
    point(`${title(from)} reaches into ${env(to)}: ${title(to)} over ${service}, ${connections} ×. Does anybody know why?`);
  if (map.scanners.length + alive.length + crossing.length === 0)
    say(wrapped("Nothing: every end is known, nobody scans, no environment reaches into another."));
}

/** The rule that the story asked about, as it stands in its file. */
function tellRule(directory) {
  const path = join(directory, "billing-prod.yaml");
  if (!existsSync(path)) return;
  const lines = readFileSync(path, "utf8").split("\n");
  const start = lines.findIndex((line) => line.includes("name: shop-dev-web-to-ledger"));
  if (start < 1) return;
  say(`\n${wrapped(`What chapter 3 asked about has a rule of its own in ${here(path)}, with what it rests on. Say why it is needed, or take it out:`)}`);
  lines.slice(start - 1, start + 5).forEach((line, n) => say(`    ${dim(String(start + n).padStart(3))} ${cut(line, width - 10)}`));
}

async function questions(policy, data) {
  const shop = here(join(root, "examples/shop"));
  chapter(
    "One question, explained",
    "What would this policy have said to the intruder, and to a customer? Beside each question stands what the policy means, by which layer, and what the network does today: all passes, since nothing is in force.",
  );
  await bulkhead(["decide", policy, "--inventory", `${shop}/inventory.json`, "--questions", `${shop}/questions.jsonl`]);
  await bulkhead(["explain", policy, "--from", "web-2", "--to", "ledger-1", "--over", "ssh", "--at", "2026-11-25T08:00:30Z", "--data", data], {
    may: [0, 1],
    show: 32,
  });
}

async function story() {
  const began = Date.now();
  const [data, page, policy] = [here(home), here(join(home, "map.html")), here(join(home, "policy"))];
  const capture = on ?? here(join(root, "examples/shop/recording"));
  say(bold(on === null ? "bulkhead: who really talks to whom, and what should be allowed" : `bulkhead on ${plain(on)}`));
  if (on === null)
    say(
      wrapped(
        "A small online shop, recorded for 19 seconds at its router. Nothing is invented: real programs talked through real sockets. Nothing here changes your machine beyond this folder, and network namespaces that are gone at the end.",
        "",
      ),
    );
  // A story that was killed may have left its lab, which lives in this folder.
  if (existsSync(join(home, "live"))) spawnSync(process.execPath, [cli, "lab", "down", "--data", join(home, "live")], { stdio: "ignore" });
  rmSync(home, { recursive: true, force: true });

  chapter("What was read", `First who is who, from the list that the owners keep; then what the network really did. All of it is kept in ${data}.`);
  if (on === null) await bulkhead(["inventory", "import", here(join(root, "examples/shop/inventory.csv")), "--source", "cmdb", "--data", data]);
  await bulkhead(["ingest", capture, "--data", data]);

  chapter("Who talks to whom", "Addresses become workloads, workloads become groups with the same labels, packets become dependencies. The busiest:");
  const map = JSON.parse(await bulkhead(["map", "--json", "--data", data], { show: 0, quiet: true }));
  const isLabelled = map.groups.some(({ labels }) => labels?.app !== undefined && labels?.env !== undefined);
  if (isLabelled) {
    say(`\n  ${dim("$")} ${bold(`npx bulkhead map --data ${data}`)}   ${dim("(shortened here)")}`);
    tellMap(map);
  } else await bulkhead(["map", "--data", data], { show: 30 });
  await bulkhead(["map", "--html", page, "--data", data], { show: 2 });

  chapter("What nobody knew", "The map shows first what is in no inventory, and what behaves like nothing that you would have planned:");
  say();
  tellUnknown(map);

  if (isLabelled) {
    chapter(
      "The first policy",
      "From what was seen comes a first text: who may call whom, with the evidence beside each rule. What looked suspicious is held out and listed. Nothing is put into force.",
    );
    await bulkhead(["init", policy, "--from", "map", "--data", data], { show: 20 });
    await bulkhead(["check", policy]);
    tellRule(join(home, "policy"));
  }
  if (isLabelled && on === null) await questions(policy, data);
  if (isLabelled && on === null && !process.argv.includes("--recorded")) await live({ home, here, cli, bulkhead, chapter, say, wrapped });

  say(`\n${blue("Where to look")}\n${dim("─".repeat(width))}`);
  say(`  the map, offline, in any browser   ${bold(page)}`);
  if (isLabelled) say(`  the first policy files             ${bold(policy)}`);
  else {
    say("  No policy yet. Tell bulkhead who is who, and let it write one:");
    // A line each: one that is wrapped cannot be pasted.
    for (const next of ["inventory import FILE", "init policy --from map"]) say(`  ${dim("$")} ${bold(`npx bulkhead ${next} --data ${data}`)}`);
  }
  if (on === null) say(`  the same on your own captures      ${bold("npm start -- --on PATH")}`);
  say(dim(`\n  told in ${((Date.now() - began) / 1000).toFixed(0)} seconds`));
}

const usage = `npm start                  the whole story on the recorded shop; as root on Linux it goes on live
npm start -- --recorded    the recorded part only
npm start -- --on PATH     the same on captures and flow logs of your own`;

const words = process.argv.slice(2);
if (words.some((word) => word === "--help" || word === "-h")) {
  say(usage);
  process.exit(0);
}
const strange = words.find((word, at) => !["--recorded", "--on"].includes(word) && words[at - 1] !== "--on");
if (strange !== undefined) {
  say(`start: there is no \`${plain(strange)}\`\n${usage}`);
  process.exit(2);
}
if (process.argv.includes("--on") && !on) {
  say("start: --on needs a path: npm start -- --on captures/");
  process.exit(2);
}
buildIfNeeded();
await story();
