/** `npm run laws -- [ROUNDS] [--seed N]`: every law over random worlds as `npm test` tries it, so many times (ten), each from a seed of its own. */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";

const { values, positionals } = parseArgs({ allowPositionals: true, options: { seed: { type: "string", default: String(Date.now() % 1_000_000_000) } } });
const first = Number(values.seed);
const rounds = Number(positionals[0] ?? 10);
if (!(Number.isSafeInteger(first) && Number.isSafeInteger(rounds) && rounds > 0)) throw new Error("usage: npm run laws -- [ROUNDS] [--seed N]");

const files = readdirSync("packages", { recursive: true })
  .map((path) => `packages/${path}`)
  .filter((path) => /\/src\/.*\.test\.ts$/.test(path) && /\bfc\.|\blaw(Of)?\(/.test(readFileSync(path, "utf8")));
console.log(`${files.length} files of laws, ${rounds} rounds from seed ${first}; a round takes some four minutes on two cores`);

const failed = [];
for (let seed = first; seed < first + rounds; seed += 1) {
  console.log(`seed ${seed}`);
  const { status, signal } = spawnSync("npx", ["vitest", "run", ...files, "--reporter=dot"], {
    stdio: "inherit",
    env: { ...process.env, BULKHEAD_LAWS_SEED: String(seed) },
  });
  if (signal !== null) break;
  if (status !== 0) failed.push(seed);
}
console.log(failed.length === 0 ? "no law failed" : `laws failed with BULKHEAD_LAWS_SEED=${failed.join(", ")}`);
process.exitCode = failed.length === 0 ? 0 : 1;
