// `bulkhead check` of a large directory of policy, beside the YAML library alone parsing the same files. Each is a process of its own, start-up included, in turns.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { costOf, loadAverage, median } from "./measure.mjs";

const rounds = 5;
const files = 1_000;
const rulesEach = 10;
const testsEach = 4;
const bin = fileURLToPath(new URL("../packages/cli/bin/bulkhead.js", import.meta.url));

// What `check` cannot do without: the text of every file as YAML.
const yamlAlone = `
import { readdirSync, readFileSync } from "node:fs";
import { parse } from ${JSON.stringify(import.meta.resolve("yaml"))};
for (const name of readdirSync(process.argv[1])) parse(readFileSync(process.argv[1] + "/" + name, "utf8"));
`;

/** Checks 1,000 files with 10,000 rules and 4,000 tests that pass, and prints the medians of both and their ratio. */
export async function run({ say }) {
  const folder = mkdtempSync(join(tmpdir(), "bulkhead-bench-check-"));
  try {
    write(folder);
    say(`${files + 1} files, ${files * rulesEach} rules, ${files * testsEach} tests, all pass`);
    const [ours, peers] = [[], []];
    for (let round = 0; round < rounds; round += 1) {
      ours.push(await costOf(() => finished([bin, "check", folder], `${files + 1} policy files: no mistake\n`)));
      peers.push(await costOf(() => finished(["--input-type=module", "-e", yamlAlone, folder], "")));
    }
    const shown = (kind) => {
      const [our, peer] = [ours, peers].map((costs) => median(costs.map((cost) => cost[kind])));
      return `check ${our.toFixed(2)} s, YAML alone ${peer.toFixed(2)} s: ${(our / peer).toFixed(2)} ×`;
    };
    say(`  by the clock: ${shown("wall")}`);
    say(`  of processor: ${shown("cpu")} (medians of ${rounds}, in turns; ${loadAverage()})`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function finished(words, expected) {
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: "utf8" });
  if (status !== 0 || stdout !== expected) throw new Error(`${words[0]} ended with ${status}: ${stderr}${stdout}`);
}

function write(folder) {
  writeFileSync(
    join(folder, "zones.yaml"),
    `labels: { app: { required: true }, env: { required: true, values: [prod, dev] }, role: {} }
zones:
  - { name: production, members: { env: prod }, owner: architects, because: customers }
  - { name: development, members: { env: dev }, owner: architects, because: trying }
forbid: [{ name: no-dev-in-prod, from: { env: dev }, to: { env: prod }, owner: architects, because: separation }]
`,
  );
  for (let file = 0; file < files; file += 1) writeFileSync(join(folder, `app-${file}.yaml`), policyText(file));
}

function policyText(file) {
  const app = `app-${file}`;
  const numbers = Array.from({ length: rulesEach }, (_, number) => number);
  const client = (number) => `app: app-${(file * 7 + number * 13) % files}, env: prod`;
  const server = (number) => `{ app: ${app}, env: prod, role: role-${number} }`;
  const rules = numbers.map(
    (number) =>
      `  - name: rule-${number}\n    from: { ${client(number)}, role: [web, api] }\n    to: ${server(number)}\n    over: [tcp/${8000 + number}, https]\n    because: somebody needs number ${number}\n`,
  );
  const tests = numbers
    .slice(0, testsEach - 1)
    .map(
      (number) =>
        `  - { from: { ${client(number)}, role: web }, to: ${server(number)}, over: tcp/${8000 + number}, expect: allow, by: ${app}/rule-${number} }\n`,
    );
  const denied = `  - { from: { app: ${app}, env: dev }, to: ${server(1)}, over: tcp/8001, expect: deny, by: forbid/no-dev-in-prod }\n`;
  return `policy: ${app}\nowner: team-${file % 50}\nscope: { app: ${app}, env: prod }\nallow:\n${rules.join("")}tests:\n${tests.join("")}${denied}`;
}
