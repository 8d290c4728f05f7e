/** `npm run fuzz -- [COUNT] [--seed N]`: so many damaged files in all (a million), a share for each format; and the memory of decoders, at length. */
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";

const { values, positionals } = parseArgs({ allowPositionals: true, options: { seed: { type: "string", default: String(Date.now() % 1_000_000_000) } } });
const { seed } = values;
const [count = "1000000"] = positionals;
const files = ["hostile", "memory"].map((name) => `packages/adapters/src/sources/${name}.test.ts`);
console.log(`${count} damaged files from seed ${seed}; it takes some twenty minutes a million`);
const { status } = spawnSync("npx", ["vitest", "run", ...files, "--reporter=verbose"], {
  stdio: "inherit",
  env: { ...process.env, BULKHEAD_FUZZ: count, BULKHEAD_FUZZ_SEED: seed },
});
process.exitCode = status ?? 1;
